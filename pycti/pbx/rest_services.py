"""The REST API of call control: tones, pickup, parking, do not disturb, and call records."""

from __future__ import annotations

import re

from aiohttp import web

from pycti.pbx.accounts import Accounts
from pycti.pbx.answers import FieldsError, answer, read_object, text_field
from pycti.pbx.cdrs import Cdrs
from pycti.pbx.directory import Directory
from pycti.pbx.phones import Phones
from pycti.pbx.rest import BASE, Rest
from pycti.pbx.services import Switch

_DIGITS = re.compile("[0-9*#A-D,]{1,64}", re.ASCII)
_DEFAULT_LIMIT = 100
_MOST = 1_000


class ServicesRest(Rest):
    """The complete API: that of `Rest`, and call control."""

    def __init__(
        self,
        directory: Directory,
        accounts: Accounts,
        exchange: Switch,
        phones: Phones,
        cdrs: Cdrs,
    ) -> None:
        super().__init__(directory, accounts, exchange, phones)
        self._cdrs = cdrs

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            *super().routes(),
            web.post(f"{BASE}/calls/{{id}}/digits", self.digits),
            web.post(f"{BASE}/calls/{{id}}/pickup", self.pickup),
            web.post(f"{BASE}/calls/{{id}}/park", self.park),
            web.patch(f"{BASE}/users/me", self.change_me),
            web.get(f"{BASE}/cdrs", self.cdrs),
        ]

    async def digits(self, request: web.Request) -> web.Response:
        """POST /calls/ID/digits: keypad tones."""
        call, leg = self._own_call(request)
        digits = text_field(await read_object(request), "digits")
        if not _DIGITS.fullmatch(digits):
            raise FieldsError({"digits": "digits has to be 1 to 64 of 0-9 * # A-D and the pause ,"})
        self._exchange.send_digits(call, leg, digits)
        return web.Response(status=204)

    async def pickup(self, request: web.Request) -> web.Response:
        """POST /calls/ID/pickup: takes a call that rings at a colleague's phone."""
        person = self._user(request)
        leg = self._exchange.pick_up(person.id, request.match_info["id"])
        call = self._exchange.calls[leg.call_id]
        return answer({"data": self._call(call, leg), "links": {}})

    async def park(self, request: web.Request) -> web.Response:
        """POST /calls/ID/park: leaves the other side in a parking slot."""
        return answer({"slot": self._exchange.park(*self._own_call(request))})

    async def change_me(self, request: web.Request) -> web.Response:
        """PATCH /users/me ``{"dnd"}``: whether calls disturb the user."""
        person = self._user(request)
        dnd = (await read_object(request)).get("dnd")
        if not isinstance(dnd, bool):
            raise FieldsError({"dnd": "dnd has to be true or false."})
        self._phones.configure(person.id, dnd=dnd)
        return answer({"data": {**self._person(person), "dnd": dnd}, "links": {}})

    async def cdrs(self, request: web.Request) -> web.Response:
        """GET /cdrs: the user's calls that have ended since then, the newest first."""
        person = self._user(request)
        since = _number(request, "since", 0)
        limit = _number(request, "limit", _DEFAULT_LIMIT)
        if not 0 < limit <= _MOST:
            raise FieldsError({"limit": f"limit has to be a number from 1 to {_MOST}."})
        records = self._cdrs.of(person.id, since)
        rows = [record.to_json() for record in records[:limit]]
        return answer({"data": rows, "total": len(records)})


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    if not re.fullmatch("[0-9]{1,12}", text, re.ASCII):
        raise FieldsError({name: f"{name} has to be a whole number."})
    return int(text)
