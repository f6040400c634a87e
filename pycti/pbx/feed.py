"""Wake up waiting requests when something changes, so that they need not poll."""

from __future__ import annotations

import asyncio


class Feed:
    """A counter that increases with every change."""

    def __init__(self) -> None:
        self.version = 0
        self._waiters: set[asyncio.Future[None]] = set()

    def changed(self) -> None:
        """Count a change and wake up all waiting requests."""
        self.version += 1
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def wait(self, since: int, timeout: float) -> None:  # noqa: ASYNC109  # part of the long poll
        """Return once the counter differs from ``since``, or after ``timeout`` seconds."""
        if since != self.version:
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        await asyncio.wait({waiter}, timeout=timeout)
        self._waiters.discard(waiter)
