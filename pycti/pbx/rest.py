"""The part of the service's REST API that the connector uses."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from aiohttp import hdrs, web

from pycti.errors import ApiError
from pycti.pbx.accounts import Accounts, LoggedIn
from pycti.pbx.answers import FieldsError, Handler, answer, as_json, read_object, text_field
from pycti.pbx.directory import Directory, Kind, Person
from pycti.pbx.legs import Call, Leg, State
from pycti.pbx.phones import Phones
from pycti.pbx.services import Switch

BASE = "/v1.2/voipstudio"

_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "X-Auth-Token, Content-Type",
    "Access-Control-Max-Age": "600",
}

_NOT_PICKED_UP = {
    "rejected": "Your phone rejected the call ({code}).",
    "timeout": "Your phone did not answer.",
    "cancelled": "The call was ended before your phone answered.",
}


async def with_cors(handler: Handler, request: web.Request) -> web.StreamResponse:
    """Answer preflights, let any origin read the answers, and return errors as JSON."""
    if request.method == hdrs.METH_OPTIONS:
        return web.Response(status=204, headers=_CORS)
    response = await as_json(handler, request)
    response.headers.update(_CORS)
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
    return response


class Rest:
    """The API's handlers. A user sees and controls only the user's own calls."""

    def __init__(
        self, directory: Directory, accounts: Accounts, exchange: Switch, phones: Phones
    ) -> None:
        self._directory = directory
        self._accounts = accounts
        self._exchange = exchange
        self._phones = phones

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.post(f"{BASE}/login", self.login),
            web.post(f"{BASE}/login2fa", self.login2fa),
            web.post(f"{BASE}/logout", self.logout),
            web.get(f"{BASE}/me", self.me),
            web.get(f"{BASE}/ping", self.ping),
            web.post(f"{BASE}/calls", self.make_call),
            web.get(f"{BASE}/calls", self.calls),
            web.get(f"{BASE}/calls/{{id}}", self.call),
            web.patch(f"{BASE}/calls/{{id}}", self.change_call),
            web.delete(f"{BASE}/calls/{{id}}", self.end_call),
            web.get(f"{BASE}/users", self.users),
            web.get(f"{BASE}/contacts", self.contacts),
            web.get(f"{BASE}/queues/{{id}}", self.queue),
        ]

    # Sessions

    async def login(self, request: web.Request) -> web.Response:
        """POST /login."""
        body = await read_object(request)
        email, password = body.get("email"), body.get("password")
        missing = {
            name: f"The {name} is required."
            for name, value in (("email", email), ("password", password))
            if not isinstance(value, str) or not value
        }
        if missing or not isinstance(email, str) or not isinstance(password, str):
            raise FieldsError(missing)
        result = self._accounts.login(email, password)
        if isinstance(result, LoggedIn):
            return self._logged_in(result)
        message = "Two-factor authentication is required."
        return answer({"message": message, "nonce": result.nonce}, 202)

    async def login2fa(self, request: web.Request) -> web.Response:
        """POST /login2fa."""
        body = await read_object(request)
        code, nonce = text_field(body, "code"), text_field(body, "nonce")
        missing = {
            name: f"The {name} is required."
            for name, value in (("code", code), ("nonce", nonce))
            if not value
        }
        if missing:
            raise FieldsError(missing)
        return self._logged_in(self._accounts.second_factor(code, nonce))

    async def logout(self, request: web.Request) -> web.Response:
        """POST /logout: invalidates the token."""
        self._user(request)
        self._accounts.logout(request.headers.get("X-Auth-Token", ""))
        return answer({"message": "Logged out."})

    async def me(self, request: web.Request) -> web.Response:
        """GET /me."""
        person = self._user(request)
        features = self._accounts.features
        scheme = "wss" if request.secure else "ws"
        return answer(
            {
                "data": {
                    **self._person(person),
                    "customer_id": self._directory.customer_id,
                    "sip_password": self._accounts.sip_password(person.id),
                    "sip_domain": self._directory.domain,
                    "sip_url": f"{scheme}://{request.host}/sip",
                    "dnd": self._phones.settings[person.id].dnd,
                    **({} if features is None else {"features": list(features)}),
                },
                "links": {},
            }
        )

    async def ping(self, request: web.Request) -> web.Response:
        """GET /ping: keeps the token alive."""
        self._user(request)
        return answer({"data": {"response": "Pong"}, "links": {}})

    # Calls

    async def make_call(self, request: web.Request) -> web.Response:
        """POST /calls: answers when the user's own phone is picked up.

        With ``consult`` the phone is off the hook: that call is held, and the answer comes at once.
        """
        person = self._user(request)
        body = await read_object(request)
        to, consult = text_field(body, "to"), text_field(body, "consult")
        if not to:
            raise FieldsError({"to": "The number to call is required."})
        if consult:
            call = self._exchange.consult(*self._call_of(person, consult), to)
            return answer({"data": self._call(call, call.anchor), "links": {}}, 201)
        call = self._exchange.originate(person.id, to)
        own = call.anchor
        await self._picked_up(own)
        if own.state is State.TERMINATED and own.answered is None and call.target is not None:
            raise ApiError(400, _NOT_PICKED_UP[own.event].format(code=own.code))
        return answer({"data": self._call(call, own), "links": {}}, 201)

    async def calls(self, request: web.Request) -> web.Response:
        """GET /calls."""
        person = self._user(request)
        found = ((call, call.leg_of(person.id)) for call in self._exchange.calls.values())
        mine = [self._call(call, leg) for call, leg in found if leg is not None]
        return answer({"data": mine, "total": len(mine)})

    async def call(self, request: web.Request) -> web.Response:
        """GET /calls/ID."""
        return answer({"data": self._call(*self._own_call(request)), "links": {}})

    async def change_call(self, request: web.Request) -> web.Response:
        """PATCH /calls/ID: what the user's phone does with this call.

        ``{"state": "CONNECTED"}`` answers or resumes, ``{"state": "ON_HOLD"}`` holds,
        ``{"dst": …}`` sends on what rings and transfers what is connected,
        ``{"transfer_to": ID}`` connects it to another call of the same phone.
        """
        call, leg = self._own_call(request)
        body = await read_object(request)
        given = {name: text_field(body, name) for name in ("state", "dst", "transfer_to")}
        state, dst, transfer_to = given.values()
        if sum(map(bool, given.values())) > 1:
            raise ApiError(400, "Send either state or dst or transfer_to.")
        exchange = self._exchange
        if dst:
            rings = leg in call.ringing and leg is not call.anchor
            (exchange.deflect if rings else exchange.transfer)(call, leg, dst)
        elif transfer_to:
            exchange.complete(call, leg, transfer_to)
        elif state == "ON_HOLD":
            exchange.hold(call, leg)
        elif state == "CONNECTED":
            self._connect(call, leg)
        elif not state and ("action_url" in body or "action_text" in body):
            pass  # a softphone would display a link here
        else:
            words = '{"state": "CONNECTED" or "ON_HOLD"}, {"dst": number} or {"transfer_to": id}'
            raise ApiError(400, f"Send {words}.")
        return answer({"data": self._call(call, leg), "links": {}})

    def _connect(self, call: Call, leg: Leg) -> None:
        if leg in call.ringing:
            self._exchange.answer(call, leg)
        elif leg.number in call.holders:
            self._exchange.resume(call, leg)
        else:
            raise ApiError(400, "The call neither rings nor is on hold from your side.")

    async def end_call(self, request: web.Request) -> web.Response:
        """DELETE /calls/ID: hangs up, or declines."""
        call, leg = self._own_call(request)
        self._exchange.hang_up(call, leg)
        return web.Response(status=204)

    # The directory

    async def users(self, request: web.Request) -> web.Response:
        """GET /users."""
        self._user(request)
        people = [
            {
                **self._person(person),
                "active": True,
                "dnd": self._phones.settings[person.id].dnd,
            }
            for person in self._directory.people
        ]
        return answer({"data": _page(request, people), "total": len(people)})

    async def contacts(self, request: web.Request) -> web.Response:
        """GET /contacts: the people outside."""
        self._user(request)
        people: list[dict[str, object]] = [
            {"id": str(number), "name": entry.name, "phone": entry.number}
            for number, entry in enumerate(self._directory.outside, 1)
            if entry.name
        ]
        return answer({"data": _page(request, people), "total": len(people)})

    async def queue(self, request: web.Request) -> web.Response:
        """GET /queues/ID."""
        self._user(request)
        service = self._directory.service(f"{Kind.QUEUE}:{request.match_info['id']}")
        if service is None:
            raise ApiError(404, "No such queue.")
        party = service.party
        members = list(service.members)
        data = {"id": party.id, "ext": party.number, "name": party.name, "members": members}
        return answer({"data": data, "links": {}})

    # Internals

    def _user(self, request: web.Request) -> Person:
        credential = request.headers.get("X-Auth-Token", "").strip()
        if not credential:
            raise ApiError(401, "The X-Auth-Token header is missing.")
        return self._accounts.user(credential)

    def _own_call(self, request: web.Request) -> tuple[Call, Leg]:
        return self._call_of(self._user(request), request.match_info["id"])

    def _call_of(self, person: Person, call_id: str) -> tuple[Call, Leg]:
        found = self._exchange.call_of(person.id, call_id)
        if found is None:
            raise ApiError(404, "No such call.")
        return found

    async def _picked_up(self, leg: Leg) -> None:
        done = asyncio.Event()

        def look(changed: Sequence[Leg]) -> None:
            if leg in changed and leg.state is not State.TRYING:
                done.set()

        stop = self._exchange.listen(look)
        try:
            if leg.state is State.TRYING:
                await done.wait()
        finally:
            stop()

    def _logged_in(self, login: LoggedIn) -> web.Response:
        return answer(
            {"message": "Logged in.", "user_token": login.token, "user_id": login.user_id}
        )

    def _person(self, person: Person) -> dict[str, object]:
        return {
            "id": person.id,
            "ext": person.ext,
            "email": person.email,
            "first_name": person.first_name,
            "last_name": person.last_name,
        }

    def _call(self, call: Call, leg: Leg) -> dict[str, object]:
        return {
            "id": leg.known_as,
            "state": call.state,
            "start_time": int(call.started),
            "connected_at": None if call.connected is None else int(call.connected),
            "src": call.source.number,
            "src_name": call.source.name,
            "dst": call.destination.number,
            "dst_name": call.destination.name,
            "context": call.context,
        }


def _page(request: web.Request, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    page, limit = (request.query.get(name) for name in ("page", "limit"))
    for name, value in (("page", page), ("limit", limit)):
        if value is not None and not re.fullmatch("[1-9][0-9]{0,5}", value, re.ASCII):
            raise FieldsError({name: f"{name} has to be a number from 1."})
    size = int(limit) if limit else 1000
    start = (int(page) - 1 if page else 0) * size
    return rows[start : start + size]
