"""What an exchange needs to know of phones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pycti.pbx.legs import Call, Leg

if TYPE_CHECKING:
    from pycti.pbx.exchange import Exchange


class Endpoints(Protocol):
    """What is at the end of a leg and reacts: the phones."""

    def registered(self, user_id: str) -> bool:
        """Whether that user has a phone."""
        ...

    def offered(self, exchange: Exchange, call: Call, leg: Leg) -> None:
        """React to a call that wants to ring here."""
        ...

    def answered(self, exchange: Exchange, call: Call, leg: Leg) -> None:
        """React to the leg's being connected."""
        ...

    def settled(self, leg: Leg) -> None:
        """Stop waiting for this leg: it was picked up, or has ended."""
        ...
