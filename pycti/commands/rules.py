"""When a command is sent: the features and the states of calls that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pycti.contacts.call_log import LogRecord
from pycti.errors import HINTS
from pycti.events import ActivityEvent, CallStatus, Direction, Event, EventName
from pycti.rest.api import Json

TALKING = tuple(status for status in CallStatus if status.talking)
"""The states of a connected call, on hold or not."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An event for the page that sent the command only."""

    event: ActivityEvent


@dataclass(frozen=True, slots=True)
class Records:
    """The result of `history`."""

    records: tuple[LogRecord, ...]

    def to_json(self) -> list[dict[str, object]]:
        """Return the records as JavaScript receives them."""
        return [record.to_json() for record in self.records]


Outcome: TypeAlias = "Event | Reply | Records | Json"


@dataclass(frozen=True, slots=True)
class Rule:
    """A ``feature`` that the server must offer, and the states in which the call must be.

    ``own``: only calls of the user's own phone. ``done`` is the participle in the INFO message.
    """

    feature: str
    statuses: tuple[CallStatus, ...] = ()
    done: str = ""
    direction: Direction | None = None
    own: bool = True


_RUNNING = tuple(status for status in CallStatus if not status.ended)
_RINGING = (CallStatus.RINGING,)

RULES: dict[str, Rule] = {
    "answer": Rule("answer", _RINGING, "answered", Direction.IN, own=False),
    "terminate": Rule("terminate", _RUNNING, "ended", own=False),
    "transfer": Rule("transfer", TALKING, "transferred", own=False),
    "hold": Rule("hold", (CallStatus.CONNECTED,), "put on hold"),
    "resume": Rule("hold", (CallStatus.ON_HOLD,), "resumed"),
    "alternate": Rule("hold", (CallStatus.ON_HOLD,), "resumed"),
    "sendDigits": Rule("digits", (CallStatus.CONNECTED,), "sent tones"),
    "consult": Rule("consult", TALKING, "asked about"),
    "completeTransfer": Rule("consult", TALKING, "transferred"),
    "deflect": Rule("deflect", _RINGING, "sent on", Direction.IN),
    "pickup": Rule("pickup", _RINGING, "picked up", Direction.IN, own=False),
    "park": Rule("park", TALKING, "parked"),
    "unpark": Rule("park"),
    "setDoNotDisturb": Rule("dnd"),
    "history": Rule("history"),
}
"""The rule of each command. If it is not met, nothing is sent, and the outcome is INFO."""


class Refused(Exception):  # noqa: N818 - no error: the page receives INFO
    """The command is not sent, or has nothing left to do. ``reply`` is the INFO event."""

    def __init__(self, message: str, code: str = "NOT_ALLOWED") -> None:
        super().__init__(message)
        self.reply = Reply(ActivityEvent(EventName.INFO, message, code=code, hint=HINTS[code]))
