"""Log in and out: the requests to the REST API, and the futures that wait for the outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Protocol

from pycti.errors import ApiError, CtiError, NetworkError, StateError
from pycti.events import ActivityEvent, Event, EventName
from pycti.rest import api
from pycti.rest.api import Account, ApiRequest, LoggedIn
from pycti.rest.client import RestClient
from pycti.session.states import LOGIN_UNDER_WAY, Input, Session, State

_REFUSED = (401, 403)


class Owner(Protocol):
    """The part of the pump that a login uses."""

    session: Session
    rest: RestClient

    def emit(self, events: Iterable[Event]) -> None:
        """Emit events, in order."""

    def feed(self, event: Input) -> None:
        """Feed the session an input."""

    def vet(self, account: Account) -> None:
        """Raise `CtiError` if this account's SIP server must not be used."""

    def adopt(self, account: Account) -> None:
        """Use this account from now on."""

    def exchange(self, token: str) -> None:
        """Continue the session with another token of the same user."""

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Run ``work`` as a task."""


class Login:
    """The login or logout that is in progress. There is at most one."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._future: asyncio.Future[Event] | None = None
        self._request: ApiRequest | None = None
        self._challenge: ActivityEvent | None = None
        self._failure: CtiError | None = None
        self._waiting: list[asyncio.Future[None]] = []

    # Called by commands

    async def log_in(self, request: ApiRequest, step: Input) -> Event:
        """Log in with ``request``; ``step`` is LOGIN or CODE. Returns READY or TWO_FACTOR_AUTH.

        Raises:
            CtiError: the reason of the failure, which has not been emitted as an event.
        """
        future = self._expect()
        self._request = request
        self._owner.feed(step)
        return await future

    async def log_in_with_key(self, key: str) -> Event:
        """Log in with an API key. Returns READY; raises the errors of `log_in`."""
        future = self._expect()
        self._owner.session.token = key
        self._owner.feed(Input.KEY)
        return await future

    def restore(self, token: str) -> None:
        """Continue a session whose token was stored."""
        if self._owner.session.state is State.LOGGED_OUT:
            self._owner.session.token = token
            self._owner.feed(Input.RESTORE)

    async def align(self, token: str | None) -> None:
        """Adapt the session to the token that the user's pages store now.

        Pages with another worker may have logged out (``None``) or logged in. They have informed
        the server, so a session that ends here sends no logout.
        """
        await self.settled()
        owner, session = self._owner, self._owner.session
        if session.state is State.LOGGED_OUT and token is not None:
            self.restore(token)
        if token == session.token or session.state in (State.LOGGED_OUT, State.CHALLENGED):
            return
        if token is not None and session.account is not None:
            mine, user = session.token, session.account.user_id
            found = await self._user_of(token)
            if mine != session.token or found == "":
                return
            if found == user:
                owner.exchange(token)
                return
        owner.feed(Input.ENDED)
        if token is not None:
            self.restore(token)

    async def _user_of(self, token: str) -> str | None:
        """Return the token's user id, ``""`` if it is invalid, ``None`` if there is no answer."""
        try:
            return (await self._read_account(token)).user_id
        except CtiError as error:
            refused = isinstance(error, ApiError) and error.status in _REFUSED
            return "" if refused else None

    @property
    def can_log_out(self) -> bool:
        """Whether there is a session or a login in progress to end."""
        return self._owner.session.state not in (State.LOGGED_OUT, State.LOGGING_OUT)

    async def log_out(self) -> Event:
        """End the session on the server and here. Returns LOGGED_OUT; raises like `log_in`."""
        self.fail(StateError("NOT_CONNECTED", "Logged out before the login was complete."))
        future = self._expect()
        self._owner.feed(Input.LOGOUT)
        return await future

    async def settled(self) -> None:
        """Wait until no login and no logout is in progress."""
        while self._owner.session.state in LOGIN_UNDER_WAY:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future

    async def ready(self) -> Event:
        """Wait for READY of a session that is being restored; raise if the session ends instead."""
        return await asyncio.shield(self._future or self._expect())

    # Called by the effects of the session's table

    def post(self) -> None:
        """Send the credentials or the code, and forget them."""
        request, self._request = self._request, None
        if request is not None:
            self._owner.spawn(self._authenticate(request))

    def load(self) -> None:
        """Read the account."""
        self._owner.spawn(self._load())

    def post_logout(self) -> None:
        """Send the logout to the server."""
        self._owner.spawn(self._post_logout())

    def ask_code(self) -> None:
        """Emit the event that requests the second factor."""
        event, self._challenge = self._challenge, None
        if event is not None:
            self._owner.emit([event])
            self.finish(event)

    def finish(self, event: Event) -> None:
        """Resolve the login or logout that is in progress, if there is one."""
        future, self._future = self._future, None
        if future is not None and not future.done():
            future.set_result(event)

    def fail(self, error: CtiError | None = None) -> bool:
        """Reject the login or logout that is in progress; return whether there was one."""
        # A stored exception keeps its stack frames alive, and with them the password.
        failure, self._failure = self._failure, None
        future, self._future = self._future, None
        if future is None or future.done():
            return False
        future.set_exception(error or failure or StateError("NOT_CONNECTED", "Not logged in."))
        return True

    def close(self) -> None:
        """Reject all futures: the connector is closed."""
        error = StateError("NOT_CONNECTED", "The connector was closed.")
        self.fail(error)
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_exception(error)

    def release(self) -> None:
        """Wake up the tasks in `settled` if there is an outcome."""
        if self._owner.session.state not in LOGIN_UNDER_WAY:
            waiting, self._waiting = self._waiting, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    # The requests

    def _expect(self) -> asyncio.Future[Event]:
        self._future = asyncio.get_running_loop().create_future()
        return self._future

    async def _authenticate(self, request: ApiRequest) -> None:
        owner, future = self._owner, self._future
        try:
            outcome = api.parse_login(await owner.rest.send(request, None))
        except CtiError as error:
            if future is self._future:
                self._failure = error
                owner.feed(Input.FAILED)
            return
        if future is not self._future:
            return  # The user has logged out in the meantime.
        if isinstance(outcome, LoggedIn):
            owner.session.token = outcome.token
            owner.feed(Input.TOKEN)
        else:
            self._challenge = ActivityEvent(
                EventName.TWO_FACTOR_AUTH, outcome.message, nonce=outcome.nonce
            )
            owner.feed(Input.NONCE)

    async def _load(self) -> None:
        owner = self._owner
        token = owner.session.token
        try:
            account = await self._read_account(token)
        except CtiError as error:
            if token != owner.session.token:
                return
            self._failure = error
            refused = isinstance(error, ApiError) and error.status in _REFUSED
            if owner.session.state is State.LOADING:
                owner.feed(Input.FAILED)
            else:
                owner.feed(Input.UNAUTHORIZED if refused else Input.UNREACHABLE)
            return
        if token == owner.session.token:
            owner.adopt(account)
            owner.feed(Input.ACCOUNT)

    async def _read_account(self, token: str | None) -> Account:
        response = await self._owner.rest.send(api.me(), token)
        if response.status in _REFUSED:
            raise ApiError(response.status, "The API key is not valid.", "LOGIN_FAILED")
        account = api.parse_account(response)
        self._owner.vet(account)
        return account

    async def _post_logout(self) -> None:
        owner = self._owner
        try:
            api.parse(await owner.rest.send(api.logout(), owner.session.token))
        except (ApiError, NetworkError) as error:
            if not (isinstance(error, ApiError) and error.status in _REFUSED):
                hint = "You are logged out here; the server ends its session when it is idle."
                self.fail(CtiError(error.code, error.message, hint))
        owner.feed(Input.LOGOUT_DONE)
