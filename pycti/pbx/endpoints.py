"""What an exchange and its phones need to know of each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pycti.pbx.directory import Party
from pycti.pbx.legs import Call, Leg


class CallControl(Protocol):
    """What a phone, a person outside or a service may do with a call: the exchange."""

    def alert(self, call: Call, leg: Leg) -> None:
        """Ring the phone of ``leg``."""
        ...

    def answer(self, call: Call, leg: Leg) -> None:
        """Pick up the phone of ``leg``."""
        ...

    def reject(self, call: Call, leg: Leg, code: int = 603) -> None:
        """Refuse with a SIP response ``code``."""
        ...

    def time_out(self, call: Call, leg: Leg) -> None:
        """Stop ringing, because nobody picks up."""
        ...

    def hold(self, call: Call, leg: Leg) -> None:
        """Put the call on hold."""
        ...

    def resume(self, call: Call, leg: Leg) -> None:
        """Take the call off hold."""
        ...

    def hang_up(self, call: Call, leg: Leg) -> None:
        """Hang up, or decline a call that rings."""
        ...

    def forward(self, call: Call, leg: Leg, dialled: str) -> None:
        """Hand the caller of a service on to ``dialled``."""
        ...

    def lines_in_use(self, user_id: str) -> int:
        """Return how many lines of that user's phone ring or are taken."""
        ...

    def ring_members(self, call: Call, members: Sequence[Party]) -> None:
        """Offer the caller of a queue to ``members``."""
        ...


class Endpoints(Protocol):
    """What is at the end of a leg and reacts: the phones."""

    def registered(self, user_id: str) -> bool:
        """Whether that user has a phone."""
        ...

    def lines(self, user_id: str) -> int:
        """Return how many calls that user's phone can have at once."""
        ...

    def offered(self, exchange: CallControl, call: Call, leg: Leg) -> None:
        """React to a call that wants to ring here."""
        ...

    def answered(self, exchange: CallControl, call: Call, leg: Leg) -> None:
        """React to the leg's being connected."""
        ...

    def parked(self, leg: Leg, give_back: Callable[[], None]) -> None:
        """React to a call that is parked at ``leg``: it is given back where nobody fetches it."""
        ...

    def settled(self, leg: Leg) -> None:
        """Stop waiting for this leg: it was picked up, or has ended."""
        ...
