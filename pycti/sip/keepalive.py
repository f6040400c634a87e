"""CRLF keep-alive (RFC 5626 §3.5.1, §4.4.1): finds out that a connection is dead."""

from __future__ import annotations

from dataclasses import dataclass

PING = "\r\n\r\n"
PONG = "\r\n"

INTERVAL = 25.0
"""Seconds of silence before a ping; NATs and proxies often cut after 30 s."""

PONG_TIMEOUT = 10.0
"""RFC 5626 §4.4.1: a pong that is this many seconds late means that the connection is dead."""

LATE = 5.0
"""A timer that fires this many seconds late tells of a machine that slept."""


@dataclass(slots=True)
class KeepAlive:
    """Counts silence. Not every server answers pings: silence kills only where one did before."""

    heard: float = 0.0
    last: float = 0.0
    """When something really came in; ``heard`` is also moved by pings that nobody answers."""
    answers: bool = False
    pinged: float | None = None

    def start(self, now: float) -> None:
        """The connection is open."""
        self.heard = self.last = now
        self.pinged, self.answers = None, False

    def received(self, now: float, pong: bool) -> None:
        """Something came in: the connection lives."""
        # The server's own ping is no answer to ours, and an unasked CRLF proves nothing.
        self.answers = self.answers or (pong and self.pinged is not None)
        self.heard = self.last = now
        self.pinged = None

    def ping(self, now: float) -> str:
        """Return what to send to find out at once whether the connection lives."""
        self.pinged = now
        return PING

    def dead(self, now: float) -> bool:
        """Whether the ping has stayed unanswered for too long."""
        if self.pinged is None or now < self.pinged + PONG_TIMEOUT:
            return False
        if now > self.pinged + PONG_TIMEOUT + LATE:
            # The machine slept: the answer had no chance to be heard, so ask again.
            self.pinged = None
            return False
        if not self.answers:
            self.heard, self.pinged = now, None
            return False
        return True

    def due(self, now: float) -> bool:
        """Whether a ping has to be sent."""
        return self.pinged is None and now >= self.heard + INTERVAL

    @property
    def deadline(self) -> float:
        """When `dead` or `due` has to be asked."""
        return self.heard + INTERVAL if self.pinged is None else self.pinged + PONG_TIMEOUT
