"""The pump: feeds the sans-I/O core, performs its effects, and re-arms one timer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress

from pycti.calls.presence import Presences
from pycti.calls.table import CallTable
from pycti.common.deadlines import earliest
from pycti.errors import CtiError, NetworkError, SessionExpiredError, StateError
from pycti.events import ActivityEvent, CallEvent, Event, EventName, Presence, Status
from pycti.platform import Handle, Platform
from pycti.rest import api
from pycti.rest.api import Account, ApiRequest, ApiResponse
from pycti.rest.client import RestClient
from pycti.session.confirmations import Confirmations
from pycti.session.login import Login
from pycti.session.sleep import SleepWatch
from pycti.session.states import Effect, Input, Session
from pycti.session.subscriptions import Subscriptions

logger = logging.getLogger("pycti")


LOGGED_IN = ActivityEvent(EventName.LOGGED_IN, "Logged in.")
LOGGED_OUT = ActivityEvent(EventName.LOGGED_OUT, "Logged out.")
LOGGED_OUT_ELSEWHERE = ActivityEvent(EventName.LOGGED_OUT, "Logged out in another tab.")
READY = ActivityEvent(
    EventName.READY, "Connection with SIP server has been successfully established."
)


class Pump:
    """Owns the session, the SIP side and the call table, and emits all events.

    ``on_event`` receives the events one at a time and in order. ``on_token`` receives the token to
    store, or ``None`` to delete it. ``on_status`` is called when the session's status has changed,
    ``on_presence`` when the presence of a followed node has changed.
    """

    def __init__(
        self,
        platform: Platform,
        endpoint: str,
        sip_servers: tuple[str, ...],
        on_event: Callable[[Event], None],
        on_token: Callable[[str | None], None],
        on_status: Callable[[], None],
        on_presence: Callable[[str, Presence], object] = lambda _node, _presence: None,
    ) -> None:
        self.platform = platform
        self.session = Session()
        self.calls = CallTable()
        self.confirmations = Confirmations(platform)
        self.presences = Presences(self.calls.is_synced, on_presence)
        self.subscriptions = Subscriptions(self, sip_servers)
        self.rest = RestClient(platform, endpoint)
        self.login = Login(self)
        self._on_event = on_event
        self._on_token = on_token
        self._on_status = on_status
        self._last_status = (Status.LOGGED_OUT, "")
        self._announced = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._sleep = SleepWatch()
        self._timer: Handle | None = None
        self._timer_at: float | None = None
        self._effects: dict[Effect, Callable[[], object]] = {
            Effect.POST_LOGIN: self.login.post,
            Effect.POST_CODE: self.login.post,
            Effect.POST_LOGOUT: self.login.post_logout,
            Effect.GET_ACCOUNT: self.login.load,
            Effect.ASK_CODE: self.login.ask_code,
            Effect.FAIL_LOGIN: self.login.fail,
            Effect.PING: lambda: self.spawn(self._ping()),
            Effect.OPEN: self.subscriptions.open,
            Effect.LEAVE: self.subscriptions.leave,
            Effect.CLOSE: self.subscriptions.close,
            Effect.SCHEDULE: self._schedule,
            Effect.REMEMBER: lambda: self._on_token(self.session.token),
            Effect.FORGET: self._forget,
            Effect.FAIL_CONNECTION: self._fail_connection,
            Effect.ANNOUNCE_LOGIN: self._announce_login,
            Effect.ANNOUNCE_READY: self._announce_ready,
            Effect.ANNOUNCE_EXPIRY: self._announce_expiry,
            Effect.ANNOUNCE_LOGOUT: self._announce_logout,
            Effect.ANNOUNCE_END: self._announce_end,
        }

    # Called by commands

    def feed(self, event: Input) -> None:
        """Feed the session an input and perform its effects."""
        effects = self.session.feed(event)
        self._update_status()
        for effect in effects:
            self._effects[effect]()
        self.login.release()
        self.arm()

    @property
    def problem(self) -> CtiError | None:
        """The reason why there is no connection, if it is known."""
        return self.subscriptions.problem if self.session.status is Status.CONNECTING else None

    def _update_status(self) -> None:
        problem = self.problem
        status = (self.session.status, problem.code if problem is not None else "")
        if status != self._last_status:
            self._last_status = status
            self.changed()

    def changed(self) -> None:
        """Announce that the session's status has changed."""
        self._on_status()

    def emit(self, events: Iterable[Event]) -> None:
        """Emit events, in order, and the changes of presence that follow from them."""
        nodes: dict[str, None] = {}
        for event in events:
            self._on_event(event)
            self.confirmations.see(event)
            if isinstance(event, CallEvent):
                self.presences.take(event)
                nodes[event.call.node] = None
        for node in nodes:
            self.presences.see(node)

    def present(self) -> list[Event]:
        """Return the activity events that give a new listener the session's present state."""
        if self.session.account is None:
            return []
        followed = [self.subscriptions.subscribed(node) for node in self.subscriptions.uris]
        return [LOGGED_IN, *followed, *([READY] if self.session.connected else [])]

    async def request(self, request: ApiRequest) -> ApiResponse:
        """Send a request with the session's token.

        Raises:
            NetworkError: there was no answer.
            SessionExpiredError: the session has expired; LOGGED_OUT has been emitted.
        """
        token, account = self.session.token, self.session.account
        response = await self.rest.send(request, token)
        # Another token of the same account belongs to the same session.
        if token != self.session.token and account is not self.session.account:
            raise StateError("NOT_CONNECTED", "The session has ended.")
        self.session.pinged(self.platform.now())
        if await self._session_refused(request, response, token):
            if token == self.session.token:
                self.feed(Input.UNAUTHORIZED)
            raise SessionExpiredError(response.status)
        return response

    async def _session_refused(
        self, request: ApiRequest, response: ApiResponse, token: str | None
    ) -> bool:
        if response.status != 403 or request.path == api.ping().path:
            return response.status in (401, 403)
        # The 403 may concern only this request, so ask the server about the session.
        with suppress(NetworkError):
            return (await self.rest.send(api.ping(), token)).status in (401, 403)
        return False

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Run ``work`` as a task; it must handle its own errors."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Stop everything; pending futures are rejected with NOT_CONNECTED."""
        if self._timer is not None:
            self._timer.cancel()
        self.login.close()
        self.subscriptions.clear()
        self.confirmations.clear()
        for task in self._tasks:
            task.cancel()

    def wake(self) -> None:
        """Reconnect at once and fetch all states: the network or the machine is back.

        A server that got no answers in the meantime may have ended the subscriptions without our
        notice, so all states are fetched again.
        """
        self.session.hurry(self.platform.now())
        self.subscriptions.probe()
        self.arm()

    # The timer

    def arm(self) -> None:
        """Set the timer to the next deadline."""
        due = earliest(self.session.deadline, self.subscriptions.deadline, self.calls.deadline)
        # Firing early is harmless, so keep a timer that is early enough.
        if due is None or (self._timer_at is not None and self._timer_at <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = due
        delay = max(0.0, due - self.platform.now())
        self._timer = self.platform.call_later(delay, self._tick)

    def _tick(self) -> None:
        now = self.platform.now()
        due = now if self._timer_at is None else self._timer_at
        self._timer = self._timer_at = None
        slept = self._sleep.slept(due, now, self.platform.wall())
        for effect in self.session.tick(now):
            self._effects[effect]()
        self.subscriptions.tick(now)
        self.emit(self.calls.tick(now, self.platform.wall()))
        if slept:
            self.wake()
        else:
            self.arm()

    def vet(self, account: Account) -> None:
        """Raise `CtiError` if this account's SIP server must not be used."""
        self.subscriptions.vet(account)

    def adopt(self, account: Account) -> None:
        """Use this account from now on."""
        self.session.account = account
        self.rest.secrets.add(self.session.token, account.sip_password)
        self.session.pinged(self.platform.now())
        self.calls.own = account.node
        self.subscriptions.adopt(account)

    def exchange(self, token: str) -> None:
        """Continue the session with another token of the same user."""
        self.session.token = token
        self.rest.secrets.add(token)
        self._on_token(token)

    def check(self) -> None:
        """Ask the server whether the session is still valid."""
        if self.session.connected:
            self.spawn(self._ping())

    async def _ping(self) -> None:
        try:
            await self.request(api.ping())
        except CtiError as error:
            logger.info("ping: %s", error.message)

    # Effects

    def _schedule(self) -> None:
        now = self.platform.now()
        pause = self.session.schedule(now, int(self.platform.entropy(4), 16) / 2**32)
        logger.info("next attempt in %.1f s", pause)

    def _forget(self) -> None:
        self.session.token = self.session.account = None
        self._announced = False
        self._on_token(None)
        self.rest.secrets.clear()
        now_ended = self.calls.clear("the session has ended")
        self.subscriptions.clear()
        self.emit(now_ended)
        self.presences.clear()
        self.confirmations.clear()

    def _announce_login(self) -> None:
        if not self._announced:
            self._announced = True
            self.emit([LOGGED_IN])

    def _announce_ready(self) -> None:
        self.emit([READY])
        self.login.finish(READY)
        self.emit(self.calls.ready())

    def _announce_expiry(self) -> None:
        error = SessionExpiredError()
        self.login.fail(error)
        self.emit([ActivityEvent(EventName.LOGGED_OUT, error.message, error.code, error.hint)])

    def _announce_logout(self) -> None:
        self.emit([LOGGED_OUT])
        self.login.finish(LOGGED_OUT)

    def _announce_end(self) -> None:
        self.login.fail(StateError("NOT_CONNECTED", LOGGED_OUT_ELSEWHERE.message))
        self.emit([LOGGED_OUT_ELSEWHERE])

    def _fail_connection(self) -> None:
        # Without a pending login, only the status shows the failure.
        self.login.fail(self.subscriptions.take_failure())
