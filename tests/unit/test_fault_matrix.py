"""Every fault at every moment: the page's events, for each cell of `faults.TABLE`."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from pycti.errors import NetworkError
from pycti.events import CallEvent

from .documents import document
from .faults import FAULTS, MOMENTS, NOTHING, TABLE
from .test_network_property import Net, ServerCall, Subscription, check_truth
from .wire import answer_text, notify_text
from .world import DOWN, FakeSocket

REST = ("POST /login", "GET /me", "GET /ping", "POST /calls")
IN_A_CALL = ("ringing", "connected", "holding", "transferring", "hanging up")
CHANGES = {"ringing": "confirmed", "connected": "hold", "holding": "resume"}


class Site(Net):
    """`Net` with the faults of the table."""

    def __init__(self) -> None:
        super().__init__()
        self.mute = self.cut_next = False
        self.refusal = ""
        self.unanswered: list[tuple[FakeSocket, str]] = []
        self.held: asyncio.Future[tuple[int, object]] | None = None
        self.broken = False
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

    def cell(self) -> str:
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
        for state in ("early", "confirmed", "hold")[:states]:
            self.move(state)
        await self.settle()
        if moment == "transferring":
            self.held = self.hold(f"PATCH /calls/{call.id}")
            self.start(self.connector.transfer(call.id, "103"))
        if moment == "hanging up":
            self.held = self.hold(f"DELETE /calls/{call.id}")
            self.start(self.connector.terminate(call.id))
        await self.settle()

    def move(self, state: str) -> None:
        """Move the call to the next state and notify its followers."""
        call = self.the_call
        assert call is not None
        leg = call.legs[0]
        if state in ("hold", "resume"):
            leg.hold = state == "hold"
        elif state == "end":
            self.end(leg)
        else:
            leg.state = state
            call.was_connected = call.was_connected or state == "confirmed"
        self.changed([leg], full=False)

    async def go_on(self) -> None:
        """Complete the actions that were in progress at the moment."""
        self.mute = False
        for socket, text in self.unanswered:
            if not socket.closed:
                self._answer(socket, text)
        self.unanswered.clear()
        if self.held is not None and not self.held.done():
            login = self.moment == "logging in"
            self.held.set_result((200, {"user_token": "t0ken"} if login else {}))
            if not login and self.the_call and self.the_call.alive:
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
                if self.the_call:
                    self.end(*self.the_call.alive)
                self.platform.time += 3600
                self.connector.wake()
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
        if site.the_call and site.the_call.alive:
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
