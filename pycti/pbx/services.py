"""The services of the exchange for call control, named after those of CSTA (ECMA-269)."""

from __future__ import annotations

from collections.abc import Callable

from pycti.errors import ApiError
from pycti.pbx.directory import Directory, Kind, Party
from pycti.pbx.endpoints import Endpoints
from pycti.pbx.exchange import Exchange, context_of
from pycti.pbx.legs import Call, Input, Leg, State, Way


class Switch(Exchange):
    """An exchange with consultation, deflection, pickup, parking and keypad tones.

    ``parked`` is the leg of each parking slot that is taken.
    """

    def __init__(
        self, directory: Directory, now: Callable[[], float], endpoints: Endpoints
    ) -> None:
        super().__init__(directory, now, endpoints)
        self.parked: dict[str, Leg] = {}

    def consult(self, call: Call, leg: Leg, dialled: str) -> Call:
        """Hold ``call`` and ring whom ``dialled`` reaches, from the same phone (Consultation).

        Where that is not connected, for whatever reason, the phone takes ``call`` back.

        Raises:
            ApiError: 400, the call is not connected, the number is not valid, or every line of the
                phone is taken; 412, the user has no phone.
        """
        if not leg.talking:
            raise ApiError(400, "Only a connected call can be consulted about.")
        target = self._dial(dialled)
        if target == leg.party:
            raise ApiError(400, "You cannot call yourself.")
        self._check_phone(leg.party.id)
        with self._operation():
            if leg.number not in call.holders:
                self.hold(call, leg)
            asking = self._new_call(leg.party, target, context_of(target))
            asking.consults = leg
            self._hold_others(asking.anchor)
            self._route(asking, target)
            if asking.anchor.state is State.TRYING:
                self._take(asking.anchor, Input.PROCEED)
        return asking

    def complete(self, call: Call, leg: Leg, other_id: str) -> None:
        """Connect the partners of two calls of one phone, which leaves both (Transfer Call).

        Raises:
            ApiError: 404, there is no such other call; 400, one of them is not connected.
        """
        found = self.call_of(leg.party.id, other_id)
        if found is None:
            raise ApiError(404, "No such call to transfer to.")
        other, own = found
        if other is call:
            raise ApiError(400, "A call cannot be transferred to itself.")
        first, second = self._partner(call, leg), self._partner(other, own)
        if first.party == second.party:
            raise ApiError(400, "You cannot transfer a caller to the caller's own number.")
        with self._operation():
            self._leave_alone(other, second)
            self._leave_alone(call, first)
            self._join(call, other, second)

    def deflect(self, call: Call, leg: Leg, dialled: str) -> None:
        """The phone of ``leg`` rings: ring whom ``dialled`` reaches instead (Deflect Call).

        Raises:
            ApiError: 400, it does not ring, or the number is not valid here.
        """
        if leg is call.anchor or leg not in call.ringing:
            raise ApiError(400, "Only a call that rings can be sent on.")
        target = self._dial(dialled)
        if target == leg.party:
            raise ApiError(400, "You cannot send a call on to yourself.")
        if target == call.anchor.party:
            raise ApiError(400, "You cannot send a caller on to the caller's own number.")
        with self._operation():
            for other in call.live:
                if other is leg:
                    self._take(other, Input.REPLACE)
                elif other is not call.anchor:
                    self._take(other, Input.CANCEL, 487)
            self._route(call, target)

    def pick_up(self, user_id: str, call_id: str) -> Leg:
        """Take a call that rings at another phone (Directed Pickup). Returns the user's own leg.

        Raises:
            ApiError: 404, there is no such call; 400, it rings at no other phone, or every line of
                the own one is taken; 412, the user has no phone.
        """
        person, call = self.directory.person(user_id), self.call(call_id)
        if person is None or call is None:
            raise ApiError(404, "No such call.")
        ringing = [leg for leg in call.ringing if leg is not call.anchor]
        if not ringing or call.leg_of(user_id) is not None:
            raise ApiError(400, "The call does not ring at the phone of a colleague.")
        self._check_phone(user_id)
        with self._operation():
            own = self._add_leg(call, person.party, call.anchor.party, Way.RECIPIENT)
            for leg in ringing:
                # RFC 3326 §3.1: taken by another phone, which is no call that was missed.
                self._take(leg, Input.CANCEL, 200)
            if call.destination.kind is Kind.USER:
                call.destination = person.party
            self.answer(call, own)
        return own

    def send_digits(self, call: Call, leg: Leg, digits: str) -> None:
        """Play keypad tones to whoever is at the other end (Generate Digits).

        Raises:
            ApiError: 400, the call is not connected, or is on hold.
        """
        if leg.state is not State.CONFIRMED:
            raise ApiError(400, "Tones go only into a connected call that is not on hold.")
        for other in call.live:
            if other is not leg and other.talking:
                other.digits += digits

    def park(self, call: Call, leg: Leg) -> str:
        """Leave the partner in a slot, from which any phone can fetch the call (Park Call).

        Returns the slot: an extension, which is dialled to fetch it.

        Raises:
            ApiError: 400, the call is not connected to a person, or every slot is taken.
        """
        partner = self._partner(call, leg)
        free = [slot for slot in self.directory.slots if slot not in self.parked]
        if not free:
            raise ApiError(400, "Every parking slot is taken.")
        slot = Party(Kind.PARK, free[0], free[0], f"Parked at {free[0]}")
        with self._operation():
            self._leave_alone(call, partner)
            place = self.parked[slot.number] = self._add_leg(call, slot, leg.party, Way.RECIPIENT)
            self._take(place, Input.ANSWER)
            call.holders.add(place.number)
            self._render(call)
            self._endpoints.parked(place, lambda: self.give_back(call, place))
        return slot.number

    def give_back(self, call: Call, leg: Leg) -> None:
        """Nobody has fetched the call of the slot ``leg``: ring whoever has parked it."""
        with self._operation():
            del self.parked[leg.party.number]
            self._take(leg, Input.REPLACE)
            call.holders.discard(leg.number)
            self._route(call, leg.remote)

    # Inside

    def _dial(self, dialled: str) -> Party:
        if dialled in self.directory.slots:
            if dialled not in self.parked:
                raise ApiError(400, f"No call is parked at {dialled}.")
            return self.parked[dialled].party
        return super()._dial(dialled)

    def _route(self, call: Call, target: Party) -> None:
        if target.kind is Kind.PARK:
            self._fetch(call, target)
        else:
            super()._route(call, target)

    def _fetch(self, call: Call, slot: Party) -> None:
        place = self.parked.pop(slot.number, None)
        if place is None:  # Somebody was faster.
            if call.anchor.unanswered:
                self._take(call.anchor, Input.REJECT, 404)
            self._end(call)
            return
        parked = self.calls[place.call_id]
        self._leave_alone(parked, parked.anchor)
        self._join(call, parked, parked.anchor)

    def _join(self, call: Call, other: Call, leg: Leg) -> None:
        """Move ``leg``, which is alone in the call ``other``, into ``call``, and connect it."""
        del self.calls[other.id]
        other.legs.remove(leg)
        holds = leg.number in other.holders
        leg.dialog = leg.id
        leg.call_id, leg.number = call.id, call.number()
        if holds:
            call.holders.add(leg.number)
        leg.remote = call.anchor.party
        call.legs.append(leg)
        call.destination = leg.party
        self._changed[leg] = None
        self._connect_anchor(call)
        self._endpoints.answered(self, call, leg)

    def _end(self, call: Call) -> None:
        super()._end(call)
        for slot in [slot for slot, place in self.parked.items() if place.call_id == call.id]:
            del self.parked[slot]
        waiting = call.consults
        if waiting is None or call.connected is not None or not waiting.live:
            return
        first = self.calls.get(waiting.call_id)
        if first is not None and waiting.number in first.holders and not self._others(waiting):
            self.resume(first, waiting)
