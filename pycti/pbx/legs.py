"""Calls and their legs. A leg is one party's dialog; its states are RFC 4235's (§3.7.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pycti.errors import StateError
from pycti.pbx.directory import Kind, Party


class State(StrEnum):
    """A leg's state. ``HELD`` is RFC 4235's ``confirmed`` with ``+sip.rendering`` ``no``."""

    TRYING = "trying"
    PROCEEDING = "proceeding"
    EARLY = "early"
    CONFIRMED = "confirmed"
    HELD = "held"
    TERMINATED = "terminated"


class Input(StrEnum):
    """The inputs of a leg."""

    PROCEED = "proceed"
    ALERT = "alert"
    ANSWER = "answer"
    HOLD = "hold"
    RESUME = "resume"
    REJECT = "reject"
    CANCEL = "cancel"
    TIMEOUT = "timeout"
    REPLACE = "replace"
    LOCAL_BYE = "local-bye"
    REMOTE_BYE = "remote-bye"


class Way(StrEnum):
    """A dialog's direction (RFC 4235 §4.1.2)."""

    INITIATOR = "initiator"
    RECIPIENT = "recipient"


UNANSWERED = frozenset({State.TRYING, State.PROCEEDING, State.EARLY})
TALKING = frozenset({State.CONFIRMED, State.HELD})

EVENTS = {
    Input.REJECT: "rejected",
    Input.CANCEL: "cancelled",
    Input.TIMEOUT: "timeout",
    Input.REPLACE: "replaced",
    Input.LOCAL_BYE: "local-bye",
    Input.REMOTE_BYE: "remote-bye",
}
"""The ``event`` attribute of a terminated dialog (RFC 4235 §4.1.3)."""

TRANSITIONS: dict[tuple[State, Input], State] = {
    (State.TRYING, Input.PROCEED): State.PROCEEDING,
    (State.TRYING, Input.ALERT): State.EARLY,
    (State.PROCEEDING, Input.ALERT): State.EARLY,
    **{(state, Input.ANSWER): State.CONFIRMED for state in UNANSWERED},
    **{
        (state, what): State.TERMINATED
        for state in UNANSWERED
        for what in (Input.REJECT, Input.CANCEL, Input.TIMEOUT, Input.REPLACE)
    },
    (State.CONFIRMED, Input.HOLD): State.HELD,
    (State.HELD, Input.RESUME): State.CONFIRMED,
    **{
        (state, what): State.TERMINATED
        for state in TALKING
        for what in (Input.REPLACE, Input.LOCAL_BYE, Input.REMOTE_BYE)
    },
}


@dataclass(slots=True, eq=False)
class Leg:
    """One party's dialog in a call. ``started`` and ``answered`` are epoch seconds.

    ``dialog`` is its id from before it was moved into another call: a dialog keeps its id.
    ``reached``: it went on from where it began. ``digits`` are the tones that its party has heard.
    """

    call_id: str
    number: int
    party: Party
    remote: Party
    way: Way
    started: float
    context: str
    state: State = State.TRYING
    answered: float | None = None
    event: str = ""
    code: int = 0
    shown: bool = False
    dialog: str = ""
    reached: bool = False
    digits: str = ""

    @property
    def id(self) -> str:
        """The dialog's id: ``<call id>-<leg>``."""
        return self.dialog or f"{self.call_id}-{self.number}"

    @property
    def known_as(self) -> str:
        """The id by which this party knows the call."""
        return self.id.rpartition("-")[0]

    @property
    def live(self) -> bool:
        """Whether the leg has not ended."""
        return self.state is not State.TERMINATED

    @property
    def unanswered(self) -> bool:
        """Whether the leg has neither been answered nor ended."""
        return self.state in UNANSWERED

    @property
    def talking(self) -> bool:
        """Whether the leg is connected, on hold or not."""
        return self.state in TALKING

    def take(self, what: Input, now: float, code: int = 0) -> None:
        """Move to the next state.

        Raises:
            StateError: the leg's state does not allow ``what``.
        """
        after = TRANSITIONS.get((self.state, what))
        if after is None:
            raise StateError("NOT_ALLOWED", f"A leg that is {self.state} does not take {what}.")
        self.state = after
        self.reached = self.reached or what in (Input.PROCEED, Input.ALERT, Input.ANSWER)
        if after is State.TERMINATED:
            self.event, self.code = EVENTS[what], code
        elif what is Input.ANSWER:
            self.answered = now
        # A call that never reached a phone is not reported to the phone's watchers.
        self.shown = self.shown or what in (Input.ALERT, Input.ANSWER)


@dataclass(slots=True, eq=False)
class Call:
    """A call: the ``anchor`` leg is permanent and is connected to one of the other legs.

    ``target`` is the party that a click-to-call rings after the user has picked up.
    ``consults`` is the leg on hold while its party consults in this call.
    """

    id: str
    source: Party
    destination: Party
    context: str
    started: float
    target: Party | None = None
    connected: float | None = None
    legs: list[Leg] = field(default_factory=list)
    holders: set[int] = field(default_factory=set)
    consults: Leg | None = None
    last_leg: int = 0
    anchor: Leg = field(init=False)

    def number(self) -> int:
        """Return a number for the next leg, which no other leg of this call has had."""
        self.last_leg += 1
        return self.last_leg

    @property
    def live(self) -> list[Leg]:
        """The legs that have not ended, in order of creation."""
        return [leg for leg in self.legs if leg.live]

    @property
    def ringing(self) -> list[Leg]:
        """The legs whose phone can be picked up now; the own phone of a click-to-call is first."""
        if self.target is not None and self.anchor.unanswered:
            return [self.anchor]
        return [
            leg
            for leg in self.legs
            if leg.unanswered and leg is not self.anchor and leg.party.kind is not Kind.QUEUE
        ]

    @property
    def state(self) -> str:
        """The call's state in the REST API."""
        if any(leg.state is State.HELD for leg in self.legs):
            return "ON_HOLD"
        if self.target is not None:
            return "INITIAL"
        return "CONNECTED" if self.anchor.talking and not self.ringing else "RINGING"

    def leg_of(self, user_id: str) -> Leg | None:
        """Return the live leg of a user, or ``None`` if the user is not in this call."""
        for leg in self.legs:
            if leg.live and leg.party.kind is Kind.USER and leg.party.id == user_id:
                return leg
        return None

    def heard_by(self, leg: Leg) -> list[str]:
        """Return the numbers of those whom the party of ``leg`` hears: nobody while it is held."""
        if leg.state is not State.CONFIRMED:
            return []
        return [other.party.number for other in self.legs if other is not leg and other.talking]

    def sides(self) -> tuple[Leg | None, Leg | None]:
        """Return the leg on this PBX's side and the other one (the outside party, if any)."""
        live = self.live
        far = [leg for leg in live if leg.party.kind is Kind.OUTSIDE] or live[1:]
        remote = far[-1] if far else None
        rest = [leg for leg in live if leg is not remote]
        # A connected leg precedes ringing legs, and a user precedes a queue.
        rest.sort(key=lambda leg: (leg.party.kind is not Kind.USER, not leg.talking))
        return (rest[0] if rest else None), remote
