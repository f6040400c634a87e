"""The part of the REST API that a login needs; the phones place the calls."""

from __future__ import annotations

from types import TracebackType

from aiohttp import web

from .kamailio import Kamailio

TOKEN = "token-of-the-stub"


class RestStub:
    """Accepts the login of one SIP user, with any e-mail address and password."""

    def __init__(self, server: Kamailio, user: str) -> None:
        self.url = ""
        self._server = server
        self._user = user
        application = web.Application()
        application.add_routes(
            [
                web.post("/login", self._login),
                web.get("/me", self._me),
                web.get("/ping", self._ping),
                web.post("/logout", self._logout),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)

    async def __aenter__(self) -> RestStub:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    async def _login(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"message": "Logged in.", "user_token": TOKEN, "user_id": self._user}
        )

    async def _me(self, _: web.Request) -> web.Response:
        account = {
            "id": self._user,
            "email": f"{self._user}@{self._server.domain}",
            "sip_password": self._server.accounts[self._user],
            "sip_domain": self._server.domain,
        }
        return web.json_response({"data": account, "links": {}})

    async def _ping(self, _: web.Request) -> web.Response:
        return web.json_response({"data": {"response": "Pong"}})

    async def _logout(self, _: web.Request) -> web.Response:
        return web.json_response({"message": "Logged out."})
