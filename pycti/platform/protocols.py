"""What the connector needs of its surroundings: time, random numbers, HTTP and WebSocket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeAlias

Install: TypeAlias = Callable[[str], Awaitable[object]]
"""Installs a package of the bundle by its name; ``worker.js`` gives it."""


class Handle(Protocol):
    """Something that can be called off."""

    def cancel(self) -> object:
        """Call it off; harmless where it has happened."""


class Socket(Protocol):
    """An open or opening WebSocket."""

    def send(self, text: str) -> None:
        """Send one text message; ignored where the socket is not open any more."""

    def close(self) -> None:
        """Close it. The listener hears nothing more."""


class SocketListener(Protocol):
    """Told of what happens on a `Socket`."""

    def opened(self) -> None:
        """The socket is open."""

    def received(self, *messages: str | bytes) -> None:
        """Messages came in: those that are there by now, in order."""

    def closed(self, reason: str) -> None:
        """It could not be opened, or was closed by the other side or the network."""


class Platform(Protocol):
    """What the connector needs of its surroundings."""

    def now(self) -> float:
        """Return seconds of a clock that never goes back."""

    def wall(self) -> int:
        """Return epoch milliseconds."""

    def entropy(self, size: int) -> str:
        """Return ``size`` fresh random bytes in hexadecimal."""

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
        """See to it that `pycti.numbers` knows the numbering plans.

        Raises:
            CtiError: NUMBERS_UNAVAILABLE.
        """

    def open_socket(self, url: str, listener: SocketListener) -> Socket:
        """Open a WebSocket with the subprotocol ``sip`` (RFC 7118 §4)."""
