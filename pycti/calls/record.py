"""One call as one node sees it: its legs, its state, and the arrows between its states."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pycti import numbers
from pycti.calls.causes import NOT_REPORTED, cause_of
from pycti.calls.ids import call_id_of
from pycti.events import Call, CallEvent, CallStatus, Direction, EventName
from pycti.sip.dialog_info import Dialog

APPEAR = 10.0
"""Seconds within which the documents tell of a call that the API has accepted."""

_RANK = {"trying": 0, "proceeding": 0, "early": 1, "confirmed": 2}

# What may follow what; anything else is an older truth that came late.
NEXT: dict[CallStatus | None, frozenset[CallStatus]] = {
    None: frozenset(CallStatus),
    CallStatus.INITIAL: frozenset((CallStatus.ACCEPTED, CallStatus.HANGUP)),
    CallStatus.ACCEPTED: frozenset(CallStatus) - {CallStatus.INITIAL, CallStatus.ACCEPTED},
    CallStatus.RINGING: frozenset((CallStatus.CONNECTED, CallStatus.ON_HOLD, CallStatus.HANGUP)),
    CallStatus.CONNECTED: frozenset((CallStatus.ON_HOLD, CallStatus.HANGUP)),
    CallStatus.ON_HOLD: frozenset((CallStatus.CONNECTED, CallStatus.HANGUP)),
    CallStatus.HANGUP: frozenset(),
}


def name_of(call: Call, *, answered: bool) -> EventName:
    """Return the name of the event that tells of a call in this state.

    CANCEL is the end of an outbound call that was not connected, HANGUP every other end. Whose
    outbound call it is, the node that reports it says.
    """
    if call.status.ended and call.direction is Direction.OUT and not answered:
        return EventName.CANCEL
    return EventName(call.status.value)


@dataclass(slots=True)
class CallRecord:
    """A call. ``told`` is the last state that pages have been told of.

    ``answered``: it has been connected. ``unseen``: the server has not confirmed the call since
    the connection was made. ``missed``: when a full document first lacked a call of which no
    document has told yet. ``held``: states that are kept back until ``POST /calls`` says whose call
    this is. ``past``: after the end, the dialogs that the call had, each with its Call-ID;
    ``over``: none of them goes on. ``name``: its key, where another call has had the server's id
    before. ``wall`` is in epoch milliseconds everywhere.
    """

    call: Call
    told: CallStatus | None = None
    answered: bool = False
    legs: dict[str, Dialog] = field(default_factory=dict)
    unseen: bool = False
    missed: float | None = None
    held: list[tuple[CallStatus, str]] | None = None
    past: dict[str, str] = field(default_factory=dict)
    over: bool = False
    name: str = ""

    @property
    def key(self) -> str:
        """The server's id of the call, or its own until the server has given one."""
        return self.name or self.call.server_id or self.call.id

    @property
    def ended(self) -> bool:
        """Whether pages have been told of the end."""
        return self.told is not None and self.told.ended

    @property
    def alive(self) -> list[Dialog]:
        """The legs that have not terminated."""
        return [leg for leg in self.legs.values() if not leg.terminated]

    def is_to(self, destination: str) -> bool:
        """Whether the other side is that number, however it is written."""
        return any(numbers.same(destination, leg.remote.number) for leg in self.legs.values())

    def take(self, dialog: Dialog, wall: int) -> list[CallEvent]:
        """Take what a document says of one leg."""
        watched = not self.unseen and (bool(self.legs) or self.told is not None)
        self.legs[dialog.id] = self._read(dialog)
        self.unseen = False
        return self._advance(cause_of(dialog), wall if watched else None)

    def _read(self, dialog: Dialog) -> Dialog:
        """Return what ``dialog`` says of this leg, which may ring again only as a new one."""
        known = self.legs.get(dialog.id)
        if known is not None and known.call_id and not dialog.call_id:
            dialog = dialog._replace(call_id=known.call_id)
        talked = known.state == "confirmed" if known is not None else self._talks
        if not talked or dialog.state == "confirmed" or dialog.terminated:
            return dialog
        if dialog.on_hold:
            # FreeSWITCH writes a held call as an early one that renders nothing.
            held = known or dialog
            return held._replace(state="confirmed", local=held.local._replace(on_hold=True))
        # A second call rings under the id of the first, whose parties these are not.
        return known or dialog

    @property
    def _talks(self) -> bool:
        return self.told in (CallStatus.CONNECTED, CallStatus.ON_HOLD) and not self.legs

    def yields_to(self, dialog: Dialog) -> bool:
        """Whether ``dialog``, which is alive, is another than those of this call, which has ended.

        Late news of the same dialog, by its id and its Call-ID, are none. Without a Call-ID it is
        another where all that this call had is over: what comes late is sorted out by CSeq before.
        So is a leg that this call never had: the call has come back, as one does that was passed
        on, or parked.
        """
        known = self.past.get(dialog.id)
        if known and dialog.call_id:
            return known != dialog.call_id
        new_leg = dialog.id not in self.past
        return self.over and (new_leg or call_id_of(dialog.id) == dialog.id)

    def note(self, dialog: Dialog) -> None:
        """Take what a document says of a call that has ended."""
        self.over = self.over or (dialog.terminated and dialog.id in self.past)

    def give_up(self, wall: int) -> list[CallEvent]:
        """No document has named the call that the API accepted."""
        return self._advance(NOT_REPORTED, wall)

    def compare(self, present: frozenset[str], now: float, wall: int) -> list[CallEvent]:
        """Take, at ``now``, a document that names every dialog there is."""
        gone = [key for key in self.legs if key not in present]
        cause = next((cause_of(leg) for leg in self.legs.values() if leg.terminated), "")
        for key in gone:
            self.past[key] = self.legs.pop(key).call_id
        missing = not self.legs and not self._expected(now)
        if missing and self.missed is not None:
            cause = cause or NOT_REPORTED
        when, self.unseen = None if self.unseen else wall, False
        return self._advance(cause, when) if gone or missing else []

    def _expected(self, now: float) -> bool:
        """Whether a call without legs may still appear: it has only just been accepted."""
        if self.unseen:
            return False
        if self.missed is None:
            self.missed = now
        return now < self.missed + APPEAR

    def tell(self, status: CallStatus, cause: str, when: int | None) -> list[CallEvent]:
        """Move to ``status`` where an arrow leads there. ``when`` is ``None`` where not known."""
        if self.held is not None:
            if status in NEXT[self._last_held] or status.ended:
                self.held.append((status, cause))
            return []
        if status not in NEXT[self.told]:
            return []
        answered = self.call.answer_time
        if status.talking:
            answered = when if answered is None else answered
            self.answered = True
        self.call = replace(self.call, status=status, cause=cause, answer_time=answered)
        self.told = status
        if status.ended:
            self.close()
        return [self.event(at=when)]

    def event(self, *, replay: bool = False, at: int | None = None) -> CallEvent:
        """Return the event that tells of the present state."""
        name = name_of(self.call, answered=self.answered)
        return CallEvent(name, self.call, replay, at, self.answered)

    def close(self) -> None:
        """Keep of the legs what tells later dialogs from them."""
        self.past |= {key: leg.call_id for key, leg in self.legs.items()}
        self.over = not self.alive
        self.legs.clear()

    def release(self, wall: int) -> list[CallEvent]:
        """Tell what was kept back."""
        held, self.held = self.held or (), None
        return [event for status, cause in held for event in self.tell(status, cause, wall)]

    def catch_up(self, known: Call) -> None:
        """Take what a page knows that is further than what is known here."""
        if known.status in NEXT[self.told]:
            self.call, self.told = known, known.status
            self.answered = self.answered or known.status.talking

    def describe(self) -> None:
        """Take the numbers and names from the leg that is furthest."""
        legs = self.alive or list(self.legs.values())
        if not legs:
            return
        leg = max(legs, key=lambda leg: _RANK.get(leg.state, -1))
        call = self.call
        incoming = call.direction is Direction.IN
        source, target = (leg.remote, leg.local) if incoming else (leg.local, leg.remote)
        # Names stay while their numbers do; documents may leave either out.
        same_source = not source.number or numbers.same(call.source, source.number)
        same_target = not target.number or numbers.same(call.destination, target.number)
        # A number that was asked for keeps its form from event to event.
        keep = not target.number or (bool(call.request_id) and same_target)
        source_number = source.number or call.source
        source_name = source.name or (call.source_name if same_source else "")
        target_number = call.destination if keep else target.number
        target_name = target.name or (call.destination_name if same_target else "")
        start = call.start_time or leg.start_time
        told = (source_number, source_name, target_number, target_name, start)
        known = (call.source, call.source_name, call.destination, call.destination_name)
        # Mostly it is what is known, and a frozen copy costs more than to look.
        if told != (*known, call.start_time):
            self.call = replace(
                call,
                source=source_number,
                source_name=source_name,
                destination=target_number,
                destination_name=target_name,
                start_time=start,
            )

    @property
    def _last_held(self) -> CallStatus | None:
        return self.held[-1][0] if self.held else None

    def _advance(self, cause: str, when: int | None) -> list[CallEvent]:
        legs = self.alive
        if not legs:
            return self.tell(CallStatus.HANGUP, cause, when)
        self.describe()
        best = max(_RANK[leg.state] for leg in legs)
        if best == 2:
            hold = any(leg.on_hold for leg in legs if leg.state == "confirmed")
            return self.tell(CallStatus.ON_HOLD if hold else CallStatus.CONNECTED, "", when)
        return self.tell(CallStatus.RINGING, "", when) if best == 1 else []
