"""The one clock and scheduler of a PBX, so that tests need no real waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timers(Protocol):
    """Tells the time and runs functions later."""

    def now(self) -> float:
        """Return the time in epoch seconds."""
        ...

    def call_later(self, delay: float, function: Callable[[], object]) -> Callable[[], object]:
        """Run ``function`` in ``delay`` seconds, and return a function that cancels that."""
        ...


class LoopTimers:
    """Real time, from the running asyncio loop."""

    def now(self) -> float:
        """Return the time in epoch seconds."""
        return time.time()

    def call_later(self, delay: float, function: Callable[[], object]) -> Callable[[], object]:
        """Run ``function`` in ``delay`` seconds, and return a function that cancels that."""
        return asyncio.get_running_loop().call_later(delay, function).cancel
