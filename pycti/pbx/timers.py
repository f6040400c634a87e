"""The clock and scheduler of a PBX, which tests replace to avoid real waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timers(Protocol):
    """A clock and a scheduler."""

    def now(self) -> float:
        """Return the time in epoch seconds."""
        ...

    def call_later(self, delay: float, function: Callable[[], object]) -> Callable[[], object]:
        """Run ``function`` in ``delay`` seconds; return a function that cancels it."""
        ...


class LoopTimers:
    """Real time and the running asyncio loop."""

    def now(self) -> float:
        """Return the time in epoch seconds."""
        return time.time()

    def call_later(self, delay: float, function: Callable[[], object]) -> Callable[[], object]:
        """Run ``function`` in ``delay`` seconds; return a function that cancels it."""
        return asyncio.get_running_loop().call_later(delay, function).cancel
