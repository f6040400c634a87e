"""The border between Python and the JavaScript of the worker: one string each way.

A call across it costs as much as reading a small message. So JavaScript hands over one text at a
time, and takes all that follows from it as the result of the same call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from pycti.platform.protocols import SocketListener

END = "\0"
"""Stands between two items: neither JSON nor SIP can hold it."""


class Bytes(Protocol):
    """A JavaScript ``Uint8Array``."""

    def to_bytes(self) -> bytes:
        """Return a copy."""


class Border:
    """Both directions. ``export`` takes what leaves when nobody waits for a result.

    An item that leaves is a letter, a number, a space and a text: ``p3 {…}`` goes to page 3 (to
    every page where the number is 0), ``o1 wss://…`` opens socket 1, ``s1 …`` sends on it and
    ``c1`` closes it. ``r0`` says that the session is ready: what can wait may be loaded.
    """

    def __init__(self, export: Callable[[str], object]) -> None:
        self.on_page: Callable[[int, str], None] = lambda _page, _text: None
        self._export = export
        self._outgoing: list[str] | None = None
        self._sockets: dict[int, SocketListener] = {}
        self._last = 0

    def enter(self, kind: str, number: int, text: str | Bytes = "") -> str:
        """Take one thing from JavaScript and return what follows from it.

        ``kind`` is ``page`` for a message of page ``number``; ``open``, ``text``, ``texts``
        (several, with `END` between them) or ``close`` for what happened on socket ``number``.
        """
        outgoing: list[str] = []
        self._outgoing = outgoing
        try:
            self._dispatch(kind, number, text)
        except BaseException:
            # What was said before the error is not lost with the result.
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
        """Send a message to a page, or with 0 to every page."""
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
        """Send on a socket; nothing where it is closed."""
        if number in self._sockets:
            self._put(f"s{number} {text}")

    def close(self, number: int) -> None:
        """Close a socket; its listener hears nothing more."""
        if self._sockets.pop(number, None) is not None:
            self._put(f"c{number} ")

    def _put(self, item: str) -> None:
        if self._outgoing is None:
            self._export(item)
        else:
            self._outgoing.append(item)


class BorderSocket:
    """A WebSocket that JavaScript holds."""

    def __init__(self, border: Border, number: int) -> None:
        self._border = border
        self._number = number

    def send(self, text: str) -> None:
        """Send one text message."""
        self._border.send(self._number, text)

    def close(self) -> None:
        """Close it."""
        self._border.close(self._number)
