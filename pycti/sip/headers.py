"""SIP header values as frozen classes with ``parse``, ``parse_many`` and ``str()``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

from pycti.errors import MessageError
from pycti.sip.grammar import (
    TOKEN,
    Params,
    clean,
    format_params,
    parse_number,
    parse_params,
    quote,
    split,
    unquote,
)
from pycti.sip.memory import remember

_HOST_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._\-]+)(?:\s*:\s*([0-9]{1,5}))?\Z")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*\Z")
_SENT_PROTOCOL = re.compile(r"([A-Za-z0-9\-.!%*_+`'~]+)\s*/\s*([0-9.]+)\s*/\s*([A-Za-z0-9\-.]+)\s+")


def _host_port(text: str, what: str) -> tuple[str, int | None]:
    match = _HOST_PORT.match(text.strip())
    if match is None:
        raise MessageError(f"{what} has no valid host: {text[:80]!r}")
    port = parse_number(match[2], "port", 65536) if match[2] else None
    return match[1].lower(), port


def _no_params() -> Params:
    return {}


@dataclass(frozen=True, slots=True)
class Uri:
    """A URI (RFC 3261 §19.1). For schemes other than sip and sips, ``opaque`` holds the rest."""

    scheme: str
    user: str = ""
    host: str = ""
    port: int | None = None
    params: Params = field(default_factory=_no_params)
    headers: str = ""
    opaque: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse ``text``; raise `MessageError` if it is not a URI."""
        scheme, colon, rest = text.strip().partition(":")
        if not colon or not _SCHEME.match(scheme) or not rest:
            raise MessageError(f"not a URI: {text[:80]!r}")
        scheme = scheme.lower()
        if scheme not in ("sip", "sips"):
            return cls(scheme, opaque=rest)
        if any(character in rest for character in ' \t<>"'):
            raise MessageError(f"white space or brackets in a URI: {text[:80]!r}")
        # A user part may contain ";" and "?", so the "@" is searched first.
        user, at, rest = rest.rpartition("@") if "@" in rest else ("", "", rest)
        if at and not user:
            raise MessageError(f"a URI with an empty user: {text[:80]!r}")
        rest, _, headers = rest.partition("?")
        address, *params = rest.split(";")
        host, port = _host_port(address, "URI")
        return cls(scheme, user, host, port, parse_params(iter(params)), headers)

    def __str__(self) -> str:
        if self.scheme not in ("sip", "sips"):
            return clean(f"{self.scheme}:{self.opaque}")
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port is not None else ""
        headers = f"?{self.headers}" if self.headers else ""
        params = format_params(self.params)
        return clean(f"{self.scheme}:{user}{self.host}{port}{params}{headers}")


@dataclass(frozen=True, slots=True)
class NameAddr:
    """The value of From, To, Contact and Route (RFC 3261 §20.10)."""

    uri: Uri
    display_name: str = ""
    params: Params = field(default_factory=_no_params)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse one address; raise `MessageError` if it is malformed."""
        address, *params = split(text, ";")
        if address.endswith(">"):
            named = address[0] == '"'
            name, _, uri = _named(address) if named else address[:-1].partition("<")
            name = name.strip()
            if name and name[0] != '"' and not all(map(TOKEN.match, name.split())):
                raise MessageError(f"a display name that needs quotes: {name[:80]!r}")
            return cls(Uri.parse(uri), unquote(name), parse_params(iter(params)))
        # RFC 3261 §20.10: without brackets, all parameters belong to the header, none to the URI.
        if "," in address or "?" in address:
            raise MessageError(f"an address with , or ? needs angle brackets: {text[:80]!r}")
        return cls(Uri.parse(address), "", parse_params(iter(params)))

    @classmethod
    def parse_many(cls, text: str) -> list[Self]:
        """Parse a comma-separated list."""
        return [cls.parse(part) for part in split(text, ",")]

    @property
    def tag(self) -> str:
        """The ``tag`` parameter, or ``""`` if there is none."""
        return self.params.get("tag") or ""

    def with_tag(self, tag: str) -> Self:
        """Return this address with the tag ``tag``."""
        return replace(self, params={**self.params, "tag": tag})

    def __str__(self) -> str:
        name = f"{quote(self.display_name)} " if self.display_name else ""
        return f"{name}<{self.uri}>{format_params(self.params)}"


def _named(address: str) -> tuple[str, str, str]:
    end = address.rindex('"') + 1
    rest = address[end:].strip()
    if not rest.startswith("<"):
        raise MessageError(f"text between display name and address: {address[:80]!r}")
    return address[:end], "<", rest[1:-1]


@dataclass(frozen=True, slots=True)
class Via:
    """One Via value (RFC 3261 §20.42)."""

    transport: str
    host: str
    port: int | None = None
    params: Params = field(default_factory=_no_params)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse one value; raise `MessageError` if it is malformed."""
        sent, *params = split(text, ";")
        match = _SENT_PROTOCOL.match(sent + " ")
        if match is None or (match[1].upper(), match[2]) != ("SIP", "2.0"):
            raise MessageError(f"not a Via of SIP/2.0: {text[:80]!r}")
        host, port = _host_port(sent[match.end() :], "Via")
        return cls(match[3].upper(), host, port, parse_params(iter(params)))

    @classmethod
    def parse_many(cls, text: str) -> list[Self]:
        """Parse a comma-separated list."""
        return [cls.parse(part) for part in split(text, ",")]

    @property
    def branch(self) -> str:
        """The transaction's identifier, or ``""`` if there is none."""
        return self.params.get("branch") or ""

    def __str__(self) -> str:
        port = f":{self.port}" if self.port is not None else ""
        return f"SIP/2.0/{clean(self.transport)} {clean(self.host)}{port}" + format_params(
            self.params
        )


class CSeq(NamedTuple):
    """The CSeq header (RFC 3261 §20.16). The number is below 2**31 (§8.1.1.5)."""

    number: int
    method: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse ``4711 NOTIFY``; raise `MessageError` if it is malformed."""
        parts = text.split()
        if len(parts) != 2 or not TOKEN.match(parts[1]):
            raise MessageError(f"CSeq is not a number and a method: {text[:80]!r}")
        return cls(parse_number(parts[0], "CSeq", 2**31), parts[1])

    def __str__(self) -> str:
        return f"{self.number} {self.method}"


@dataclass(frozen=True, slots=True)
class Tagged:
    """``value;name=value…``, the format of Event, Subscription-State and Content-Type."""

    value: str
    params: Params = field(default_factory=_no_params)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse the value in lower case; raise `MessageError` if it is malformed."""
        value, *params = split(text, ";")
        if not value or any(map(str.isspace, value)):
            raise MessageError(f"not a value with parameters: {text[:80]!r}")
        return cls(value.lower(), parse_params(iter(params)))

    def __str__(self) -> str:
        return clean(self.value) + format_params(self.params)

    def number(self, name: str) -> int | None:
        """Return parameter ``name`` as a number (seconds), or ``None`` if it is missing."""
        value = self.params.get(name)
        return None if value is None else parse_number(value, name)


class EventType(Tagged):
    """The Event header (RFC 6665 §8.2.1)."""

    __slots__ = ()


class SubscriptionState(Tagged):
    """The Subscription-State header (RFC 6665 §8.2.3)."""

    __slots__ = ()


class MediaType(Tagged):
    """The Content-Type header (RFC 3261 §20.15)."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class AuthScheme:
    """``Digest name="value", …``: a challenge or credentials (RFC 3261 §20.7, §20.44)."""

    scheme: str
    params: Mapping[str, str | None]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse one header value; raise `MessageError` if it is malformed."""
        scheme, _, rest = text.strip().partition(" ")
        if not TOKEN.match(scheme):
            raise MessageError(f"no authentication scheme in {text[:80]!r}")
        parts = (part for part in split(rest, ",") if part)
        return cls(scheme.lower(), parse_params(parts))

    def get(self, name: str) -> str:
        """Return a parameter, or ``""`` if it is missing."""
        return self.params.get(name) or ""


class Challenge(AuthScheme):
    """WWW-Authenticate and Proxy-Authenticate."""

    __slots__ = ()


class Credentials(AuthScheme):
    """Authorization and Proxy-Authorization."""

    __slots__ = ()


parse_address = remember(NameAddr.parse)
parse_cseq = remember(CSeq.parse)
parse_event = remember(EventType.parse)
parse_media_type = remember(MediaType.parse)
