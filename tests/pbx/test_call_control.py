"""Call control from CPython against the PBX over real sockets, also while things go wrong.

Whatever happens in the middle of a consultation: each call has exactly one end, and a call that
waits on hold is one that the connector says is on hold.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from pycti import CallEvent, Connector, CtiError, EventName
from pycti.calls.table import CallTable
from pycti.errors import NetworkError
from pycti.events import Call, Event, Presence
from pycti.pbx import Pbx
from pycti.pbx.legs import Leg, State

from .served import API, Client, until

CAROL = "1005"
"""Answers by herself."""
EMIL = "1006"
"""Is busy."""
GUS = "1008"
"""Lets it ring."""


@pytest.fixture
async def pbx() -> AsyncIterator[Pbx]:
    """On the real clock, as the connector is; its phones are fast."""
    pbx = Pbx(control=True, pace=0.02)
    await pbx.start()
    yield pbx
    await pbx.stop()


class Desk:
    """A connector, what it has told, and the hands of everybody else."""

    def __init__(self, pbx: Pbx, client: Client) -> None:
        self.pbx = pbx
        self.client = client
        self.events: list[Event] = []
        self.presences: list[str] = []
        self.connector = Connector(
            self.events.append,
            api_endpoint=pbx.url + API,
            on_presence=lambda node, presence: self.presences.append(f"{node} {presence}"),
        )

    @property
    def calls(self) -> list[CallEvent]:
        return [event for event in self.events if isinstance(event, CallEvent)]

    def names(self, call: Call) -> list[str]:
        """The events of a call, without what was told again."""
        told = [event for event in self.calls if event.call.cid == call.cid and not event.replay]
        return [event.name.value for event in told]

    async def status(self, call: Call, *wanted: str) -> None:
        """Wait until the call's latest event is one of these."""
        await until(lambda: (self.names(call) or [""])[-1] in wanted, 20)

    def now(self, call: Call) -> Call:
        """The call as it was told last."""
        return next(event.call for event in reversed(self.calls) if event.call.cid == call.cid)

    async def connected(self) -> Call:
        """Somebody has called, and talks."""
        call_id = await self.client.incoming()
        await until(lambda: any(event.call.id == call_id for event in self.calls))
        event = await self.connector.answer(call_id)
        assert isinstance(event, CallEvent)
        return event.call

    async def consulted(self, whom: str = CAROL, state: str = "CONNECTED") -> tuple[Call, Call]:
        call = await self.connected()
        event = await self.connector.consult(call.id, whom)
        assert isinstance(event, CallEvent)
        await self.status(event.call, state)
        return call, event.call

    def legs(self, user_id: str = "10002") -> list[Leg]:
        """The live legs of a user, as the PBX has them."""
        legs = (call.leg_of(user_id) for call in self.pbx.exchange.calls.values())
        return [leg for leg in legs if leg is not None]

    async def leave(self, call: Call, side: str = "remote") -> None:
        """Whoever is at the other end of a call hangs up."""
        server_id = self.now(call).server_id
        await self.client.control(f"calls/{server_id}/hangup", {"side": side})

    async def settled(self) -> None:
        """Wait until the connector says of each call what the PBX says, and of no other."""

        def agrees() -> bool:
            said = {call.server_id: str(call.status) for call in self.connector.calls}
            held = {State.HELD: "ON_HOLD", State.CONFIRMED: "CONNECTED"}
            true = {leg.known_as: held.get(leg.state, "RINGING") for leg in self.legs()}
            return self.connector.is_connected() and said == true

        await until(agrees, 40)

    async def finished(self) -> None:
        """Hang up what is left, and see that each call has had exactly one end."""
        await self.settled()
        for call in self.connector.calls:
            await self.connector.terminate(call.id)
        await self.settled()
        ends = Counter(event.call.cid for event in self.calls if event.call.status.ended)
        assert ends == dict.fromkeys({event.call.cid for event in self.calls}, 1)


@pytest.fixture
async def desk(pbx: Pbx) -> AsyncIterator[Desk]:
    async with Client(pbx) as client:
        await client.login("ben")
        desk = Desk(pbx, client)
        async with desk.connector:
            await desk.connector.login("demo-key-10002")
            yield desk


class TestMethods:
    async def test_hold_and_resume(self, desk: Desk) -> None:
        call = await desk.connected()
        assert (await desk.connector.hold(call.id)).name == "ON_HOLD"
        assert (await desk.connector.resume(call.id)).name == "CONNECTED"
        await desk.finished()

    async def test_tones(self, desk: Desk) -> None:
        call = await desk.connected()
        assert await desk.connector.send_digits(call.id, "12#,a") is None
        assert [leg.digits for leg in desk.pbx.exchange.calls[call.id].live] == ["12#,A", ""]

    async def test_asking_first_and_connecting_the_two(self, desk: Desk) -> None:
        call, asked = await desk.consulted()
        event = await desk.connector.complete_transfer(call.id, asked.id)
        assert isinstance(event, CallEvent)
        assert [desk.now(one).cause for one in (call, asked)] == ["transferred"] * 2
        assert desk.legs("10005")[0].remote.number == "+442036427900"
        await desk.finished()

    async def test_alternating(self, desk: Desk) -> None:
        call, asked = await desk.consulted()
        assert (await desk.connector.alternate(call.id)).name == "CONNECTED"
        await desk.status(asked, "ON_HOLD")
        assert (await desk.connector.alternate(asked.id)).name == "CONNECTED"
        await desk.status(call, "ON_HOLD")
        await desk.finished()

    async def test_a_refused_consultation_gives_the_first_call_back(self, desk: Desk) -> None:
        call, asked = await desk.consulted(EMIL, "CANCEL")
        await desk.status(call, "CONNECTED")
        assert desk.names(call)[-2:] == ["ON_HOLD", "CONNECTED"]
        assert desk.now(asked).cause == "busy"
        await desk.finished()

    async def test_sending_on(self, desk: Desk) -> None:
        call_id = await desk.client.incoming()
        await until(lambda: desk.calls)
        event = await desk.connector.deflect(call_id, GUS)
        assert isinstance(event, CallEvent)
        assert event.call.cause == "transferred"
        assert len(desk.legs("10008")) == 1
        await desk.finished()

    async def test_picking_up(self, desk: Desk) -> None:
        await desk.connector.subscribe("user:10003")
        call_id = await desk.client.incoming("10003")
        await until(lambda: desk.calls)
        event = await desk.connector.pickup(call_id)
        assert isinstance(event, CallEvent)
        assert (event.name, event.call.node) == ("CONNECTED", "user:10002")
        await desk.finished()

    async def test_parking_and_fetching(self, desk: Desk) -> None:
        call = await desk.connected()
        slot = await desk.connector.park(call.id)
        assert slot == "701"
        await desk.status(call, "HANGUP")
        event = await desk.connector.unpark(slot)
        assert isinstance(event, CallEvent)
        await desk.status(event.call, "CONNECTED")
        assert desk.now(event.call).destination == "+442036427900"
        await desk.finished()

    async def test_an_empty_slot(self, desk: Desk) -> None:
        with pytest.raises(CtiError, match="No call is parked at 701"):
            await desk.connector.unpark("701")
        await desk.finished()

    async def test_not_to_be_disturbed(self, desk: Desk) -> None:
        assert await desk.connector.set_do_not_disturb(True) is True
        await until(lambda: desk.presences[-1:] == ["user:10002 do-not-disturb"])
        assert await desk.connector.presence("user:10002") is Presence.DO_NOT_DISTURB
        status, _ = await desk.client.api("POST", "/calls", {"to": "1002"})
        assert status == 201
        await until(lambda: not desk.pbx.exchange.calls)
        assert desk.calls == []
        (record,) = await desk.connector.history()
        assert (record.outcome, record.call.source) == ("missed", "1003")

    async def test_history(self, desk: Desk) -> None:
        call, asked = await desk.consulted()
        await desk.connector.note(call.id, "Asked Carla.")
        await desk.connector.complete_transfer(call.id, asked.id)
        records = await desk.connector.history()
        assert isinstance(records, list)
        assert {(one.call.id, one.notes) for one in records} == {
            (call.id, "Asked Carla."),
            (asked.id, ""),
        }


STEPS = ("it rings", "it is connected", "it is completed")
WHO = ("the caller", "the one who is asked", "both")


class TestFaults:
    async def at(self, desk: Desk, step: str) -> tuple[Call, Call]:
        if step == "it rings":
            return await desk.consulted(GUS, "RINGING")
        return await desk.consulted()

    def complete(self, desk: Desk, call: Call, asked: Call, step: str) -> asyncio.Task[object]:
        """Ask for the transfer, where that is the step."""

        async def work() -> object:
            if step != "it is completed":
                return None
            try:
                return await desk.connector.complete_transfer(call.id, asked.id)
            except CtiError as error:
                return error

        return asyncio.create_task(work())

    @pytest.mark.parametrize("who", WHO)
    @pytest.mark.parametrize("step", STEPS)
    async def test_somebody_hangs_up(self, desk: Desk, step: str, who: str) -> None:
        call, asked = await self.at(desk, step)
        task = self.complete(desk, call, asked, step)
        if who != "the one who is asked":
            await desk.leave(call)
        if who != "the caller":
            await desk.leave(asked)
        await task
        await desk.finished()

    @pytest.mark.parametrize("who", ["nobody", *WHO])
    @pytest.mark.parametrize("step", STEPS)
    async def test_the_sockets_are_cut(self, desk: Desk, step: str, who: str) -> None:
        call, asked = await self.at(desk, step)
        task = self.complete(desk, call, asked, step)
        await desk.client.control("drop")
        if who in ("the caller", "both"):
            await desk.leave(call)
        if who in ("the one who is asked", "both"):
            await desk.leave(asked)
        await task
        await desk.finished()

    @pytest.mark.parametrize("route", ["POST /calls", "PATCH /calls/*"])
    @pytest.mark.parametrize("fault", ["status", "drop"])
    async def test_the_api_fails(self, desk: Desk, route: str, fault: str) -> None:
        method, path = route.split()
        more = {"status": 503} if fault == "status" else {"drop": True}
        call = await desk.connected()
        rule = {"path": path, "method": method, "times": 1, **more}
        if method == "POST":
            await desk.client.control("faults", rule)
            with pytest.raises(CtiError):
                await desk.connector.consult(call.id, CAROL)
            assert desk.now(call).status == "CONNECTED"
        else:
            event = await desk.connector.consult(call.id, CAROL)
            assert isinstance(event, CallEvent)
            await desk.status(event.call, "CONNECTED")
            await desk.client.control("faults", rule)
            with pytest.raises(CtiError):
                await desk.connector.complete_transfer(call.id, event.call.id)
            assert desk.now(call).status == "ON_HOLD"
            again = await desk.connector.complete_transfer(call.id, event.call.id)
            assert again.name is EventName.HANGUP
        await desk.finished()

    async def test_the_answer_to_a_consultation_is_lost(self, desk: Desk) -> None:
        """The server has held the call and rung the other: both are known by their dialogs."""
        call = await desk.connected()
        rest = desk.connector._pump.rest
        send = rest.send

        async def lose(request, token):
            response = await send(request, token)
            if request.path == "/calls":
                await until(lambda: len(table(desk).running()) == 2)
                await until(lambda: any(desk.legs("10008")))
                raise NetworkError("TIMEOUT", "No answer within 20 s.")
            return response

        rest.send = lose
        outcome = await asyncio.gather(desk.connector.consult(call.id, GUS), return_exceptions=True)
        rest.send = send
        await desk.settled()
        running = {one.server_id: one.status for one in desk.connector.calls}
        assert running[call.id] == "ON_HOLD"
        assert len(running) == 2, outcome
        await desk.finished()


def table(desk: Desk) -> CallTable:
    return desk.connector._pump.calls
