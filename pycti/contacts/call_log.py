"""The call log: one log record, with notes, for each call of the user that has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pycti.calls import causes
from pycti.contacts.names import Contact
from pycti.errors import InputError
from pycti.events import Call, CallEvent, Direction

NOTES = 10_000
"""The maximum length of notes, in characters."""

RECENT = 50
"""The number of recent log records that can be reported again, with later notes."""

_OUTBOUND = {
    causes.BUSY: "busy",
    causes.NO_ANSWER: "no-answer",
    causes.REJECTED: "rejected",
    causes.CANCELLED: "cancelled",
}
# A phone also sends "busy" when its user declines. A deflected call is not missed.
_INBOUND = {
    causes.REJECTED: "rejected",
    causes.BUSY: "rejected",
    causes.TRANSFERRED: "rejected",
}


def outcome_of(call: Call, *, answered: bool) -> str:
    """Return the outcome of a call that has ended.

    ``answered``; for inbound calls ``missed`` or ``rejected``; for outbound calls ``busy``,
    ``no-answer``, ``rejected``, ``cancelled``, or ``failed`` for everything else.
    """
    if answered:
        return "answered"
    if call.direction is Direction.IN:
        return _INBOUND.get(call.cause, "missed")
    return _OUTBOUND.get(call.cause, "failed")


@dataclass(frozen=True, slots=True)
class LogRecord:
    """A call that has ended. A log record replaces an older one with the same ``key``.

    ``key`` is ``USER@SIP-DOMAIN/CALL``. It is the same on every device that sees the call, because
    the server assigns the call's id. A call that ended before it had one uses the id of its
    request, which is random. ``answered``: the call was connected. Times are epoch milliseconds,
    or ``None`` if unknown; ``duration`` is in seconds, from the answer to the end.
    """

    key: str
    call: Call
    end_time: int | None
    answered: bool = False
    contact: Contact | None = None
    notes: str = ""

    @property
    def outcome(self) -> str:
        """The outcome of the call (`outcome_of`)."""
        return outcome_of(self.call, answered=self.answered)

    @property
    def duration(self) -> int | None:
        """Seconds of conversation: 0 if the call was not answered, ``None`` if unknown."""
        if not self.answered:
            return 0
        if self.end_time is None or self.call.answer_time is None:
            return None
        return max(0, round((self.end_time - self.call.answer_time) / 1000))

    def to_json(self) -> dict[str, object]:
        """Return the log record in its JavaScript form."""
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
    """Creates a log record for each call of ``node`` that has ended.

    ``user`` is the user's address, ``10002@pbx.example``.
    """

    def __init__(self, report: Callable[[LogRecord], object]) -> None:
        self.node = self.user = ""
        self._report = report
        self._notes: dict[str, str] = {}
        self._recent: dict[str, LogRecord] = {}

    @property
    def recent(self) -> list[LogRecord]:
        """The last records of this session."""
        return list(self._recent.values())

    def see(self, event: CallEvent, contact: Contact | None) -> None:
        """Process an event that has just been emitted; ``contact`` is the other party."""
        call = event.call
        if not call.status.ended or call.node != self.node:
            return
        if call.cause == causes.REQUESTED:
            return  # The requested call gets the log record.
        # Notes may have been written before the server assigned the call's id.
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
        """Replace the notes on a call. If it has ended, report its log record again.

        Raises:
            InputError: BAD_ARGUMENT if they are too long.
        """
        if len(notes) > NOTES:
            words = f"The notes have {len(notes)} characters; the maximum is {NOTES}."
            raise InputError("BAD_ARGUMENT", words)
        record = self._recent.get(call.id)
        if record is None:
            self._notes.pop(call.request_id, None)
            self._notes[call.id] = notes
        elif notes != record.notes:
            self._keep(replace(record, notes=notes))

    def clear(self) -> None:
        """Forget everything: the session has ended."""
        self._notes.clear()
        self._recent.clear()

    def _keep(self, record: LogRecord) -> None:
        self._recent.pop(record.call.id, None)
        self._recent[record.call.id] = record
        if len(self._recent) > RECENT:
            del self._recent[next(iter(self._recent))]
        self._report(record)
