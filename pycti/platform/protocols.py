"""The interface of a platform: time, random numbers, HTTP and WebSocket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeAlias

Install: TypeAlias = Callable[[str], Awaitable[object]]
"""Installs a package of the bundle by its name; ``worker.js`` provides this function."""


class Handle(Protocol):
    """A pending callback that can be cancelled."""

    def cancel(self) -> object:
        """Cancel the callback; harmless if it has already run."""


class Socket(Protocol):
    """An open or opening WebSocket."""

    def send(self, text: str) -> None:
        """Send one text message; ignored if the socket is no longer open."""

    def close(self) -> None:
        """Close the socket. The listener receives nothing more."""


class SocketListener(Protocol):
    """Receives the events of a `Socket`."""

    def opened(self) -> None:
        """Called when the socket is open."""

    def received(self, *messages: str | bytes) -> None:
        """Called with all messages that have arrived, in order."""

    def closed(self, reason: str) -> None:
        """Called when the socket could not be opened, or the server or the network closed it."""


class Platform(Protocol):
    """Everything that the connector uses from outside."""

    def now(self) -> float:
        """Return the seconds of a monotonic clock."""

    def wall(self) -> int:
        """Return epoch milliseconds."""

    def entropy(self, size: int) -> str:
        """Return ``size`` random bytes in hexadecimal."""

    def call_later(self, delay: float, callback: Callable[[], None]) -> Handle:
        """Call ``callback`` in ``delay`` seconds."""

    async def fetch(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None, timeout: float
    ) -> tuple[int, str]:
        """Make an HTTP request and return the status and the body.

        Raises:
            NetworkError: NETWORK_ERROR, or TIMEOUT after ``timeout`` seconds.
        """

    async def load_numbers(self) -> None:
        """Load the numbering plans of `pycti.numbers`.

        Raises:
            CtiError: NUMBERS_UNAVAILABLE.
        """

    def open_socket(self, url: str, listener: SocketListener) -> Socket:
        """Open a WebSocket with the subprotocol ``sip`` (RFC 7118 §4)."""
