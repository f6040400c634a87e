"""call, answer, terminate and transfer, and what each leads to."""

from __future__ import annotations

import pytest

from pycti.errors import CtiError
from pycti.events import CallEvent

from .documents import dialog, incoming
from .test_login import code_of
from .world import DOWN, World

NUMBER = "+442036427900"


def created(identifier: int = 143) -> tuple[int, object]:
    return 201, {"data": {"id": identifier}}


class TestCall:
    async def test_it_rings_the_own_phone_then_the_destination(self, ready: World):
        held = ready.hold("POST /calls")
        task = ready.start(ready.connector.call("+44 (20) 3642-7900"))
        await ready.settle()
        assert ready.names == ["INITIAL"]
        assert ready.platform.requests[0].body == {"to": "442036427900"}
        held.set_result(created())
        await ready.settle()
        event = await task
        assert (event.name, event.call.id) == ("ACCEPTED", "143")
        await ready.dialogs(dialog("143-1", "early", "442036427900"))
        await ready.dialogs(dialog("143-1", "confirmed", "442036427900"))
        await ready.dialogs()
        assert ready.names == ["INITIAL", "ACCEPTED", "RINGING", "CONNECTED", "HANGUP"]
        calls = [event.call for event in ready.events if isinstance(event, CallEvent)]
        assert len({(call.request_id, call.cid) for call in calls}) == 1
        assert calls[0].id == calls[0].request_id

    async def test_the_own_side_is_the_extension_where_known(self, ready: World):
        ready.hold("POST /calls")
        ready.start(ready.connector.call("10003"))
        await ready.settle()
        assert ready.events[0].call.source == "102"

    @pytest.mark.parametrize("status", [400, 403, 412, 500])
    async def test_a_refusal_is_a_cancel_in_the_apis_own_words_and_no_error_event(
        self, ready, status
    ):
        words = "Unable to make a call with no VoIP clients registered"
        ready.api["POST /calls"] = (status, {"message": words})
        assert await code_of(ready, ready.connector.call(NUMBER)) == "CALL_FAILED"
        assert ready.names == ["INITIAL", "CANCEL"]
        assert ready.events[1].call.cause == words

    @pytest.mark.parametrize("document", [{}, {"data": {"id": "../x"}}, "<html>"])
    async def test_an_answer_without_a_call_id_is_a_failed_call(self, ready: World, document):
        ready.api["POST /calls"] = (201, document)
        assert await code_of(ready, ready.connector.call(NUMBER)) == "CALL_FAILED"
        assert ready.names == ["INITIAL", "CANCEL"]

    async def test_no_answer_is_a_cancel(self, ready: World):
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
        assert ready.told[1:] == ["ACCEPTED 143", "RINGING 143"]

    async def test_a_call_that_was_not_recognised_is_what_the_promise_gives(self, ready: World):
        held = ready.hold("POST /calls")
        task = ready.start(ready.connector.call(NUMBER))
        await ready.settle()
        await ready.dialogs(incoming("143-1", "early", "controller"))
        held.set_result(created())
        await ready.settle()
        assert (await task).call.id == "143"

    async def test_two_calls_at_once(self, ready: World):
        ready.api["POST /calls"] = [created(143), created(144)]
        tasks = [ready.start(ready.connector.call(number)) for number in (NUMBER, NUMBER)]
        await ready.settle()
        assert [(await task).call.id for task in tasks] == ["143", "144"]

    async def test_the_running_calls_can_be_asked_for(self, ready: World):
        ready.api["POST /calls"] = created()
        await ready.connector.call(NUMBER)
        assert [call.id for call in ready.connector.calls] == ["143"]


class TestAnswer:
    async def test_the_newest_ringing_call(self, ready: World):
        await ready.dialogs(incoming("142-1", "early"), incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = (200, {})
        task = ready.start(ready.connector.answer())
        await ready.settle()
        assert ready.platform.requests[-1].body == {"state": "CONNECTED"}
        assert not task.done()
        await ready.dialogs(incoming("142-1", "early"), incoming("143-1", "confirmed"))
        assert (await task).name == "CONNECTED"

    async def test_sip_may_be_faster_than_the_answer(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        held = ready.hold("PATCH /calls/143")
        task = ready.start(ready.connector.answer("143"))
        await ready.settle()
        await ready.dialogs(incoming("143-1", "confirmed"))
        held.set_result((200, {}))
        await ready.settle()
        assert (await task).name == "CONNECTED"

    async def test_where_nothing_rings_nothing_is_sent(self, ready: World):
        """Rule 8."""
        assert (await ready.connector.answer()).code == "NOT_ALLOWED"
        assert ready.told == ["INFO NOT_ALLOWED"]
        assert ready.asked == []

    @pytest.mark.parametrize("there", [incoming("143-1", "confirmed"), dialog("143-1", "early")])
    async def test_what_does_not_ring_inbound_cannot_be_answered(self, ready: World, there: str):
        await ready.dialogs(there)
        assert (await ready.connector.answer("143")).name == "INFO"
        assert ready.asked == []

    async def test_a_call_that_ends_instead_concludes_the_command(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = (200, {})
        task = ready.start(ready.connector.answer())
        await ready.settle()
        await ready.dialogs()
        assert (await task).name == "CANCEL"

    async def test_without_a_confirmation_it_fails_after_15_seconds(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = (200, {})
        task = ready.start(ready.connector.answer())
        await ready.advance(14)
        assert not task.done()
        await ready.advance(2)
        assert task.exception().code == "TIMEOUT"
        assert ready.names[-1] == "ERROR"
        assert ready.connector._pump.watches._watches == []

    async def test_a_call_that_is_gone_already_gives_info(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = (404, {})
        assert (await ready.connector.answer()).name == "INFO"

    @pytest.mark.parametrize(
        ("answer", "code"), [((500, {}), "API_ERROR"), (DOWN, "NETWORK_ERROR")]
    )
    async def test_a_refusal_or_no_answer_is_an_error(self, ready: World, answer, code):
        await ready.dialogs(incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = answer
        assert await code_of(ready, ready.connector.answer()) == code
        assert ready.told[-1] == f"ERROR {code}"
        await ready.settle()
        assert ready.connector._pump.watches._watches == []

    async def test_a_logout_meanwhile_ends_the_waiting(self, ready: World):
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

    @pytest.mark.parametrize("there", [incoming("143-1", "early"), dialog("143-1", "early")])
    async def test_a_ringing_call(self, ready: World, there: str):
        """Rule 8: a ringing outbound call, too."""
        await ready.dialogs(there)
        ready.api["DELETE /calls/143"] = (204, "")
        task = ready.start(ready.connector.terminate("143"))
        await ready.settle()
        await ready.dialogs()
        assert (await task).name == "CANCEL"

    async def test_a_call_that_has_ended(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        await ready.dialogs()
        assert (await ready.connector.terminate("143")).name == "INFO"
        assert ready.asked == []


class TestTerminateWhileTheOwnPhoneRings:
    async def begin(self, ready: World):
        held = ready.hold("POST /calls")
        call = ready.start(ready.connector.call(NUMBER))
        await ready.settle()
        return held, call, ready.events[0].call.id

    async def test_the_list_of_calls_knows_its_id(self, ready: World):
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

    async def test_the_documents_may_know_its_id_already(self, ready: World):
        held, _call, request = await self.begin(ready)
        await ready.dialogs(dialog("143-1", "trying", NUMBER))
        ready.api["DELETE /calls/143"] = (204, "")
        task = ready.start(ready.connector.terminate(request))
        await ready.settle()
        assert ready.asked[1:] == ["DELETE /calls/143"]
        held.set_result((400, {}))
        await ready.settle()
        assert (await task).name == "CANCEL"

    async def test_a_call_that_is_accepted_meanwhile_is_hung_up(self, ready: World):
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

    async def test_an_older_call_to_the_same_number_is_left_alone(self, ready: World):
        await ready.dialogs(dialog("140-1", "confirmed", NUMBER))
        ready.forget()
        _held, _call, request = await self.begin(ready)
        ready.api["GET /calls"] = (200, {"data": [{"id": 140, "dst": "442036427900"}]})
        ready.start(ready.connector.terminate(request))
        await ready.settle()
        assert "DELETE /calls/140" not in ready.asked

    @pytest.mark.parametrize("answer", [DOWN, (500, {})])
    async def test_without_the_list_it_fails(self, ready: World, answer):
        _held, _call, request = await self.begin(ready)
        ready.api["GET /calls"] = answer
        assert await code_of(ready, ready.connector.terminate(request)) in (
            "NETWORK_ERROR",
            "API_ERROR",
        )
        await ready.settle()
        assert ready.connector._pump.watches._watches == []


class TestTransfer:
    @pytest.mark.parametrize("hold", [False, True])
    async def test_a_call_that_is_up(self, ready: World, hold: bool):
        await ready.dialogs(incoming("143-1", "confirmed", hold=hold))
        ready.api["PATCH /calls/143"] = (200, {})
        task = ready.start(ready.connector.transfer("143", "+34 911 234 567"))
        await ready.settle()
        assert ready.platform.requests[-1].body == {"dst": "34911234567"}
        await ready.dialogs(incoming("143-1", "terminated", event="replaced"))
        event = await task
        assert (event.name, event.call.cause) == ("HANGUP", "transferred")

    async def test_a_call_that_only_rings_cannot_be_transferred(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        assert (await ready.connector.transfer(" 143 ", "10003")).name == "INFO"
        assert ready.asked == []


class TestApiRequest:
    async def test_it_returns_the_json(self, ready: World):
        ready.api["GET /users?page=1"] = (200, {"data": [1], "total": 1})
        assert await ready.connector.api_request("GET", "/users", {"page": 1}) == {
            "data": [1],
            "total": 1,
        }
        assert ready.platform.requests[0].token == "t0ken"
        assert ready.told == []

    async def test_it_works_while_the_sip_connection_is_lost(self, ready: World):
        ready.network = False
        await ready.drop()
        ready.api["GET /users"] = (200, {})
        assert await ready.connector.api_request("GET", "/users") == {}


class TestNodes:
    async def test_a_node_is_followed_once_the_server_has_accepted(self, ready: World):
        """Rule 6."""
        ready.sip["queue-77"] = None
        task = ready.start(ready.connector.subscribe("queue:77"))
        await ready.settle()
        assert ready.told == []
        assert ready.connector.nodes == ["user:10002"]
        del ready.sip["queue-77"]
        ready._answer(ready.socket, ready.socket.sent[-1])
        await ready.settle()
        event = await task
        assert (event.name, event.uri, event.node) == (
            "SUBSCRIBED",
            "queue:77@pbx.test",
            "queue:77",
        )
        assert ready.names == ["SUBSCRIBED"]

    async def test_a_node_that_is_followed_is_told_again_to_the_one_who_asks(self, ready: World):
        await ready.follow("queue:77")
        count = len(ready.subscribes)
        assert (await ready.connector.subscribe("queue:77")).name == "SUBSCRIBED"
        assert ready.names == ["SUBSCRIBED"]
        assert len(ready.subscribes) == count

    async def test_two_who_ask_at_once_share_one_subscription(self, ready: World):
        tasks = [ready.start(ready.connector.subscribe("queue:77")) for _ in range(2)]
        await ready.settle()
        assert [(await task).node for task in tasks] == ["queue:77", "queue:77"]
        assert ready.subscribes.count("queue-77 300") == 1

    @pytest.mark.parametrize("line", ["404 Not Found", "403 Forbidden", "503 Busy"])
    async def test_a_refusal_is_an_error_and_nothing_is_followed(self, ready: World, line: str):
        ready.sip["queue-77"] = line
        assert await code_of(ready, ready.connector.subscribe("queue:77")) == "SIP_ERROR"
        assert ready.told == ["ERROR SIP_ERROR"]
        await ready.advance(60)
        assert ready.connector.nodes == ["user:10002"]
        assert ready.subscribes.count("queue-77 300") == 1

    async def test_calls_of_a_node_are_told_with_the_node(self, ready: World):
        await ready.follow("queue:77")
        await ready.dialogs(incoming("143-1", "early"), of="queue-77")
        assert [event.call.node for event in ready.events] == ["queue:77"]

    async def test_a_node_that_is_let_go_of_tells_nothing_more(self, ready: World):
        await ready.follow("queue:77")
        await ready.dialogs(incoming("143-1", "early"), of="queue-77")
        ready.forget()
        assert await ready.connector.unsubscribe("queue:77") is None
        await ready.dialogs(incoming("143-1", "confirmed"), of="queue-77")
        assert ready.told == []
        assert ready.connector.nodes == ["user:10002"]
        assert ready.connector.calls == []
        assert ready.subscribes[-1] == "queue-77 0"

    async def test_a_node_that_is_not_followed_gives_info(self, ready: World):
        event = await ready.connector.unsubscribe("queue:77")
        assert event is not None
        assert event.code == "NOT_ALLOWED"

    async def test_a_node_that_the_server_ends_for_good_is_told_and_its_calls_are_dropped(
        self, ready: World
    ):
        await ready.follow("queue:77")
        await ready.dialogs(incoming("143-1", "early"), of="queue-77")
        await ready.advance(60)
        ready.forget()
        await ready.notify("terminated;reason=noresource", of="queue-77")
        assert ready.told == ["ERROR SIP_ERROR"]
        assert ready.connector.nodes == ["user:10002"]
        assert ready.connector.calls == []

    async def test_a_node_that_fails_for_a_while_stays_followed(self, ready: World):
        await ready.follow("queue:77")
        await ready.drop()
        ready.sip["queue-77"] = "503 Busy"
        await ready.advance(3)
        assert ready.told == ["INFO CONNECTION_LOST", "READY"]
        assert "queue:77" in ready.connector.nodes

    async def test_a_subscription_that_waits_outlives_a_lost_connection(self, ready: World):
        ready.sip["queue-77"] = None
        task = ready.start(ready.connector.subscribe("queue:77"))
        await ready.settle()
        ready.sip.clear()
        await ready.drop()
        await ready.advance(3)
        assert (await task).name == "SUBSCRIBED"

    async def test_a_caller_that_gives_up_does_not_end_it_for_another(self, ready: World):
        ready.sip["queue-77"] = None
        one = ready.start(ready.connector.subscribe("queue:77"))
        other = ready.start(ready.connector.subscribe("queue:77"))
        await ready.settle()
        one.cancel()
        ready._answer(ready.socket, ready.socket.sent[-1])  # nothing yet
        ready.sip.clear()
        ready._answer(ready.socket, ready.socket.sent[-1])
        await ready.settle()
        assert (await other).name == "SUBSCRIBED"
