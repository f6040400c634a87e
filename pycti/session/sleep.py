"""Finds out that a machine slept, or that a worker was frozen, from the clocks alone."""

from __future__ import annotations

from pycti.sip.keepalive import LATE


class SleepWatch:
    """``now`` is in seconds of a clock that never goes back, ``wall`` in epoch milliseconds.

    In a frozen worker ``now`` goes on and timers are late. While the whole machine sleeps, some
    systems stop that clock, too (Linux, macOS); the wall clock is ahead of it afterwards.
    """

    def __init__(self) -> None:
        self._ahead: float | None = None

    def slept(self, due: float, now: float, wall: int) -> bool:
        """Say whether there was a sleep since the last call; the timer was set for ``due``."""
        before, self._ahead = self._ahead, wall / 1000 - now
        stopped = before is not None and self._ahead > before + LATE
        return stopped or now > due + LATE
