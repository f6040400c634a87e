"""SIP messages (RFC 3261 §7), one to a WebSocket message (RFC 7118 §5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from pycti.errors import MessageError
from pycti.sip.grammar import TOKEN, clean, parse_number
from pycti.sip.headers import Via, parse_address, parse_cseq

MAX_SIZE = 65536
"""The largest message that is looked at, in bytes; more is refused unread."""

REASONS = {
    100: "Trying", 180: "Ringing", 200: "OK", 202: "Accepted", 400: "Bad Request",
    401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 406: "Not Acceptable",
    408: "Request Timeout", 413: "Request Entity Too Large", 415: "Unsupported Media Type",
    416: "Unsupported URI Scheme", 420: "Bad Extension", 423: "Interval Too Brief",
    480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist",
    482: "Loop Detected", 484: "Address Incomplete", 486: "Busy Here", 487: "Request Terminated",
    489: "Bad Event", 500: "Server Internal Error", 501: "Not Implemented",
    503: "Service Unavailable", 505: "Version Not Supported", 600: "Busy Everywhere",
    603: "Decline", 604: "Does Not Exist Anywhere",
}  # fmt: skip

_COMPACT = {
    "a": "accept-contact", "b": "referred-by", "c": "content-type", "e": "content-encoding",
    "f": "from", "i": "call-id", "k": "supported", "l": "content-length", "m": "contact",
    "o": "event", "r": "refer-to", "s": "subject", "t": "to", "u": "allow-events", "v": "via",
}  # fmt: skip

_HEAD_END = re.compile(r"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]+")
_SIP_VERSION = re.compile(r"SIP/[0-9]+\.[0-9]+\Z", re.IGNORECASE)
_REQUIRED = ("call-id", "cseq", "from", "to", "via")
_SINGLE = ("call-id", "cseq", "from", "to", "content-length", "max-forwards")


_KEYS: dict[str, str] = {}
"""The names that were met, as they were written, and what they mean."""
_KEYS_KEPT = 256


def _key(name: str) -> str:
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
            self.add(name, value)

    def add(self, name: str, value: str) -> None:
        """Append a header field."""
        self._fields.append((name, value))
        key = _KEYS.get(name) or _key(name)
        values = self._by_key.get(key)
        if values is None:
            self._by_key[key] = [value]
        else:
            values.append(value)

    def get(self, name: str) -> str | None:
        """Return the first value of that name, ``None`` where there is none."""
        values = self._by_key.get(_KEYS.get(name) or _key(name))
        return values[0] if values else None

    def get_all(self, name: str) -> list[str]:
        """Return all values of that name, in order."""
        return list(self._by_key.get(_key(name), ()))

    def differ(self, name: str) -> bool:
        """Return whether that name comes more than once, with different values."""
        values = self._by_key.get(_KEYS.get(name) or _key(name))
        return values is not None and len(values) > 1 and len(set(values)) > 1

    def require(self, name: str) -> str:
        """Return the first value of that name; raises `MessageError` where there is none."""
        value = self.get(name)
        if value is None:
            raise MessageError(f"the {name} header is missing")
        return value

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Headers) and self._fields == other._fields

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Headers({self._fields!r})"


def _write(start_line: str, headers: Headers, body: str) -> str:
    lines = [start_line]
    lines += [f"{name}: {value}" for name, value in headers if _key(name) != "content-length"]
    lines.append(f"Content-Length: {_size(body)}")
    clean("".join(lines))
    return "\r\n".join(lines) + f"\r\n\r\n{body}"


def _size(body: str) -> int:
    return len(body) if body.isascii() else len(body.encode("utf-8", "surrogateescape"))


@dataclass(slots=True)
class Response:
    """A SIP response."""

    status: int
    reason: str
    headers: Headers = field(default_factory=Headers)
    body: str = ""

    def __str__(self) -> str:
        return _write(f"SIP/2.0 {self.status} {self.reason}", self.headers, self.body)


@dataclass(slots=True)
class Request:
    """A SIP request. ``uri`` is the Request-URI as written."""

    method: str
    uri: str
    headers: Headers = field(default_factory=Headers)
    body: str = ""

    def __str__(self) -> str:
        return _write(f"{self.method} {self.uri} SIP/2.0", self.headers, self.body)

    def response(
        self,
        status: int,
        reason: str | None = None,
        to_tag: str | None = None,
        headers: Iterable[tuple[str, str]] = (),
    ) -> Response:
        """Return a response with what RFC 3261 §8.2.6.2 copies; ``to_tag`` only where none is."""
        copied = Headers([("Via", via) for via in self.headers.get_all("Via")])
        copied.add("From", self.headers.require("From"))
        copied.add("To", _tagged(self.headers.require("To"), to_tag))
        copied.add("Call-ID", self.headers.require("Call-ID"))
        copied.add("CSeq", self.headers.require("CSeq"))
        for name, value in headers:
            copied.add(name, value)
        return Response(status, reason or REASONS.get(status, "Unknown"), copied)


def _tagged(to: str, tag: str | None) -> str:
    try:
        return f"{to};tag={tag}" if tag and not parse_address(to).tag else to
    except MessageError:
        return to  # What is malformed goes back as it came, in the 400 that says so.


def parse_message(data: str | bytes) -> Request | Response:
    """Parse one SIP message.

    Args:
        data: one WebSocket message. Bytes that are not UTF-8 are kept as surrogates.

    Raises:
        MessageError: it is not a SIP message. Where it is a request that can be answered,
            ``request`` is that request and ``status`` the answer.
    """
    text = data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")
    if len(data) > MAX_SIZE:
        raise _too_large(text)
    message, body = _parse_head(text)
    try:
        message.body = _cut(body, message.headers)
        _check(message)
    except MessageError as error:
        error.request = message if isinstance(message, Request) else None
        raise
    return message


def _too_large(text: str) -> MessageError:
    error = MessageError(f"a message of {len(text)} characters, more than {MAX_SIZE} bytes", 413)
    with suppress(MessageError):
        message, _ = _parse_head(text[:MAX_SIZE])
        error.request = message if isinstance(message, Request) else None
    return error


def _parse_head(text: str) -> tuple[Request | Response, str]:
    # RFC 3261 §7.5: line ends before the start line are ignored.
    text = text.lstrip("\r\n")
    end = _HEAD_END.search(text)
    if end is None:
        error = MessageError("the header section does not end")
        with suppress(MessageError):
            start_line, *lines = _FOLD.sub(" ", text.rstrip("\r\n")).split("\n")
            message = _parse_start_line(start_line.rstrip("\r"), _parse_headers(lines))
            error.request = message if isinstance(message, Request) else None
        raise error
    head, body = text[: end.start()], text[end.end() :]
    if "\n " in head or "\n\t" in head:
        head = _FOLD.sub(" ", head)
    if "\r" in head:
        head = head.replace("\r\n", "\n")
    start_line, *lines = head.split("\n")
    return _parse_start_line(start_line.rstrip("\r"), _parse_headers(lines)), body


def _parse_headers(lines: list[str]) -> Headers:
    headers = Headers()
    for line in lines:
        name, colon, value = line.partition(":")
        # A name that was met before needs no second look.
        if name not in _KEYS or not colon:
            name = name.rstrip(" \t")
            if not colon or not TOKEN.match(name):
                raise MessageError(f"not a header line: {line[:80]!r}")
        if "\r" in value:
            value = value.rstrip("\r")
        if "\r" in value or "\0" in value:
            raise MessageError(f"CR or NUL in the {name} header")
        headers.add(name, value.strip(" \t"))
    return headers


def _parse_start_line(line: str, headers: Headers) -> Request | Response:
    first, _, rest = line.partition(" ")
    if _SIP_VERSION.match(first):
        status, _, reason = rest.partition(" ")
        if first.upper() != "SIP/2.0" or not re.fullmatch("[1-6][0-9][0-9]", status):
            raise MessageError(f"not a status line: {line[:80]!r}", 0)
        return Response(int(status), reason, headers)
    uri, _, version = rest.rstrip(" ").rpartition(" ")
    if not TOKEN.match(first) or not _SIP_VERSION.match(version):
        raise MessageError(f"not a request line: {line[:80]!r}")
    request = Request(first, uri, headers)
    if version.upper() != "SIP/2.0":
        error = MessageError(f"not SIP/2.0: {line[:80]!r}", 505)
    elif not uri or " " in uri or "<" in uri or rest.endswith(" "):
        # RFC 4475 §3.1.2.7 to §3.1.2.10: it is plain what is meant, so it gets its 400.
        error = MessageError(f"not a request line: {line[:80]!r}")
    else:
        return request
    error.request = request
    raise error


def _cut(body: str, headers: Headers) -> str:
    length = headers.get("Content-Length")
    if length is None:
        return body  # RFC 3261 §20.14: only stream transports need it.
    size, wanted = _size(body), parse_number(length, "Content-Length")
    if size < wanted:
        raise MessageError(f"the body has {size} bytes, Content-Length says {wanted}")
    if size == wanted:
        return body
    # RFC 3261 §18.3: what comes after the stated length is dropped.
    return body.encode("utf-8", "surrogateescape")[:wanted].decode("utf-8", "surrogateescape")


def _check(message: Request | Response) -> None:
    headers = message.headers
    for name in _REQUIRED:
        headers.require(name)
    for name in _SINGLE:
        if headers.differ(name):
            raise MessageError(f"the {name} header comes more than once")
    cseq = parse_cseq(headers.require("cseq"))
    if isinstance(message, Request) and cseq.method != message.method:
        raise MessageError(f"CSeq says {cseq.method}, the request line {message.method}")


def top_via(message: Request | Response) -> Via:
    """Return the topmost Via; raises `MessageError` where it is malformed."""
    return Via.parse_many(message.headers.require("Via"))[0]
