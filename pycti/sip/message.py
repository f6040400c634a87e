"""SIP messages (RFC 3261 §7), one in each WebSocket message (RFC 7118 §5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from pycti.errors import MessageError
from pycti.sip.fields import Headers, key_of
from pycti.sip.grammar import TOKEN, clean, parse_number
from pycti.sip.headers import Via, parse_address, parse_cseq
from pycti.sip.memory import remember

MAX_SIZE = 65536
"""The size limit of a message in bytes. A larger one is rejected without parsing its body."""

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

_FOLD = re.compile(r"\r?\n[ \t]+")
_SIP_VERSION = re.compile(r"SIP/[0-9]+\.[0-9]+\Z", re.IGNORECASE)


def _write(start_line: str, headers: Headers, body: str) -> str:
    lines = [start_line]
    for name, value in headers:
        if key_of(name) != "content-length":
            lines.append(f"{name}: {value}")
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
        """Return a response with the headers that RFC 3261 §8.2.6.2 copies.

        ``to_tag`` is added only if the To header has no tag.
        """
        require = self.headers.require
        copied = [
            *(("Via", via) for via in self.headers.get_all("Via")),
            ("From", require("From")),
            ("To", _tagged(require("To"), to_tag)),
            ("Call-ID", require("Call-ID")),
            ("CSeq", require("CSeq")),
            *headers,
        ]
        return Response(status, reason or REASONS.get(status, "Unknown"), Headers(copied))


def _tagged(to: str, tag: str | None) -> str:
    try:
        return f"{to};tag={tag}" if tag and not parse_address(to).tag else to
    except MessageError:
        return to  # A malformed To is sent back unchanged, in the 400 that reports it.


def parse_message(data: str | bytes) -> Request | Response:
    """Parse one SIP message.

    Args:
        data: one WebSocket message. Bytes that are not UTF-8 become surrogates.

    Raises:
        MessageError: it is not a valid SIP message. If it is a request that can be answered,
            ``request`` is that request and ``status`` is the status of the answer.
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
    end, rest = _find_empty_line(text)
    if end < 0:
        error = MessageError("the header section does not end")
        with suppress(MessageError):
            start_line, *lines = _FOLD.sub(" ", text.rstrip("\r\n")).split("\n")
            message = _parse_start_line(start_line.rstrip("\r"), Headers.parse(lines))
            error.request = message if isinstance(message, Request) else None
        raise error
    head, body = text[:end], text[rest:]
    if "\n " in head or "\n\t" in head:
        head = _FOLD.sub(" ", head)
    if "\r" in head:
        head = head.replace("\r\n", "\n")
    start_line, *lines = head.split("\n")
    return _parse_start_line(start_line.rstrip("\r"), Headers.parse(lines)), body


def _find_empty_line(text: str) -> tuple[int, int]:
    """Return the start of the empty line, with the line end before it, and its end; -1 if none."""
    crlf = text.find("\n\r\n")
    lf = text.find("\n\n", 0, crlf + 1 if crlf >= 0 else len(text))
    return (lf, lf + 2) if lf >= 0 else (crlf, crlf + 3)


@remember
def _plain_request(line: str) -> tuple[str, str] | None:
    """Return method and URI, or ``None`` if this is not a valid request line."""
    method, _, rest = line.partition(" ")
    uri, _, version = rest.partition(" ")
    plain = version == "SIP/2.0" and uri and "<" not in uri and TOKEN.match(method)
    return (method, uri) if plain else None


def _parse_start_line(line: str, headers: Headers) -> Request | Response:
    plain = _plain_request(line)
    if plain:
        return Request(*plain, headers)
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
        # RFC 4475 §3.1.2.7 to §3.1.2.10: the meaning is clear enough to answer with 400.
        error = MessageError(f"not a request line: {line[:80]!r}")
    else:
        return request
    error.request = request
    raise error


def _cut(body: str, headers: Headers) -> str:
    length = headers.get("Content-Length")
    if length is None:
        return body  # RFC 3261 §20.14: only stream transports need Content-Length.
    size, wanted = _size(body), parse_number(length, "Content-Length")
    if size < wanted:
        raise MessageError(f"the body has {size} bytes, Content-Length says {wanted}")
    if size == wanted:
        return body
    # RFC 3261 §18.3: drop everything after the stated length.
    return body.encode("utf-8", "surrogateescape")[:wanted].decode("utf-8", "surrogateescape")


def _check(message: Request | Response) -> None:
    message.headers.check()
    cseq = parse_cseq(message.headers.require("cseq"))
    if isinstance(message, Request) and cseq.method != message.method:
        raise MessageError(f"CSeq says {cseq.method}, the request line {message.method}")


def top_via(message: Request | Response) -> Via:
    """Return the topmost Via; raise `MessageError` if it is malformed."""
    return Via.parse_many(message.headers.require("Via"))[0]
