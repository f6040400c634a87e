"""Logging in and out: the steps on the REST API, and those who wait for the outcome."""

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
    """What a login needs of the pump."""

    session: Session
    rest: RestClient

    def emit(self, events: Iterable[Event]) -> None:
        """Tell of events, in order."""

    def feed(self, event: Input) -> None:
        """Give the session an input."""

    def vet(self, account: Account) -> None:
        """Raise `CtiError` where this account's SIP server may not be spoken to."""

    def adopt(self, account: Account) -> None:
        """Use this account from now on."""

    def exchange(self, token: str) -> None:
        """Go on with another token of the same user."""

    def spawn(self, work: Coroutine[object, object, None]) -> None:
        """Run ``work`` beside everything else."""


class Login:
    """The login, or the logout, that is under way. There is one at a time."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._future: asyncio.Future[Event] | None = None
        self._request: ApiRequest | None = None
        self._challenge: ActivityEvent | None = None
        self._failure: CtiError | None = None
        self._waiting: list[asyncio.Future[None]] = []

    # What commands ask for

    async def log_in(self, request: ApiRequest, step: Input) -> Event:
        """Log in with ``request``; ``step`` is LOGIN or CODE. Returns READY or TWO_FACTOR_AUTH.

        Raises:
            CtiError: why it failed; it has not been told as an event.
        """
        future = self._expect()
        self._request = request
        self._owner.feed(step)
        return await future

    async def log_in_with_key(self, key: str) -> Event:
        """Log in with an API key. Returns READY; raises as `log_in` does."""
        future = self._expect()
        self._owner.session.token = key
        self._owner.feed(Input.KEY)
        return await future

    def restore(self, token: str) -> None:
        """Go on with a session that was remembered."""
        if self._owner.session.state is State.LOGGED_OUT:
            self._owner.session.token = token
            self._owner.feed(Input.RESTORE)

    async def align(self, token: str | None) -> None:
        """Bring the session in line with the token that the user's pages remember now.

        Pages with another worker may have logged out (``None``), or logged in. The server has been
        told by them, so a session that ends here ends without a word to it.
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
        """Return whose token it is: ``""`` where it is nobody's, ``None`` where nobody answers."""
        try:
            return (await self._read_account(token)).user_id
        except CtiError as error:
            refused = isinstance(error, ApiError) and error.status in _REFUSED
            return "" if refused else None

    @property
    def can_log_out(self) -> bool:
        """Whether there is anything to end: a session, or a login on its way."""
        return self._owner.session.state not in (State.LOGGED_OUT, State.LOGGING_OUT)

    async def log_out(self) -> Event:
        """End the session on the server and here. Returns LOGGED_OUT; raises as `log_in` does."""
        self.fail(StateError("NOT_CONNECTED", "Logged out before the login was done."))
        future = self._expect()
        self._owner.feed(Input.LOGOUT)
        return await future

    async def settled(self) -> None:
        """Wait until neither a login nor a logout is under way."""
        while self._owner.session.state in LOGIN_UNDER_WAY:
            future = asyncio.get_running_loop().create_future()
            self._waiting.append(future)
            await future

    async def ready(self) -> Event:
        """Wait for READY of a session that is being restored; raises where it ends instead."""
        return await asyncio.shield(self._future or self._expect())

    # What the session's table asks for

    def post(self) -> None:
        """Send the credentials or the code, and keep them no longer."""
        request, self._request = self._request, None
        if request is not None:
            self._owner.spawn(self._authenticate(request))

    def load(self) -> None:
        """Read the account."""
        self._owner.spawn(self._load())

    def post_logout(self) -> None:
        """Tell the server."""
        self._owner.spawn(self._post_logout())

    def ask_code(self) -> None:
        """Tell that a second factor is needed."""
        event, self._challenge = self._challenge, None
        if event is not None:
            self._owner.emit([event])
            self.finish(event)

    def finish(self, event: Event) -> None:
        """Fulfil the login or logout that is under way, if there is one."""
        future, self._future = self._future, None
        if future is not None and not future.done():
            future.set_result(event)

    def fail(self, error: CtiError | None = None) -> bool:
        """Reject the login or logout that is under way; returns whether there was one."""
        # An exception that is kept keeps the frames it went through, password and all.
        failure, self._failure = self._failure, None
        future, self._future = self._future, None
        if future is None or future.done():
            return False
        future.set_exception(error or failure or StateError("NOT_CONNECTED", "Not logged in."))
        return True

    def close(self) -> None:
        """The connector is closed: nobody waits any longer."""
        error = StateError("NOT_CONNECTED", "The connector was closed.")
        self.fail(error)
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_exception(error)

    def release(self) -> None:
        """Let those go on who wait for the outcome, if there is one."""
        if self._owner.session.state not in LOGIN_UNDER_WAY:
            waiting, self._waiting = self._waiting, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    # The steps

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
            return  # Logged out meanwhile.
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
