"""The call log: one record for each call of the user that has ended, with the user's notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pycti.calls import causes
from pycti.contacts.names import Contact
from pycti.errors import InputError
from pycti.events import Call, CallEvent, Direction

NOTES = 10_000
"""Notes may have so many characters."""

RECENT = 50
"""So many of the last records can still be told again, with later notes."""

_OUTBOUND = {
    causes.BUSY: "busy",
    causes.NO_ANSWER: "no-answer",
    causes.REJECTED: "rejected",
    causes.CANCELLED: "cancelled",
}
# A telephone says "busy" too when its user declines.
# Who sends a call on has not missed it.
_INBOUND = {
    causes.REJECTED: "rejected",
    causes.BUSY: "rejected",
    causes.TRANSFERRED: "rejected",
}


def outcome_of(call: Call, *, answered: bool) -> str:
    """Return how an ended call ended, which was connected or not.

    ``answered``; inbound ``missed`` or ``rejected``; outbound ``busy``, ``no-answer``,
    ``rejected``, ``cancelled``, or ``failed`` for everything else.
    """
    if answered:
        return "answered"
    if call.direction is Direction.IN:
        return _INBOUND.get(call.cause, "missed")
    return _OUTBOUND.get(call.cause, "failed")


@dataclass(frozen=True, slots=True)
class LogRecord:
    """A call that has ended. A record whose ``key`` is known replaces the older one.

    ``key`` is ``USER@SIP-DOMAIN/CALL``: the same on every device that sees the call, as the
    server gives the call its id. A call that ended before it had one goes by its request's id,
    which is random. ``answered``: the call was connected. Times are epoch milliseconds, ``None``
    where not known; ``duration`` is in seconds, from the answer to the end.
    """

    key: str
    call: Call
    end_time: int | None
    answered: bool = False
    contact: Contact | None = None
    notes: str = ""

    @property
    def outcome(self) -> str:
        """How the call ended (`outcome_of`)."""
        return outcome_of(self.call, answered=self.answered)

    @property
    def duration(self) -> int | None:
        """Seconds talked: 0 where nobody answered, ``None`` where that is not known."""
        if not self.answered:
            return 0
        if self.end_time is None or self.call.answer_time is None:
            return None
        return max(0, round((self.end_time - self.call.answer_time) / 1000))

    def to_json(self) -> dict[str, object]:
        """Return the record as JavaScript sees it."""
        call = self.call
        return {
            "key": self.key,
            "callId": call.id,
            "requestId": call.request_id,
            "node": call.node,
            "direction": call.direction.value,
            "number": call.other_number,
            "name": call.other_name,
            "contact": self.contact,
            "startTime": call.start_time,
            "answerTime": call.answer_time,
            "endTime": self.end_time,
            "duration": self.duration,
            "outcome": self.outcome,
            "cause": call.cause,
            "notes": self.notes,
        }


class CallLog:
    """Confirmations the calls of ``node`` and tells of each that has ended.

    ``user`` is the user's address, ``10002@pbx.example``.
    """

    def __init__(self, tell: Callable[[LogRecord], object]) -> None:
        self.node = self.user = ""
        self._tell = tell
        self._notes: dict[str, str] = {}
        self._recent: dict[str, LogRecord] = {}

    @property
    def recent(self) -> list[LogRecord]:
        """The last records of this session."""
        return list(self._recent.values())

    def see(self, event: CallEvent, contact: Contact | None) -> None:
        """Take an event that has just been told; ``contact`` is the other side."""
        call = event.call
        if not call.status.ended or call.node != self.node:
            return
        # Notes may have been made before the server gave the call its id.
        notes = self._notes.pop(call.id, "") or self._notes.pop(call.request_id, "")
        own_id = call.server_id if call.id == call.request_id else ""
        key = f"{self.user}/{own_id or call.id}"
        record = LogRecord(key, call, event.at, event.answered, contact, notes)
        self._keep(record)

    def read(self, call: Call) -> str:
        """Return the notes on a call."""
        record = self._recent.get(call.id)
        if record is not None:
            return record.notes
        return self._notes.get(call.id) or self._notes.get(call.request_id, "")

    def write(self, call: Call, notes: str) -> None:
        """Replace the notes on a call; where it has ended already, its record is told again.

        Raises:
            InputError: BAD_ARGUMENT where they are too long.
        """
        if len(notes) > NOTES:
            words = f"The notes have {len(notes)} characters; {NOTES} are the most."
            raise InputError("BAD_ARGUMENT", words)
        record = self._recent.get(call.id)
        if record is None:
            self._notes.pop(call.request_id, None)
            self._notes[call.id] = notes
        elif notes != record.notes:
            self._keep(replace(record, notes=notes))

    def clear(self) -> None:
        """The session has ended."""
        self._notes.clear()
        self._recent.clear()

    def _keep(self, record: LogRecord) -> None:
        self._recent.pop(record.call.id, None)
        self._recent[record.call.id] = record
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
        self._tell(record)
