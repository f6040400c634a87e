"""Detect from the clocks that the machine slept or the worker was frozen."""

from __future__ import annotations

from pycti.sip.keepalive import LATE


class SleepWatch:
    """Compares two clocks: ``now`` in seconds, monotonic, and ``wall`` in epoch milliseconds.

    In a frozen worker ``now`` continues and timers are late. While the whole machine sleeps, some
    systems also stop ``now`` (Linux, macOS); afterwards the wall clock is ahead of it.
    """

    def __init__(self) -> None:
        self._ahead: float | None = None

    def slept(self, due: float, now: float, wall: int) -> bool:
        """Return whether the machine slept since the last call; the timer was set to ``due``."""
        before, self._ahead = self._ahead, wall / 1000 - now
        stopped = before is not None and self._ahead > before + LATE
        return stopped or now > due + LATE
