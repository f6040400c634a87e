"""The commands answer, terminate and transfer, and their results."""

from __future__ import annotations

import pytest

from pycti.errors import CtiError

from .documents import dialog, incoming
from .test_login import code_of
from .world import DOWN, World


class TestAnswer:
    async def test_answer_without_an_id_answers_the_newest_ringing_call(self, ready: World):
        await ready.dialogs(incoming("142-1", "early"), incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = (200, {})
        task = ready.start(ready.connector.answer())
        await ready.settle()
        assert ready.platform.requests[-1].body == {"state": "CONNECTED"}
        assert not task.done()
        await ready.dialogs(incoming("142-1", "early"), incoming("143-1", "confirmed"))
        assert (await task).name == "CONNECTED"

    async def test_the_sip_event_may_arrive_before_the_api_answer(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        held = ready.hold("PATCH /calls/143")
        task = ready.start(ready.connector.answer("143"))
        await ready.settle()
        await ready.dialogs(incoming("143-1", "confirmed"))
        held.set_result((200, {}))
        await ready.settle()
        assert (await task).name == "CONNECTED"

    async def test_without_a_ringing_call_nothing_is_sent(self, ready: World):
        """Rule 8."""
        assert (await ready.connector.answer()).code == "NOT_ALLOWED"
        assert ready.told == ["INFO NOT_ALLOWED"]
        assert ready.asked == []

    @pytest.mark.parametrize("there", [incoming("143-1", "confirmed"), dialog("143-1", "early")])
    async def test_only_a_ringing_inbound_call_can_be_answered(self, ready: World, there: str):
        await ready.dialogs(there)
        assert (await ready.connector.answer("143")).name == "INFO"
        assert ready.asked == []

    async def test_the_end_of_the_call_completes_the_command(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = (200, {})
        task = ready.start(ready.connector.answer())
        await ready.settle()
        await ready.dialogs()
        assert (await task).name == "HANGUP"

    async def test_without_a_confirmation_it_fails_after_15_seconds(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = (200, {})
        task = ready.start(ready.connector.answer())
        await ready.advance(14)
        assert not task.done()
        await ready.advance(2)
        assert task.exception().code == "TIMEOUT"
        assert ready.names[-1] == "ERROR"
        assert ready.connector._pump.confirmations._confirmations == []

    async def test_a_call_that_the_server_no_longer_has_returns_info(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = (404, {})
        assert (await ready.connector.answer()).name == "INFO"

    @pytest.mark.parametrize(
        ("answer", "code"), [((500, {}), "API_ERROR"), (DOWN, "NETWORK_ERROR")]
    )
    async def test_an_api_error_or_no_answer_is_an_error(self, ready: World, answer, code):
        await ready.dialogs(incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = answer
        assert await code_of(ready, ready.connector.answer()) == code
        assert ready.told[-1] == f"ERROR {code}"
        await ready.settle()
        assert ready.connector._pump.confirmations._confirmations == []

    async def test_a_logout_rejects_the_pending_command(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = (200, {})
        task = ready.start(ready.connector.answer())
        await ready.settle()
        out = ready.start(ready.connector.logout())
        await ready.settle()
        await out
        assert task.exception().code == "NOT_CONNECTED"


class TestTerminate:
    async def test_a_connected_call(self, ready: World):
        await ready.dialogs(incoming("143-1", "confirmed"))
        ready.api["DELETE /calls/143"] = (204, "")
        task = ready.start(ready.connector.terminate("143"))
        await ready.settle()
        await ready.dialogs(incoming("143-1", "terminated", event="local-bye"))
        event = await task
        assert (event.name, event.call.cause) == ("HANGUP", "hung up on this side")

    @pytest.mark.parametrize(
        ("there", "end"),
        [(incoming("143-1", "early"), "HANGUP"), (dialog("143-1", "early"), "CANCEL")],
    )
    async def test_a_ringing_call(self, ready: World, there: str, end: str):
        """Rule 8: also a ringing outbound call."""
        await ready.dialogs(there)
        ready.api["DELETE /calls/143"] = (204, "")
        task = ready.start(ready.connector.terminate("143"))
        await ready.settle()
        await ready.dialogs()
        assert (await task).name == end

    @pytest.mark.parametrize("number", [143, 143.0])
    async def test_the_call_id_may_be_a_number(self, ready: World, number: float):
        """Pages write ids into their markup: ``onclick="hangUp(143)"``."""
        await ready.dialogs(incoming("143-1", "confirmed"))
        ready.api["DELETE /calls/143"] = (204, "")
        task = ready.start(ready.connector._run("terminate", number))
        await ready.settle()
        await ready.dialogs()
        assert (await task).name == "HANGUP"

    @pytest.mark.parametrize("number", [143.5, 2**53, float(2**53), float("nan"), True])
    @pytest.mark.parametrize("method", ["answer", "terminate", "transfer", "note"])
    async def test_an_inexact_number_is_no_call_id(self, ready: World, method: str, number: float):
        more = ["103"] if method == "transfer" else []
        with pytest.raises(CtiError) as caught:
            await ready.connector._run(method, number, *more)
        assert caught.value.code == "BAD_ARGUMENT"

    async def test_a_call_that_has_ended(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        await ready.dialogs()
        assert (await ready.connector.terminate("143")).name == "INFO"
        assert ready.asked == []


class TestTransfer:
    @pytest.mark.parametrize("hold", [False, True])
    async def test_a_connected_or_held_call_can_be_transferred(self, ready: World, hold: bool):
        await ready.dialogs(incoming("143-1", "confirmed", hold=hold))
        ready.api["PATCH /calls/143"] = (200, {})
        task = ready.start(ready.connector.transfer("143", "+34 911 234 567"))
        await ready.settle()
        assert ready.platform.requests[-1].body == {"dst": "34911234567"}
        await ready.dialogs(incoming("143-1", "terminated", event="replaced"))
        event = await task
        assert (event.name, event.call.cause) == ("HANGUP", "transferred")

    async def test_a_ringing_call_cannot_be_transferred(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        assert (await ready.connector.transfer(" 143 ", "10003")).name == "INFO"
        assert ready.asked == []
