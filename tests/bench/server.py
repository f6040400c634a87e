"""The server of a run, a process of its own: pages, files, the API's login, SIP, and a control.

It prints its ports, the browser's and the control's, and serves until its standard input ends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from aiohttp import WSMsgType, web

from bench.files import Bundle, Folder, Visits, compress
from bench.sip import DOMAIN, Burst, Connection

API = "/v1.2/voipstudio"
ACCOUNT = {"id": 10002, "ext": "1002", "email": "anna@example.com", "sip_password": "secret",
           "sip_domain": DOMAIN}  # fmt: skip
_TOKEN = "bench-token"
# A peer's page may lie on another origin.
_CORS = {"Access-Control-Allow-Origin": "*",
         "Access-Control-Allow-Headers": "X-Auth-Token, Content-Type"}  # fmt: skip

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Every contender has a host name of its own, so they share neither caches nor storage."""

    def __init__(self, folders: dict[str, Folder | Bundle], spend: float) -> None:
        self._folders = folders
        self._spend = spend
        self.visits = Visits()
        self._connections: dict[str, Connection] = {}

    def application(self) -> web.Application:
        """Return the application."""
        application = web.Application(middlewares=[self._allow])
        routes = [
            web.post(f"{API}/login", self._login),
            web.get(f"{API}/me", self._me),
            web.get(f"{API}/ping", self._ping),
            web.get("/sip", self._sip),
            web.post("/control/{what}", self._control),
        ]
        routes += [
            web.get(f"/{name}/{{path:.+}}", folder.serve) for name, folder in self._folders.items()
        ]
        application.add_routes(routes)
        return application

    @web.middleware
    async def _allow(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method == "OPTIONS":
            return web.Response(headers=_CORS)
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_CORS)
        return response

    # The API

    async def _login(self, request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"message": "Logged in.", "user_token": _TOKEN, "user_id": 10002})

    async def _me(self, request: web.Request) -> web.Response:
        if request.headers.get("X-Auth-Token") != _TOKEN:
            return web.json_response({"message": "Unauthorized."}, status=401)
        url = f"{'wss' if request.secure else 'ws'}://{request.host}/sip"
        return web.json_response({"data": {**ACCOUNT, "sip_url": url}})

    async def _ping(self, _: web.Request) -> web.Response:
        return web.json_response({"data": {"response": "Pong"}})

    # SIP

    async def _sip(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(protocols=("sip",), compress=False)
        await ws.prepare(request)
        if request.transport is None:
            return ws
        # Straight to the transport, frame by frame: the server must not be what is measured.
        connection = self._connections[request.host] = Connection(
            request.transport.write, self._spend
        )
        async for message in ws:
            if message.type == WSMsgType.TEXT:
                connection.receive(message.data)
            elif message.type == WSMsgType.BINARY:
                connection.receive(message.data.decode())
        return ws

    # The control

    async def _control(self, request: web.Request) -> web.Response:
        what, asked = request.match_info["what"], await request.json()
        host = asked.pop("host")
        if what == "bytes":
            return web.json_response(self.visits.take(host))
        connection = self._connections[host]
        if what == "users":
            return web.json_response(sorted(connection.subscriptions))
        actions: dict[str, Callable[..., Awaitable[Burst]]] = {
            "flood": connection.flood,
            "pace": connection.pace,
            "hang-up": connection.hang_up,
        }
        return web.json_response(asdict(await actions[what](**asked)))


async def serve(
    folders: dict[str, Path],
    dist: Path,
    node: list[str] | None,
    spend: float,
    tls: tuple[Path, Path] | None,
) -> None:
    """Listen on any free ports of the loopback; ``tls`` is a certificate and its key."""
    files = [path for root in (*folders.values(), dist) for path in root.rglob("*")]
    compressed = compress([path for path in files if path.is_file()], node) if node else {}
    served: dict[str, Folder | Bundle] = {
        name: Folder(root, compressed) for name, root in folders.items()
    }
    server = Server(served | {"dist": Bundle(dist, compressed)}, spend)
    runner = web.AppRunner(
        server.application(), access_log_class=server.visits.logger(), shutdown_timeout=0.1
    )
    await runner.setup()
    context = None
    if tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*tls)
    for layer in (context, None):
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=layer).start()
    print(*(address[1] for address in runner.addresses), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folders", type=json.loads, required=True)
    parser.add_argument("--dist", type=Path, required=True)
    parser.add_argument("--node", type=json.loads, required=True)
    parser.add_argument("--spend", type=float, required=True)
    parser.add_argument("--chain", type=Path)
    parser.add_argument("--key", type=Path)
    given = parser.parse_args()
    folders = {name: Path(path) for name, path in given.folders.items()}
    tls = (given.chain, given.key) if given.chain else None
    asyncio.run(serve(folders, given.dist, given.node, given.spend, tls))


if __name__ == "__main__":
    main()
