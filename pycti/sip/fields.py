"""The header fields of a SIP message (RFC 3261 §7.3), by name and in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self

from pycti.errors import MessageError
from pycti.sip.grammar import TOKEN
from pycti.sip.memory import Memory, remember

_COMPACT = {
    "a": "accept-contact", "b": "referred-by", "c": "content-type", "e": "content-encoding",
    "f": "from", "i": "call-id", "k": "supported", "l": "content-length", "m": "contact",
    "o": "event", "r": "refer-to", "s": "subject", "t": "to", "u": "allow-events", "v": "via",
}  # fmt: skip

_REQUIRED = frozenset({"call-id", "cseq", "from", "to", "via"})
_SINGLE = ("call-id", "cseq", "from", "to", "content-length", "max-forwards")


def _read_name(name: str) -> str:
    key = name.lower()
    return _COMPACT.get(key, key)


_KEYS = Memory(_read_name, 256)
"""Maps each spelling of a name that was received to its key."""

key_of = _KEYS.__getitem__
"""Return the key of a header name, which is the same for all its spellings."""


class Headers:
    """Header fields in order. Names match in any case and form (``i`` is ``Call-ID``)."""

    __slots__ = ("_fields", "_first")

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields = list(fields)
        # The first value of each name; built on first use, which saves the cost for our responses.
        self._first: dict[str, str] | None = None

    def add(self, name: str, value: str) -> None:
        """Append a header field."""
        self._fields.append((name, value))
        self._first = None

    @classmethod
    def parse(cls, lines: list[str]) -> Self:
        """Parse header lines; raise `MessageError` if one is malformed."""
        # Most lines are the same in every message of a dialog, so `_parse_line` remembers them.
        return cls(map(_parse_line, lines))

    def get(self, name: str) -> str | None:
        """Return the first value of ``name``, or ``None`` if there is none."""
        return (self._first or self._index()).get(key_of(name))

    def get_all(self, name: str) -> list[str]:
        """Return all values of ``name``, in order."""
        key, first = key_of(name), self._first or self._index()
        if key not in first:
            return []
        if len(first) == len(self._fields):
            return [first[key]]
        return [value for other, value in self._fields if key_of(other) == key]

    def require(self, name: str) -> str:
        """Return the first value of ``name``; raise `MessageError` if there is none."""
        value = (self._first or self._index()).get(key_of(name))
        if value is None:
            raise MessageError(f"the {name} header is missing")
        return value

    def check(self) -> None:
        """Raise `MessageError` if a required header is missing or a single header is repeated."""
        first = self._first or self._index()
        if missing := _REQUIRED - first.keys():
            raise MessageError(f"the {min(missing)} header is missing")
        if len(first) == len(self._fields):
            return
        for name in _SINGLE:
            if len(set(self.get_all(name))) > 1:
                raise MessageError(f"the {name} header is repeated")

    def _index(self) -> dict[str, str]:
        # In reverse, so that the first value of a name wins.
        self._first = first = {key_of(name): value for name, value in reversed(self._fields)}
        return first

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self._fields == other._fields

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Headers({self._fields!r})"


@remember
def _parse_line(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    # A name that is in _KEYS has been checked before.
    if name not in _KEYS or not colon:
        name = name.rstrip(" \t")
        if not colon or not TOKEN.match(name):
            raise MessageError(f"not a header line: {line[:80]!r}")
    value = value.rstrip("\r")
    if "\r" in value or "\0" in value:
        raise MessageError(f"CR or NUL in the {name} header")
    return name, value.strip(" \t")
