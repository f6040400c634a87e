"""Screen pops: which call is due to be popped up, once, and never again."""

from __future__ import annotations

from collections.abc import Iterable

from pycti.events import Call, CallStatus, Direction

PATIENCE = 2.0
"""Seconds that a pop waits until it is known who calls."""

LIMIT = 100
"""So many calls are remembered as popped."""


class ScreenPops:
    """The inbound calls of ``node``: those that wait for a pop, and those that have had it.

    A call may pop while it rings. One that is answered while its pop waits still pops: whoever
    took it wants to know who it is.
    """

    def __init__(self) -> None:
        self.node = ""
        self._waiting: dict[str, float] = {}
        self._popped: dict[str, None] = {}

    def concerned(self, call: Call) -> bool:
        """Whether this call may pop, or waits for it."""
        if call.node != self.node or call.id in self._popped:
            return False
        rings = call.status is CallStatus.RINGING and call.direction is Direction.IN
        return rings or call.id in self._waiting

    def begin(self, call: Call, now: float) -> bool:
        """Take a call that somebody would like to have popped; say whether it is a new one."""
        new = self.concerned(call) and call.id not in self._waiting
        if new:
            self._waiting[call.id] = now
        return new

    def due(self, call: Call, now: float, *, known: bool) -> bool:
        """Whether to pop this call now; ``known``: there is no more to learn of the caller."""
        since = self._waiting.get(call.id)
        if since is None or not self.concerned(call) or call.status.ended:
            return False
        return known or now >= since + PATIENCE or call.status is not CallStatus.RINGING

    def done(self, call_ids: Iterable[str]) -> None:
        """These calls have been popped, here or by an earlier worker."""
        for call_id in call_ids:
            self._waiting.pop(call_id, None)
            self._popped[call_id] = None
            if len(self._popped) > LIMIT:
                del self._popped[next(iter(self._popped))]

    def drop(self, call: Call) -> None:
        """Wait no longer for a call that does not ring any more."""
        if call.node == self.node and call.status is not CallStatus.RINGING:
            self._waiting.pop(call.id, None)

    def clear(self) -> None:
        """The session has ended."""
        self._waiting.clear()
        self._popped.clear()
