"""Decide when a call pops up. Each call pops once."""

from __future__ import annotations

from collections.abc import Iterable

from pycti.events import Call, CallStatus, Direction

PATIENCE = 2.0
"""Seconds that a pop waits for the caller's name."""

LIMIT = 100
"""The number of calls that are remembered as popped."""


class ScreenPops:
    """The inbound calls of ``node`` that wait for a pop, and those that have popped.

    A call may pop while it rings. A call that is answered while its pop waits still pops: the user
    who answered needs the caller's data.
    """

    def __init__(self) -> None:
        self.node = ""
        self._waiting: dict[str, float] = {}
        self._popped: dict[str, None] = {}

    def is_candidate(self, call: Call) -> bool:
        """Return whether this call may pop or waits for its pop."""
        if call.node != self.node or call.id in self._popped:
            return False
        rings = call.status is CallStatus.RINGING and call.direction is Direction.IN
        return rings or call.id in self._waiting

    def begin(self, call: Call, now: float) -> bool:
        """Add a call that may pop; return whether it is new."""
        new = self.is_candidate(call) and call.id not in self._waiting
        if new:
            self._waiting[call.id] = now
        return new

    def due(self, call: Call, now: float, *, known: bool) -> bool:
        """Return whether to pop this call now; ``known``: no answer of the directory is pending."""
        since = self._waiting.get(call.id)
        if since is None or not self.is_candidate(call) or call.status.ended:
            return False
        return known or now >= since + PATIENCE or call.status is not CallStatus.RINGING

    def done(self, call_ids: Iterable[str]) -> None:
        """Mark calls as popped, by this or by an earlier worker."""
        for call_id in call_ids:
            self._waiting.pop(call_id, None)
            self._popped[call_id] = None
            if len(self._popped) > LIMIT:
                del self._popped[next(iter(self._popped))]

    def drop(self, call: Call) -> None:
        """Stop waiting for a call that no longer rings."""
        if call.node == self.node and call.status is not CallStatus.RINGING:
            self._waiting.pop(call.id, None)

    def clear(self) -> None:
        """Forget all calls: the session has ended."""
        self._waiting.clear()
        self._popped.clear()
