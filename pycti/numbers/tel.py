"""The tel URI: a telephone number with its parameters (RFC 3966)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pycti.errors import InputError, quoted

# RFC 3966 §3. A "#" has to be escaped in a URI (RFC 3986 §2.2); it is unescaped before.
_SCHEME = re.compile(r"tel:", re.IGNORECASE)
_SEPARATORS = re.compile(r"[-.()]")
_GLOBAL = re.compile(r"\+[0-9]{1,17}\Z")
_LOCAL = re.compile(r"[0-9A-Fa-f*#]{1,32}\Z")
_EXTENSION = re.compile(r"[0-9]{1,16}\Z")
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*"
    r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?\Z"
)
_NAME = re.compile(r"[A-Za-z0-9-]+\Z")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_RESERVED = re.compile(r"[^A-Za-z0-9\-_.!~*'()\[\]/:&+$]")
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class TelUri:
    """A number, and what belongs to it.

    ``number`` has no visual separators: ``+`` and digits where it is global, else digits, ``*``,
    ``#`` and the letters A to F. A local number is valid in its ``context``: a global prefix such
    as ``+44``, or a domain. ``extension`` (``;ext=``) and ``subaddress`` (``;isub=``) are reached
    behind the number; ``parameters`` are all others.
    """

    number: str
    extension: str = ""
    context: str = ""
    subaddress: str = ""
    parameters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> TelUri:
        """Return the URI that ``text`` is, ``tel:`` included.

        Raises:
            InputError: BAD_TEL_URI.
        """
        text = text.strip()
        scheme = _SCHEME.match(text)
        if scheme is None:
            raise _bad(text, "does not begin with tel:")
        if len(text) > _LONGEST:
            raise _bad(text, "is too long")
        if not text.isascii() or _BROKEN_ESCAPE.search(text):
            raise _bad(text, "holds a character that has to be escaped")
        subscriber, *rest = text[scheme.end() :].split(";")
        known: dict[str, str] = {}
        for parameter in rest:
            name, _, value = parameter.partition("=")
            name = name.lower()
            if not _NAME.match(name):
                raise _bad(text, "has a parameter without a name")
            if name in known:
                raise _bad(text, f"has {quoted(name)} twice")
            known[name] = _unescape(value)
        number = _SEPARATORS.sub("", _unescape(subscriber))
        return cls._checked(text, number, known)

    @classmethod
    def _checked(cls, text: str, number: str, known: dict[str, str]) -> TelUri:
        extension = _SEPARATORS.sub("", known.pop("ext", "")) if "ext" in known else None
        context = known.pop("phone-context", None)
        subaddress = known.pop("isub", None)
        if number.startswith("+"):
            if not _GLOBAL.match(number):
                raise _bad(text, "has something else than digits after the +")
            if context is not None:
                raise _bad(text, "is global, so it takes no phone-context")
        elif not _LOCAL.match(number):
            raise _bad(text, "holds no number")
        elif context is None:
            raise _bad(text, "is local, so it needs a phone-context; or write it with +")
        elif not _DOMAIN.match(context):
            context = _SEPARATORS.sub("", context)
            if not _GLOBAL.match(context):
                raise _bad(text, "has a phone-context that is neither a domain nor + and digits")
        if extension is not None and not _EXTENSION.match(extension):
            raise _bad(text, "has an extension without digits")
        if subaddress == "":
            raise _bad(text, "has an empty isub")
        return cls(number, extension or "", context or "", subaddress or "", tuple(known.items()))

    @property
    def dialled(self) -> str:
        """What to dial: the number, with the prefix of its context where that is a number."""
        if self.context.startswith("+"):
            return self.context + self.number
        return self.number

    def __str__(self) -> str:
        # RFC 3966 §3: first ext and isub, then phone-context, then the others by name.
        parameters = [("ext", self.extension), ("isub", self.subaddress)]
        parameters = [pair for pair in [*parameters, ("phone-context", self.context)] if pair[1]]
        parameters += sorted(self.parameters)
        shown = "".join(
            f";{name}={_escape(value)}" if value else f";{name}" for name, value in parameters
        )
        return f"tel:{_escape(self.number)}{shown}"


def _unescape(value: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)


def _escape(value: str) -> str:
    return _RESERVED.sub(lambda found: f"%{ord(found[0]):02X}", value)


def _bad(text: str, why: str) -> InputError:
    return InputError("BAD_TEL_URI", f"{quoted(text)} {why}.")
