"""HTTP and WebSocket on CPython, with aiohttp."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp

from pycti.errors import NetworkError
from pycti.platform.base import AsyncioPlatform
from pycti.platform.protocols import SocketListener

_REDIRECTS = (301, 302, 303, 307, 308)


class NativeSocket:
    """A WebSocket of aiohttp. It sends messages in order."""

    def __init__(self, session: aiohttp.ClientSession, url: str, listener: SocketListener) -> None:
        self._listener: SocketListener | None = listener
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()
        self._task = asyncio.ensure_future(self._run(session, url))

    def send(self, text: str) -> None:
        """Send one text message."""
        self._outgoing.put_nowait(text)

    def close(self) -> None:
        """Close the socket and ignore its further events."""
        self._listener = None
        self._task.cancel()

    async def _run(self, session: aiohttp.ClientSession, url: str) -> None:
        reason = "closed"
        try:
            async with session.ws_connect(url, protocols=("sip",), max_msg_size=2**20) as socket:
                if self._listener is not None:
                    self._listener.opened()
                writer = asyncio.ensure_future(self._write(socket))
                try:
                    await self._read(socket)
                finally:
                    writer.cancel()
                reason = f"closed with code {socket.close_code}"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}"
        if self._listener is not None:
            listener, self._listener = self._listener, None
            listener.closed(reason)

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if self._listener is None:
                return
            if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                self._listener.received(message.data)

    async def _write(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            await socket.send_str(await self._outgoing.get())


class NativePlatform(AsyncioPlatform):
    """`pycti.platform.Platform` on CPython's asyncio. Close it with `aclose`."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def fetch(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None, timeout: float
    ) -> tuple[int, str]:
        """Make a request with aiohttp."""
        limit = aiohttp.ClientTimeout(total=timeout)
        data = None if body is None else body.encode()
        try:
            async with self._client().request(
                method, url, headers=headers, data=data, timeout=limit, allow_redirects=False
            ) as response:
                return response.status, await response.text()
        except TimeoutError:
            raise NetworkError("TIMEOUT", f"No answer within {timeout:g} s.") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            name = type(error).__name__
            raise NetworkError("NETWORK_ERROR", f"The server cannot be reached ({name}).") from None

    def open_socket(self, url: str, listener: SocketListener) -> NativeSocket:
        """Open a WebSocket."""
        return NativeSocket(self._client(), url, listener)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(middlewares=[_refuse_redirect])
        return self._session


async def _refuse_redirect(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    # As in browsers: a redirect must not send the token, or a WebSocket, to another server.
    response = await handler(request)
    if response.status in _REDIRECTS:
        response.close()
        raise aiohttp.ClientError("it redirects to another address")
    return response
