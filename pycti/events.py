"""What the outside world sees: event names, call states, and the frozen events themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from pycti.errors import CtiError


class EventName(StrEnum):
    """``Cti.EVENT``: each constant's value is its own name."""

    LOGGED_IN = "LOGGED_IN"
    TWO_FACTOR_AUTH = "TWO_FACTOR_AUTH"
    LOGGED_OUT = "LOGGED_OUT"
    READY = "READY"
    SUBSCRIBED = "SUBSCRIBED"
    INITIAL = "INITIAL"
    ACCEPTED = "ACCEPTED"
    RINGING = "RINGING"
    CONNECTED = "CONNECTED"
    ON_HOLD = "ON_HOLD"
    HANGUP = "HANGUP"
    CANCEL = "CANCEL"
    INFO = "INFO"
    ERROR = "ERROR"


class CallStatus(StrEnum):
    """``Cti.CALL_STATUS``: the states of a call."""

    INITIAL = "INITIAL"
    ACCEPTED = "ACCEPTED"
    RINGING = "RINGING"
    CONNECTED = "CONNECTED"
    ON_HOLD = "ON_HOLD"
    HANGUP = "HANGUP"

    @property
    def ended(self) -> bool:
        """Whether nothing can follow this state."""
        return self is CallStatus.HANGUP

    @property
    def talking(self) -> bool:
        """Whether the call is connected, on hold or not."""
        return self is CallStatus.CONNECTED or self is CallStatus.ON_HOLD


class Status(StrEnum):
    """Where the connector stands."""

    LOGGED_OUT = "logged-out"
    CONNECTING = "connecting"
    """Logged in, but the SIP connection does not stand: it is being made, or restored."""
    READY = "ready"


class Presence(StrEnum):
    """How somebody is who is followed, from the calls and the phone."""

    FREE = "free"
    RINGING = "ringing"
    TALKING = "talking"
    ON_HOLD = "on-hold"
    DO_NOT_DISTURB = "do-not-disturb"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """``Cti.DIRECTION``: seen from the node that is followed."""

    IN = "INBOUND"
    OUT = "OUTBOUND"


ANONYMOUS = "anonymous"
"""The number of a caller who withholds it."""

ANONYMOUS_NAME = "anonymous <anonymous>"
"""The name that pages get for such a caller, as from the vendor's script; `Call` has none."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call as one node sees it, at one moment.

    ``start_time`` and ``answer_time`` are epoch milliseconds, ``None`` where not known.
    ``id`` stays the same for the whole call. ``request_id`` is the same id for a call that this
    connector started, ``""`` for every other call. ``server_id`` is the id that the REST API uses,
    ``""`` until the server has given it.
    """

    id: str
    cid: str
    node: str
    direction: Direction
    status: CallStatus
    source: str = ""
    source_name: str = ""
    destination: str = ""
    destination_name: str = ""
    cause: str = ""
    request_id: str = ""
    start_time: int | None = None
    answer_time: int | None = None
    server_id: str = ""

    @property
    def other_number(self) -> str:
        """The number of the other side, as the node sees it."""
        return self.source if self.direction is Direction.IN else self.destination

    @property
    def other_name(self) -> str:
        """The name of the other side, ``""`` where it is not known."""
        return self.source_name if self.direction is Direction.IN else self.destination_name

    def to_json(self) -> dict[str, str | int | None]:
        """Return the call as JavaScript sees it, in camel case."""
        return {
            "id": self.id,
            "cid": self.cid,
            "cause": self.cause,
            "destination": self.destination,
            "destinationName": self.destination_name,
            "source": self.source,
            "sourceName": self.source_name or (ANONYMOUS_NAME if self.source == ANONYMOUS else ""),
            "direction": self.direction,
            "status": self.status,
            "node": self.node,
            "requestId": self.request_id,
            "serverId": self.server_id,
            "startTime": self.start_time,
            "answerTime": self.answer_time,
        }


@dataclass(frozen=True, slots=True)
class ActivityEvent:
    """Something that happened to the session or to a command.

    ``code`` is set on ERROR, INFO and on a LOGGED_OUT that nobody asked for; ``nonce`` on
    TWO_FACTOR_AUTH; ``uri`` and ``node`` on SUBSCRIBED; ``hint`` says how to mend what ``code``
    names.
    """

    name: EventName
    message: str
    code: str = ""
    hint: str = ""
    nonce: str = ""
    uri: str = ""
    node: str = ""

    @classmethod
    def from_error(cls, error: CtiError) -> ActivityEvent:
        """Return the ERROR event that reports ``error``."""
        return cls(EventName.ERROR, error.message, code=error.code, hint=error.hint)

    def to_json(self) -> dict[str, object]:
        """Return the event as ``onMessage`` gets it, without the fields that say nothing."""
        fields = {
            "name": self.name.value,
            "message": self.message,
            "code": self.code,
            "hint": self.hint,
            "nonce": self.nonce,
            "uri": self.uri,
            "node": self.node,
        }
        return {key: value for key, value in fields.items() if value or key == "message"}


@dataclass(frozen=True, slots=True)
class CallEvent:
    """A call reached a new state. The name is that state, or CANCEL.

    ``replay``: the call's latest event, which has been told before, is told again after READY.
    ``at`` is when it happened, in epoch milliseconds; ``None`` where nobody was watching at that
    time. ``answered`` says whether the call has been connected. Pages get neither.
    """

    name: EventName
    call: Call
    replay: bool = False
    at: int | None = field(default=None, compare=False)
    answered: bool = field(default=False, compare=False)

    def to_json(self) -> dict[str, object]:
        """Return the event as ``onMessage`` gets it."""
        mark = {"replay": True} if self.replay else {}
        return {"name": self.name.value, "call": self.call.to_json(), **mark}


Event: TypeAlias = ActivityEvent | CallEvent
