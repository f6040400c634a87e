"""Parse the content of a NOTIFY (RFC 6665 §4.1.3) completely before it can change any state."""

from __future__ import annotations

import re
from typing import NamedTuple, Self

from pycti.errors import MessageError
from pycti.sip.dialog_info import MEDIA_TYPE, DialogInfo, parse_dialog_info, says_elsewhere
from pycti.sip.headers import (
    SubscriptionState,
    parse_address,
    parse_cseq,
    parse_event,
    parse_media_type,
)
from pycti.sip.memory import remember
from pycti.sip.message import Request


class Notification(NamedTuple):
    """A NOTIFY of the dialog package. ``expires`` and ``retry_after`` are seconds; 0 if absent."""

    remote_tag: str
    cseq: int
    target: str
    route: tuple[str, ...]
    state: str
    reason: str
    expires: int
    retry_after: int
    info: DialogInfo | None

    @classmethod
    def parse(cls, request: Request) -> Self:
        """Parse ``request``.

        Raises:
            MessageError: it is malformed, belongs to another event package (489), or contains
                another type of document (415).
        """
        headers = request.headers
        state, reason, expires, retry_after = _read_state(headers.require("Subscription-State"))
        contact = headers.get("Contact")
        return cls(
            parse_address(headers.require("From")).tag,
            parse_cseq(headers.require("CSeq")).number,
            _read_target(contact) if contact else "",
            tuple(headers.get_all("Record-Route")),
            state,
            reason,
            expires,
            retry_after,
            _document(request),
        )


@remember
def _read_state(text: str) -> tuple[str, str, int, int]:
    """Return the state, reason, expires and retry-after."""
    state = SubscriptionState.parse(text)
    reason = (state.params.get("reason") or "").lower()
    return state.value, reason, state.number("expires") or 0, state.number("retry-after") or 0


@remember
def _read_target(contact: str) -> str:
    return str(parse_address(contact).uri)


def _document(request: Request) -> DialogInfo | None:
    headers = request.headers
    if parse_event(headers.require("Event")).value != "dialog":
        raise MessageError("a NOTIFY of another event package", 489)
    if not request.body:
        return None
    if parse_media_type(headers.get("Content-Type") or "text/plain").value != MEDIA_TYPE:
        raise MessageError("a NOTIFY with another kind of document", 415)
    info = parse_dialog_info(request.body)
    reasons = headers.get_all("Reason")
    if reasons and any(map(_is_elsewhere, reasons)):
        return info._replace(dialogs=tuple(dialog.taken_elsewhere() for dialog in info.dialogs))
    return info


# RFC 3326 §2: SIP's 200, and Q.850's 26, both mean that another phone took the call.
_ELSEWHERE = re.compile(
    r"\b(sip\s*;[^,]*cause\s*=\s*200|q\.850\s*;[^,]*cause\s*=\s*26)(?![0-9])", re.I
)


def _is_elsewhere(reason: str) -> bool:
    # The search takes quadratic time, so the length of hostile input is limited.
    return says_elsewhere(reason) or _ELSEWHERE.search(reason[:500]) is not None
