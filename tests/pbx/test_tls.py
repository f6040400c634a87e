"""The connector on CPython connects only to verified servers."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from pycti.errors import NetworkError
from pycti.platform.native import NativePlatform


class Listener:
    """Records whether a WebSocket opened, and why it closed."""

    def __init__(self) -> None:
        self.was_open = False
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def opened(self) -> None:
        self.was_open = True

    def received(self, *messages: str | bytes) -> None:
        raise AssertionError(messages)

    def closed(self, reason: str) -> None:
        self.ended.set_result(reason)


@pytest.fixture
async def platform() -> AsyncIterator[NativePlatform]:
    platform = NativePlatform()
    yield platform
    await platform.aclose()


class Site:
    """An HTTP server that records its requests."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def start(self, context: ssl.SSLContext | None = None) -> str:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._handle)
        self.runner = web.AppRunner(application, shutdown_timeout=1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0, ssl_context=context).start()
        return f"127.0.0.1:{self.runner.addresses[0][1]}"

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        return web.Response(text="{}")


async def test_no_redirect_is_followed(platform: NativePlatform):
    """Neither by a request nor by a WebSocket, which would answer the other server's challenge."""
    other = Site()
    address = await other.start()
    asked = []

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split()[1].decode())
        head = ("HTTP/1.1 302 Found", f"Location: http://{address}/x", "Content-Length: 0")
        writer.write("\r\n".join((*head, "Connection: close", "", "")).encode())
        await reader.read()
        writer.close()

    server = await asyncio.start_server(redirect, "127.0.0.1", 0)
    here = "{}:{}".format(*server.sockets[0].getsockname())
    with pytest.raises(NetworkError):
        await platform.fetch("GET", f"http://{here}/me", {"X-Auth-Token": "t"}, None, 10)
    listener = Listener()
    platform.open_socket(f"ws://{here}/sip", listener)
    assert "redirects" in await listener.ended
    assert asked == ["/me", "/sip"]
    assert other.asked == []
    assert not listener.was_open
    server.close()
    await other.runner.cleanup()


async def test_an_untrusted_certificate_ends_the_connection(
    platform: NativePlatform, tmp_path: Path
):
    done = await asyncio.create_subprocess_exec(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-nodes", "-days", "1", "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=IP:127.0.0.1", cwd=tmp_path, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert await done.wait() == 0
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    site = Site()
    here = await site.start(context)
    with pytest.raises(NetworkError):
        await platform.fetch("GET", f"https://{here}/me", {"X-Auth-Token": "t"}, None, 10)
    listener = Listener()
    platform.open_socket(f"wss://{here}/sip", listener)
    await listener.ended
    assert site.asked == []
    await site.runner.cleanup()


def test_there_is_no_option_to_ignore_certificates():
    """Neither as an option of the package nor as an argument for a library."""
    words = ("ssl=", "verify", "CERT_NONE", "check_hostname", "insecure=")
    root = Path(__file__).parents[2] / "pycti"
    files = [root / "connector.py", *(root / "cli").glob("*.py"), *(root / "platform").glob("*.py")]
    assert [(path.name, word) for path in files for word in words if word in path.read_text()] == []
