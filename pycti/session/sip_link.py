"""Connects the SIP user agent to a WebSocket: one at a time, opened and closed on demand."""

from __future__ import annotations

import logging
from collections.abc import Callable

from pycti.common.deadlines import earliest
from pycti.common.redaction import redact
from pycti.errors import NetworkError
from pycti.platform import Platform, Socket
from pycti.sip.incoming import read
from pycti.sip.reports import Dead, Report
from pycti.sip.user_agent import UserAgent

logger = logging.getLogger("pycti")

OPEN_TIMEOUT = 20.0
"""Seconds that a WebSocket may take to open."""


class _Listener:
    """Passes on the events of one socket until the link drops that socket."""

    def __init__(self, link: SipLink) -> None:
        self.link: SipLink | None = link

    def opened(self) -> None:
        if self.link is not None:
            self.link.opened()

    def received(self, *messages: str | bytes) -> None:
        if self.link is not None:
            self.link.received(*messages)

    def closed(self, reason: str) -> None:
        if self.link is not None:
            self.link.lost(reason)


class SipLink:
    """Owns the socket.

    ``on_report`` receives the user agent's reports, ``on_lost`` the reason when the connection is
    lost, and ``on_due`` is called whenever `deadline` may have changed.
    """

    def __init__(
        self,
        platform: Platform,
        agent: UserAgent,
        on_report: Callable[[Report], None],
        on_lost: Callable[[str], None],
        on_due: Callable[[], None],
    ) -> None:
        self.agent = agent
        self._platform = platform
        self._on_report = on_report
        self._on_lost = on_lost
        self._on_due = on_due
        self._socket: Socket | None = None
        self._listener: _Listener | None = None
        self._open_by: float | None = None

    def open(self, url: str) -> None:
        """Open a WebSocket to ``url``; raise `NetworkError` if the URL is rejected."""
        self.close()
        self._listener = _Listener(self)
        self._open_by = self._platform.now() + OPEN_TIMEOUT
        try:
            self._socket = self._platform.open_socket(url, self._listener)
        except NetworkError:
            self.close()
            raise

    def close(self) -> None:
        """Close the socket and ignore its further events."""
        if self._listener is not None:
            self._listener.link = None
            self._listener = None
        socket, self._socket, self._open_by = self._socket, None, None
        if socket is not None:
            socket.close()
        if self.agent.online:
            self.agent.disconnected(self._platform.now())

    def opened(self) -> None:
        """Start the user agent: the socket is open."""
        self._open_by = None
        self.agent.connected(self._platform.now())
        self.flush()

    def received(self, *messages: str | bytes) -> None:
        """Process a batch of messages."""
        now, listener = self._platform.now(), self._listener
        for message in [read(data) for data in messages]:
            self.agent.receive(message, now)
            if self.agent.urgent:
                self.flush()
                if self._listener is not listener:
                    return  # The rest of the batch belongs to a connection that has been closed.
        self.flush()

    def lost(self, reason: str) -> None:
        """Clean up after a socket that was closed or never opened."""
        logger.info("SIP connection lost: %s", redact(reason))
        self.close()
        self._on_lost(reason)

    def flush(self) -> None:
        """Send pending messages, then report: the server's timers run, while pages can wait."""
        if self._socket is not None:
            for text in self.agent.drain():
                self._socket.send(text)
        for report in self.agent.reports():
            if isinstance(report, Dead):
                self.lost("no answer to keep-alive")
                return
            self._on_report(report)
        self._on_due()

    def tick(self, now: float) -> None:
        """Do what is due at ``now``."""
        if self._open_by is not None and self._open_by <= now:
            self.lost(f"not open within {OPEN_TIMEOUT:g} s")
            return
        self.agent.tick(now)
        self.flush()

    @property
    def deadline(self) -> float | None:
        """When `tick` is due, or ``None`` if nothing is pending."""
        return earliest(self._open_by, self.agent.deadline)
