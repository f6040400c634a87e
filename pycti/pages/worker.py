"""The Python side of the worker: one connector that serves all pages.

``web/src/common/protocol.d.ts`` defines the messages, which are JSON strings in both directions.
"""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

from pycti.commands.detection import Text
from pycti.commands.rules import Records, Reply
from pycti.common.redaction import redact
from pycti.connector import Connector
from pycti.errors import CtiError, StateError, quoted
from pycti.events import ActivityEvent, CallEvent, Event, EventName
from pycti.numbers import Place
from pycti.pages.hello import read_call, read_country, read_servers
from pycti.pages.limits import MESSAGE_SIZE, SUBSCRIPTIONS, Limits
from pycti.pages.listeners import Listeners
from pycti.pages.places import read_place, read_texts
from pycti.platform import Install, Platform, default_platform
from pycti.platform.border import Border, Bytes
from pycti.rest import api
from pycti.session.pump import LOGGED_OUT

logger = logging.getLogger("pycti")

EVERY_PAGE = 0
# Commands and detections are limited where they are answered; a bye must always arrive.
_LIMITED = ("command", "detect", "bye")
_PARAMS = ("user_id", "sip_username", "sip_domain")

Post = Callable[[int, str], object]


class Worker:
    """Serves pages, identified by numbers. ``post(page, text)`` sends to one page or to all.

    ``on_ready()`` is called after each READY, to load what is not needed before.
    """

    def __init__(
        self,
        post: Post,
        platform: Platform | None = None,
        on_ready: Callable[[], object] = lambda: None,
    ) -> None:
        self._post = post
        self._on_ready = on_ready
        self._platform = platform
        self._connector: Connector | None = None
        self._token: str | None = None
        self._countries: dict[int, str] = {}
        self._nodes: set[str] = set()
        self._state = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners = Listeners(self._send)
        self._limits = Limits()
        self._flooding: set[int] = set()

    def receive(self, page: int, text: str) -> None:
        """Process one message of a page. Log and drop an invalid one."""
        if len(text) > MESSAGE_SIZE:
            logger.warning("a page sent a message of %d characters", len(text))
            return
        try:
            message = json.loads(text)
            kind = message["type"]
            if kind not in _LIMITED and not self._admits(page):
                return
            if kind == "hello":
                self._hello(page, message)
            elif kind in ("online", "stored"):
                self._wake(message)
            elif kind == "command":
                number, method, arguments = message["id"], message["method"], message["args"]
                place = read_place(self._countries.get(page), message)
                self._spawn(self._command(page, number, str(method), list(arguments), place))
            elif kind == "detect":
                place = read_place(self._countries.get(page), message)
                texts = read_texts(message["texts"])
                self._spawn(self._detect(page, message["id"], texts, place))
            elif kind == "bye":
                self._listeners.leave(page)
                self._limits.forget(page)
                self._countries.pop(page, None)
            elif not self._listeners.receive(page, kind, message):
                logger.warning("a page sent a message of unknown type")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            logger.warning("a page sent a malformed message: %s", type(error).__name__)

    def _admits(self, page: int) -> bool:
        now = 0.0 if self._connector is None else self._connector.platform.now()
        admitted = self._limits.admits(page, now)
        if not admitted and page not in self._flooding:
            logger.warning("a page sends too many messages: some are dropped")
        (self._flooding.discard if admitted else self._flooding.add)(page)
        return admitted

    # Pages come and go

    def _hello(self, page: int, message: dict[str, Any]) -> None:
        connector, options = self._connector, message.get("options") or {}
        self._set_country(page, options)
        if connector is None:
            try:
                connector = self._connector = self._start(options)
            except CtiError as error:
                logger.warning("a page's options were refused: %s", error.code)
                self._send_event(page, ActivityEvent.from_error(error))
                return
        told = message.get("told")
        # A page that this worker has served before has no newer token than the worker.
        token = message.get("token") if told is None else None
        restores = isinstance(token, str) and token and connector.get_param("user_id") is None
        if restores:
            connector.restore(str(token))
        self._send(page, "state", **self._mirror(connector))
        if not restores and self._token is not None:
            self._compare(page, connector, token)
        elif told is not None and not connector.has_session:
            self._send(page, "token", token=None)
        known = [call for call in map(read_call, message.get("calls") or ()) if call is not None]
        nodes = {node for node in message.get("nodes") or () if isinstance(node, str)}
        if told is not None:
            same = told["user"] == connector.get_param("user_id")
            known = [call for call in known if same and call.node in connector.nodes]
        elif connector.get_param("user_id") is not None or token:
            self._nodes = set(sorted(self._nodes | nodes)[:SUBSCRIPTIONS])
        else:
            known = []  # These calls belong to a session that has ended.
        if connector.is_connected():
            self._follow_again(connector)
        # A new page receives the events that other pages received when the connection was made.
        present = _changes(connector, told, nodes) if told is not None else connector.present()
        ready = any(event.name is EventName.READY for event in present)
        # A page that knows nodes or calls had an earlier worker, so it is not new.
        new = told is None and not (nodes or known)
        missed = connector.join(known, new=new, ready=ready)
        for event in (*present, *missed):
            self._send_event(page, event)
        self._listeners.join(page, message, connector)

    def _start(self, options: dict[str, Any]) -> Connector:
        return Connector(
            self._on_event,
            api_endpoint=str(options.get("apiEndpoint") or api.DEFAULT_ENDPOINT),
            sip_server=read_servers(options.get("sipServer")),
            on_token=self._on_token,
            on_contact=self._listeners.on_contact,
            on_log=self._listeners.on_log,
            on_status=lambda _: self._on_status(),
            on_presence=self._listeners.on_presence,
            platform=self._platform,
        )

    def _set_country(self, page: int, options: dict[str, Any]) -> None:
        """Store the page's own option: the country for its national numbers."""
        country = read_country(options.get("defaultCountry"))
        if country is None:
            self._countries.pop(page, None)
            return
        self._countries[page] = country
        if self._connector is not None and self._connector.is_connected():
            self._spawn(self._prepare(self._connector))

    def _compare(self, page: int, connector: Connector, token: object) -> None:
        """Compare a new page's stored token with the session's: it may be newer or missing."""
        if isinstance(token, str) and token and token != self._token:
            self._spawn(connector.align(token))
            return
        self._send(page, "token", token=self._token)
        if not token:
            connector.check()

    def _wake(self, message: dict[str, Any]) -> None:
        """Handle ``online`` (the network is back) and ``stored`` (the stored token changed)."""
        if self._connector is None:
            return
        if message["type"] == "online":
            self._connector.wake()
        elif isinstance(message["token"], str | None):
            self._spawn(self._connector.align(message["token"] or None))

    # Commands

    async def _command(
        self, page: int, number: object, method: str, arguments: list[Any], place: Place
    ) -> None:
        connector = self._connector
        try:
            if connector is None:
                raise StateError("NOT_CONNECTED", "The connector has not started.")
            now, followed = connector.platform.now(), len(connector.nodes)
            with self._limits.command(page, method, followed, now):
                outcome = await connector.execute(method, arguments, place)
        except CtiError as error:
            self._refuse(page, number, error)
            return
        except Exception:
            # A bug in this program must not leave the page waiting.
            logger.error("%s failed: %s", quoted(method), redact(traceback.format_exc()))
            internal = CtiError("INTERNAL_ERROR", f"{method} failed.")
            self._refuse(page, number, internal)
            return
        self._sync(connector)
        if isinstance(outcome, Reply):
            self._send_event(page, outcome.event)
            outcome = outcome.event
        value: object = outcome
        if isinstance(outcome, ActivityEvent | CallEvent | Records):
            value = outcome.to_json()
        self._send(page, "result", id=number, value=value)

    async def _detect(self, page: int, number: object, texts: list[Text], place: Place) -> None:
        connector = self._connector
        if connector is None:
            return
        try:
            self._limits.texts(page, len(texts), connector.platform.now())
            found = await connector.detect(texts, place)
        except CtiError as error:
            self._refuse(page, number, error)
        else:
            self._send(page, "detected", id=number, found=found)

    def _refuse(self, page: int, number: object, error: CtiError) -> None:
        if not error.told:
            self._send_event(page, ActivityEvent.from_error(error))
        self._send(page, "refusal", id=number, error=error.to_json())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Output of the connector

    def _on_status(self) -> None:
        if self._connector is not None:
            self._sync(self._connector)

    def _on_event(self, event: Event) -> None:
        connector = self._connector
        if connector is None:
            return
        if isinstance(event, ActivityEvent):
            self._sync(connector)
            if event.name is EventName.READY:
                self._follow_again(connector)
                self._spawn(self._prepare(connector))
            elif event.name is EventName.LOGGED_OUT:
                self._nodes.clear()
        self._send_event(EVERY_PAGE, event)
        if event.name is EventName.READY:
            self._on_ready()
        if not (isinstance(event, CallEvent) and event.replay):
            self._listeners.on_event(event)

    def _follow_again(self, connector: Connector) -> None:
        """Follow the nodes that pages followed before the worker was replaced."""
        nodes, self._nodes = self._nodes - set(connector.nodes), set()
        for node in sorted(nodes):
            self._spawn(self._follow(connector, node))

    async def _prepare(self, connector: Connector) -> None:
        """Load the data for national numbers after READY, before a command needs it."""
        if not self._countries:
            return
        try:
            await connector.prepare(next(iter(self._countries.values())))
        except CtiError as error:
            logger.warning("%s", error.message)  # A command that needs it fails with this error.

    async def _follow(self, connector: Connector, node: str) -> None:
        try:
            await connector.execute("subscribe", [node])
        except CtiError as error:
            # No page has sent this command, so do not emit ERROR.
            logger.warning("%s The node is no longer followed.", error.message)

    def _on_token(self, token: str | None) -> None:
        self._token = token
        self._send(EVERY_PAGE, "token", token=token)

    def _sync(self, connector: Connector) -> None:
        """Update the pages' copies of the state, before the event that announces the change."""
        mirror = self._mirror(connector)
        state = json.dumps(mirror)
        if state != self._state:
            self._state = state
            self._send(EVERY_PAGE, "state", **mirror)

    def _mirror(self, connector: Connector) -> dict[str, Any]:
        return {
            "connected": connector.is_connected(),
            "loggedIn": connector.has_session,
            "uris": connector.get_subscription_uris(),
            "nodes": connector.nodes,
            "features": sorted(connector.features),
            "params": {name: connector.get_param(name) for name in _PARAMS},
            "problem": connector.problem.to_json() if connector.problem is not None else None,
            "resume": connector.resume_urls,
        }

    def _send_event(self, page: int, event: Event) -> None:
        self._send(page, "event", event=event.to_json())

    def _send(self, page: int, kind: str, **fields: object) -> None:
        self._post(page, json.dumps({"type": kind, **fields}))


def _changes(connector: Connector, told: dict[str, Any], nodes: set[str]) -> list[Event]:
    """Return the changes of the session since the page last received its state, in ``told``."""
    present = connector.present()
    if told["user"] is None:
        return present
    if told["user"] != connector.get_param("user_id"):
        return [LOGGED_OUT, *present]
    changes: list[Event] = []
    for event in present:
        if isinstance(event, ActivityEvent):
            ready = event.name is EventName.READY and told["connected"] is not True
            followed = event.name is EventName.SUBSCRIBED and event.node not in nodes
            if ready or followed:
                changes.append(event)
    return changes


def start(
    export: Callable[[str], object], install: Install | None = None
) -> Callable[[str, int, str | Bytes], str]:
    """Start the worker; ``worker.js`` calls this and passes the input of pages and sockets on."""
    border = Border(export)
    platform = default_platform(border, install)
    border.on_page = Worker(border.post, platform, border.ready).receive
    return border.enter
