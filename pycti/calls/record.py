"""One call as one node sees it: its legs, its state, and the allowed transitions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pycti import numbers
from pycti.calls.causes import NOT_REPORTED, REQUESTED, cause_of
from pycti.calls.ids import call_id_of
from pycti.events import Call, CallEvent, CallStatus, Direction, EventName
from pycti.sip.dialog_info import Dialog

APPEAR = 10.0
"""Seconds within which the documents must contain a call that the API has accepted."""

_RANK = {"trying": 0, "proceeding": 0, "early": 1, "confirmed": 2}

# The allowed transitions; any other change is an old state that arrived late.
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
    """Return the name of the event for a call in this state.

    CANCEL is the end of an outbound call that was not connected; HANGUP is any other end. The
    direction is the one that the reporting node sees.
    """
    if call.status.ended and call.direction is Direction.OUT and not answered:
        return EventName.CANCEL
    return EventName(call.status.value)


@dataclass(slots=True)
class CallRecord:
    """A call. ``reported`` is the state in the last event that was emitted.

    ``answered``: the call has been connected. ``unseen``: the server has not confirmed the call
    since the connection was made. ``missed``: the time of the first full document without this
    call, if no document has contained it yet. ``held``: states that wait until the answer to
    ``POST /calls`` shows which call this is. ``past``: the dialogs that have ended, each with its
    Call-ID; ``over``: all dialogs of the call have ended.
    ``name``: its key, if an earlier call has the same server id. ``wall`` is always in epoch
    milliseconds.
    """

    call: Call
    reported: CallStatus | None = None
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
        """The server's id of the call, or the request's id until the server has assigned one."""
        return self.name or self.call.server_id or self.call.id

    @property
    def ended(self) -> bool:
        """Whether the terminal event has been emitted."""
        return self.reported is not None and self.reported.ended

    @property
    def unnamed(self) -> bool:
        """Whether the call has ended because no document named it."""
        return self.ended and self.call.cause == NOT_REPORTED and not self.past

    @property
    def alive(self) -> list[Dialog]:
        """The legs that have not terminated."""
        return [leg for leg in self.legs.values() if not leg.terminated]

    def is_to(self, destination: str) -> bool:
        """Return whether the other party has that number, in any spelling."""
        return any(numbers.same(destination, leg.remote.number) for leg in self.legs.values())

    def take(self, dialog: Dialog, wall: int) -> list[CallEvent]:
        """Process one leg of a document."""
        watched = not self.unseen and (bool(self.legs) or self.reported is not None)
        self.legs[dialog.id] = self._read(dialog)
        self.unseen = False
        return self._advance(cause_of(dialog), wall if watched else None)

    def _read(self, dialog: Dialog) -> Dialog:
        """Return the leg's new state. A leg that was connected cannot ring again."""
        known = self.legs.get(dialog.id)
        if known is not None and known.call_id and not dialog.call_id:
            dialog = dialog._replace(call_id=known.call_id)
        talked = known.state == "confirmed" if known is not None else self._talks
        if not talked or dialog.state == "confirmed" or dialog.terminated:
            return dialog
        if dialog.on_hold:
            # FreeSWITCH reports a call on hold as an early dialog without media.
            held = known or dialog
            return held._replace(state="confirmed", local=held.local._replace(on_hold=True))
        # A second call rings with the id of the first one; its parties are not those of this call.
        return known or dialog

    @property
    def _talks(self) -> bool:
        return self.reported in (CallStatus.CONNECTED, CallStatus.ON_HOLD) and not self.legs

    def yields_to(self, dialog: Dialog) -> bool:
        """Return whether the live ``dialog`` belongs to a new call. This call has ended.

        A dialog with the same id and Call-ID is the same dialog, reported late. Without a Call-ID,
        the dialog is new if all dialogs of this call have ended: the CSeq excludes late documents.
        A leg that this call never had is new, too: a transferred or parked call has come back.
        """
        if self.unnamed:
            return True
        known = self.past.get(dialog.id)
        if known and dialog.call_id:
            return known != dialog.call_id
        new_leg = dialog.id not in self.past
        return self.over and (new_leg or call_id_of(dialog.id) == dialog.id)

    def note(self, dialog: Dialog) -> None:
        """Process one leg of a document after the end of the call."""
        self.over = self.over or (dialog.terminated and dialog.id in self.past)

    def give_up(self, wall: int) -> list[CallEvent]:
        """End the call: the API accepted it, but no document has contained it."""
        return self._advance(NOT_REPORTED, wall)

    def compare(self, present: frozenset[str], now: float, wall: int) -> list[CallEvent]:
        """Process a full document. ``present`` holds the ids of all dialogs."""
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
        """Return whether a call without legs may still appear because it was just accepted."""
        if self.unseen:
            return False
        if self.missed is None:
            self.missed = now
        return now < self.missed + APPEAR

    def move_to(self, status: CallStatus, cause: str, when: int | None) -> list[CallEvent]:
        """Move to ``status`` if the transition is allowed. ``when`` is ``None`` if unknown."""
        if self.held is not None:
            if status in NEXT[self._last_held] or status.ended:
                self.held.append((status, cause))
            return []
        if status not in NEXT[self.reported]:
            return []
        answered = self.call.answer_time
        if status.talking:
            answered = when if answered is None else answered
            self.answered = True
        self.call = replace(self.call, status=status, cause=cause, answer_time=answered)
        self.reported = status
        if status.ended:
            self.close()
        return [self.event(at=when)]

    def event(self, *, replay: bool = False, at: int | None = None) -> CallEvent:
        """Return an event with the present state."""
        name = name_of(self.call, answered=self.answered)
        return CallEvent(name, self.call, replay, at, self.answered)

    def close(self) -> None:
        """Remove the legs, but keep their ids, which distinguish them from later dialogs."""
        self.past |= {key: leg.call_id for key, leg in self.legs.items()}
        self.over = not self.alive
        self.legs.clear()

    def release(self, wall: int) -> list[CallEvent]:
        """Return the events of the states that were held back."""
        held, self.held = self.held or (), None
        return [event for status, cause in held for event in self.move_to(status, cause, wall)]

    def take_over(self, known: CallRecord, wall: int) -> list[CallEvent]:
        """Continue ``known``, which is the same call, when the API accepts this call.

        If ``known`` has been reported, an event ends it.
        """
        events, states = [], known.held
        self.legs, self.unseen = known.legs, known.unseen
        if states is None and known.reported is not None:
            states = [(known.reported, "")]
            self.call = replace(self.call, answer_time=known.call.answer_time)
            known.legs = {}
            events += known.move_to(CallStatus.HANGUP, REQUESTED, wall)
        self.describe()
        events += self.move_to(CallStatus.ACCEPTED, "", wall)
        for status, cause in states or ():
            events += self.move_to(status, cause, wall)
        return events

    def catch_up(self, known: Call) -> None:
        """Adopt a page's state of this call if it is newer."""
        if known.status in NEXT[self.reported]:
            self.call, self.reported = known, known.status
            self.answered = self.answered or known.status.talking

    def describe(self) -> None:
        """Take the numbers and names from the leg with the most advanced state."""
        legs = self.alive or list(self.legs.values())
        if not legs:
            return
        leg = max(legs, key=lambda leg: _RANK.get(leg.state, -1))
        call = self.call
        incoming = call.direction is Direction.IN
        if call.request_id and leg.incoming:
            # The server calls the user's phone first, from its own number.
            return
        source, target = (leg.remote, leg.local) if incoming else (leg.local, leg.remote)
        # A name is kept as long as its number is the same; documents may omit either of them.
        same_source = not source.number or numbers.same(call.source, source.number)
        same_target = not target.number or numbers.same(call.destination, target.number)
        # The number that was dialled keeps its form in all events.
        keep = not target.number or (bool(call.request_id) and same_target)
        source_number = source.number or call.source
        source_name = source.name or (call.source_name if same_source else "")
        target_number = call.destination if keep else target.number
        target_name = target.name or (call.destination_name if same_target else "")
        start = call.start_time or leg.start_time
        new = (source_number, source_name, target_number, target_name, start)
        old = (call.source, call.source_name, call.destination, call.destination_name)
        # Usually nothing has changed, and a frozen copy costs more than this comparison.
        if new != (*old, call.start_time):
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
            return self.move_to(CallStatus.HANGUP, cause, when)
        self.describe()
        best = max(_RANK[leg.state] for leg in legs)
        if best == 2:
            hold = any(leg.on_hold for leg in legs if leg.state == "confirmed")
            return self.move_to(CallStatus.ON_HOLD if hold else CallStatus.CONNECTED, "", when)
        return self.move_to(CallStatus.RINGING, "", when) if best == 1 else []
