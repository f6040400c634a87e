"""Map the server's reason for the end of a call to words (RFC 4235 §3.7.1, RFC 3261 §21)."""

from __future__ import annotations

from pycti.sip.dialog_info import Dialog

BUSY = "busy"
NO_ANSWER = "no answer"
REJECTED = "rejected"
UNREACHABLE = "unreachable"
NOT_FOUND = "not found"
CANCELLED = "cancelled"
ANSWERED_ELSEWHERE = "answered elsewhere"
NOT_REPORTED = "not reported by the server"
REQUESTED = "continues as the requested call"
TRANSFERRED = "transferred"
HUNG_UP_HERE = "hung up on this side"
HUNG_UP_THERE = "hung up by the other side"

_CODES = {
    403: REJECTED, 404: NOT_FOUND, 408: NO_ANSWER, 410: NOT_FOUND, 480: UNREACHABLE,
    484: NOT_FOUND, 486: BUSY, 487: CANCELLED, 600: BUSY, 603: REJECTED, 604: NOT_FOUND,
}  # fmt: skip

_EVENTS = {
    "cancelled": CANCELLED,
    "rejected": REJECTED,
    "replaced": TRANSFERRED,
    "local-bye": HUNG_UP_HERE,
    "remote-bye": HUNG_UP_THERE,
    "error": UNREACHABLE,
    "timeout": NO_ANSWER,
}


def cause_of(dialog: Dialog) -> str:
    """Return why ``dialog`` terminated, or ``""`` if the server sends no reason."""
    return cause_for(dialog.event, dialog.code)


def cause_for(event: str, code: int | None) -> str:
    """Return the cause for the ``event`` and ``code`` of a terminated dialog, or ``""``."""
    if code is not None and (code in _CODES or code >= 400):
        return _CODES.get(code, UNREACHABLE)
    if code == 200 and event == "cancelled":
        return ANSWERED_ELSEWHERE
    return _EVENTS.get(event, "")
