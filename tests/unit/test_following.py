"""Following nodes, and API requests of a page."""

from __future__ import annotations

import pytest

from .documents import incoming
from .test_login import code_of
from .world import World


class TestApiRequest:
    async def test_api_request_returns_the_json(self, ready: World):
        ready.api["GET /users?page=1"] = (200, {"data": [1], "total": 1})
        assert await ready.connector.api_request("GET", "/users", {"page": 1}) == {
            "data": [1],
            "total": 1,
        }
        assert ready.platform.requests[0].token == "t0ken"
        assert ready.told == []

    async def test_api_request_works_while_the_sip_connection_is_lost(self, ready: World):
        ready.network = False
        await ready.drop()
        ready.api["GET /users"] = (200, {})
        assert await ready.connector.api_request("GET", "/users") == {}


class TestNodes:
    async def test_a_node_is_followed_after_the_server_accepted(self, ready: World):
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

    async def test_subscribing_to_a_followed_node_returns_its_event_again(self, ready: World):
        await ready.follow("queue:77")
        count = len(ready.subscribes)
        assert (await ready.connector.subscribe("queue:77")).name == "SUBSCRIBED"
        assert ready.names == ["SUBSCRIBED"]
        assert len(ready.subscribes) == count

    async def test_concurrent_subscribe_commands_share_one_subscription(self, ready: World):
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

    async def test_calls_of_a_node_are_reported_with_the_node(self, ready: World):
        await ready.follow("queue:77")
        await ready.dialogs(incoming("143-1", "early"), of="queue-77")
        assert [event.call.node for event in ready.events] == ["queue:77"]

    async def test_an_unsubscribed_node_reports_nothing(self, ready: World):
        await ready.follow("queue:77")
        await ready.dialogs(incoming("143-1", "early"), of="queue-77")
        ready.forget()
        assert await ready.connector.unsubscribe("queue:77") is None
        await ready.dialogs(incoming("143-1", "confirmed"), of="queue-77")
        assert ready.told == []
        assert ready.connector.nodes == ["user:10002"]
        assert ready.connector.calls == []
        assert ready.subscribes[-1] == "queue-77 0"

    async def test_unsubscribing_from_an_unfollowed_node_returns_info(self, ready: World):
        event = await ready.connector.unsubscribe("queue:77")
        assert event is not None
        assert event.code == "NOT_ALLOWED"

    async def test_a_node_that_the_server_ends_permanently_ends_its_calls(self, ready: World):
        await ready.follow("queue:77")
        await ready.dialogs(incoming("143-1", "early"), of="queue-77")
        await ready.advance(60)
        ready.forget()
        await ready.notify("terminated;reason=noresource", of="queue-77")
        assert ready.told == ["HANGUP 143"]
        assert ready.connector.nodes == ["user:10002"]
        assert ready.connector.calls == []

    async def test_a_node_that_fails_temporarily_stays_followed(self, ready: World):
        await ready.follow("queue:77")
        await ready.drop()
        ready.sip["queue-77"] = "503 Busy"
        await ready.advance(3)
        assert (ready.told, ready.statuses) == (["READY"], ["connecting NETWORK_ERROR", "ready"])
        assert "queue:77" in ready.connector.nodes

    async def test_a_pending_subscription_survives_a_lost_connection(self, ready: World):
        ready.sip["queue-77"] = None
        task = ready.start(ready.connector.subscribe("queue:77"))
        await ready.settle()
        ready.sip.clear()
        await ready.drop()
        await ready.advance(3)
        assert (await task).name == "SUBSCRIBED"

    async def test_cancelling_one_subscribe_command_does_not_cancel_another(self, ready: World):
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
