"""The exchange: connects, holds, transfers and ends calls, without I/O, and reports changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from pycti.errors import ApiError
from pycti.pbx.directory import Directory, Kind, Party
from pycti.pbx.endpoints import Endpoints
from pycti.pbx.legs import Call, Input, Leg, State, Way

Listener = Callable[[Sequence[Leg]], None]
"""Receives the legs that an operation changed, each once."""


class Exchange:
    """All live calls. Each operation reports its changes to the listeners once."""

    def __init__(
        self, directory: Directory, now: Callable[[], float], endpoints: Endpoints
    ) -> None:
        self.directory = directory
        self.calls: dict[str, Call] = {}
        self._now = now
        self._endpoints = endpoints
        self._listeners: list[Listener] = []
        self._changed: dict[Leg, None] = {}
        self._depth = 0
        self._last_id = 0

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Report every change to ``listener``; return a function that stops this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def dialogs(self, node: str) -> list[Leg]:
        """Return the live legs that watchers of ``node`` see."""
        return [
            leg
            for call in self.calls.values()
            for leg in call.legs
            if leg.live and leg.shown and leg.party.node == node
        ]

    def call(self, call_id: str) -> Call | None:
        """Return the live call that somebody knows by that id."""
        call = self.calls.get(call_id)
        if call is not None:
            return call
        legs = (leg for call in self.calls.values() for leg in call.live)
        return next((self.calls[leg.call_id] for leg in legs if leg.known_as == call_id), None)

    def call_of(self, user_id: str, call_id: str) -> tuple[Call, Leg] | None:
        """Return the live call that this user knows by that id, and the user's leg in it."""
        for call in self.calls.values():
            leg = call.leg_of(user_id)
            if leg is not None and leg.known_as == call_id:
                return call, leg
        return None

    def lines_in_use(self, user_id: str) -> int:
        """Return how many lines of that user's phone ring or are taken."""
        return sum(call.leg_of(user_id) is not None for call in self.calls.values())

    # Starting calls

    def originate(self, user_id: str, dialled: str) -> Call:
        """Ring the user's own phone, and after it is picked up, the party of ``dialled``.

        Raises:
            ApiError: 400, the number is not valid or not allowed, or every line of the phone is
                taken; 412, the user has no phone.
        """
        person = self.directory.person(user_id)
        if person is None:
            raise ApiError(404, "No such user.")
        target = self._dial(dialled)
        if target == person.party:
            raise ApiError(400, "You cannot call yourself.")
        self._check_phone(user_id)
        with self._operation():
            call = self._new_call(person.party, target, context_of(target))
            call.target = target
            self._endpoints.offered(self, call, call.anchor)
        return call

    def incoming(self, caller: Party, target: Party) -> Call:
        """Start a call from outside to ``target``."""
        with self._operation():
            call = self._new_call(caller, target, "inbound")
            self._route(call, target)
        return call

    # Operations of phones

    def alert(self, call: Call, leg: Leg) -> None:
        """Ring the phone of ``leg`` and inform its caller."""
        with self._operation():
            self._take(leg, Input.ALERT)
            if call.anchor.state in (State.TRYING, State.PROCEEDING):
                self._take(call.anchor, Input.ALERT)

    def ring_members(self, call: Call, members: Sequence[Party]) -> None:
        """Offer the caller of a queue to ``members``."""
        with self._operation():
            for member in members:
                leg = self._add_leg(call, member, call.anchor.party, Way.RECIPIENT)
                self._endpoints.offered(self, call, leg)

    def answer(self, call: Call, leg: Leg) -> None:
        """Pick up the phone of ``leg``.

        Raises:
            StateError: it does not ring.
        """
        with self._operation():
            if leg is call.anchor and call.target is not None:
                target, call.target = call.target, None
                self._endpoints.settled(leg)
                self._hold_others(leg)
                self._route(call, target)
                if leg.state is State.TRYING:
                    self._take(leg, Input.PROCEED)
                return
            self._hold_others(leg)
            self._take(leg, Input.ANSWER)
            for other in call.live:
                if other is leg or other is call.anchor or not other.unanswered:
                    continue
                if other.party.kind is Kind.QUEUE:
                    self._take(other, Input.ANSWER)
                else:
                    self._take(other, Input.CANCEL, 487)
            self._connect_anchor(call)
            self._endpoints.answered(self, call, leg)

    def reject(self, call: Call, leg: Leg, code: int = 603) -> None:
        """Reject the call at ``leg`` with the SIP response ``code``."""
        self._refuse(call, leg, Input.REJECT, code)

    def time_out(self, call: Call, leg: Leg) -> None:
        """Stop ringing the phone of ``leg`` after the ring time."""
        self._refuse(call, leg, Input.TIMEOUT, 408)

    def hold(self, call: Call, leg: Leg) -> None:
        """Put the call on hold at ``leg``.

        Raises:
            ApiError: 400, the leg is not connected or is already on hold.
        """
        if not leg.talking or leg.number in call.holders:
            raise ApiError(400, "Only a connected call can be put on hold.")
        with self._operation():
            call.holders.add(leg.number)
            self._render(call)

    def resume(self, call: Call, leg: Leg) -> None:
        """Take the call off hold at ``leg``.

        Raises:
            ApiError: 400, the leg is not on hold.
        """
        if leg.number not in call.holders:
            raise ApiError(400, "The call is not on hold from that side.")
        with self._operation():
            self._hold_others(leg)
            call.holders.discard(leg.number)
            self._render(call)

    def hang_up(self, call: Call, leg: Leg) -> None:
        """Hang up at ``leg``, or decline the call if its phone rings."""
        if leg.unanswered and leg is not call.anchor:
            self.reject(call, leg)
            return
        with self._operation():
            if leg.unanswered:
                self._take(leg, Input.CANCEL, 487)
            else:
                self._take(leg, Input.LOCAL_BYE)
            self._end(call)

    # Moving calls

    def transfer(self, call: Call, leg: Leg, dialled: str) -> None:
        """Connect the other party to ``dialled`` and end ``leg``.

        Raises:
            ApiError: 400, the call is not connected, or the number is not valid here.
        """
        other = self._partner(call, leg)
        target = self._dial(dialled)
        if target == leg.party:
            raise ApiError(400, "You cannot transfer a call to yourself.")
        if target == other.party:
            raise ApiError(400, "You cannot transfer a caller to the caller's own number.")
        with self._operation():
            self._leave_alone(call, other)
            self._route(call, target)

    def forward(self, call: Call, leg: Leg, dialled: str) -> None:
        """Forward the caller of the service at ``leg``."""
        with self._operation():
            self._take(leg, Input.REPLACE)
            self._route(call, self._dial(dialled))

    def clear(self) -> None:
        """End all calls."""
        with self._operation():
            for call in list(self.calls.values()):
                self._end(call)

    # Internals

    def _dial(self, dialled: str) -> Party:
        return self.directory.dial(dialled)

    def _check_phone(self, user_id: str) -> None:
        if not self._endpoints.registered(user_id):
            raise ApiError(412, "Unable to make a call with no VoIP clients registered")
        if self.lines_in_use(user_id) >= self._endpoints.lines(user_id):
            raise ApiError(400, "Every line of your phone is taken.")

    def _partner(self, call: Call, leg: Leg) -> Leg:
        """Return the leg of the person whom the party of ``leg`` is connected to."""
        for other in call.legs:
            if other.talking and other is not leg and other.party.kind in (Kind.USER, Kind.OUTSIDE):
                if leg.talking:
                    return other
                break
        raise ApiError(400, "Only a call that is connected to a person can be passed on.")

    def _leave_alone(self, call: Call, leg: Leg) -> None:
        """End all other legs of the call. The next party is connected to ``leg``."""
        for other in call.live:
            if other is not leg:
                self._take(other, Input.REPLACE)
        call.anchor = leg
        call.holders &= {leg.number}

    def _new_call(self, source: Party, destination: Party, context: str) -> Call:
        now = self._now()
        self._last_id = max(int(now * 1000), self._last_id + 1)
        call = Call(str(self._last_id), source, destination, context, now)
        self.calls[call.id] = call
        call.anchor = self._add_leg(call, source, destination, Way.INITIATOR)
        call.anchor.shown = True
        return call

    def _add_leg(self, call: Call, party: Party, remote: Party, way: Way) -> Leg:
        leg = Leg(call.id, call.number(), party, remote, way, self._now(), call.context)
        call.legs.append(leg)
        self._changed[leg] = None
        return leg

    def _route(self, call: Call, target: Party) -> None:
        call.destination = target
        leg = self._add_leg(call, target, call.anchor.party, Way.RECIPIENT)
        self._endpoints.offered(self, call, leg)

    def _take(self, leg: Leg, what: Input, code: int = 0) -> None:
        leg.take(what, self._now(), code)
        self._changed[leg] = None
        if not leg.live:
            self._endpoints.settled(leg)

    def _connect_anchor(self, call: Call) -> None:
        anchor = call.anchor
        if call.connected is None:
            call.connected = self._now()
        if anchor.unanswered:
            self._take(anchor, Input.ANSWER)
            if self._others(anchor):
                call.holders.add(anchor.number)  # the phone is in another call now
        if anchor.remote != call.destination:
            anchor.remote = call.destination
            self._changed[anchor] = None
        self._render(call)
        self._endpoints.answered(self, call, anchor)

    def _others(self, leg: Leg) -> list[tuple[Call, Leg]]:
        """Return the other connected calls of the user's phone of ``leg``."""
        if leg.party.kind is not Kind.USER:
            return []
        return [
            (call, other)
            for call in self.calls.values()
            for other in call.legs
            if other.talking
            and other.party.node == leg.party.node
            and call.id != leg.call_id
            and other.number not in call.holders
        ]

    def _hold_others(self, leg: Leg) -> None:
        """Put the other calls of this phone on hold: only one can be active."""
        for call, other in self._others(leg):
            self.hold(call, other)

    def _render(self, call: Call) -> None:
        for leg in call.legs:
            if leg.party.kind not in (Kind.USER, Kind.OUTSIDE):
                continue
            if call.holders and leg.state is State.CONFIRMED:
                self._take(leg, Input.HOLD)
            elif not call.holders and leg.state is State.HELD:
                self._take(leg, Input.RESUME)

    def _refuse(self, call: Call, leg: Leg, what: Input, code: int) -> None:
        with self._operation():
            self._take(leg, what, code)
            if leg is call.anchor:
                self._end(call)
                return
            if call.ringing:
                return  # another member of the queue still rings
            if what is Input.REJECT and leg.party != call.destination:
                code = 480  # the caller does not learn why the last member rejected the call
            for other in call.live:
                if other.unanswered:
                    self._take(other, what, code)
            self._end(call)

    def _end(self, call: Call) -> None:
        for leg in call.live:
            if leg.unanswered:
                self._take(leg, Input.CANCEL, 487)
            else:
                self._take(leg, Input.REMOTE_BYE)
        self.calls.pop(call.id, None)

    @contextmanager
    def _operation(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0:
                changed, self._changed = tuple(self._changed), {}
                for listener in tuple(self._listeners):
                    listener(changed)


def context_of(target: Party) -> str:
    """Return how the API words the way that a call to ``target`` takes."""
    return "outbound" if target.kind is Kind.OUTSIDE else "internal"
