"""Detect a dead connection with CRLF keep-alive (RFC 5626 §3.5.1, §4.4.1)."""

from __future__ import annotations

from dataclasses import dataclass

PING = "\r\n\r\n"
PONG = "\r\n"

INTERVAL = 25.0
"""Seconds of silence before a ping; NATs and proxies often close a connection after 30 s."""

PONG_TIMEOUT = 10.0
"""Seconds without a pong after which the connection is considered dead (RFC 5626 §4.4.1)."""

LATE = 5.0
"""A timer that fires this many seconds late means that the machine slept."""


@dataclass(slots=True)
class KeepAlive:
    """Measures silence.

    Not every server answers pings, so a connection is dead only if its server answered one before.
    """

    heard: float = 0.0
    last: float = 0.0
    """Time of the last received message; ``heard`` also moves when a ping gets no answer."""
    answers: bool = False
    pinged: float | None = None

    def start(self, now: float) -> None:
        """Reset: the connection is open."""
        self.heard = self.last = now
        self.pinged, self.answers = None, False

    def received(self, now: float, pong: bool) -> None:
        """Note that a message arrived, which shows that the connection is alive."""
        # The server's own ping is no answer to ours, and a pong without a ping proves nothing.
        self.answers = self.answers or (pong and self.pinged is not None)
        self.heard = self.last = now
        self.pinged = None

    def ping(self, now: float) -> str:
        """Return the message that tests at once whether the connection is alive."""
        self.pinged = now
        return PING

    def dead(self, now: float) -> bool:
        """Return whether the ping has gone unanswered for too long."""
        if self.pinged is None or now < self.pinged + PONG_TIMEOUT:
            return False
        if now > self.pinged + PONG_TIMEOUT + LATE:
            # The machine slept and could not receive the answer, so ping again.
            self.pinged = None
            return False
        if not self.answers:
            self.heard, self.pinged = now, None
            return False
        return True

    def due(self, now: float) -> bool:
        """Return whether a ping has to be sent."""
        return self.pinged is None and now >= self.heard + INTERVAL

    @property
    def deadline(self) -> float:
        """When to call `dead` and `due` next."""
        return self.heard + INTERVAL if self.pinged is None else self.pinged + PONG_TIMEOUT
