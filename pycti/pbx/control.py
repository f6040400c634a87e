"""The control API: simulates the actions of people at phones. Only for demos and tests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields

from aiohttp import web

from pycti.errors import ApiError
from pycti.pbx.accounts import FEATURES
from pycti.pbx.answers import answer, read_object, text_field
from pycti.pbx.control_input import fault, flag, phone_setting
from pycti.pbx.directory import Kind, Party, PhoneSettings
from pycti.pbx.faults import Fault
from pycti.pbx.flood import flood
from pycti.pbx.legs import Call, Leg
from pycti.pbx.parts import Parts
from pycti.pbx.report import state_report
from pycti.pbx.sip_socket import Socket

BASE = "/_pbx"
_LONGEST_POLL = 25.0
_MOST_NOTIFIES = 100_000
_LONGEST_NAME = 200


class Control:
    """The handlers below ``/_pbx/``."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get(f"{BASE}/state", self.state),
            web.post(f"{BASE}/incoming", self.incoming),
            web.post(f"{BASE}/calls/{{id}}/{{verb}}", self.steer),
            web.post(f"{BASE}/phones/{{user}}", self.phone),
            web.post(f"{BASE}/drop", self.drop),
            web.post(f"{BASE}/sip", self.sip),
            web.post(f"{BASE}/expire-tokens", self.expire_tokens),
            web.post(f"{BASE}/flood", self.flood),
            web.post(f"{BASE}/faults", self.faults),
            web.post(f"{BASE}/features", self.features),
            web.post(f"{BASE}/reset", self.reset),
        ]

    async def state(self, request: web.Request) -> web.Response:
        """GET /state; with ``?since=N`` it waits until the version is no longer N."""
        parts = self._parts
        since = request.query.get("since")
        if since is not None:
            if not re.fullmatch("[0-9]{1,12}", since, re.ASCII):
                raise ApiError(400, "since has to be the version of an earlier answer.")
            await parts.feed.wait(int(since), _LONGEST_POLL)
        return answer(state_report(parts))

    async def incoming(self, request: web.Request) -> web.Response:
        """POST /incoming ``{"to", "from", "name"?}``: a call from outside."""
        body = await self._body(request, {"to", "from", "name"})
        to = text_field(body, "to")
        if not to:
            raise ApiError(400, 'to is missing, such as "10002", "1002" or "queue:77".')
        caller = self._caller(text_field(body, "from"), text_field(body, "name"))
        call = self._parts.exchange.incoming(caller, self._party(to))
        return answer({"id": call.id})

    async def steer(self, request: web.Request) -> web.Response:
        """POST /calls/ID/VERB: simulates an action of a party of this call."""
        body = await self._body(request, {"side", "user"})
        call = self._parts.exchange.call(request.match_info["id"])
        if call is None:
            raise ApiError(404, "No such call.")
        exchange, verb = self._parts.exchange, request.match_info["verb"]
        if verb == "answer":
            exchange.answer(call, self._ringing(call, body))
        elif verb == "reject":
            exchange.reject(call, self._ringing(call, body))
        elif verb == "hangup":
            exchange.hang_up(call, self._side(call, body, "remote"))
        elif verb == "hold":
            exchange.hold(call, self._side(call, body, "local"))
        elif verb == "resume":
            exchange.resume(call, self._holder(call, body))
        else:
            raise ApiError(404, "The verbs are answer, hangup, hold, resume and reject.")
        return answer({"id": call.id})

    async def phone(self, request: web.Request) -> web.Response:
        """POST /phones/USER: changes how a phone behaves."""
        user = request.match_info["user"]
        if user not in self._parts.phones.settings:
            raise ApiError(404, "No such user.")
        names = {one.name for one in fields(PhoneSettings)}
        body = await self._body(request, names)
        changes = {name: phone_setting(name, value) for name, value in body.items()}
        settings = self._parts.phones.configure(user, **changes)
        self._parts.feed.changed()
        return answer({name: getattr(settings, name) for name in sorted(names)})

    async def drop(self, request: web.Request) -> web.Response:
        """POST /drop ``{"forget"?}``: cuts all WebSockets; ``forget`` deletes subscriptions."""
        body = await self._body(request, {"forget"})
        if flag(body, "forget"):
            self._parts.notifier.forget_all()
        return answer({"dropped": self._parts.sockets.drop()})

    async def sip(self, request: web.Request) -> web.Response:
        """POST /sip ``{"refuse"}``: refuses or accepts new WebSockets."""
        body = await self._body(request, {"refuse"})
        self._parts.sockets.refuse = flag(body, "refuse")
        self._parts.feed.changed()
        return answer({"refuse": self._parts.sockets.refuse})

    async def expire_tokens(self, request: web.Request) -> web.Response:
        """POST /expire-tokens: ends all sessions."""
        await self._body(request, set())
        return answer({"expired": self._parts.accounts.expire()})

    async def flood(self, request: web.Request) -> web.Response:
        """POST /flood ``{"to", "count"}``: many NOTIFYs on the newest subscription."""
        body = await self._body(request, {"to", "count"})
        count = body.get("count")
        if not isinstance(count, int) or isinstance(count, bool) or not 0 < count <= _MOST_NOTIFIES:
            raise ApiError(400, f"count has to be a number from 1 to {_MOST_NOTIFIES}.")
        party = self._party(text_field(body, "to"))
        mine = [
            one
            for one in self._parts.notifier.subscriptions
            if one.party == party and one.connection.open
        ]
        if not mine or not isinstance(mine[-1].connection, Socket):
            raise ApiError(404, f"Nobody has subscribed to {party.node or party.number}.")
        result = await flood(
            self._parts.notifier, mine[-1], count, self._parts.timers.now(),
            mine[-1].connection.flushed,
        )  # fmt: skip
        return answer({"count": result.count, "acked": result.acked, "seconds": result.seconds})

    async def faults(self, request: web.Request) -> web.Response:
        """POST /faults: adds a fault; an empty object removes all faults."""
        names = {one.name for one in fields(Fault)}
        body = await self._body(request, names)
        if body:
            self._parts.faults.add(fault(body))
        else:
            self._parts.faults.clear()
        self._parts.feed.changed()
        return answer({"faults": self._parts.faults.listed()})

    async def features(self, request: web.Request) -> web.Response:
        """POST /features ``{"features"}``: what ``GET /me`` offers; ``null`` leaves it out."""
        features = (await self._body(request, {"features"})).get("features")
        if features is not None and (
            not isinstance(features, list) or any(one not in FEATURES for one in features)
        ):
            raise ApiError(400, f"features has to be null, or a list of {', '.join(FEATURES)}.")
        self._parts.accounts.features = None if features is None else tuple(features)
        return answer({"features": features})

    async def reset(self, request: web.Request) -> web.Response:
        """POST /reset: removes calls, faults and tokens, and resets the phones."""
        await self._body(request, set())
        parts = self._parts
        parts.exchange.clear()
        parts.phones.reset()
        parts.faults.clear()
        parts.accounts.expire()
        parts.accounts.features = FEATURES
        parts.cdrs.clear()
        parts.sockets.refuse = False
        parts.feed.changed()
        return answer({"message": "The PBX is as at its start."})

    # Internals

    async def _body(self, request: web.Request, known: set[str]) -> dict[str, object]:
        body = await read_object(request)
        unknown = sorted(set(body) - known)
        if unknown:
            names = ", ".join(sorted(known)) or "none"
            raise ApiError(400, f"Unknown field {unknown[0][:40]!r}. Known here: {names}.")
        return body

    def _party(self, address: str) -> Party:
        party = self._parts.directory.node(address)
        if party is not None:
            return party
        try:
            party = self._parts.directory.dial(address)
        except ApiError as error:
            raise ApiError(404, f"{address[:40]!r} is not in the directory.") from error
        if party.kind is Kind.OUTSIDE:
            raise ApiError(404, f"{address[:40]!r} is not in the directory.")
        return party

    def _caller(self, number: str, name: str) -> Party:
        if len(name) > _LONGEST_NAME:
            raise ApiError(400, f"name has more than {_LONGEST_NAME} characters.")
        number = number or "anonymous"
        if number == "anonymous":
            return Party(Kind.OUTSIDE, number, number, name)
        if not re.fullmatch(r"\+?[1-9][0-9]{5,14}", number, re.ASCII):
            raise ApiError(400, 'from has to be a number such as "+442036427900", or "anonymous".')
        number = f"+{number.removeprefix('+')}"
        known = self._parts.directory.outside_number(number, name)
        return Party(Kind.OUTSIDE, number, number, name or known.name)

    def _ringing(self, call: Call, body: Mapping[str, object]) -> Leg:
        user = text_field(body, "user")
        ringing = [leg for leg in call.ringing if not user or leg.party.id == user]
        if not ringing:
            raise ApiError(400, "No phone rings in this call.")
        return ringing[0]

    def _side(self, call: Call, body: Mapping[str, object], default: str) -> Leg:
        side = text_field(body, "side") or default
        if side not in ("local", "remote"):
            raise ApiError(400, 'side has to be "local" or "remote".')
        local, remote = call.sides()
        leg = local if side == "local" else remote
        if leg is None:
            raise ApiError(400, "There is nobody on that side yet.")
        return leg

    def _holder(self, call: Call, body: Mapping[str, object]) -> Leg:
        if "side" in body:
            return self._side(call, body, "local")
        for leg in call.legs:
            if leg.number in call.holders:
                return leg
        raise ApiError(400, "The call is not on hold.")
