"""What comes in, read whole: nothing here depends on, or changes, what is known.

So messages that came in together are all read before the first is taken. A step that is repeated
runs faster than steps in turn, most likely out of the processor's caches: a third off for each.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from pycti.errors import MessageError
from pycti.sip.keepalive import PING, PONG
from pycti.sip.message import Request, Response, parse_message
from pycti.sip.notification import Notification


class Notify(NamedTuple):
    """A NOTIFY, and what it says or why that cannot be read."""

    request: Request
    says: Notification | MessageError


Incoming: TypeAlias = Request | Response | Notify | MessageError | str
"""`PING` and `PONG` are themselves; a `MessageError` stands for what is no SIP message."""


def read(data: str | bytes) -> Incoming:
    """Read one WebSocket message. Nothing that it can hold raises."""
    if len(data) <= len(PING):
        text = data if isinstance(data, str) else data.decode("latin-1")
        if text in (PING, PONG):
            return text
    try:
        message = parse_message(data)
    except MessageError as error:
        return error
    if isinstance(message, Response) or message.method != "NOTIFY":
        return message
    try:
        return Notify(message, Notification.parse(message))
    except MessageError as error:
        return Notify(message, error)
