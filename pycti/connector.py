"""The connector: the same class in a browser's Pyodide and on CPython's asyncio."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import cast

from pycti.commands.call_control import CallControl
from pycti.commands.detection import Span, Text, detect
from pycti.commands.dialing import Dialling
from pycti.commands.rules import Outcome, Records, Reply
from pycti.contacts.call_log import LogRecord
from pycti.contacts.enrichment import Enrichment, OnContact, OnLog
from pycti.contacts.lookup import Ask
from pycti.errors import CtiError
from pycti.events import ActivityEvent, Call, CallEvent, Event, EventName, Presence, Status
from pycti.numbers import Place
from pycti.platform import Platform, default_platform
from pycti.rest import api
from pycti.rest.addresses import check_address
from pycti.rest.api import Json
from pycti.session.pump import Pump

logger = logging.getLogger("pycti")


class Connector:
    """Follows and controls the calls of a user's phone.

    Args:
        on_message: called for every event, one at a time and in order.
        api_endpoint: base URL of the REST API; ``https``, or ``http`` to this machine.
        sip_server: WebSocket URL of the SIP server, or several that are tried in turn; by default
            the account's own. ``wss``, or ``ws`` to this machine.
        default_country: ISO 3166 code of the country for national numbers; it needs
            phonenumberslite (``pip install 'pycti[numbers]'``).
        on_token: called with the API token to store, and with ``None`` to delete it.
        lookup: a coroutine function that takes a number and its call, and returns the contact with
            that number (a dictionary with a ``name``), or ``None``. It is called once per number.
            The name is used if the network sends none. No event waits for it.
        on_contact: called with a running call and its contact when a lookup has returned; with
            ``None`` if the number is unknown.
        on_log: called with a `pycti.contacts.call_log.LogRecord` for each call of the user that
            has ended.
        on_status: called with `status` whenever it has changed, for example when the connection is
            lost or restored. `problem` is the reason for a lost connection.
        on_presence: called with the node of a followed user and its `pycti.events.Presence`
            whenever that has changed.
        platform: the source of time, random numbers and network connections.

    A command that fails emits an ERROR event and raises `pycti.errors.CtiError`. If the state of a
    call does not allow a command, it sends nothing and returns an INFO event.
    A URL without TLS raises `pycti.errors.InputError` INSECURE_URL here.

    Example::

        async with Connector() as connector:
            events = connector.events()
            await connector.login("anna@example.com", "secret")
            await connector.call("+442036427900")
            async for event in events:
                print(event)
    """

    def __init__(
        self,
        on_message: Callable[[Event], object] | None = None,
        *,
        api_endpoint: str = api.DEFAULT_ENDPOINT,
        sip_server: str | Sequence[str] | None = None,
        default_country: str | None = None,
        on_token: Callable[[str | None], object] | None = None,
        lookup: Ask | None = None,
        on_contact: OnContact | None = None,
        on_log: OnLog | None = None,
        on_status: Callable[[Status], object] | None = None,
        on_presence: Callable[[str, Presence], object] | None = None,
        platform: Platform | None = None,
    ) -> None:
        servers = (sip_server,) if isinstance(sip_server, str) else tuple(sip_server or ())
        servers = tuple(check_address(server, "SIP server", "ws") for server in servers)
        check_address(api_endpoint, "API endpoint", "http")
        self._on_message = on_message
        self._on_token = on_token
        self._on_status = on_status
        self._on_presence = on_presence
        self.platform = platform or default_platform()
        self._closed = False
        self._queues: set[asyncio.Queue[Event | None]] = set()
        self._pump = Pump(
            self.platform,
            api_endpoint,
            servers,
            on_event=self._deliver,
            on_token=self._remember,
            on_status=lambda: _call("on_status", self._on_status, self.status),
            on_presence=lambda *change: _call("on_presence", self._on_presence, *change),
        )
        self.enrichment = Enrichment(self.platform, self._pump.calls.running, on_contact, on_log)
        self.enrichment.lookup = lookup
        self._dialling = Dialling(self.platform, default_country)
        self._commands = CallControl(self._pump, self.enrichment.log, self._dialling)

    async def __aenter__(self) -> Connector:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection. The session on the server continues."""
        self._closed = True
        self.enrichment.close()
        self._pump.close()
        for queue in self._queues:
            queue.put_nowait(None)
        close: Callable[[], Awaitable[None]] | None = getattr(self.platform, "aclose", None)
        if close is not None:
            await close()

    def events(self) -> AsyncIterator[Event]:
        """Return an iterator over every event from now on, until the connector is closed."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        if self._closed:
            queue.put_nowait(None)
        self._queues.add(queue)
        return self._drain(queue)

    async def _drain(self, queue: asyncio.Queue[Event | None]) -> AsyncIterator[Event]:
        try:
            while (event := await queue.get()) is not None:
                yield event
        finally:
            self._queues.discard(queue)

    # The present state

    def is_connected(self) -> bool:
        """Return whether a user is logged in and the SIP connection is open."""
        return self._pump.session.connected

    @property
    def status(self) -> Status:
        """The status of the connector."""
        return self._pump.session.status

    @property
    def problem(self) -> CtiError | None:
        """The reason why the connector is not connected, if it is known."""
        return self._pump.problem

    @property
    def has_session(self) -> bool:
        """Whether a user is logged in, or a remembered session is being restored."""
        return self._pump.session.open

    @property
    def resume_urls(self) -> dict[str, str] | None:
        """The first URLs of a later start: ``account`` (``GET``) and ``server`` (SIP)."""
        account = self._pump.session.account
        if account is None or not self._pump.session.connected:
            return None
        server = self._pump.subscriptions.server_of(account)
        return {"account": self._pump.rest.url(api.me()), "server": server}

    def get_subscription_uris(self) -> list[str]:
        """Return the URIs of the followed nodes, such as ``10002@eu.sip.example``."""
        return list(self._pump.subscriptions.uris.values())

    @property
    def nodes(self) -> list[str]:
        """The followed nodes, such as ``user:10002``."""
        return list(self._pump.subscriptions.uris)

    @property
    def calls(self) -> list[Call]:
        """The calls that have not ended, as every followed node sees them."""
        return [self.enrichment.named(call) for call in self._pump.calls.running()]

    @property
    def own_node(self) -> str:
        """The node of the user's own calls, ``""`` before the first login."""
        return self._pump.calls.own

    @property
    def features(self) -> frozenset[str]:
        """The services that the server offers; empty while nobody is logged in.

        ``answer``, ``terminate``, ``transfer``, ``hold`` (and resume, alternate), ``digits``,
        ``consult`` (and complete_transfer), ``deflect``, ``pickup``, ``park`` (and unpark),
        ``dnd``, ``history``. A method whose feature is missing returns INFO ``NOT_SUPPORTED``.
        """
        account = self._pump.session.account
        return frozenset() if account is None else account.features

    def get_param(self, name: str) -> str | None:
        """Return ``user_id``, ``sip_username`` or ``sip_domain``; never a secret."""
        account = self._pump.session.account
        if account is None:
            return None
        params = {
            "user_id": account.user_id,
            "sip_username": account.user_id,
            "sip_domain": account.sip_domain,
        }
        return params.get(name)

    # Commands

    async def login(self, user: str, password: str | None = None) -> Event:
        """Log in with e-mail and password, or with an API key alone.

        Returns READY, or TWO_FACTOR_AUTH with a ``nonce`` for `two_factor_auth`.
        """
        arguments = [user] if password is None else [user, password]
        return _event(await self._run("login", *arguments))

    async def two_factor_auth(self, code: str, nonce: str) -> Event:
        """Send the code of the second factor. Returns READY."""
        return _event(await self._run("twoFactorAuth", code, nonce))

    async def logout(self) -> Event:
        """End the session on the server and here. Returns LOGGED_OUT."""
        return _event(await self._run("logout"))

    async def call(self, destination: str) -> Event:
        """Ring the user's own phone, then ``destination``. Returns ACCEPTED."""
        return _event(await self._run("call", destination))

    async def answer(self, call_id: str | None = None) -> Event:
        """Answer a ringing call, by default the newest. Returns CONNECTED or INFO."""
        return _event(await self._run("answer", *([] if call_id is None else [call_id])))

    async def terminate(self, call_id: str) -> Event:
        """Hang up. Returns HANGUP, CANCEL or INFO.

        Here and elsewhere, a call id may be a whole number.
        """
        return _event(await self._run("terminate", call_id))

    async def transfer(self, call_id: str, destination: str) -> Event:
        """Transfer a call without consultation (Single Step Transfer). Returns HANGUP or INFO."""
        return _event(await self._run("transfer", call_id, destination))

    async def hold(self, call_id: str) -> Event:
        """Put a connected call on hold (Hold Call). Returns ON_HOLD or INFO."""
        return _event(await self._run("hold", call_id))

    async def resume(self, call_id: str) -> Event:
        """Resume a call on hold (Retrieve Call). Returns CONNECTED or INFO."""
        return _event(await self._run("resume", call_id))

    async def alternate(self, call_id: str) -> Event:
        """Hold the connected call and resume this one (Alternate Call). Returns CONNECTED."""
        return _event(await self._run("alternate", call_id))

    async def send_digits(self, call_id: str, digits: str) -> Event | None:
        """Play keypad tones to the other side (Generate Digits): 0-9 * # A-D, ``,`` is a pause."""
        outcome = await self._run("sendDigits", call_id, digits)
        return None if outcome is None else _event(outcome)

    async def consult(self, call_id: str, destination: str) -> Event:
        """Hold a call and call ``destination`` from the same phone (Consultation Call).

        Returns ACCEPTED of the new call. If that is not connected, the phone resumes the first.
        """
        return _event(await self._run("consult", call_id, destination))

    async def complete_transfer(self, call_id: str, consulted_call_id: str) -> Event:
        """Connect the other sides of two calls with each other (Transfer Call). Returns HANGUP."""
        return _event(await self._run("completeTransfer", call_id, consulted_call_id))

    async def deflect(self, call_id: str, destination: str) -> Event:
        """Send a ringing call to another destination (Deflect Call). Returns HANGUP or INFO."""
        return _event(await self._run("deflect", call_id, destination))

    async def pickup(self, call_id: str) -> Event:
        """Answer a followed colleague's ringing call (Directed Pickup Call). Returns CONNECTED."""
        return _event(await self._run("pickup", call_id))

    async def park(self, call_id: str) -> str | Event:
        """Park the other side of a call (Park Call). Returns the slot, or INFO."""
        return cast("str | Event", await self._run("park", call_id))

    async def unpark(self, slot: str) -> Event:
        """Ring the user's own phone, then connect the call in ``slot``. Returns ACCEPTED."""
        return _event(await self._run("unpark", slot))

    async def set_do_not_disturb(self, on: bool) -> bool | Event:
        """Set whether callers get a busy signal (Set Do Not Disturb). Returns ``on``, or INFO."""
        return cast("bool | Event", await self._run("setDoNotDisturb", on))

    async def presence(self, node: str) -> Presence:
        """Return the presence of a followed user (Snapshot Device), UNKNOWN for any other."""
        return Presence(cast("str", await self._run("presence", node)))

    async def history(
        self, since: int | None = None, limit: int | None = None
    ) -> list[LogRecord] | Event:
        """Return the user's ended calls, the newest first, or INFO.

        The server's records are merged with the call log, so they include calls that were missed
        while no connector was running. ``since`` is in epoch milliseconds.
        """
        outcome = await self._run("history", {"since": since, "limit": limit})
        return list(outcome.records) if isinstance(outcome, Records) else _event(outcome)

    async def subscribe(self, node: str) -> Event:
        """Follow the calls of ``user:ID``, ``ivr:ID``, ``queue:ID`` or ``conf:ID``."""
        return _event(await self._run("subscribe", node))

    async def unsubscribe(self, node: str) -> Event | None:
        """Stop following a node. Returns INFO if it was not followed."""
        outcome = await self._run("unsubscribe", node)
        return None if outcome is None else _event(outcome)

    async def note(self, call_id: str, notes: str | None = None) -> str:
        """Replace the notes on a call of the user, or read them. Returns the present notes.

        The log record of the call contains them. If the notes of a call that has just ended change,
        `on_log` receives the record again.
        """
        return cast("str", await self._run("note", call_id, *([] if notes is None else [notes])))

    async def api_request(
        self, method: str, path: str, data: Mapping[str, Json] | None = None
    ) -> Json:
        """Make an authenticated REST request and return the answer's JSON."""
        return cast("Json", await self._run("apiRequest", method, path, data))

    async def execute(
        self, name: str, arguments: list[object], place: Place | None = None
    ) -> Outcome:
        """Run a command by its JavaScript name. Errors and replies are not emitted as events.

        ``place`` is the place on the page of a number to dial.
        """
        outcome = await self._commands.execute(name, arguments, place)
        if isinstance(outcome, Records):
            return Records(tuple(map(self.enrichment.complete, outcome.records)))
        # A command's own event has the names that the other events have.
        return self.enrichment.name(outcome) if isinstance(outcome, CallEvent) else outcome

    def restore(self, token: str) -> None:
        """Continue a session with its stored token."""
        self._pump.login.restore(token)

    async def align(self, token: str | None) -> None:
        """Adopt the token that the pages store now: another worker may have changed it."""
        await self._pump.login.align(token)

    def check(self) -> None:
        """Ask the server whether the session is still valid."""
        self._pump.check()

    def present(self) -> list[Event]:
        """Return LOGGED_IN, SUBSCRIBED and READY events with the present state."""
        return self._pump.present()

    def join(self, known: list[Call], *, new: bool = False, ready: bool = False) -> list[Event]:
        """Return the call events that a page has missed. ``known`` are the calls that it knows.

        ``new``: the page has received no call before. ``ready``: it also receives READY.
        """
        missed = self._pump.calls.join(known, new=new, ready=ready)
        return [self.enrichment.name(event) for event in missed]

    async def prepare(self, country: str | None = None) -> None:
        """Load the numbering plans if there is a country."""
        await self._dialling.within(Place(country)).prepare()

    async def detect(self, texts: Sequence[Text], place: Place | None = None) -> list[Span]:
        """Return the telephone numbers in texts. Each text has a label, and may name its country.

        ``place`` is the place of the texts. This waits for a login in progress.
        """
        await self._pump.login.settled()
        return await detect(self.platform, self._dialling.within(place).place, texts)

    def wake(self) -> None:
        """Reconnect at once, or test the connection: the network or the machine is back."""
        self._pump.wake()

    async def _run(self, name: str, *arguments: object) -> Outcome:
        try:
            outcome = await self.execute(name, list(arguments))
        except CtiError as error:
            if not error.told:
                self._deliver(ActivityEvent.from_error(error))
            raise
        if isinstance(outcome, Reply):
            self._deliver(outcome.event)
            return outcome.event
        return outcome

    def _deliver(self, event: Event) -> None:
        event = self.enrichment.take(event)
        account = self._pump.session.account
        if isinstance(event, ActivityEvent) and event.name is EventName.LOGGED_IN and account:
            self.enrichment.log.user = f"{account.user_id}@{account.sip_domain}"
            self.enrichment.log.node = account.node
        for queue in self._queues:
            queue.put_nowait(event)
        _call("on_message", self._on_message, event)
        self.enrichment.told(event)

    def _remember(self, token: str | None) -> None:
        if self._on_token is not None:
            self._on_token(token)


def _call(name: str, callback: Callable[..., object] | None, *arguments: object) -> None:
    """Call a callback of the program. Its exceptions are logged, and stop nothing."""
    if callback is not None:
        try:
            callback(*arguments)
        except Exception:
            logger.exception("%s raised", name)


def _event(outcome: Outcome) -> Event:
    # `_run` has unwrapped replies, and only apiRequest returns JSON.
    return cast("Event", outcome)
