"""The commands that a page may send: what each takes, checks, does and leads to."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from urllib.parse import unquote_plus

from pycti import numbers
from pycti.calls import causes
from pycti.calls.nodes import parse_node
from pycti.commands.arguments import as_id, as_text, as_word, check_count
from pycti.commands.dialing import Dialling
from pycti.commands.rules import RULES, TALKING, Outcome, Refused, Reply
from pycti.contacts.call_log import CallLog
from pycti.errors import (
    ApiError,
    CallError,
    InputError,
    NetworkError,
    SessionExpiredError,
    StateError,
    quoted,
)
from pycti.events import Call, CallEvent, CallStatus, Event
from pycti.numbers import Place
from pycti.rest import api
from pycti.rest.api import Account, ApiRequest, ApiResponse, Json
from pycti.session.pump import READY, Pump
from pycti.session.states import Input, State

T = TypeVar("T")

_DIALLING = ("call", "transfer", "consult", "deflect")
"""The commands that take a number to dial."""

_FIRST_REQUEST = 10**14
"""Ids of requests have 15 digits: no server counts calls so far, and JavaScript holds them."""


class Commands:
    """Runs commands by name, with positional arguments as they come from a page."""

    def __init__(self, pump: Pump, log: CallLog, dialling: Dialling) -> None:
        self._pump = pump
        self._log = log
        self._dialling = dialling
        self._ending: set[str] = set()
        self._known: dict[str, tuple[int, int, Callable[..., Awaitable[Outcome]]]] = {
            "login": (1, 2, self.login),
            "twoFactorAuth": (2, 2, self.two_factor_auth),
            "logout": (0, 0, self.logout),
            "answer": (0, 1, self.answer),
            "call": (1, 1, self.call),
            "terminate": (1, 1, self.terminate),
            "transfer": (2, 2, self.transfer),
            "subscribe": (1, 1, self.subscribe),
            "unsubscribe": (1, 1, self.unsubscribe),
            "note": (1, 2, self.note),
            "apiRequest": (2, 3, self.api_request),
        }

    async def execute(
        self, name: str, arguments: Sequence[object], place: Place | None = None
    ) -> Outcome:
        """Run a command. Return the event that ends it, or its result.

        ``place`` is the place on the page of a number to dial.

        Raises:
            CtiError: the command failed. No event has been emitted.
        """
        if name not in self._known:
            raise InputError("UNKNOWN_COMMAND", f"There is no command {quoted(name)}.")
        least, most, command = self._known[name]
        check_count(name, arguments, least, most)
        more = {"dialling": self._dialling.within(place)} if name in _DIALLING else {}
        try:
            return await command(*arguments, **more)
        except Refused as refused:
            return refused.reply

    # The session

    async def login(self, user: object, password: object = None) -> Event:
        """Log in with e-mail and password, or with an API key alone."""
        user = as_word(user, "e-mail address or API key")
        if password is not None:
            password = as_text(password, "password")
        pump = self._pump
        await pump.login.settled()
        if pump.session.open and pump.session.account is not None:
            return await self._already_logged_in(user, pump.session.account)
        if password is None:
            return await pump.login.log_in_with_key(user)
        return await pump.login.log_in(api.login(user, password), Input.LOGIN)

    async def _already_logged_in(self, user: str, account: Account) -> Event:
        # Pages that share one connection each log in when they load.
        if user not in (account.email, self._pump.session.token):
            raise StateError("ALREADY_LOGGED_IN", "Someone else is logged in.")
        if not self._pump.session.connected:
            return await self._pump.login.ready()
        return READY

    async def two_factor_auth(self, code: object, nonce: object) -> Event:
        """Send the second factor."""
        request = api.login_2fa(as_word(code, "code"), as_word(nonce, "nonce"))
        await self._pump.login.settled()
        if self._pump.session.open:
            raise StateError("ALREADY_LOGGED_IN", "Someone is logged in.")
        return await self._pump.login.log_in(request, Input.CODE)

    async def logout(self) -> Event:
        """End the session."""
        if not self._pump.login.can_log_out:
            raise StateError("NOT_CONNECTED", "Nobody is logged in.")
        return await self._pump.login.log_out()

    async def _account(self, name: str = "") -> Account:
        """Return the account, which must offer what the command of that name needs."""
        pump = self._pump
        await pump.login.settled()
        account = pump.session.account
        if account is None and pump.session.state is State.LOGGED_OUT:
            raise StateError("NOT_CONNECTED", "Nobody is logged in.")
        if account is None or not pump.session.connected:
            raise StateError("NOT_CONNECTED", "The connector is not connected.")
        rule = RULES.get(name)
        if rule is not None and rule.feature not in account.features:
            raise Refused(f"The server does not offer it: {name}().", "NOT_SUPPORTED")
        return account

    def _check(self, name: str, call: Call) -> None:
        """Raise `Refused` where the rule of that command does not allow it for ``call`` now."""
        rule = RULES[name]
        if call.status.ended:
            raise Refused("The call has ended already.")
        if rule.own and call.node != self._pump.calls.own:
            raise Refused("It is not a call of your own phone.")
        if call.status not in rule.statuses or rule.direction not in (None, call.direction):
            raise Refused(f"A call that is {call.status} cannot be {rule.done}.")

    # Calls

    async def call(self, destination: object, *, dialling: Dialling) -> Event:
        """Ring the user's own phone, then ``destination``."""
        number = await dialling.number(as_text(destination, "destination"))
        account = await self._account()
        self._refuse_self(number, account)
        return await self._place(number, account, api.create_call(numbers.to_wire(number)))

    async def _place(self, number: str, account: Account, request: ApiRequest) -> Event:
        """Tell of a call to ``number`` and place it with ``request``. Returns ACCEPTED."""
        pump = self._pump
        # A number, like the ids of servers: pages write ids into inline handlers without quotes.
        request_id = str(_FIRST_REQUEST + int(pump.platform.entropy(6), 16))
        source = account.extension or account.user_id
        initial = pump.calls.begin(request_id, source, number, pump.platform.wall())
        pump.emit([initial])
        try:
            response = await pump.request(request)
            call_id = api.parse_created_call(response)
        except SessionExpiredError:
            raise
        except ApiError as error:
            given_up = request_id in self._ending
            cause = causes.CANCELLED if given_up else error.message
            self._refused(request_id, cause)
            hint = "It was given up here, so there is nothing to mend." if given_up else ""
            raise CallError(cause, hint) from None
        except NetworkError as error:
            # If the SIP server has reported the call, only the response was lost.
            held = pump.calls.held_call_id(request_id)
            if held is None:
                self._refused(request_id, "no answer from the server")
                raise CallError(error.message, error.hint) from None
            call_id = held
        return await self._accepted(initial, call_id)

    async def _accepted(self, initial: CallEvent, call_id: str) -> Event:
        pump, request_id = self._pump, initial.call.id
        events = pump.calls.accepted(request_id, call_id, pump.platform.now(), pump.platform.wall())
        pump.emit(events)
        pump.arm()
        if request_id in self._ending:
            await pump.request(api.terminate(call_id))
        for event in events:
            if event.call.id == request_id:
                return event
        return pump.calls.latest(request_id) or initial

    def _refused(self, request_id: str, cause: str) -> None:
        pump = self._pump
        now, wall = pump.platform.now(), pump.platform.wall()
        pump.emit(pump.calls.refused(request_id, cause, now, wall))

    def _refuse_self(self, number: str, account: Account) -> None:
        if number in (account.user_id, account.extension):
            raise InputError("SELF_CALL", "That is your own extension.")

    async def answer(self, call_id: object = None) -> Outcome:
        """Answer that ringing call, or the newest one."""
        if call_id is not None:
            call_id = as_id(call_id, "call id")
        await self._account("answer")
        if call_id is None:
            newest = self._pump.calls.newest_ringing()
            if newest is None:
                raise Refused("No call is ringing.")
            call = newest
        else:
            call = self._find(call_id)
        self._check("answer", call)
        return await self._steer(call, api.answer(call.server_id), TALKING)

    async def terminate(self, call_id: object) -> Outcome:
        """Hang up."""
        call_id = as_id(call_id, "call id")
        await self._account("terminate")
        call = self._find(call_id)
        self._check("terminate", call)
        if call.status is CallStatus.INITIAL:
            return await self._give_up(call)
        return await self._steer(call, api.terminate(call.server_id), ())

    async def transfer(
        self, call_id: object, destination: object, *, dialling: Dialling
    ) -> Outcome:
        """Transfer the call to ``destination`` without asking there first."""
        call_id = as_id(call_id, "call id")
        text = as_text(destination, "destination")
        number = await dialling.number(text, extension_only=True)
        account = await self._account("transfer")
        self._refuse_self(number, account)
        call = self._find(call_id)
        self._check("transfer", call)
        return await self._steer(call, api.transfer(call.server_id, numbers.to_wire(number)), ())

    def _find(self, call_id: str) -> Call:
        call = self._pump.calls.find(call_id.strip())
        if call is None:
            raise InputError("UNKNOWN_CALL", f"There is no call {quoted(call_id)}.")
        return call

    async def _steer(
        self, call: Call, request: ApiRequest, statuses: Sequence[CallStatus]
    ) -> CallEvent:
        """Send ``request`` and wait until ``call`` is in one of ``statuses`` or has ended."""
        # Expect the event before the request: SIP is often faster than the response.
        confirmations = self._pump.confirmations
        future = confirmations.expect(call, statuses)
        try:
            await self._request(request, api.parse)
            return await confirmations.confirm(future)
        finally:
            future.cancel()

    async def _request(self, request: ApiRequest, read: Callable[[ApiResponse], T]) -> T:
        """Make a request about a call, and return the result of ``read`` for its response."""
        try:
            return read(await self._pump.request(request))
        except ApiError as error:
            if error.status == 404:
                raise Refused("The call has ended already.") from None
            raise

    async def _give_up(self, call: Call) -> Outcome:
        """End a call while the user's own phone rings: only the list of calls knows its id."""
        pump = self._pump
        future = pump.confirmations.expect(call, ())
        self._ending.add(call.id)
        try:
            call_id = pump.calls.held_call_id(call.id)
            if call_id is None:
                listed = api.parse_calls(await pump.request(api.list_calls()))
                # A call that is known has an id of its own: it is not the one that is meant.
                unknown = [row for row in listed if pump.calls.find(row[0]) is None]
                matches = [key for key, to in unknown if numbers.same(to, call.destination)]
                call_id = matches[-1] if matches else None
            if call_id is not None:
                api.parse(await pump.request(api.terminate(call_id)))
            return await pump.confirmations.confirm(future)
        finally:
            future.cancel()
            self._ending.discard(call.id)

    async def note(self, call_id: object, notes: object = None) -> Json:
        """Replace the notes on a call of the user, or read them."""
        call = self._find(as_id(call_id, "call id"))
        if call.node != self._pump.calls.own:
            raise InputError("UNKNOWN_CALL", f"{quoted(call.id)} is not a call of your own.")
        if notes is not None:
            self._log.write(call, as_text(notes, "note"))
        return self._log.read(call)

    # Nodes and the rest

    async def subscribe(self, node: object) -> Outcome:
        """Follow the calls of a node."""
        node = parse_node(as_text(node, "node"))
        await self._account()
        following = self._pump.subscriptions
        if node in following.uris:
            return Reply(following.subscribed(node))
        return await following.follow(node)

    async def unsubscribe(self, node: object) -> Outcome:
        """Stop following a node."""
        node = parse_node(as_text(node, "node"))
        account = await self._account()
        if node == account.node:
            raise InputError("BAD_ARGUMENT", "Your own calls are always followed.")
        if node not in self._pump.subscriptions.uris:
            raise Refused(f"{node} is not followed.")
        self._pump.subscriptions.unfollow(node)
        return None

    async def api_request(self, method: object, path: object, data: object = None) -> Json:
        """Make an authenticated REST request and return the answer's JSON."""
        # The path is checked with the server's id in it, which a page may have made up.
        path = self._with_server_id(path) if isinstance(path, str) else path
        request = api.custom(method, path, data)
        await self._pump.login.settled()
        token = self._pump.session.token
        if self._pump.session.account is None or token is None:
            raise StateError("NOT_CONNECTED", "Nobody is logged in.")
        if token in request.path or token in unquote_plus(request.path):
            # Servers and proxies write addresses down.
            raise InputError("BAD_ARGUMENT", "The token does not belong into the path.")
        return api.parse(await self._pump.request(request))

    def _with_server_id(self, path: str) -> str:
        """Return a path such as ``/calls/ID`` with the server's id for the one that pages know."""
        match = re.match(r"/?calls/([^/?]+)", path)
        call = self._pump.calls.find(match[1]) if match else None
        if match is None or call is None or not call.server_id:
            return path
        return f"/calls/{call.server_id}{path[match.end() :]}"
