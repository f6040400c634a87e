"""SIP over WebSocket (RFC 7118): the connections of one PBX."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from itertools import count

from aiohttp import WSMsgType, web

from pycti.pbx.sip_server import SipServer
from pycti.sip.message import MAX_SIZE

log = logging.getLogger("pycti.pbx")

_MOST_WAITING = 20_000
_PING_SECONDS = 25.0


class Socket:
    """One WebSocket. A separate task sends the messages in order."""

    def __init__(self, number: int, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.id = number
        self.peer = str(request.remote or "")
        self._ws = ws
        self._transport = request.transport
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())
        self._open = True

    @property
    def open(self) -> bool:
        """Whether messages can still be sent."""
        return self._open

    def send(self, text: str) -> None:
        """Send one message; disconnect a peer that does not read."""
        if not self._open:
            return
        if self._outgoing.qsize() >= _MOST_WAITING:
            log.warning("WebSocket %d does not read: cut off", self.id)
            self.abort()
            return
        self._outgoing.put_nowait(text)

    async def flushed(self) -> None:
        """Wait until all messages have been sent or the socket is closed."""
        join = asyncio.create_task(self._outgoing.join())
        await asyncio.wait({join, self._writer}, return_when=asyncio.FIRST_COMPLETED)
        join.cancel()

    def abort(self) -> None:
        """Cut the connection without a closing handshake: the peer sees code 1006."""
        self.close()
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Stop sending."""
        self._open = False
        self._writer.cancel()

    async def _write(self) -> None:
        while True:
            text = await self._outgoing.get()
            try:
                await self._ws.send_str(text)
            except (ConnectionError, RuntimeError):
                self._open = False
                return
            self._outgoing.task_done()


class SipSockets:
    """The WebSocket endpoint."""

    def __init__(self, server: SipServer, changed: Callable[[], None]) -> None:
        self._server = server
        self._changed = changed
        self._numbers = count(1)
        self._sockets: dict[int, Socket] = {}
        self.refuse = False

    @property
    def sockets(self) -> list[Socket]:
        """The open sockets, oldest first."""
        return list(self._sockets.values())

    def drop(self) -> int:
        """Cut all connections at once and return their number."""
        sockets = self.sockets
        for socket in sockets:
            socket.abort()
        return len(sockets)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket until it closes."""
        if self.refuse:
            return web.Response(status=503, text="No WebSockets are accepted now.\n")
        offered = request.headers.get("Sec-WebSocket-Protocol", "")
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return web.Response(
                status=426, text="This is a WebSocket.\n", headers={"Upgrade": "websocket"}
            )
        # RFC 7118 §4.1: the client must request the subprotocol "sip".
        if "sip" not in [name.strip() for name in offered.split(",")]:
            return web.Response(status=400, text='The WebSocket subprotocol "sip" is needed.\n')
        ws = web.WebSocketResponse(
            protocols=("sip",),
            heartbeat=_PING_SECONDS,
            max_msg_size=MAX_SIZE,
            timeout=1.0,
            compress=False,  # SIP servers do not compress, and compression would slow each NOTIFY
        )
        try:
            await ws.prepare(request)
        except ConnectionResetError:
            return ws  # The page closed the connection before the upgrade was complete.
        socket = Socket(next(self._numbers), ws, request)
        self._sockets[socket.id] = socket
        self._changed()
        try:
            await self._read(ws, socket)
        finally:
            socket.close()
            del self._sockets[socket.id]
            self._changed()
        return ws

    async def _read(self, ws: web.WebSocketResponse, socket: Socket) -> None:
        async for message in ws:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                continue
            # RFC 7118 §5: text or binary, but responses are text and therefore UTF-8.
            data: str | bytes = message.data
            text = data if isinstance(data, str) else data.decode("utf-8", "replace")
            # RFC 5626 §3.5.1, RFC 7118 §6: the answer to a keep-alive is a single line end.
            if text == "\r\n\r\n":
                socket.send("\r\n")
            elif text != "\r\n" and not self._server.receive(socket, text):
                log.info("WebSocket %d sent something that is not SIP: dropped", socket.id)
                socket.abort()
                return
