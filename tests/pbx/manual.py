"""A clock that only a test advances."""

from __future__ import annotations

from collections.abc import Callable

START = 1_790_000_000.0


class ManualTimers:
    """`pycti.pbx.Timers` without waiting."""

    def __init__(self) -> None:
        self._now = START
        self._count = 0
        self._waiting: dict[int, tuple[float, Callable[[], object]]] = {}

    def now(self) -> float:
        return self._now

    def call_later(self, delay: float, function: Callable[[], object]) -> Callable[[], object]:
        self._count += 1
        number = self._count
        self._waiting[number] = (self._now + delay, function)
        return lambda: self._waiting.pop(number, None)

    @property
    def pending(self) -> int:
        return len(self._waiting)

    def advance(self, seconds: float) -> None:
        """Advance the clock and run all functions that are due, in order."""
        end = self._now + seconds
        while self._waiting:
            number = min(self._waiting, key=lambda key: (self._waiting[key][0], key))
            due, function = self._waiting[number]
            if due > end:
                break
            del self._waiting[number]
            self._now = max(self._now, due)
            function()
        self._now = end
