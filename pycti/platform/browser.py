"""The browser's fetch and WebSocket. The only module that touches JavaScript.

Every proxy created here has an owner that destroys it. Names of JavaScript objects start with
``js_``.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import js
from pyodide.ffi import JsException, create_proxy, to_js

from pycti.errors import CtiError, NetworkError
from pycti.platform.base import AsyncioPlatform
from pycti.platform.border import Border
from pycti.platform.protocols import Install, Socket, SocketListener

_CLOSING = 2


class BrowserSocket:
    """A WebSocket of the browser."""

    def __init__(self, url: str, listener: SocketListener) -> None:
        self._listener = listener
        self._open = False
        self._proxies: list[Any] = []
        self._js_socket = js.WebSocket.new(url, "sip")
        self._js_socket.binaryType = "arraybuffer"
        for name in ("onopen", "onmessage", "onclose"):
            proxy = create_proxy(getattr(self, f"_{name}"))
            self._proxies.append(proxy)
            setattr(self._js_socket, name, proxy)

    def send(self, text: str) -> None:
        """Send one text message."""
        if self._open:
            self._js_socket.send(text)

    def close(self) -> None:
        """Close the socket and release its proxies."""
        if self._proxies:
            self._detach()
            if self._js_socket.readyState < _CLOSING:
                self._js_socket.close()

    def _detach(self) -> None:
        self._open = False
        for name in ("onopen", "onmessage", "onclose"):
            setattr(self._js_socket, name, None)
        for proxy in self._proxies:
            # A proxy must not be destroyed while JavaScript calls it.
            asyncio.get_running_loop().call_soon(proxy.destroy)
        self._proxies.clear()

    def _onopen(self, js_event: Any) -> None:
        self._open = True
        self._listener.opened()

    def _onmessage(self, js_event: Any) -> None:
        data = js_event.data
        self._listener.received(data if isinstance(data, str) else data.to_bytes())

    def _onclose(self, js_event: Any) -> None:
        reason = f"closed with code {js_event.code}"
        self._detach()
        self._listener.closed(reason)


class BrowserPlatform(AsyncioPlatform):
    """`pycti.platform.Platform` in Pyodide, in a page or in the connector's worker.

    In the worker, JavaScript owns the sockets, behind the ``border``, and ``install`` installs
    packages from the bundle. Elsewhere this class owns the sockets, and the page installs packages.
    """

    def __init__(self, border: Border | None = None, install: Install | None = None) -> None:
        self._border = border
        self._install = install
        # The snapshot contains its state. The connector does not use it, but a user's import may.
        random.seed()

    async def load_numbers(self) -> None:
        """Install phonenumberslite from the bundle, unless it is installed."""
        if self._install is not None:
            try:
                await self._install("phonenumberslite")
            except JsException as error:
                words = f"phonenumberslite could not be loaded: {error}"
                raise CtiError("NUMBERS_UNAVAILABLE", words) from None
        await super().load_numbers()

    async def fetch(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None, timeout: float
    ) -> tuple[int, str]:
        """Make a request with the browser's fetch, without cookies."""
        options = {
            "method": method,
            "headers": dict(headers),
            "body": body,
            "credentials": "omit",
            "redirect": "error",  # The token must not be sent to another host.
            "cache": "no-store",
            "signal": js.AbortSignal.timeout(int(timeout * 1000)),
        }
        js_options = to_js(options, dict_converter=js.Object.fromEntries)
        try:
            js_response = await js.fetch(url, js_options)
            return js_response.status, await js_response.text()
        except JsException as error:
            if getattr(error, "name", "") == "TimeoutError":
                raise NetworkError("TIMEOUT", f"No answer within {timeout:g} s.") from None
            raise NetworkError("NETWORK_ERROR", "The server cannot be reached.") from None

    def open_socket(self, url: str, listener: SocketListener) -> Socket:
        """Open a WebSocket; raise `NetworkError` if the browser rejects the URL."""
        if self._border is not None:
            return self._border.open_socket(url, listener)
        try:
            return BrowserSocket(url, listener)
        except JsException as error:
            raise NetworkError("NETWORK_ERROR", f"The browser refuses {url}: {error}") from None
