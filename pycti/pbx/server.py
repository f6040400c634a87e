"""Assemble and run the embedded PBX."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Collection, Sequence
from pathlib import Path

from aiohttp import web

from pycti.pbx import control as control_api
from pycti.pbx import rest as rest_api
from pycti.pbx import rest_services
from pycti.pbx.accounts import Accounts
from pycti.pbx.answers import Handler
from pycti.pbx.cdrs import Cdrs
from pycti.pbx.demo_directory import demo_directory
from pycti.pbx.digest_server import DigestServer
from pycti.pbx.directory import Directory, Kind
from pycti.pbx.faults import Faults
from pycti.pbx.feed import Feed
from pycti.pbx.guard import guarded
from pycti.pbx.legs import Leg
from pycti.pbx.notifier import Notifier
from pycti.pbx.pages import Pages
from pycti.pbx.parts import Parts
from pycti.pbx.phones import Phones
from pycti.pbx.reach import Reach, warning
from pycti.pbx.services import Switch
from pycti.pbx.sip_server import SipServer
from pycti.pbx.sip_socket import SipSockets
from pycti.pbx.subscription import SubscriptionLimits
from pycti.pbx.timers import LoopTimers, Timers
from pycti.sip.digest import ALGORITHMS

log = logging.getLogger("pycti.pbx")


class Pbx:
    """A PBX on one port: REST API, SIP over WebSocket, and optionally pages and the control API.

    Args:
        control: serve the control API below ``/_pbx/``. For demos and tests.
        pages: the bundle (``web/dist``): ``pages/demo`` is served at ``/``, the rest at ``/dist/``.
        directory: the parties that can be called; the demo's people by default.
        pace: multiplies the delays of all phones; 0.05 is twenty times as fast.
        timers: the clock and scheduler; real time by default.
        limits: the durations of subscriptions.
        nonce_lifetime: seconds for which a digest nonce is valid.
        algorithms: the algorithms of the digest challenges, in order.
        names: host names, in addition to this machine's own and the one it listens on, that
            requests may use and whose pages may open WebSockets; ``null`` for sandboxed pages.
    """

    def __init__(
        self,
        *,
        control: bool = False,
        pages: Path | None = None,
        directory: Directory | None = None,
        pace: float = 1.0,
        timers: Timers | None = None,
        limits: SubscriptionLimits | None = None,
        nonce_lifetime: float = 300.0,
        algorithms: Sequence[str] = ALGORITHMS,
        names: Collection[str] = (),
    ) -> None:
        self.directory = directory or demo_directory()
        self._timers = timers or LoopTimers()
        now = self._timers.now
        self._feed = Feed()
        self._faults = Faults()
        self._accounts = Accounts(self.directory, now)
        self._phones = Phones(self.directory, self._timers, pace)
        self.exchange = Switch(self.directory, now, self._phones)
        self._cdrs = Cdrs(now)
        self._notifier = Notifier(
            self.directory.domain,
            self._timers,
            self.exchange.dialogs,
            limits or SubscriptionLimits(),
            self._feed.changed,
            self._device,
        )
        self._phones.on_change = self._phone_changed
        digest = DigestServer(
            self.directory.domain, now, self._accounts.sip_password, nonce_lifetime, algorithms
        )
        self._sockets = SipSockets(
            SipServer(self.directory, digest, self._notifier), self._feed.changed
        )
        self.exchange.listen(self._report)
        self.exchange.listen(self._cdrs.see)
        self._control = control
        self._pages = Pages(pages) if pages is not None else None
        self._runner: web.AppRunner | None = None
        self._url = ""
        self._names = names
        self._reach = Reach(names=names)

    @property
    def url(self) -> str:
        """The URL of the PBX, such as ``http://127.0.0.1:8080``, or ``""`` before `start`."""
        return self._url

    async def start(
        self, host: str = "127.0.0.1", port: int = 0, ssl_context: ssl.SSLContext | None = None
    ) -> None:
        """Listen. With ``port`` 0 it uses any free port.

        Logs a warning if other machines can reach ``host``, because the logins are public.

        Raises:
            OSError: the address cannot be used.
            RuntimeError: the PBX is already running.
        """
        if self._runner is not None:
            raise RuntimeError("this PBX runs already")
        if words := warning(host, ssl_context is not None):
            log.warning("%s", words)
        self._reach = Reach(host, self._names)
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port, ssl_context=ssl_context).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        scheme = "https" if ssl_context else "http"
        name = f"[{host}]" if ":" in host else host
        self._url = f"{scheme}://{name}:{runner.addresses[0][1]}"
        log.info("the PBX listens at %s", self._url)

    async def stop(self) -> None:
        """End all calls and connections, and stop listening."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
            self._url = ""

    def _report(self, legs: Sequence[Leg]) -> None:
        self._notifier.report(legs)
        self._feed.changed()

    def _device(self, node: str) -> str:
        kind, _, user_id = node.partition(":")
        return self._phones.device(user_id) if kind == Kind.USER else ""

    def _phone_changed(self, user_id: str) -> None:
        self._notifier.device_changed(f"{Kind.USER}:{user_id}")
        self._feed.changed()

    async def _shut_down(self, _: web.Application) -> None:
        self.exchange.clear()
        self._notifier.forget_all()
        self._sockets.drop()
        self._feed.changed()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._route])
        application.on_shutdown.append(self._shut_down)
        rest = rest_services.ServicesRest(
            self.directory, self._accounts, self.exchange, self._phones, self._cdrs
        )
        application.add_routes(rest.routes())
        if self._control:
            parts = Parts(
                self.directory,
                self._accounts,
                self._phones,
                self.exchange,
                self._notifier,
                self._sockets,
                self._faults,
                self._feed,
                self._timers,
                self._cdrs,
            )
            application.add_routes(control_api.Control(parts).routes())
        application.router.add_get("/sip", self._sockets.handle)
        application.router.add_get("/", self._root)
        if self._pages is not None:
            application.router.add_get("/dist/{path:.*}", self._pages.dist)
            # The paths of the APIs are excluded, so that they answer 404 and 405 in JSON.
            application.router.add_get(r"/{path:(?!v1\.2/|_pbx/).+}", self._pages.demo)
        return application

    async def _root(self, request: web.Request) -> web.StreamResponse:
        # The vendor's clients open the WebSocket on "/".
        if "Upgrade" in request.headers or self._pages is None:
            return await self._sockets.handle(request)
        return await self._pages.demo(request)

    @web.middleware
    async def _route(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path
        refusal = self._reach.refuse_host(request)
        if refusal is None and not path.startswith(f"{rest_api.BASE}/") and _wants_socket(request):
            refusal = self._reach.refuse_origin(request)
        if refusal is not None:
            return refusal
        if path.startswith(f"{rest_api.BASE}/"):

            async def faulty(request: web.Request) -> web.StreamResponse:
                return await self._faults.run(handler, request, path.removeprefix(rest_api.BASE))

            return await rest_api.with_cors(faulty, request)
        if path.startswith(f"{control_api.BASE}/"):
            return await guarded(handler, request)
        return await handler(request)


def _wants_socket(request: web.Request) -> bool:
    return "Upgrade" in request.headers
