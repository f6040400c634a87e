"""The header fields of a SIP message (RFC 3261 §7.3), by name and in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Self

from pycti.errors import MessageError
from pycti.sip.grammar import TOKEN

_COMPACT = {
    "a": "accept-contact", "b": "referred-by", "c": "content-type", "e": "content-encoding",
    "f": "from", "i": "call-id", "k": "supported", "l": "content-length", "m": "contact",
    "o": "event", "r": "refer-to", "s": "subject", "t": "to", "u": "allow-events", "v": "via",
}  # fmt: skip

_REQUIRED = frozenset({"call-id", "cseq", "from", "to", "via"})
_SINGLE = ("call-id", "cseq", "from", "to", "content-length", "max-forwards")

_KEYS: dict[str, str] = {}
"""The names that were met, as they were written, and what they mean."""
_KEYS_KEPT = 256


def key_of(name: str) -> str:
    """Return what stands for all ways to write this name."""
    key = _KEYS.get(name)
    if key is None:
        key = name.lower()
        key = _COMPACT.get(key, key)
        # Names come from the network: neither their number nor their length may fill the memory.
        if len(_KEYS) < _KEYS_KEPT and len(name) < 32:
            _KEYS[name] = key
    return key


class Headers:
    """Header fields in order. Names match whatever their case and form (``i`` is ``Call-ID``)."""

    __slots__ = ("_by_key", "_fields")

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: list[tuple[str, str]] = []
        self._by_key: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.append((name, value))
            self._by_key.setdefault(_KEYS.get(name) or key_of(name), []).append(value)

    def add(self, name: str, value: str) -> None:
        """Append a header field."""
        self._fields.append((name, value))
        self._by_key.setdefault(key_of(name), []).append(value)

    @classmethod
    def parse(cls, lines: list[str]) -> Self:
        """Read header lines; raises `MessageError` where one is malformed."""
        # Most lines come again with every message of a dialog.
        return cls([_known_line(line) if len(line) < 256 else _parse_line(line) for line in lines])

    def get(self, name: str) -> str | None:
        """Return the first value of that name, ``None`` where there is none."""
        values = self._by_key.get(_KEYS.get(name) or key_of(name))
        return values[0] if values else None

    def get_all(self, name: str) -> list[str]:
        """Return all values of that name, in order."""
        return list(self._by_key.get(_KEYS.get(name) or key_of(name), ()))

    def require(self, name: str) -> str:
        """Return the first value of that name; raises `MessageError` where there is none."""
        values = self._by_key.get(_KEYS.get(name) or key_of(name))
        if values is None:
            raise MessageError(f"the {name} header is missing")
        return values[0]

    def check(self) -> None:
        """Raise `MessageError` where a header is missing, or repeated that may stand only once."""
        known = self._by_key
        if missing := _REQUIRED - known.keys():
            raise MessageError(f"the {min(missing)} header is missing")
        if len(known) == len(self._fields):
            return
        for name in _SINGLE:
            if len(set(known.get(name, ()))) > 1:
                raise MessageError(f"the {name} header comes more than once")

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self._fields == other._fields

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Headers({self._fields!r})"


def _parse_line(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    # A name that was met before needs no second look.
    if name not in _KEYS or not colon:
        name = name.rstrip(" \t")
        if not colon or not TOKEN.match(name):
            raise MessageError(f"not a header line: {line[:80]!r}")
    value = value.rstrip("\r")
    if "\r" in value or "\0" in value:
        raise MessageError(f"CR or NUL in the {name} header")
    return name, value.strip(" \t")


_known_line = lru_cache(maxsize=4096)(_parse_line)
