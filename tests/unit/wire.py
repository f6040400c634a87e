"""Raw SIP text in tests: written with LF, sent with CRLF."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable


def wire(text: str, body: str = "") -> str:
    """Return ``text`` in wire format, with ``body`` and its Content-Length."""
    head = textwrap.dedent(text).strip("\n").replace("\n", "\r\n")
    return f"{head}\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"


def header(message: str, name: str) -> str:
    """Return the value of one header of a raw message, without the code under test."""
    prefix = f"{name.lower()}:"
    lines = message.partition("\r\n\r\n")[0].split("\r\n")
    return next(line.partition(":")[2].strip() for line in lines if line.lower().startswith(prefix))


def has_header(message: str, name: str) -> bool:
    lines = message.partition("\r\n\r\n")[0].lower().split("\r\n")
    return any(line.startswith(f"{name.lower()}:") for line in lines)


def counting_entropy() -> Callable[[int], str]:
    """Return a source of "random" bytes that never repeats and is reproducible."""
    numbers = itertools.count(1)
    return lambda size: f"{next(numbers):0{2 * size}x}"[-2 * size :]


def answer_text(asked: str, line: str, *headers: str) -> str:
    """Return the text of a response to the raw request ``asked``."""
    tag = "" if "tag=" in header(asked, "To") else ";tag=s1"
    lines = [
        f"SIP/2.0 {line}",
        f"Via: {header(asked, 'Via')};received=127.0.0.1",
        f"From: {header(asked, 'From')}",
        f"To: {header(asked, 'To')}{tag}",
        f"Call-ID: {header(asked, 'Call-ID')}",
        f"CSeq: {header(asked, 'CSeq')}",
        *headers,
    ]
    return wire("\n".join(lines))


def notify_text(
    asked: str, cseq: int, state: str, body: str = "", *headers: str, tag: str = "s1"
) -> str:
    """Return the text of a NOTIFY in the dialog of the raw SUBSCRIBE ``asked``."""
    content = ("Content-Type: application/dialog-info+xml",) if body else ()
    lines = [
        "NOTIFY sip:10002@a.invalid;transport=ws SIP/2.0",
        f"Via: SIP/2.0/WS server.test;branch=z9hG4bKn{cseq}",
        f"From: <sip:10002@pbx.test>;tag={tag}",
        f"To: {header(asked, 'From')}",
        f"Call-ID: {header(asked, 'Call-ID')}",
        f"CSeq: {cseq} NOTIFY",
        "Event: dialog",
        f"Subscription-State: {state}",
        *content,
        *headers,
    ]
    return wire("\n".join(lines), body)
