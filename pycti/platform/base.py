"""The common part of both platforms: clocks, random numbers and timers."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable

from pycti.numbers.library import library
from pycti.platform.protocols import Handle


class AsyncioPlatform:
    """The part of `pycti.platform.Platform` that needs no network."""

    def now(self) -> float:
        """Return the monotonic clock, in seconds."""
        return time.monotonic()

    def wall(self) -> int:
        """Return epoch milliseconds."""
        return int(time.time() * 1000)

    def entropy(self, size: int) -> str:
        """Return random bytes of the system; the snapshot may have copied the state of `random`."""
        return os.urandom(size).hex()

    def call_later(self, delay: float, callback: Callable[[], None]) -> Handle:
        """Call ``callback`` in ``delay`` seconds."""
        return asyncio.get_running_loop().call_later(delay, callback)

    async def load_numbers(self) -> None:
        """Import the library with the numbering plans."""
        library()
