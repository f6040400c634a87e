"""`call()`, from the ringing of the own phone to the end of the call."""

from __future__ import annotations

import pytest

from pycti.commands.rules import Reply
from pycti.errors import CtiError
from pycti.events import CallEvent

from .documents import dialog, incoming
from .test_login import code_of
from .world import DOWN, World

NUMBER = "+442036427900"


NUMBER = "+442036427900"


def created(identifier: int = 143) -> tuple[int, object]:
    return 201, {"data": {"id": identifier}}


class TestCall:
    async def test_call_rings_the_own_phone_then_the_destination(self, ready: World):
        held = ready.hold("POST /calls")
        task = ready.start(ready.connector.call("+44 (20) 3642-7900"))
        await ready.settle()
        assert ready.names == ["INITIAL"]
        assert ready.platform.requests[0].body == {"to": "442036427900"}
        held.set_result(created())
        await ready.settle()
        event = await task
        assert (event.name, event.call.server_id) == ("ACCEPTED", "143")
        await ready.dialogs(dialog("143-1", "early", "442036427900"))
        await ready.dialogs(dialog("143-1", "confirmed", "442036427900"))
        await ready.dialogs()
        assert ready.names == ["INITIAL", "ACCEPTED", "RINGING", "CONNECTED", "HANGUP"]
        calls = [event.call for event in ready.events if isinstance(event, CallEvent)]
        assert len({(call.id, call.request_id, call.cid) for call in calls}) == 1
        assert calls[0].id == calls[0].request_id
        assert [call.server_id for call in calls] == ["", "143", "143", "143", "143"]

    async def test_the_request_id_is_a_safe_javascript_integer(self, ready: World):
        """Pages write ids into inline handlers without quotes."""
        ready.api["POST /calls"] = created()
        call = (await ready.connector.call(NUMBER)).call
        assert 10**14 <= int(call.id) < 2**53

    async def test_commands_accept_the_request_id_and_the_server_id(self, ready: World):
        ready.api["POST /calls"] = created()
        call = (await ready.connector.call(NUMBER)).call
        for number in (call.id, int(call.id), "143", 143):
            reply = await ready.connector.execute("transfer", [number, "1003"])
            assert isinstance(reply, Reply)
            assert reply.event.name == "INFO"

    async def test_an_api_request_for_the_call_uses_the_server_id(self, ready: World):
        ready.api["POST /calls"] = created()
        call = (await ready.connector.call(NUMBER)).call
        ready.api["PATCH /calls/143"] = ready.api["GET /calls/143/x?y=1"] = (200, {})
        await ready.connector.api_request("PATCH", f"/calls/{call.id}", {"action_text": "Order"})
        await ready.connector.api_request("GET", f"calls/{call.id}/x?y=1")
        assert ready.asked[-2:] == ["PATCH /calls/143", "GET /calls/143/x?y=1"]

    async def test_the_source_is_the_users_extension_if_known(self, ready: World):
        ready.hold("POST /calls")
        ready.start(ready.connector.call("10003"))
        await ready.settle()
        assert ready.events[0].call.source == "102"

    @pytest.mark.parametrize("status", [400, 403, 412, 500])
    async def test_a_refused_call_is_cancelled_with_the_apis_message_and_no_error(
        self, ready, status
    ):
        words = "Unable to make a call with no VoIP clients registered"
        ready.api["POST /calls"] = (status, {"message": words})
        assert await code_of(ready, ready.connector.call(NUMBER)) == "CALL_FAILED"
        assert ready.names == ["INITIAL", "CANCEL"]
        assert ready.events[1].call.cause == words

    async def test_a_session_that_has_expired_cancels_the_call_and_logs_out(self, ready: World):
        ready.api["POST /calls"] = (401, {})
        assert await code_of(ready, ready.connector.call(NUMBER)) == "SESSION_EXPIRED"
        assert ready.names == ["INITIAL", "CANCEL", "LOGGED_OUT"]

    @pytest.mark.parametrize("document", [{}, {"data": {"id": "../x"}}, "<html>"])
    async def test_an_answer_without_a_call_id_is_a_failed_call(self, ready: World, document):
        ready.api["POST /calls"] = (201, document)
        assert await code_of(ready, ready.connector.call(NUMBER)) == "CALL_FAILED"
        assert ready.names == ["INITIAL", "CANCEL"]

    async def test_a_request_without_an_answer_is_cancelled(self, ready: World):
        ready.api["POST /calls"] = DOWN
        assert await code_of(ready, ready.connector.call(NUMBER)) == "CALL_FAILED"
        assert ready.names == ["INITIAL", "CANCEL"]

    async def test_a_lost_answer_does_not_lose_the_call(self, ready: World):
        held = ready.hold("POST /calls")
        task = ready.start(ready.connector.call(NUMBER))
        await ready.settle()
        await ready.dialogs(dialog("143-1", "early", NUMBER))
        held.set_exception(DOWN)
        await ready.settle()
        assert (await task).name == "ACCEPTED"
        assert ready.names[1:] == ["ACCEPTED", "RINGING"]
        assert ready.events[-1].call.server_id == "143"

    async def test_an_unrecognised_call_resolves_with_the_call_of_its_id(self, ready: World):
        held = ready.hold("POST /calls")
        task = ready.start(ready.connector.call(NUMBER))
        await ready.settle()
        await ready.dialogs(incoming("143-1", "early", "controller"))
        held.set_result(created())
        await ready.settle()
        event = await task
        assert (event.name, event.call.server_id) == ("ACCEPTED", "143")
        assert event.call.id == ready.events[0].call.id

    async def test_two_calls_at_once(self, ready: World):
        ready.api["POST /calls"] = [created(143), created(144)]
        tasks = [ready.start(ready.connector.call(number)) for number in (NUMBER, NUMBER)]
        await ready.settle()
        assert [(await task).call.server_id for task in tasks] == ["143", "144"]

    async def test_running_calls_can_be_queried(self, ready: World):
        ready.api["POST /calls"] = created()
        await ready.connector.call(NUMBER)
        assert [call.server_id for call in ready.connector.calls] == ["143"]


class TestTerminateWhileTheOwnPhoneRings:
    async def begin(self, ready: World):
        held = ready.hold("POST /calls")
        call = ready.start(ready.connector.call(NUMBER))
        await ready.settle()
        return held, call, ready.events[0].call.id

    async def test_terminate_finds_the_id_in_the_list_of_calls(self, ready: World):
        held, call, request = await self.begin(ready)
        ready.api["GET /calls"] = (200, {"data": [{"id": 143, "dst": "442036427900"}]})
        ready.api["DELETE /calls/143"] = (204, "")
        task = ready.start(ready.connector.terminate(request))
        await ready.settle()
        assert ready.asked[1:] == ["GET /calls", "DELETE /calls/143"]
        held.set_result((400, {"message": "gone"}))
        await ready.settle()
        event = await task
        assert (event.name, event.call.cause) == ("CANCEL", "cancelled")
        assert isinstance(call.exception(), CtiError)

    async def test_terminate_uses_an_id_from_the_documents(self, ready: World):
        held, _call, request = await self.begin(ready)
        await ready.dialogs(dialog("143-1", "trying", NUMBER))
        ready.api["DELETE /calls/143"] = (204, "")
        task = ready.start(ready.connector.terminate(request))
        await ready.settle()
        assert ready.asked[1:] == ["DELETE /calls/143"]
        held.set_result((400, {}))
        await ready.settle()
        assert (await task).name == "CANCEL"

    async def test_a_call_that_is_accepted_during_terminate_is_hung_up(self, ready: World):
        held, _call, request = await self.begin(ready)
        ready.api["GET /calls"] = (200, {"data": []})
        ready.api["DELETE /calls/143"] = (204, "")
        task = ready.start(ready.connector.terminate(request))
        await ready.settle()
        held.set_result(created())
        await ready.settle()
        assert ready.asked[-1] == "DELETE /calls/143"
        await ready.dialogs(dialog("143-1", "early", NUMBER))
        await ready.dialogs()
        assert (await task).name == "CANCEL"

    async def test_an_older_call_to_the_same_number_is_not_terminated(self, ready: World):
        await ready.dialogs(dialog("140-1", "confirmed", NUMBER))
        ready.forget()
        _held, _call, request = await self.begin(ready)
        ready.api["GET /calls"] = (200, {"data": [{"id": 140, "dst": "442036427900"}]})
        ready.start(ready.connector.terminate(request))
        await ready.settle()
        assert "DELETE /calls/140" not in ready.asked

    @pytest.mark.parametrize("answer", [DOWN, (500, {})])
    async def test_terminate_fails_without_the_list_of_calls(self, ready: World, answer):
        _held, _call, request = await self.begin(ready)
        ready.api["GET /calls"] = answer
        assert await code_of(ready, ready.connector.terminate(request)) in (
            "NETWORK_ERROR",
            "API_ERROR",
        )
        await ready.settle()
        assert ready.connector._pump.confirmations._confirmations == []
