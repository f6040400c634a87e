"""The pump: feeds the sans-I/O core, does what it asks for, and re-arms one timer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable

from pycti import api
from pycti.api import Account, ApiRequest, ApiResponse, LoggedIn
from pycti.calls import CallTable
from pycti.errors import ApiError, CtiError, NetworkError, SessionExpiredError, StateError
from pycti.events import ActivityEvent, Event, EventName
from pycti.following import Following
from pycti.platform import Handle, Platform
from pycti.rest_client import RestClient
from pycti.session import LOGIN_UNDER_WAY, Effect, Input, Session, State
from pycti.watches import Watches

logger = logging.getLogger("pycti")


class Pump:
    """Owns the session, the SIP side and the call table, and tells of every event.

    ``on_event`` gets each event, one at a time and in order; ``on_token`` the token to remember,
    or ``None`` to forget it.
    """

    def __init__(
        self,
        platform: Platform,
        endpoint: str,
        sip_server: str | None,
        on_event: Callable[[Event], None],
        on_token: Callable[[str | None], None],
    ) -> None:
        self.platform = platform
        self.session = Session()
        self.calls = CallTable()
        self.watches = Watches(platform)
        self.following = Following(self, sip_server)
        self._rest = RestClient(platform, endpoint)
        self._on_event = on_event
        self._on_token = on_token
        self._login: asyncio.Future[Event] | None = None
        self._failure: CtiError = StateError("NOT_CONNECTED", "Not logged in.")
        self._announced = False
        self._settled: list[asyncio.Future[None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: Handle | None = None
        self._timer_at: float | None = None
        self._effects: dict[Effect, Callable[[], object]] = {
            Effect.PING: lambda: self.spawn(self._ping()),
            Effect.GET_ACCOUNT: lambda: self.spawn(self._load()),
            Effect.POST_LOGOUT: lambda: self.spawn(self._log_out()),
            Effect.OPEN: self.following.open,
            Effect.LEAVE: self.following.leave,
            Effect.CLOSE: self.following.close,
            Effect.SCHEDULE: self._schedule,
            Effect.REMEMBER: lambda: self._on_token(self.session.token),
            Effect.FORGET: self._forget,
            Effect.FAIL_LOGIN: self._fail_login,
            Effect.FAIL_CONNECTION: self._fail_connection,
            Effect.ANNOUNCE_LOGIN: self._announce_login,
            Effect.ANNOUNCE_READY: self._announce_ready,
            Effect.ANNOUNCE_LOSS: self._announce_loss,
            Effect.ANNOUNCE_EXPIRY: self._announce_expiry,
            Effect.ANNOUNCE_LOGOUT: self._announce_logout,
        }

    # What commands need

    def feed(self, event: Input) -> None:
        """Give the session an input and do what follows."""
        for effect in self.session.feed(event):
            action = self._effects.get(effect)
            if action is not None:
                action()
        self._release_waiters()
        self.arm()

    def emit(self, events: Iterable[Event]) -> None:
        """Tell of events, in order."""
        for event in events:
            self._on_event(event)
            self.watches.see(event)

    async def log_in(self, request: ApiRequest, step: Input) -> Event:
        """Log in with ``request``; ``step`` is LOGIN or CODE. Returns READY or TWO_FACTOR_AUTH.

        Raises:
            CtiError: why it failed; it has not been told as an event.
        """
        future = self._expect_login()
        self.feed(step)
        self.spawn(self._authenticate(request))
        return await future

    async def log_in_with_key(self, key: str) -> Event:
        """Log in with an API key. Returns READY; raises as `log_in` does."""
        future = self._expect_login()
        self.session.token = key
        self.feed(Input.KEY)
        return await future

    def restore(self, token: str) -> None:
        """Go on with a session that was remembered."""
        if self.session.state is State.LOGGED_OUT:
            self.session.token = token
            self.feed(Input.RESTORE)

    async def settled(self) -> None:
        """Wait until no login is under way any more."""
        while self.session.state in LOGIN_UNDER_WAY:
            future = asyncio.get_running_loop().create_future()
            self._settled.append(future)
            await future

    async def request(self, request: ApiRequest) -> ApiResponse:
        """Make a request of the session.

        Raises:
            NetworkError: there was no answer.
            SessionExpiredError: LOGGED_OUT has told of it.
        """
        token = self.session.token
        response = await self._rest.send(request, token)
        if token != self.session.token:
            raise StateError("NOT_CONNECTED", "The session has ended.")
        self.session.pinged(self.platform.now())
        refused = response.status == 401
        if response.status == 403 and request.path != "/ping":
            # It may be this one thing that is forbidden: the server is asked about the session.
            refused = (await self._rest.send(api.ping(), token)).status in (401, 403)
        if refused or (response.status == 403 and request.path == "/ping"):
            if token == self.session.token:
                self.feed(Input.UNAUTHORIZED)
            raise SessionExpiredError(response.status)
        return response

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Run ``work`` beside everything else; it must handle its own errors."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Stop everything; what waits gets NOT_CONNECTED."""
        if self._timer is not None:
            self._timer.cancel()
        self.fail_login(StateError("NOT_CONNECTED", "The connector was closed."))
        self.following.clear()
        self.watches.clear()
        for task in self._tasks:
            task.cancel()

    def wake(self) -> None:
        """The network or the machine is back: do not wait, and see whether the socket lives."""
        self.session.hurry(self.platform.now())
        self.following.probe()
        self.arm()

    # The timer

    def arm(self) -> None:
        """See to it that the timer fires when the next thing is due."""
        times = (self.session.deadline, self.following.deadline, self.calls.deadline)
        due = min((time for time in times if time is not None), default=None)
        # Firing early is harmless, so a timer that is early enough stays.
        if due is None or (self._timer_at is not None and self._timer_at <= due):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = due
        delay = max(0.0, due - self.platform.now())
        self._timer = self.platform.call_later(delay, self._tick)

    def _tick(self) -> None:
        self._timer = self._timer_at = None
        now = self.platform.now()
        for effect in self.session.tick(now):
            action = self._effects.get(effect)
            if action is not None:
                action()
        self.following.tick(now)
        self.calls.purge(now)
        self.arm()

    # Steps of the session

    def _expect_login(self) -> asyncio.Future[Event]:
        self._login = asyncio.get_running_loop().create_future()
        return self._login

    async def _authenticate(self, request: ApiRequest) -> None:
        future = self._login
        try:
            outcome = api.parse_login(await self._rest.send(request, None))
        except CtiError as error:
            if future is self._login:
                self._failure = error
                self.feed(Input.FAILED)
            return
        if future is not self._login:
            return
        if isinstance(outcome, LoggedIn):
            self.session.token = outcome.token
            self.feed(Input.TOKEN)
        else:
            self.feed(Input.NONCE)
            event = ActivityEvent(EventName.TWO_FACTOR_AUTH, outcome.message, nonce=outcome.nonce)
            self.emit([event])
            self._finish_login(event)

    async def _load(self) -> None:
        token = self.session.token
        try:
            response = await self._rest.send(api.me(), token)
            if response.status not in (401, 403):
                account = api.parse_account(response)
        except CtiError as error:
            if token == self.session.token:
                self._failure = error
                login = self.session.state is State.LOADING
                self.feed(Input.FAILED if login else Input.UNREACHABLE)
            return
        if token != self.session.token:
            return
        self.session.pinged(self.platform.now())
        if response.status in (401, 403):
            self._failure = ApiError(response.status, "The API key is not valid.", "LOGIN_FAILED")
            login = self.session.state is State.LOADING
            self.feed(Input.FAILED if login else Input.UNAUTHORIZED)
            return
        self._adopt(account)
        self.feed(Input.ACCOUNT)

    def _adopt(self, account: Account) -> None:
        self.session.account = account
        self.calls.own = account.node
        self.following.adopt(account)

    async def _ping(self) -> None:
        try:
            await self.request(api.ping())
        except CtiError as error:
            logger.info("ping: %s", error.message)

    async def _log_out(self) -> None:
        future = self._login
        error: CtiError | None = None
        try:
            api.parse(await self._rest.send(api.logout(), self.session.token))
        except ApiError as refusal:
            error = None if refusal.status in (401, 403) else refusal
        except NetworkError as failure:
            error = failure
        if error is not None:
            hint = "You are logged out here; the server ends its session by itself when idle."
            error = CtiError(error.code, error.message, hint)
            if future is not None and not future.done():
                future.set_exception(error)
        self.feed(Input.LOGOUT_DONE)

    @property
    def can_log_out(self) -> bool:
        """Whether there is anything to end: a session, or a login on its way."""
        return self.session.state not in (State.LOGGED_OUT, State.LOGGING_OUT)

    async def log_out(self) -> Event:
        """End the session on the server and here. Returns LOGGED_OUT; raises as `log_in` does."""
        if self._login is not None:
            self.fail_login(StateError("NOT_CONNECTED", "Logged out before the login was done."))
        future = self._expect_login()
        self.feed(Input.LOGOUT)
        return await future

    # Effects

    def _schedule(self) -> None:
        now = self.platform.now()
        pause = self.session.schedule(now, int(self.platform.entropy(4), 16) / 2**32)
        logger.info("next attempt in %.1f s", pause)

    def _forget(self) -> None:
        self.session.token = self.session.account = None
        self._announced = False
        self._on_token(None)
        now_ended = self.calls.clear("the session has ended")
        self.following.clear()
        self.emit(now_ended)
        self.watches.clear()

    def _announce_login(self) -> None:
        if not self._announced:
            self._announced = True
            self.emit([ActivityEvent(EventName.LOGGED_IN, "Logged in.")])

    def _announce_ready(self) -> None:
        event = ActivityEvent(EventName.READY, "The connection to the SIP server is open.")
        self.emit([event])
        self._finish_login(event)

    def _announce_loss(self) -> None:
        words = "The connection to the SIP server was lost; it is being restored."
        self.emit([ActivityEvent(EventName.INFO, words, code="CONNECTION_LOST")])

    def _announce_expiry(self) -> None:
        error = SessionExpiredError()
        self.fail_login(error)
        self.emit([ActivityEvent(EventName.LOGGED_OUT, error.message, error.code, error.hint)])

    def _announce_logout(self) -> None:
        event = ActivityEvent(EventName.LOGGED_OUT, "Logged out.")
        self.emit([event])
        self._finish_login(event)

    def _fail_login(self) -> None:
        # An exception that is kept keeps the frames that it went through, password and all.
        error, self._failure = self._failure, StateError("NOT_CONNECTED", "Not logged in.")
        self.fail_login(error)

    def _fail_connection(self) -> None:
        error = self.following.take_failure()
        if not self.fail_login(error):
            self.emit([ActivityEvent.from_error(error)])

    def _finish_login(self, event: Event) -> None:
        if self._login is not None and not self._login.done():
            self._login.set_result(event)
        self._login = None

    def fail_login(self, error: CtiError) -> bool:
        """Reject the login that is under way; returns whether there was one."""
        future, self._login = self._login, None
        if future is None or future.done():
            return False
        future.set_exception(error)
        return True

    def _release_waiters(self) -> None:
        if self.session.state not in LOGIN_UNDER_WAY:
            waiters, self._settled = self._settled, []
            for future in waiters:
                if not future.done():
                    future.set_result(None)
