"""The commands of call control, named after services of CSTA (ECMA-269).

`pycti.commands.rules.RULES` has the rule of each command.
"""

from __future__ import annotations

import math
import re

from pycti import numbers
from pycti.calls.nodes import parse_node
from pycti.commands.arguments import as_id, as_text
from pycti.commands.dialing import Dialling
from pycti.commands.rules import TALKING, Outcome, Records, Refused
from pycti.commands.table import Commands
from pycti.contacts.call_log import CallLog
from pycti.contacts.history import MOST, merge
from pycti.errors import InputError
from pycti.events import Call, CallStatus
from pycti.rest import api, services
from pycti.session.pump import Pump

_DIGITS = re.compile("[0-9*#A-D,]{1,64}", re.ASCII)
_SLOT = re.compile("[0-9]{2,5}", re.ASCII)
_RECORDS = 100
"""The default number of records."""


class CallControl(Commands):
    """All commands: those of `Commands`, and call control."""

    def __init__(self, pump: Pump, log: CallLog, dialling: Dialling) -> None:
        super().__init__(pump, log, dialling)
        self._known |= {
            "hold": (1, 1, self.hold),
            "resume": (1, 1, self.resume),
            "alternate": (1, 1, self.alternate),
            "sendDigits": (2, 2, self.send_digits),
            "consult": (2, 2, self.consult),
            "completeTransfer": (2, 2, self.complete_transfer),
            "deflect": (2, 2, self.deflect),
            "pickup": (1, 1, self.pickup),
            "park": (1, 1, self.park),
            "unpark": (1, 1, self.unpark),
            "setDoNotDisturb": (1, 1, self.set_do_not_disturb),
            "presence": (1, 1, self.presence),
            "history": (0, 1, self.history),
        }

    async def hold(self, call_id: object) -> Outcome:
        """Hold Call: the other side hears nothing."""
        call = await self._call("hold", call_id)
        return await self._steer(call, services.hold(call.server_id), (CallStatus.ON_HOLD,))

    async def resume(self, call_id: object) -> Outcome:
        """Retrieve Call: take it off hold."""
        call = await self._call("resume", call_id)
        return await self._steer(call, services.resume(call.server_id), (CallStatus.CONNECTED,))

    async def alternate(self, call_id: object) -> Outcome:
        """Alternate Call: hold the connected call, and take this one off hold.

        This is one request: a phone has one active call, and with two requests a failure between
        them would leave both calls on hold.
        """
        call = await self._call("alternate", call_id)
        others = (other for other in self._own_calls() if other.cid != call.cid)
        if not any(other.status is CallStatus.CONNECTED for other in others):
            raise Refused("No other call is connected: resume this one.")
        return await self._steer(call, services.resume(call.server_id), (CallStatus.CONNECTED,))

    async def send_digits(self, call_id: object, digits: object) -> Outcome:
        """Generate Digits: play keypad tones to the other side."""
        text = as_text(digits, "digits").strip().upper()
        if not _DIGITS.fullmatch(text):
            raise InputError("BAD_DIGITS", "The digits are not those of a keypad.")
        call = await self._call("sendDigits", call_id)
        await self._request(services.send_digits(call.server_id, text), api.parse)
        return None

    async def consult(self, call_id: object, destination: object, *, dialling: Dialling) -> Outcome:
        """Consultation Call: hold the call, and ring ``destination`` from the same phone."""
        call_id = as_id(call_id, "call id")
        number = await dialling.number(as_text(destination, "destination"))
        account = await self._account("consult")
        self._refuse_self(number, account)
        call = await self._call("consult", call_id)
        request = services.consult(call.server_id, numbers.to_wire(number))
        return await self._place(number, account, request)

    async def complete_transfer(self, call_id: object, consulted_id: object) -> Outcome:
        """Transfer Call: connect the other sides of two calls, and leave both."""
        consulted_id = as_id(consulted_id, "consulted call's id")
        call = await self._call("completeTransfer", call_id)
        consulted = await self._call("completeTransfer", consulted_id)
        if consulted.cid == call.cid:
            raise Refused("A call cannot be transferred to itself.")
        confirmations = self._pump.confirmations
        left = confirmations.expect(consulted, ())
        try:
            request = services.complete_transfer(call.server_id, consulted.server_id)
            event = await self._steer(call, request, ())
            await confirmations.confirm(left)
            return event
        finally:
            left.cancel()

    async def deflect(self, call_id: object, destination: object, *, dialling: Dialling) -> Outcome:
        """Deflect Call: send a ringing call on, without answering it."""
        call_id = as_id(call_id, "call id")
        text = as_text(destination, "destination")
        number = await dialling.number(text, extension_only=True)
        account = await self._account("deflect")
        self._refuse_self(number, account)
        call = await self._call("deflect", call_id)
        return await self._steer(call, api.transfer(call.server_id, numbers.to_wire(number)), ())

    async def pickup(self, call_id: object) -> Outcome:
        """Directed Pickup Call: take a call that rings at a colleague's phone to one's own."""
        call_id = as_id(call_id, "call id").strip()
        await self._account("pickup")
        pump = self._pump
        call = pump.calls.find_elsewhere(call_id) or self._find(call_id)
        self._check("pickup", call)
        if call.node == pump.calls.own:
            raise Refused("It rings at your own phone: answer it.")
        before = {own.cid for own in self._own_calls(ended=True)}
        ids = {call.server_id}

        def mine(one: Call) -> bool:
            own = one.node == pump.calls.own and one.cid not in before
            return own and one.server_id in ids

        # Expect the event before the request: SIP is often faster than the response.
        future = pump.confirmations.expect_one(mine, TALKING)
        try:
            request = services.pick_up(call.server_id)
            ids.add(await self._request(request, services.parse_call_id))
            found = next((own for own in self._own_calls(ended=True) if mine(own)), None)
            if found is not None and found.status is not CallStatus.RINGING:
                return pump.calls.latest(found.id)
            return await pump.confirmations.confirm(future)
        finally:
            future.cancel()

    async def park(self, call_id: object) -> Outcome:
        """Park Call: leave the other side in a slot. Returns the slot; the call's HANGUP follows.

        It returns as soon as the server names the slot: without it nobody can fetch the call.
        """
        call = await self._call("park", call_id)
        return await self._request(services.park(call.server_id), services.parse_slot)

    async def unpark(self, slot: object) -> Outcome:
        """Pick from park: ring the user's own phone, then connect it to the call in ``slot``."""
        number = as_text(slot, "slot").strip()
        if not _SLOT.fullmatch(number):
            raise InputError("BAD_EXTENSION", "A parking slot is an extension.")
        account = await self._account("unpark")
        return await self._place(number, account, api.create_call(number))

    async def set_do_not_disturb(self, on: object) -> Outcome:
        """Set Do Not Disturb: whether callers find the user's phone busy."""
        if not isinstance(on, bool):
            raise InputError("BAD_ARGUMENT", "Do not disturb is either true or false.")
        await self._account("setDoNotDisturb")
        await self._request(services.set_do_not_disturb(on), api.parse)
        return on

    async def presence(self, node: object) -> Outcome:
        """Snapshot Device: the presence of a node, `Presence.UNKNOWN` if it is not followed."""
        return self._pump.presences.of(parse_node(as_text(node, "node"))).value

    async def history(self, options: object = None) -> Outcome:
        """Return the ended calls: the server's records, merged with the call log."""
        since, limit = _read_history(options)
        await self._account("history")
        request = services.list_cdrs(since // 1000, limit)
        rows = await self._request(request, services.parse_cdrs)
        return Records(merge(rows, self._log.recent, self._log.node, self._log.user, since, limit))

    # Inside

    async def _call(self, name: str, call_id: object) -> Call:
        """Return the call with that id if the command ``name`` is allowed for it now."""
        call_id = as_id(call_id, "call id")
        await self._account(name)
        call = self._find(call_id)
        self._check(name, call)
        return call

    def _own_calls(self, *, ended: bool = False) -> list[Call]:
        return self._pump.calls.own_calls(ended=ended)


def _read_history(options: object) -> tuple[int, int]:
    """Return ``since`` in epoch milliseconds, and ``limit``."""
    options = {} if options is None else options
    if not isinstance(options, dict) or not options.keys() <= {"since", "limit"}:
        raise InputError("BAD_ARGUMENT", "The options are an object with since and limit.")
    since, limit = options.get("since"), options.get("limit")
    since, limit = (0 if since is None else since), (_RECORDS if limit is None else limit)
    if not (_is_number(since) and 0 <= since < 10**14):
        raise InputError("BAD_ARGUMENT", "since is not a time in epoch milliseconds.")
    if not (_is_number(limit) and 1 <= limit <= MOST and limit == int(limit)):
        raise InputError("BAD_ARGUMENT", f"limit is not a whole number from 1 to {MOST}.")
    return int(since), int(limit)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
