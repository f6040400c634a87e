"""An exchange with phones on a manual clock, and its reports."""

from __future__ import annotations

from collections.abc import Sequence

from pycti.pbx.demo_directory import demo_directory
from pycti.pbx.directory import Kind, Party
from pycti.pbx.legs import Call, Leg
from pycti.pbx.phones import Phones
from pycti.pbx.services import Switch

from .manual import ManualTimers

CALLER = Party(Kind.OUTSIDE, "+442036427900", "+442036427900", "Alex Morgan")
ANNA, BEN, QUEUE, IVR, CONF = "user:10002", "user:10003", "queue:77", "ivr:55", "conf:123456"


class World:
    """An exchange with phones, and its reports to the watchers of each node."""

    def __init__(self) -> None:
        self.timers = ManualTimers()
        self.directory = demo_directory()
        self.phones = Phones(self.directory, self.timers)
        self.exchange = Switch(self.directory, self.timers.now, self.phones)
        self.told: dict[str, list[str]] = {}
        self.exchange.listen(self._listen)

    def _listen(self, legs: Sequence[Leg]) -> None:
        for leg in legs:
            if leg.shown and leg.party.node:
                end = f" {leg.event}" * bool(leg.event) + f" {leg.code}" * bool(leg.code)
                self.told.setdefault(leg.party.node, []).append(f"{leg.state}{end}")

    def heard(self, node: str) -> list[str]:
        """Return the reports about ``node`` since the last call."""
        return self.told.pop(node, [])

    def incoming(self, to: str) -> Call:
        return self.exchange.incoming(CALLER, self.directory.dial(to))

    def leg(self, call: Call, node: str) -> Leg:
        return next(leg for leg in call.legs if leg.live and leg.party.node == node)
