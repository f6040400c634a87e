"""How much a page may send: a mistake in it, or somebody else's script, must not flood the servers.

The limits are far above what a page has use for. Times are seconds of one clock that never goes
back.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pycti.errors import StateError

COMMANDS_BURST = 2_000
"""Commands that a page may send at once."""
COMMANDS_RATE = 50
"""Commands per second that a page may send in the long run."""

CALLS_BURST = 60
"""Calls that all pages of a worker together may place at once, and all else that rings a phone."""
CALLS_RATE = 1
"""The same per second in the long run."""

TEXTS_BURST = 100_000
"""Texts that a page may have searched for numbers at once."""
TEXTS_RATE = 5_000
"""The same per second in the long run."""

MESSAGES_BURST = 10_000
"""Other messages of a page at once: what it listens to, whether it is in front, answers."""
MESSAGES_RATE = 500
"""The same per second in the long run."""

MESSAGE_SIZE = 4_194_304
"""The characters that one message of a page may have."""

WAITING = 4_000
"""Commands of a page that may wait for their outcome."""

SUBSCRIPTIONS = 5_000
"""Nodes that may be followed."""

_PLACING = ("call", "transfer", "consult", "deflect", "unpark")


class Bucket:
    """So much at once, and so much per second in the long run."""

    def __init__(self, burst: float, rate: float) -> None:
        self._burst = self._level = burst
        self._rate = rate
        self._at = -math.inf

    def take(self, amount: float, now: float) -> float:
        """Take ``amount`` and return 0, or return in how many seconds it could be taken."""
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
    """What the pages of one worker have sent of late, each known by its number."""

    def __init__(self) -> None:
        self._pages: dict[int, _Page] = {}
        self._calls = Bucket(CALLS_BURST, CALLS_RATE)
        self._subscribing = 0

    def admits(self, page: int, now: float) -> bool:
        """Whether a message that nobody waits for is to be read."""
        return not self._page(page).messages.take(1, now)

    @contextmanager
    def command(self, page: int, method: str, followed: int, now: float) -> Iterator[None]:
        """Count a command for as long as it runs; ``followed`` nodes are followed.

        Raises:
            StateError: RATE_LIMITED, LIMIT_REACHED.
        """
        state = self._page(page)
        subscribes = method == "subscribe"
        if state.waiting >= WAITING:
            _reached(f"{WAITING} commands wait already", "Wait for their outcomes.")
        if subscribes and followed + self._subscribing >= SUBSCRIPTIONS:
            _reached(f"{SUBSCRIPTIONS} nodes are followed already", "Unsubscribe from others.")
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
        """Count texts that are to be searched; raises `StateError` RATE_LIMITED."""
        _limit(self._page(page).texts.take(count, now), "texts")

    def forget(self, page: int) -> None:
        """A page has gone."""
        self._pages.pop(page, None)

    def _page(self, page: int) -> _Page:
        return self._pages.setdefault(page, _Page())


def _limit(wait: float, what: str) -> None:
    if wait:
        words = f"The page has sent too many {what} in a short time."
        raise StateError("RATE_LIMITED", words, f"Try again in {math.ceil(wait)} s.")


def _reached(what: str, hint: str) -> None:
    raise StateError("LIMIT_REACHED", f"No more of that: {what}.", hint)
