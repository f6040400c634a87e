"""hold, consult, completeTransfer and the like: what each sends, allows, and leads to."""

from __future__ import annotations

import asyncio

import pytest

from pycti.calls.table import CallTable
from pycti.commands.rules import RULES
from pycti.errors import CtiError
from pycti.events import CallEvent, Event
from pycti.pbx.accounts import FEATURES
from pycti.sip.dialog_info import DialogView, parse_dialog_info

from .documents import dialog, document, incoming
from .test_login import code_of
from .world import DOWN, ME, World

BEN = "user:10003"


@pytest.fixture
async def desk(world: World) -> World:
    """A connector whose server offers everything."""
    world.api["GET /me"] = (200, {"data": {**ME, "features": list(FEATURES)}})
    await world.log_in()
    return world


def outcome(task: asyncio.Task[object]) -> str:
    """Return how a command ended, as ``NAME`` or ``NAME code``."""
    event = task.result()
    assert isinstance(event, Event)
    return f"{event.name} {'' if isinstance(event, CallEvent) else event.code}".strip()


class TestFeatures:
    async def test_a_server_that_says_nothing_offers_what_is_documented(self, ready: World):
        assert ready.connector.features == {"answer", "terminate", "transfer"}

    async def test_what_the_account_lists(self, desk: World):
        assert desk.connector.features == set(FEATURES)

    @pytest.mark.parametrize("given", ["hold", {"hold": True}, None])
    async def test_what_is_no_list_says_nothing(self, world: World, given: object):
        world.api["GET /me"] = (200, {"data": {**ME, "features": given}})
        await world.log_in()
        assert world.connector.features == {"answer", "terminate", "transfer"}

    async def test_words_that_nobody_knows_do_no_harm(self, world: World):
        world.api["GET /me"] = (200, {"data": {**ME, "features": ["fly", 1, None, "answer"]}})
        await world.log_in()
        assert world.connector.features == {"fly", "answer"}

    async def test_nobody_is_offered_anything_before_the_login(self, world: World):
        assert world.connector.features == frozenset()

    @pytest.mark.parametrize("name", RULES)
    async def test_what_is_missing_sends_nothing(self, world: World, name: str):
        world.api["GET /me"] = (200, {"data": {**ME, "features": []}})
        await world.log_in()
        await world.dialogs(incoming("143-1", "confirmed"), dialog("144-1", "confirmed"))
        world.forget()
        arguments: dict[str, list[object]] = {
            "sendDigits": ["143", "1"], "consult": ["143", "103"], "deflect": ["143", "103"],
            "transfer": ["143", "103"], "completeTransfer": ["143", "144"], "unpark": ["701"],
            "setDoNotDisturb": [True], "history": [],
        }  # fmt: skip
        event = await world.connector._run(name, *arguments.get(name, ["143"]))
        assert (event.name, event.code) == ("INFO", "NOT_SUPPORTED")
        assert world.told == ["INFO NOT_SUPPORTED"]
        assert world.asked == []

    @pytest.mark.parametrize("name", RULES)
    async def test_without_a_connection_nothing_is_sent_either(self, world: World, name: str):
        arguments: dict[str, list[object]] = {
            "sendDigits": ["143", "1"], "consult": ["143", "103"], "deflect": ["143", "103"],
            "transfer": ["143", "103"], "completeTransfer": ["143", "144"], "unpark": ["701"],
            "setDoNotDisturb": [True], "history": [],
        }  # fmt: skip
        with pytest.raises(CtiError) as caught:
            await world.connector._run(name, *arguments.get(name, ["143"]))
        assert caught.value.code == "NOT_CONNECTED"


STATES = {
    "ringing": incoming("143-1", "early"),
    "dialled": dialog("143-1", "early"),
    "connected": incoming("143-1", "confirmed"),
    "on hold": incoming("143-1", "confirmed", hold=True),
    "ended": "",
}
ALLOWED = {
    "hold": {"connected"},
    "resume": {"on hold"},
    "sendDigits": {"connected"},
    "consult": {"connected", "on hold"},
    "completeTransfer": {"connected", "on hold"},
    "deflect": {"ringing"},
    "park": {"connected", "on hold"},
}
ARGUMENTS = {"sendDigits": ["1"], "consult": ["103"], "completeTransfer": ["144"],
             "deflect": ["103"]}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ALLOWED)
async def test_only_what_the_state_allows_is_sent(desk: World, name: str, state: str):
    others = [dialog("144-1", "confirmed", "104")] if name == "completeTransfer" else []
    await desk.dialogs(STATES[state] or STATES["ringing"], *others)
    await desk.dialogs(*filter(None, [STATES[state]]), *others)
    for route in ("PATCH /calls/143", "POST /calls", "POST /calls/143/digits",
                  "POST /calls/143/park"):  # fmt: skip
        desk.api[route] = (500, {})
    desk.forget()
    task = desk.start(desk.connector._run(name, "143", *ARGUMENTS.get(name, [])))
    await desk.settle()
    assert bool(desk.asked) is (state in ALLOWED[name])
    if not desk.asked:
        assert outcome(task) == "INFO NOT_ALLOWED"
    else:
        assert isinstance(task.exception(), CtiError)


@pytest.mark.parametrize("name", ["hold", "resume", "alternate", "park"])
async def test_calls_of_others_are_not_steered(desk: World, name: str):
    await desk.follow(BEN)
    await desk.dialogs(incoming("143-1", "confirmed", local="10003"), of="10003")
    assert (await desk.connector._run(name, "143")).code == "NOT_ALLOWED"
    assert desk.asked == []


@pytest.mark.parametrize("name", [*ALLOWED, "alternate", "pickup"])
async def test_a_call_that_nobody_knows(desk: World, name: str):
    arguments = ["9", *ARGUMENTS.get(name, [])]
    assert await code_of(desk, desk.connector._run(name, *arguments)) == "UNKNOWN_CALL"
    assert desk.asked == []


class TestHold:
    async def test_it_succeeds_when_sip_says_so(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        desk.api["PATCH /calls/143"] = (200, {})
        task = desk.start(desk.connector.hold("143"))
        await desk.settle()
        assert desk.platform.requests[-1].body == {"state": "ON_HOLD"}
        assert not task.done()
        await desk.dialogs(incoming("143-1", "confirmed", hold=True))
        assert outcome(task) == "ON_HOLD"
        task = desk.start(desk.connector.resume("143"))
        await desk.settle()
        assert desk.platform.requests[-1].body == {"state": "CONNECTED"}
        await desk.dialogs(incoming("143-1", "confirmed"))
        assert outcome(task) == "CONNECTED"

    @pytest.mark.parametrize(
        ("answer", "code"), [((400, {}), "API_ERROR"), (DOWN, "NETWORK_ERROR")]
    )
    async def test_a_refusal_or_no_answer_is_an_error(self, desk: World, answer, code):
        await desk.dialogs(incoming("143-1", "confirmed"))
        desk.api["PATCH /calls/143"] = answer
        assert await code_of(desk, desk.connector.hold("143")) == code

    async def test_a_call_that_is_gone_gives_info(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        desk.api["PATCH /calls/143"] = (404, {})
        assert (await desk.connector.hold("143")).name == "INFO"

    async def test_alternating_is_one_request(self, desk: World):
        await desk.dialogs(
            incoming("143-1", "confirmed", hold=True), dialog("144-1", "confirmed", "104")
        )
        desk.api["PATCH /calls/143"] = (200, {})
        task = desk.start(desk.connector.alternate("143"))
        await desk.settle()
        assert desk.asked == ["PATCH /calls/143"]
        await desk.dialogs(
            incoming("143-1", "confirmed"), dialog("144-1", "confirmed", "104", hold=True)
        )
        assert outcome(task) == "CONNECTED"

    async def test_without_another_call_there_is_nothing_to_alternate(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed", hold=True))
        assert (await desk.connector.alternate("143")).code == "NOT_ALLOWED"


class TestTones:
    async def test_they_are_sent_in_capitals_and_give_nothing(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        desk.api["POST /calls/143/digits"] = (204, "")
        assert await desk.connector.send_digits("143", " 12a,# ") is None
        assert desk.platform.requests[-1].body == {"digits": "12A,#"}

    @pytest.mark.parametrize("digits", ["", "1 2", "e", "1" * 65, "١"])
    async def test_what_no_keypad_has(self, desk: World, digits: str):
        await desk.dialogs(incoming("143-1", "confirmed"))
        assert await code_of(desk, desk.connector.send_digits("143", digits)) == "BAD_DIGITS"
        assert desk.asked == []

    async def test_a_call_that_is_gone_gives_info(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        desk.api["POST /calls/143/digits"] = (404, {})
        assert (await desk.connector.send_digits("143", "1")).name == "INFO"


class TestConsultation:
    async def test_a_new_call_from_the_same_phone(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        desk.api["POST /calls"] = (201, {"data": {"id": "144"}})
        task = desk.start(desk.connector.consult("143", "103"))
        await desk.settle()
        assert desk.platform.requests[-1].body == {"to": "103", "consult": "143"}
        event = task.result()
        assert (event.name, event.call.server_id) == ("ACCEPTED", "144")
        assert event.call.id == event.call.request_id != "144"
        await desk.dialogs(
            incoming("143-1", "confirmed", hold=True), dialog("144-1", "confirmed", "103")
        )
        assert desk.names == ["CONNECTED", "INITIAL", "ACCEPTED", "ON_HOLD", "CONNECTED"]

    async def test_a_refusal_is_the_new_calls_cancel(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        desk.api["POST /calls"] = (400, {"message": "Every line of your phone is taken."})
        assert await code_of(desk, desk.connector.consult("143", "103")) == "CALL_FAILED"
        assert desk.names == ["CONNECTED", "INITIAL", "CANCEL"]

    async def test_nobody_asks_oneself(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        assert await code_of(desk, desk.connector.consult("143", "102")) == "SELF_CALL"

    async def consulting(self, desk: World) -> None:
        await desk.dialogs(
            incoming("143-1", "confirmed", hold=True), dialog("144-1", "confirmed", "103")
        )
        desk.api["PATCH /calls/143"] = (200, {})
        desk.forget()

    async def test_the_transfer_is_done_when_both_calls_have_ended(self, desk: World):
        await self.consulting(desk)
        task = desk.start(desk.connector.complete_transfer("143", "144"))
        await desk.settle()
        assert desk.platform.requests[-1].body == {"transfer_to": "144"}
        gone = incoming("143-1", "terminated", event="replaced")
        await desk.dialogs(gone, dialog("144-1", "confirmed", "103"))
        assert not task.done()
        await desk.dialogs(dialog("144-1", "terminated", "103", event="replaced"))
        event = task.result()
        assert (event.name, event.call.id, event.call.cause) == ("HANGUP", "143", "transferred")
        assert desk.told == ["HANGUP 143", "HANGUP 144"]
        assert desk.connector._pump.confirmations._confirmations == []

    async def test_a_call_is_not_transferred_to_itself(self, desk: World):
        await self.consulting(desk)
        assert (await desk.connector.complete_transfer("143", "143")).code == "NOT_ALLOWED"

    async def test_a_call_that_is_gone_gives_info(self, desk: World):
        await self.consulting(desk)
        desk.api["PATCH /calls/143"] = (404, {})
        assert (await desk.connector.complete_transfer("143", "144")).name == "INFO"
        await desk.settle()
        assert desk.connector._pump.confirmations._confirmations == []


class TestDeflection:
    async def test_a_ringing_call_goes_on_elsewhere(self, desk: World):
        await desk.dialogs(incoming("143-1", "early"))
        desk.api["PATCH /calls/143"] = (200, {})
        task = desk.start(desk.connector.deflect("143", "+34 911 234 567"))
        await desk.settle()
        assert desk.platform.requests[-1].body == {"dst": "34911234567"}
        await desk.dialogs(incoming("143-1", "terminated", event="replaced"))
        event = task.result()
        assert (event.name, event.call.cause) == ("HANGUP", "transferred")


class TestPickup:
    async def ringing(self, desk: World) -> None:
        await desk.follow(BEN)
        await desk.dialogs(incoming("143-2", "early", local="10003"), of="10003")
        desk.forget()

    async def test_the_call_comes_to_the_own_phone(self, desk: World):
        await self.ringing(desk)
        desk.api["POST /calls/143/pickup"] = (200, {"data": {"id": "143"}})
        task = desk.start(desk.connector.pickup("143"))
        await desk.settle()
        assert not task.done()
        await desk.dialogs(incoming("143-3", "confirmed"))
        event = task.result()
        assert (event.name, event.call.node, event.call.id) == ("CONNECTED", "user:10002", "143")

    async def test_sip_may_be_faster_than_the_answer(self, desk: World):
        await self.ringing(desk)
        held = desk.hold("POST /calls/143/pickup")
        task = desk.start(desk.connector.pickup("143"))
        await desk.settle()
        await desk.dialogs(incoming("143-3", "confirmed"))
        held.set_result((200, {}))
        await desk.settle()
        assert outcome(task) == "CONNECTED"

    @pytest.mark.parametrize("first", ["sip", "answer"])
    async def test_a_server_may_give_it_another_id(self, desk: World, first: str):
        await self.ringing(desk)
        held = desk.hold("POST /calls/143/pickup")
        task = desk.start(desk.connector.pickup("143"))
        await desk.settle()
        if first == "sip":
            await desk.dialogs(incoming("150-1", "confirmed"))
        held.set_result((200, {"data": {"id": 150}}))
        await desk.settle()
        if first == "answer":
            assert not task.done()
            await desk.dialogs(incoming("150-1", "confirmed"))
        assert task.result().call.id == "150"

    async def test_a_call_that_was_declined_here_can_still_be_taken_from_there(self, desk: World):
        """The call of a queue: the one that has ended at the own phone is another."""
        await desk.dialogs(incoming("143-1", "early"))
        await desk.dialogs(incoming("143-1", "terminated", event="rejected"))
        await self.ringing(desk)
        desk.api["POST /calls/143/pickup"] = (200, {"data": {"id": "143"}})
        task = desk.start(desk.connector.pickup("143"))
        await desk.settle()
        await desk.dialogs(incoming("143-3", "confirmed"))
        event = task.result()
        assert (event.name, event.call.id, event.call.server_id) == ("CONNECTED", "143003", "143")

    async def test_what_rings_here_is_answered_not_picked_up(self, desk: World):
        await desk.dialogs(incoming("143-1", "early"))
        assert (await desk.connector.pickup("143")).code == "NOT_ALLOWED"
        assert desk.asked == []

    async def test_what_was_answered_there_is_not_picked_up(self, desk: World):
        await self.ringing(desk)
        await desk.dialogs(incoming("143-2", "confirmed", local="10003"), of="10003")
        assert (await desk.connector.pickup("143")).code == "NOT_ALLOWED"

    async def test_a_call_that_is_gone_gives_info(self, desk: World):
        await self.ringing(desk)
        desk.api["POST /calls/143/pickup"] = (404, {})
        assert (await desk.connector.pickup("143")).name == "INFO"
        await desk.settle()
        assert desk.connector._pump.confirmations._confirmations == []


class TestParking:
    async def test_it_gives_the_slot(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        desk.api["POST /calls/143/park"] = (200, {"slot": 701})
        assert await desk.connector.park("143") == "701"

    async def test_an_answer_without_a_slot_is_an_error(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        desk.api["POST /calls/143/park"] = (200, {})
        assert await code_of(desk, desk.connector.park("143")) == "API_ERROR"

    async def test_fetching_is_a_call_to_the_slot(self, desk: World):
        desk.api["POST /calls"] = (201, {"data": {"id": "144"}})
        event = await desk.connector.unpark(" 701 ")
        assert desk.platform.requests[-1].body == {"to": "701"}
        assert (event.name, event.call.destination) == ("ACCEPTED", "701")
        await desk.dialogs(dialog("144-1", "confirmed", "+442036427900", name="Alex"))
        assert desk.connector.calls[0].destination == "+442036427900"

    @pytest.mark.parametrize("slot", ["", "7", "abc", "701701"])
    async def test_a_slot_is_an_extension(self, desk: World, slot: str):
        assert await code_of(desk, desk.connector.unpark(slot)) == "BAD_EXTENSION"


class TestDoNotDisturb:
    @pytest.mark.parametrize("on", [True, False])
    async def test_it_gives_what_it_is_now(self, desk: World, on: bool):
        desk.api["PATCH /users/me"] = (200, {"data": {"dnd": on}})
        assert await desk.connector.set_do_not_disturb(on) is on
        assert desk.platform.requests[-1].body == {"dnd": on}

    @pytest.mark.parametrize("on", [1, "true", None])
    async def test_is_true_or_false(self, desk: World, on: object):
        outcome = desk.connector._run("setDoNotDisturb", on)
        assert await code_of(desk, outcome) == "BAD_ARGUMENT"


class TestACallThatComesBack:
    """A call that was passed on or parked may ring again, with the server's id that it had."""

    async def test_it_is_another_call_here_and_the_same_for_the_server(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        await desk.dialogs(incoming("143-1", "terminated", event="replaced"))
        await desk.dialogs(incoming("143-4", "early"))
        assert desk.told == ["CONNECTED 143", "HANGUP 143", "RINGING 143004"]
        desk.api["PATCH /calls/143"] = (200, {})
        task = desk.start(desk.connector.answer("143004"))
        await desk.settle()
        await desk.dialogs(incoming("143-4", "confirmed"))
        assert task.result().call.id == "143004"
        await desk.dialogs(incoming("143-4", "terminated", event="remote-bye"))
        assert desk.names[-2:] == ["CONNECTED", "HANGUP"]

    async def test_also_long_after(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        await desk.dialogs(incoming("143-1", "terminated", event="replaced"))
        await desk.advance(100)
        await desk.dialogs(incoming("143-4", "early"))
        assert desk.told[-1] == "RINGING 143004"

    async def test_it_has_a_log_record_of_its_own(self, world: World):
        keys = []
        world.connector.enrichment._on_log = lambda record: keys.append(record.key)
        await world.log_in()
        for leg in ("143-1", "143-4"):
            await world.dialogs(incoming(leg, "confirmed"))
            await world.dialogs(incoming(leg, "terminated", event="replaced"))
        assert keys == ["10002@pbx.test/143", "10002@pbx.test/143004"]

    async def test_it_keeps_its_id_when_a_worker_is_replaced(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        await desk.dialogs(incoming("143-1", "terminated", event="replaced"))
        await desk.dialogs(incoming("143-4", "confirmed"))
        (call,) = desk.connector.calls
        table = CallTable()
        table.own = call.node
        assert table.join([call]) == []
        text = document(1, incoming("143-4", "confirmed"))
        change = DialogView().apply(parse_dialog_info(text), fetched=True)
        assert table.update(call.node, change, 1.0, 1) == []
        assert [one.id for one in table.running()] == ["143004"]
        known = table.find("143004")
        assert known is not None
        assert known.server_id == "143"

    async def test_a_page_that_knows_it_hears_no_more_of_it(self, desk: World):
        await desk.dialogs(incoming("143-1", "confirmed"))
        await desk.dialogs(incoming("143-1", "terminated", event="replaced"))
        await desk.dialogs(incoming("143-4", "early"))
        (call,) = desk.connector.calls
        assert desk.connector.join([call]) == []
