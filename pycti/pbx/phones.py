"""The behaviour of phones and services when a call reaches them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pycti.pbx.directory import Directory, Kind, Outside, Party, PhoneSettings, Service
from pycti.pbx.endpoints import CallControl
from pycti.pbx.legs import Call, Leg
from pycti.pbx.timers import Timers

REFUSE_AFTER = 0.5
"""Seconds until a phone is reported as busy or missing."""
PARKED_FOR = 120.0
"""Seconds until a parked call that nobody fetches rings the phone that has parked it."""


class Phones:
    """All phones, inside and outside, and the queues, IVRs and conferences.

    ``pace`` multiplies every delay: 0.05 is twenty times as fast.
    """

    def __init__(self, directory: Directory, timers: Timers, pace: float = 1.0) -> None:
        self._directory = directory
        self._timers = timers
        self._pace = pace
        self._pending: dict[Leg, list[Callable[[], object]]] = {}
        self.on_change: Callable[[str], object] = lambda _user_id: None
        self.settings: dict[str, PhoneSettings] = {}
        self.reset()

    def reset(self) -> None:
        """Reset all phones to the settings in the directory."""
        before = self.settings
        self.settings = {person.id: person.phone for person in self._directory.people}
        for user_id in before:
            self._look(user_id, before[user_id])

    def configure(self, user_id: str, **changes: float | bool | None) -> PhoneSettings:
        """Change settings of a user's phone and return all of them."""
        settings: PhoneSettings = replace(self.settings[user_id], **changes)  # type: ignore[arg-type]  # the caller has checked the types
        before, self.settings[user_id] = self.settings[user_id], settings
        self._look(user_id, before)
        return settings

    def _look(self, user_id: str, before: PhoneSettings) -> None:
        """Tell where a phone is reached otherwise than ``before``."""
        now = self.settings[user_id]
        if (now.registered, now.dnd) != (before.registered, before.dnd):
            self.on_change(user_id)

    def device(self, user_id: str) -> str:
        """Return how that user's phone is reached: ``online``, ``dnd`` or ``offline``."""
        settings = self.settings[user_id]
        return ("dnd" if settings.dnd else "online") if settings.registered else "offline"

    def registered(self, user_id: str) -> bool:
        """Return whether the user has a phone."""
        return self.settings[user_id].registered

    def lines(self, user_id: str) -> int:
        """Return how many calls that user's phone can have at once."""
        return self.settings[user_id].lines

    def offered(self, exchange: CallControl, call: Call, leg: Leg) -> None:
        """React to a new call for this phone."""
        party = leg.party
        if leg is call.anchor:
            settings = self.settings[party.id]
            self._answer_later(exchange, call, leg, settings.pickup_after, settings.ring_time)
        elif party.kind is Kind.USER:
            self._offered_user(exchange, call, leg, self.settings[party.id])
        elif party.kind is Kind.OUTSIDE:
            self._offered_outside(exchange, call, leg, self._outside(party))
        else:
            self._offered_service(exchange, call, leg, self._service(party))

    def answered(self, exchange: CallControl, call: Call, leg: Leg) -> None:
        """React when the leg is connected."""
        self.settled(leg)
        party = leg.party
        if party.kind is Kind.OUTSIDE:
            outside = self._outside(party)
            if outside.hang_up_after is not None:
                self._later(leg, outside.hang_up_after, lambda: exchange.hang_up(call, leg))
            if outside.hold_after is not None:
                self._hold_once(exchange, call, leg, outside.hold_after, outside.resume_after)
        elif party.kind is Kind.IVR:
            service = self._service(party)
            to = service.forward_to
            self._later(leg, service.forward_after, lambda: exchange.forward(call, leg, to))

    def parked(self, leg: Leg, give_back: Callable[[], None]) -> None:
        """React to a call that is parked at ``leg``: it is given back where nobody fetches it."""
        self._later(leg, PARKED_FOR, give_back)

    def settled(self, leg: Leg) -> None:
        """Cancel the timers of a leg that was answered or has ended."""
        for cancel in self._pending.pop(leg, ()):
            cancel()

    def _offered_user(
        self, exchange: CallControl, call: Call, leg: Leg, settings: PhoneSettings
    ) -> None:
        taken = exchange.lines_in_use(leg.party.id) > settings.lines  # this call is among them
        if not settings.registered or settings.dnd or taken:
            code = 486 if settings.registered else 480
            self._later(leg, REFUSE_AFTER, lambda: exchange.reject(call, leg, code))
            return
        exchange.alert(call, leg)
        self._answer_later(exchange, call, leg, settings.answer_after, settings.ring_time)

    def _offered_outside(
        self, exchange: CallControl, call: Call, leg: Leg, outside: Outside
    ) -> None:
        def ring() -> None:
            exchange.alert(call, leg)
            self._answer_later(exchange, call, leg, outside.answer_after, outside.ring_time)

        if outside.code:
            if outside.rings:
                exchange.alert(call, leg)
            code = outside.code
            self._later(leg, outside.code_after, lambda: exchange.reject(call, leg, code))
        elif outside.alert_after:
            self._later(leg, outside.alert_after, ring)
        else:
            ring()

    def _offered_service(
        self, exchange: CallControl, call: Call, leg: Leg, service: Service
    ) -> None:
        exchange.alert(call, leg)
        if leg.party.kind is not Kind.QUEUE:
            self._later(leg, service.answer_after, lambda: exchange.answer(call, leg))
            return
        members = [
            person.party
            for person in map(self._directory.person, service.members)
            if person is not None
            and call.leg_of(person.id) is None
            and self._free(person.id, exchange.lines_in_use(person.id))
        ]
        if members:
            exchange.ring_members(call, members)
        else:
            self._later(leg, REFUSE_AFTER, lambda: exchange.reject(call, leg, 480))

    def _free(self, user_id: str, taken: int) -> bool:
        settings = self.settings[user_id]
        return settings.registered and not settings.dnd and taken < settings.lines

    def _answer_later(
        self, exchange: CallControl, call: Call, leg: Leg, after: float | None, ring_time: float
    ) -> None:
        if after is not None and after <= ring_time:
            self._later(leg, after, lambda: exchange.answer(call, leg))
        else:
            self._later(leg, ring_time, lambda: exchange.time_out(call, leg))

    def _hold_once(
        self, exchange: CallControl, call: Call, leg: Leg, after: float, resume_after: float
    ) -> None:
        def hold() -> None:
            if leg.number not in call.holders:
                exchange.hold(call, leg)
            self._later(leg, resume_after, resume)

        def resume() -> None:
            if leg.number in call.holders:
                exchange.resume(call, leg)

        self._later(leg, after, hold)

    def _outside(self, party: Party) -> Outside:
        return self._directory.outside_number(party.number, party.name)

    def _service(self, party: Party) -> Service:
        service = self._directory.service(party.node)
        if service is None:
            raise LookupError(f"{party.node} is not in the directory")
        return service

    def _later(self, leg: Leg, delay: float, function: Callable[[], None]) -> None:
        cancel = self._timers.call_later(delay * self._pace, function)
        self._pending.setdefault(leg, []).append(cancel)
