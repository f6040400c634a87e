"""Every fault at every moment: the page's events, for each cell of `faults.TABLE`."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from pycti.errors import NetworkError
from pycti.events import CallEvent
from pycti.pbx.accounts import FEATURES

from .documents import dialog, document, incoming
from .faults import COMMANDS, FAULTS, MOMENTS, NOTHING, TABLE
from .test_network_property import Leg, Net, ServerCall, Subscription, check_truth
from .wire import answer_text, notify_text
from .world import DOWN, ME, FakeSocket, World

REST = ("POST /login", "GET /me", "GET /ping", "POST /calls")
ASKING = ("asking", "completing")
IN_A_CALL = ("ringing", "connected", "holding", "transferring", "hanging up", *ASKING)
CHANGES = {"ringing": "confirmed", "connected": "hold", "holding": "resume", "asking": "swap"}


class Site(Net):
    """`Net` with the faults of the table."""

    def __init__(self) -> None:
        super().__init__()
        self.api["GET /me"] = (200, {"data": {**ME, "features": list(FEATURES)}})
        self.mute = self.cut_next = False
        self.refusal = ""
        self.unanswered: list[tuple[FakeSocket, str]] = []
        self.held: asyncio.Future[tuple[int, object]] | None = None
        self.broken = False
        self.gone = False
        self.moment = ""

    def _serve(self) -> None:
        socket = self.platform.sockets[-1] if self.platform.sockets else None
        if self.cut_next and socket is not None and not socket.closed:
            self.cut_next, socket.closed = False, True
            socket.listener.closed("code 1006")
        super()._serve()

    def _answer(self, socket: FakeSocket, text: str) -> None:
        if self.mute:
            self.unanswered.append((socket, text))
        elif self.refusal:
            line, self.refusal = self.refusal, ""
            socket.listener.received(answer_text(text, line))
        else:
            super()._answer(socket, text)

    def _answered(self, text: str) -> None:
        assert text.split()[1] in ("200", "400", "481"), text

    def _document(self, to: Subscription, xml: list[str], full: bool) -> str:
        if not self.broken:
            return super()._document(to, xml, full)
        self.broken = False
        to.version += 1
        to.cseq += 1
        body = document(to.version, *xml, full=full)[:-5]
        return notify_text(to.asked, to.cseq, "active;expires=300", body)

    @property
    def the_call(self) -> ServerCall | None:
        return next(iter(self.calls.values()), None)

    def cell(self: World) -> str:
        """Return the events since `forget`, in the table's notation."""
        words = []
        for event in self.events:
            if isinstance(event, CallEvent):
                words.append(f"{event.name} again" if event.replay else event.name.value)
            else:
                words.append(f"{event.name} {event.code}".strip())
        return ", ".join(words) or NOTHING

    # Moments

    async def reach(self, moment: str) -> None:
        self.moment = moment
        self.mute = moment == "subscribing"
        if moment == "logging in":
            self.held = self.hold("POST /login")
        self.start(self.connector.login("anna@example.com", "pa55word"))
        await self.settle()
        if moment in IN_A_CALL:
            await self.reach_call(moment)
        self.all_events = list(self.events)
        self.forget()

    async def reach_call(self, moment: str) -> None:
        call = self.new_call("+442036427900", ["10002"], "recipient")
        states = {"ringing": 1, "holding": 3}.get(moment, 2)
        if moment in ASKING:
            await self.ask_somebody()
            states = 0
        for state in ("early", "confirmed", "hold")[:states]:
            self.move(state)
        await self.settle()
        if moment == "transferring":
            self.held = self.hold(f"PATCH /calls/{call.id}")
            self.start(self.connector.transfer(call.id, "103"))
        if moment == "hanging up":
            self.held = self.hold(f"DELETE /calls/{call.id}")
            self.start(self.connector.terminate(call.id))
        if moment == "completing":
            self.held = self.hold(f"PATCH /calls/{call.id}")
            asked = [one for one in self.calls if one != call.id]
            self.start(self.connector.complete_transfer(call.id, asked[0]))
        await self.settle()

    async def ask_somebody(self) -> None:
        """The call is put on hold, and somebody is asked who talks."""
        self.move("early")
        self.move("confirmed")
        await self.settle()
        call = self.the_call
        assert call is not None
        asked = str(int(call.id) + 1)
        self.api["POST /calls"] = (201, {"data": {"id": asked}})
        self.start(self.connector.consult(call.id, "103"))
        await self.settle()
        other = self.new_call("103", ["10002"], "initiator")
        assert other.id == asked
        other.legs[0].state, call.legs[0].hold = "confirmed", True
        self.changed([call.legs[0], other.legs[0]], full=False)
        await self.settle()

    @property
    def alive(self) -> list[Leg]:
        """The legs of all calls that have not ended."""
        return [leg for call in self.calls.values() for leg in call.alive]

    def move(self, state: str) -> None:
        """Move the call to the next state and notify its followers."""
        call = self.the_call
        assert call is not None
        leg = call.legs[0]
        changed = [leg]
        if state in ("hold", "resume"):
            leg.hold = state == "hold"
        elif state == "swap":
            changed = self.alive
            for each in changed:
                each.hold = not each.hold
        elif state == "end":
            changed = self.end(*self.alive)
        else:
            leg.state = state
            call.was_connected = call.was_connected or state == "confirmed"
        self.changed(changed, full=False)

    async def go_on(self) -> None:
        """Complete the actions that were in progress at the moment."""
        self.mute = False
        for socket, text in self.unanswered:
            if not socket.closed:
                self._answer(socket, text)
        self.unanswered.clear()
        if self.held is not None and not self.held.done():
            login = self.moment == "logging in"
            gone = self.gone and not login
            self.held.set_result(
                (404, {}) if gone else (200, {"user_token": "t0ken"} if login else {})
            )
            await self.settle()
            if not login and not gone and self.alive:
                self.move("end")
        self.held = None
        await self.settle()

    async def answer_all(self, answer: tuple[int, object] | NetworkError) -> None:
        """Answer every REST request with ``answer``."""
        for route in {*REST, *self.api}:
            self.api[route] = answer
        if self.held is not None and not self.held.done():
            if isinstance(answer, NetworkError):
                self.held.set_exception(NetworkError(answer.code, answer.message))
            else:
                self.held.set_result(answer)
        await self.settle()

    async def break_notify(self, way: str) -> None:
        """Damage the next NOTIFY; if a call runs, the one that reports a change."""
        self.broken = way == "malformed"
        self.fate = {"twice": "twice", "order": "late"}.get(way, "well")
        change = CHANGES.get(self.moment)
        if self.fate == "late" and self.moment in IN_A_CALL:
            self.changed((), full=True)
        if change:
            self.move(change)
        await self.go_on()
        if self.fate == "late" and self.moment not in IN_A_CALL:
            self.changed((), full=True)
        self.catch_up()
        self.fate = "well"

    async def suffer(self, fault: str) -> None:
        match fault:
            case "socket cut" | "server restart":
                if fault == "server restart":
                    self.restart()
                if self.moment == "logging in":
                    self.cut_next = True
                else:
                    await self.drop()
                await self.go_on()
            case "API says 500":
                await self.answer_all((500, {"message": "Internal error"}))
                await self.go_on()
            case "API is silent":
                await self.answer_all(NetworkError("TIMEOUT", "No answer within 20 s."))
                await self.go_on()
            case "token expired":
                await self.answer_all((401, {"message": "Unauthorized"}))
                await self.go_on()
            case "SIP says 503" | "SIP says 403":
                self.refusal = "503 Busy" if "503" in fault else "403 Forbidden"
                await self.go_on()
            case "NOTIFY malformed":
                await self.break_notify("malformed")
            case "NOTIFYs out of order":
                await self.break_notify("order")
            case "NOTIFY twice":
                await self.break_notify("twice")
            case "machine asleep":
                self.end(*self.alive)
                self.platform.time += 3600
                self.connector.wake()
                await self.go_on()
            case "caller gone" | "asked gone":
                calls = list(self.calls.values())[0 if "caller" in fault else 1 :][:1]
                self.changed(self.end(*(leg for call in calls for leg in call.alive)), full=False)
                self.gone = bool(calls)
                await self.settle()
                await self.go_on()
            case "offline, online":
                answers = dict(self.api)
                self.network = False
                await self.answer_all(DOWN)
                if self.platform.sockets:
                    await self.drop()
                self.unanswered.clear()
                await self.advance(60)
                self.api.update(answers)
                self.network = True
                self.connector.wake()
                await self.go_on()
        await self.advance(330)


async def live(moment: str, fault: str) -> str:
    site = Site()
    try:
        await site.reach(moment)
        await site.suffer(fault)
        cell = site.cell()
        await check_invariants(site)
        return cell
    finally:
        await site.connector.aclose()
        for task in site.tasks:
            task.cancel()
        await asyncio.gather(*site.tasks, return_exceptions=True)


async def check_invariants(site: Site) -> None:
    """Check that no event repeats, running calls are real, and every call ends once."""
    over = "LOGGED_OUT" in site.names
    if site.connector.is_connected():
        check_truth(site)
        if site.alive:
            site.move("end")
        await site.advance(700)
    events = [event for event in site.all_events + site.events if isinstance(event, CallEvent)]
    # A replay is marked and is not a terminal event.
    assert not any(event.replay and event.call.status.ended for event in events)
    told = [event.call for event in events if not event.replay]
    states = Counter((call.cid, call.status) for call in told)
    alternating = ("CONNECTED", "ON_HOLD")
    assert all(n == 1 or status in alternating for (_, status), n in states.items())
    ends = Counter(call.cid for call in told if call.status.ended)
    # After LOGGED_OUT no node is followed, so running calls get no terminal event.
    expected = {call.cid for call in told} if not over else set(ends)
    assert ends == dict.fromkeys(expected, 1)
    assert site.names.count("LOGGED_OUT") <= 1
    assert over or site.connector.calls == []


CELLS = [(fault, moment) for fault in FAULTS for moment in MOMENTS]


@pytest.mark.parametrize(("fault", "moment"), CELLS)
async def test_the_page_receives_the_events_of_the_cell(fault: str, moment: str):
    expected = TABLE[fault][list(MOMENTS).index(moment)]
    assert await live(moment, fault) == expected


def test_no_cell_is_empty():
    assert set(TABLE) == set(FAULTS)
    for row in TABLE.values():
        assert len(row) == len(MOMENTS)
        assert all(row)


BEN = "user:10003"


class Desk(World):
    """`World` whose server offers everything."""

    cell = Site.cell

    def __init__(self) -> None:
        super().__init__()
        self.api["GET /me"] = (200, {"data": {**ME, "features": list(FEATURES)}})


async def attempt(desk: Desk, command: str) -> None:
    """Do what `COMMANDS` names."""
    api, connector = desk.api, desk.connector
    held = incoming("143-1", "confirmed", hold=True)
    if command == "not offered":
        api["GET /me"] = (200, {"data": ME})
    await desk.log_in()
    await desk.dialogs(incoming("143-1", "confirmed"))
    desk.forget()
    match command:
        case "not offered":
            await connector.hold("143")
        case "wrong state":
            await connector.resume("143")
        case "call of others" | "picked up by another":
            await desk.follow(BEN)
            ringing = incoming("150-1", "early", local="10003")
            await desk.dialogs(ringing, of="10003")
            desk.forget()
            if command == "call of others":
                await connector.deflect("150", "104")
                return
            answer = desk.hold("POST /calls/150/pickup")
            task = desk.start(connector.pickup("150"))
            await desk.settle()
            taken = incoming("150-1", "terminated", event="cancelled", code="200", local="10003")
            await desk.dialogs(taken, of="10003")
            answer.set_result((400, {"message": "It does not ring at the phone of a colleague."}))
            await asyncio.gather(task, return_exceptions=True)
        case "already gone":
            api["PATCH /calls/143"] = (404, {})
            await connector.hold("143")
        case "consultation refused":
            api["POST /calls"] = (201, {"data": {"id": "144"}})
            await connector.consult("143", "104")
            await desk.dialogs(held, dialog("144-1", "proceeding", "104"))
            busy = dialog("144-1", "terminated", "104", event="rejected", code="486")
            await desk.dialogs(busy, incoming("143-1", "confirmed"))
        case "consultation not placed" | "slot empty":
            api["POST /calls"] = (400, {"message": "Every line of your phone is taken."})
            slot = command == "slot empty"
            work = connector.unpark("701") if slot else connector.consult("143", "104")
            await asyncio.gather(work, return_exceptions=True)
        case "consultation, answer lost" | "consultation, no answer":
            answer = desk.hold("POST /calls")
            task = desk.start(connector.consult("143", "104"))
            await desk.settle()
            if command == "consultation, answer lost":
                await desk.dialogs(held, dialog("144-1", "early", "104"))
            answer.set_exception(NetworkError("TIMEOUT", "No answer within 90 s."))
            await asyncio.gather(task, return_exceptions=True)
        case "parked without a slot":
            api["POST /calls/143/park"] = (200, {})
            await asyncio.gather(connector.park("143"), return_exceptions=True)


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_command_that_cannot_be_done(command: str):
    desk = Desk()
    try:
        await attempt(desk, command)
        assert desk.cell() == COMMANDS[command][1]
    finally:
        await desk.connector.aclose()
        for task in desk.tasks:
            task.cancel()
        await asyncio.gather(*desk.tasks, return_exceptions=True)
