"""The lexical rules of all SIP headers (RFC 3261 §25.1): lists, parameters, quoting.

Quoted strings and angle brackets are tokenised; a separator inside them does not split.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pycti.errors import MessageError

Params = Mapping[str, str | None]
"""Parameters by lower-case name; ``None`` for a parameter without a value."""

TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+\Z")
_MARKS = re.compile(r'"(?:[^"\\]|\\.)*"|["<>,;]', re.DOTALL)


def clean(text: str) -> str:
    """Return ``text`` if it is safe to send, that is, if it cannot forge a header line.

    Raises:
        ValueError: it contains CR, LF or NUL.
    """
    if "\r" in text or "\n" in text or "\0" in text:
        raise ValueError(f"CR, LF or NUL in {text!r}")
    return text


def split(text: str, separator: str) -> Iterator[str]:
    """Yield the stripped parts of ``text`` between commas or semicolons outside quotes and ``<>``.

    Raises:
        MessageError: a quoted string or an angle bracket is not closed.
    """
    depth = start = 0
    for match in _MARKS.finditer(text):
        mark = match[0]
        if mark == '"':
            raise MessageError("a quoted string is not closed")
        if mark == separator and depth == 0:
            yield text[start : match.start()].strip()
            start = match.end()
        depth += (mark == "<") - (mark == ">")
        if depth < 0:
            break
    if depth:
        raise MessageError("angle brackets are not balanced")
    yield text[start:].strip()


def unquote(text: str) -> str:
    """Return the content of a quoted string, or ``text`` itself if it is not quoted."""
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
    return text


def quote(text: str) -> str:
    """Return ``text`` as a quoted string."""
    return '"' + clean(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def parse_params(parts: Iterator[str]) -> dict[str, str | None]:
    """Return the parameters in ``parts``, each ``name`` or ``name=value``.

    Raises:
        MessageError: a parameter has no name or is repeated (RFC 3261 §7.3.1).
    """
    params: dict[str, str | None] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        name = name.strip().lower()
        if not name:
            raise MessageError("a parameter without a name")
        if name in params:
            raise MessageError(f"parameter {name!r} is repeated")
        params[name] = unquote(value.strip()) if equals else None
    return params


def format_params(params: Params, separator: str = ";") -> str:
    """Return ``;name=value`` for each parameter, with quotes if the value is not a token."""
    written = []
    for name, value in params.items():
        if value is None:
            written.append(f"{separator}{clean(name)}")
        else:
            safe = value if TOKEN.match(value) or _is_host(value) else quote(value)
            written.append(f"{separator}{clean(name)}={safe}")
    return "".join(written)


def _is_host(value: str) -> bool:
    # An IPv6 reference needs no quotes in a parameter (RFC 3261 §25.1, gen-value).
    return re.fullmatch(r"\[[0-9A-Fa-f:.]+\]", value) is not None


def parse_number(text: str, what: str, limit: int = 2**32) -> int:
    """Return ``text`` as a number that is at least 0 and less than ``limit``.

    Raises:
        MessageError: it contains anything but ASCII digits, or is too large.
    """
    digits = text.strip()
    # The length is checked first: converting a million digits would take too long.
    if (
        len(digits) <= 20
        and digits.isdigit()
        and digits.isascii()
        and (number := int(digits)) < limit
    ):
        return number
    raise MessageError(f"{what} is not a number below {limit}: {text[:40]!r}")
