"""Limit how much a page may send: a bug in a page, or a foreign script, must not flood the servers.

The limits are far above the needs of any page. Times are seconds of a monotonic clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pycti.errors import StateError

COMMANDS_BURST = 2_000
"""Commands that a page may send in a burst."""
COMMANDS_RATE = 50
"""Commands per second that a page may send on average."""

CALLS_BURST = 60
"""Requests that ring a phone: what all pages of a worker together may send in a burst."""
CALLS_RATE = 1
"""The same per second on average."""

TEXTS_BURST = 100_000
"""Texts in which a page may have numbers detected in a burst."""
TEXTS_RATE = 5_000
"""The same per second on average."""

MESSAGES_BURST = 10_000
"""Other messages of a page in a burst: ``listen``, ``focus``, answers."""
MESSAGES_RATE = 500
"""The same per second on average."""

MESSAGE_SIZE = 4_194_304
"""The maximum length of a page's message, in characters."""

WAITING = 4_000
"""Commands of a page that may be pending."""

SUBSCRIPTIONS = 5_000
"""The maximum number of followed nodes."""

_PLACING = ("call", "transfer", "consult", "deflect", "unpark")


class Bucket:
    """A token bucket: ``burst`` at once, and ``rate`` per second on average."""

    def __init__(self, burst: float, rate: float) -> None:
        self._burst = self._level = burst
        self._rate = rate
        self._at = -math.inf

    def take(self, amount: float, now: float) -> float:
        """Take ``amount`` and return 0, or return the seconds until it is available."""
        self._level = min(self._burst, self._level + max(0.0, now - self._at) * self._rate)
        self._at = now
        if amount <= self._level:
            self._level -= amount
            return 0.0
        return (min(amount, self._burst) - self._level) / self._rate


@dataclass(slots=True)
class _Page:
    commands: Bucket = field(default_factory=lambda: Bucket(COMMANDS_BURST, COMMANDS_RATE))
    texts: Bucket = field(default_factory=lambda: Bucket(TEXTS_BURST, TEXTS_RATE))
    messages: Bucket = field(default_factory=lambda: Bucket(MESSAGES_BURST, MESSAGES_RATE))
    waiting: int = 0


class Limits:
    """Counts the recent messages of a worker's pages, which are identified by numbers."""

    def __init__(self) -> None:
        self._pages: dict[int, _Page] = {}
        self._calls = Bucket(CALLS_BURST, CALLS_RATE)
        self._subscribing = 0

    def admits(self, page: int, now: float) -> bool:
        """Return whether to process a message that needs no answer."""
        return not self._page(page).messages.take(1, now)

    @contextmanager
    def command(self, page: int, method: str, followed: int, now: float) -> Iterator[None]:
        """Count a command while it runs; ``followed`` is the number of followed nodes.

        Raises:
            StateError: RATE_LIMITED, LIMIT_REACHED.
        """
        state = self._page(page)
        subscribes = method == "subscribe"
        if state.waiting >= WAITING:
            _reached(f"{WAITING} commands are pending", "Wait for their results.")
        if subscribes and followed + self._subscribing >= SUBSCRIPTIONS:
            _reached(f"{SUBSCRIPTIONS} nodes are followed", "Unsubscribe from others.")
        _limit(state.commands.take(1, now), "commands")
        if method in _PLACING:
            _limit(self._calls.take(1, now), "calls")
        state.waiting += 1
        self._subscribing += subscribes
        try:
            yield
        finally:
            state.waiting -= 1
            self._subscribing -= subscribes

    def texts(self, page: int, count: int, now: float) -> None:
        """Count texts for number detection; may raise `StateError` RATE_LIMITED."""
        _limit(self._page(page).texts.take(count, now), "texts")

    def forget(self, page: int) -> None:
        """Forget a page that has gone."""
        self._pages.pop(page, None)

    def _page(self, page: int) -> _Page:
        return self._pages.setdefault(page, _Page())


def _limit(wait: float, what: str) -> None:
    if wait:
        words = f"The page has sent too many {what} in a short time."
        raise StateError("RATE_LIMITED", words, f"Try again in {math.ceil(wait)} s.")


def _reached(what: str, hint: str) -> None:
    raise StateError("LIMIT_REACHED", f"The limit is reached: {what}.", hint)
