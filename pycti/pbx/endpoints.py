"""The interfaces between the exchange and the phones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pycti.pbx.directory import Party
from pycti.pbx.legs import Call, Leg


class CallControl(Protocol):
    """The exchange's methods for phones, outside parties and services."""

    def alert(self, call: Call, leg: Leg) -> None:
        """Ring the phone of ``leg``."""
        ...

    def answer(self, call: Call, leg: Leg) -> None:
        """Pick up the phone of ``leg``."""
        ...

    def reject(self, call: Call, leg: Leg, code: int = 603) -> None:
        """Reject the call with the SIP response ``code``."""
        ...

    def time_out(self, call: Call, leg: Leg) -> None:
        """Stop ringing after the ring time."""
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
        """Forward the caller of a service to ``dialled``."""
        ...

    def lines_in_use(self, user_id: str) -> int:
        """Return how many lines of that user's phone ring or are taken."""
        ...

    def ring_members(self, call: Call, members: Sequence[Party]) -> None:
        """Offer the caller of a queue to ``members``."""
        ...


class Endpoints(Protocol):
    """The phones, which react to the events of their legs."""

    def registered(self, user_id: str) -> bool:
        """Return whether the user has a phone."""
        ...

    def lines(self, user_id: str) -> int:
        """Return how many calls that user's phone can have at once."""
        ...

    def offered(self, exchange: CallControl, call: Call, leg: Leg) -> None:
        """React to a new call for this phone."""
        ...

    def answered(self, exchange: CallControl, call: Call, leg: Leg) -> None:
        """React when the leg is connected."""
        ...

    def parked(self, leg: Leg, give_back: Callable[[], None]) -> None:
        """React to a call that is parked at ``leg``: it is given back where nobody fetches it."""
        ...

    def settled(self, leg: Leg) -> None:
        """Cancel the timers of a leg that was answered or has ended."""
        ...
