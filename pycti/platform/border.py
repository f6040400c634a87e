"""The border between Python and the worker's JavaScript: one string in each direction.

A call across the border costs as much as parsing a small message. So JavaScript passes one text in
each call, and receives everything that results from it as the return value of that call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pycti.platform.protocols import SocketListener

END = "\0"
"""The separator between two items: neither JSON nor SIP can contain it."""


class Bytes(Protocol):
    """A JavaScript ``Uint8Array``."""

    def to_bytes(self) -> bytes:
        """Return a copy."""


class Border:
    """Both directions. ``export`` sends items to JavaScript outside of a call to `enter`.

    An outgoing item consists of a letter, a number, a space and a text: ``p3 {…}`` goes to page 3
    (``p0`` to all pages), ``o1 wss://…`` opens socket 1, ``s1 …`` sends on it and ``c1`` closes it.
    ``r0`` reports that the session is ready, so that JavaScript can load what is not needed before.
    """

    def __init__(self, export: Callable[[str], object]) -> None:
        self.on_page: Callable[[int, str], None] = lambda _page, _text: None
        self._export = export
        self._outgoing: list[str] | None = None
        self._sockets: dict[int, SocketListener] = {}
        self._last = 0

    def enter(self, kind: str, number: int, text: str | Bytes = "") -> str:
        """Process one item from JavaScript and return the outgoing items that result from it.

        ``kind`` is ``page`` for a message of page ``number``; ``open``, ``text``, ``texts``
        (several, separated by `END`) or ``close`` for an event of socket ``number``.
        """
        outgoing: list[str] = []
        self._outgoing = outgoing
        try:
            self._dispatch(kind, number, text)
        except BaseException:
            # Without a result, the items from before the error are sent separately.
            self._outgoing = None
            self._export(END.join(outgoing))
            raise
        self._outgoing = None
        return END.join(outgoing)

    def _dispatch(self, kind: str, number: int, text: str | Bytes) -> None:
        if kind == "page":
            self.on_page(number, str(text))
            return
        listener = self._sockets.get(number)
        if listener is None:
            return
        if kind == "text":
            listener.received(text if isinstance(text, str) else text.to_bytes())
        elif kind == "texts":
            listener.received(*str(text).split(END))
        elif kind == "open":
            listener.opened()
        else:
            del self._sockets[number]
            listener.closed(str(text))

    def post(self, page: int, text: str) -> None:
        """Send a message to a page, or to all pages if ``page`` is 0."""
        self._put(f"p{page} {text}")

    def ready(self) -> None:
        """Tell that the session is ready."""
        self._put("r0 ")

    def open_socket(self, url: str, listener: SocketListener) -> BorderSocket:
        """Open a WebSocket with the subprotocol ``sip``."""
        self._last += 1
        self._sockets[self._last] = listener
        self._put(f"o{self._last} {url}")
        return BorderSocket(self, self._last)

    def send(self, number: int, text: str) -> None:
        """Send on a socket; do nothing if it is closed."""
        if number in self._sockets:
            self._put(f"s{number} {text}")

    def close(self, number: int) -> None:
        """Close a socket; its listener receives nothing more."""
        if self._sockets.pop(number, None) is not None:
            self._put(f"c{number} ")

    def _put(self, item: str) -> None:
        if self._outgoing is None:
            self._export(item)
        else:
            self._outgoing.append(item)


class BorderSocket:
    """A WebSocket that is owned by JavaScript."""

    def __init__(self, border: Border, number: int) -> None:
        self._border = border
        self._number = number

    def send(self, text: str) -> None:
        """Send one text message."""
        self._border.send(self._number, text)

    def close(self) -> None:
        """Close it."""
        self._border.close(self._number)
