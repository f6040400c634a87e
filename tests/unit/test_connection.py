"""A long session: keep-alive, expiry, lost connections and reconnection (rules 1 and 2)."""

from __future__ import annotations

import itertools

import pytest

from pycti.errors import CtiError

from .documents import incoming
from .test_login import code_of
from .world import DOWN, World


class TestTheToken:
    async def test_a_ping_every_five_minutes_keeps_the_token_alive(self, ready: World):
        await ready.advance(299)
        assert ready.asked == []
        await ready.advance(2)
        assert ready.asked == ["GET /ping"]
        await ready.advance(300)
        assert ready.asked == ["GET /ping", "GET /ping"]

    async def test_a_request_postpones_the_ping(self, ready: World):
        ready.api["GET /users"] = (200, {"data": []})
        await ready.advance(200)
        await ready.connector.api_request("GET", "/users")
        await ready.advance(200)
        assert ready.asked == ["GET /users"]

    async def test_a_ping_without_an_answer_does_not_log_out(self, ready: World):
        """Rule 1."""
        ready.api["GET /ping"] = DOWN
        await ready.advance(301)
        assert ready.told == []
        assert ready.connector.is_connected()

    @pytest.mark.parametrize("status", [401, 403])
    async def test_a_ping_that_is_refused_ends_the_session_once(self, ready: World, status: int):
        ready.api["GET /ping"] = (status, {})
        await ready.advance(2000)
        assert ready.told == ["LOGGED_OUT SESSION_EXPIRED"]
        assert ready.asked == ["GET /ping"]
        assert ready.tokens[-1] is None
        assert ready.socket.closed


class TestUnauthorized:
    async def test_a_401_on_any_request_ends_the_session_once(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        ready.forget()
        for route in ("GET /users", "PATCH /calls/143", "DELETE /calls/143", "POST /calls"):
            ready.api[route] = (401, {})
        connector = ready.connector
        tasks = [
            ready.start(work)
            for work in (
                connector.api_request("GET", "/users"),
                connector.answer("143"),
                connector.terminate("143"),
                connector.call("10003"),
            )
        ]
        await ready.settle()
        assert all(isinstance(task.exception(), CtiError) for task in tasks)
        assert ready.names.count("LOGGED_OUT") == 1
        assert not connector.is_connected()

    async def test_a_command_that_gets_a_401_emits_no_error_event(self, ready: World):
        ready.api["GET /users"] = (401, {})
        assert (
            await code_of(ready, ready.connector.api_request("GET", "/users")) == "SESSION_EXPIRED"
        )
        assert ready.told == ["LOGGED_OUT SESSION_EXPIRED"]

    async def test_a_403_on_one_request_does_not_end_the_session(self, ready: World):
        ready.api["GET /cdrs"] = (403, {"message": "Not for you."})
        assert await code_of(ready, ready.connector.api_request("GET", "/cdrs")) == "API_ERROR"
        assert ready.told == ["ERROR API_ERROR"]
        assert ready.last_error.message == "Not for you."
        assert ready.asked == ["GET /cdrs", "GET /ping"]
        assert ready.connector.is_connected()

    async def test_a_403_on_the_ping_too_ends_the_session(self, ready: World):
        ready.api["GET /cdrs"] = (403, {})
        ready.api["GET /ping"] = (401, {})
        assert (
            await code_of(ready, ready.connector.api_request("GET", "/cdrs")) == "SESSION_EXPIRED"
        )
        assert ready.told == ["LOGGED_OUT SESSION_EXPIRED"]

    async def test_a_403_followed_by_an_outage_only_fails_that_request(self, ready: World):
        ready.api["GET /cdrs"] = (403, {"message": "Not for you."})
        ready.api["GET /ping"] = DOWN
        assert await code_of(ready, ready.connector.api_request("GET", "/cdrs")) == "API_ERROR"
        assert ready.connector.is_connected()

    async def test_a_late_401_does_not_end_the_next_session(self, ready: World):
        held = ready.hold("GET /users")
        task = ready.start(ready.connector.api_request("GET", "/users"))
        await ready.settle()
        await self.log_out_and_in(ready)
        held.set_result((401, {}))
        await ready.settle()
        assert task.exception().code == "NOT_CONNECTED"
        assert ready.connector.is_connected()

    async def test_a_late_answer_to_the_check_does_not_end_the_next_session(self, ready: World):
        ready.api["GET /cdrs"] = (403, {})
        held = ready.hold("GET /ping")
        task = ready.start(ready.connector.api_request("GET", "/cdrs"))
        await ready.settle()
        await self.log_out_and_in(ready)
        held.set_result((401, {}))
        await ready.settle()
        assert task.exception() is not None
        assert ready.connector.is_connected()

    async def log_out_and_in(self, ready: World) -> None:
        out = ready.start(ready.connector.logout())
        await ready.settle()
        await out
        ready.api["POST /login"] = (200, {"user_token": "another"})
        await ready.log_in()


class TestReconnecting:
    async def test_a_lost_connection_is_restored_with_all_subscriptions(self, ready: World):
        await ready.follow("queue:77")
        await ready.drop()
        assert (ready.told, ready.statuses) == ([], ["connecting NETWORK_ERROR"])
        assert not ready.connector.is_connected()
        before = len(ready.subscribes)
        await ready.advance(2.1)
        assert (ready.told, ready.statuses) == (["READY"], ["connecting NETWORK_ERROR", "ready"])
        assert ready.subscribes[before:] == ["10002 300", "queue-77 300"]
        assert ready.connector.get_subscription_uris() == ["10002@pbx.test", "queue:77@pbx.test"]

    async def test_attempts_continue_with_growing_pauses_until_one_succeeds(self, ready: World):
        ready.platform.entropy = lambda size: "ff" * size
        ready.network = False
        starts = [ready.platform.time]
        await ready.drop()
        while len(starts) < 8:
            count = len(ready.platform.sockets)
            while len(ready.platform.sockets) == count:
                await ready.advance(0.5)
            starts.append(ready.platform.time)
            await ready.drop()
        pauses = [later - before for before, later in itertools.pairwise(starts)]
        assert pauses == sorted(pauses)
        assert pauses[0] <= 2.5
        assert 30 <= pauses[-1] <= 31
        assert (ready.told, ready.statuses) == ([], ["connecting NETWORK_ERROR"])

    async def test_online_reconnects_at_once(self, ready: World):
        ready.platform.entropy = lambda size: "ff" * size
        await ready.drop()
        ready.connector.wake()
        await ready.advance(0)
        assert ready.names[-1] == "READY"

    async def test_a_call_that_ended_during_the_outage_gets_its_hangup(self, ready: World):
        await ready.dialogs(incoming("143-1", "confirmed"))
        await ready.drop()
        ready.forget()
        await ready.advance(3)
        assert ready.told == ["READY", "HANGUP 143"]

    async def test_a_dead_connection_is_detected_and_replaced(self, ready: World):
        await ready.advance(25)
        ready.socket.listener.received("\r\n")
        await ready.advance(36)
        assert (ready.told, ready.statuses) == ([], ["connecting NETWORK_ERROR"])
        await ready.advance(3)
        assert ready.names[-1] == "READY"
        assert len(ready.platform.sockets) == 2

    async def test_online_tests_an_open_connection(self, ready: World):
        ready.connector.wake()
        assert "\r\n\r\n" in ready.socket.sent

    async def test_messages_of_the_old_socket_are_ignored(self, ready: World):
        old = ready.socket
        await ready.drop()
        await ready.advance(3)
        ready.forget()
        old.listener.opened()
        old.listener.received("\r\n\r\n")
        old.listener.closed("late")
        await ready.settle()
        assert ready.told == []
        assert ready.connector.is_connected()

    async def test_a_session_that_expired_during_the_outage_is_logged_out(self, ready: World):
        ready.api["GET /ping"] = (401, {})
        await ready.drop()
        await ready.advance(3)
        assert ready.told[-1] == "LOGGED_OUT SESSION_EXPIRED"

    async def test_a_refused_own_subscription_reads_the_account_again(self, ready: World):
        """The SIP password may have been changed."""
        await ready.advance(60)
        ready.forget()
        await ready.notify("terminated;reason=rejected")
        assert (ready.told, ready.statuses) == ([], ["connecting SIP_ERROR"])
        await ready.advance(3)
        assert ready.asked == ["GET /me"]
        assert ready.names[-1] == "READY"

    async def test_a_refusal_while_reconnecting_is_retried_without_an_event(self, ready: World):
        ready.sip["10002"] = "403 Forbidden"
        await ready.drop()
        await ready.advance(20)
        assert ready.told == []
        assert ready.statuses == ["connecting NETWORK_ERROR", "connecting SIP_ERROR"]
        ready.sip.clear()
        await ready.advance(31)
        assert ready.names[-1] == "READY"

    async def test_a_refresh_emits_no_event(self, ready: World):
        await ready.advance(1000)
        assert ready.told == []
        assert len(ready.subscribes) >= 4

    async def test_a_temporary_refusal_of_a_refresh_emits_no_event(self, ready: World):
        ready.sip["10002"] = "503 Busy"
        await ready.advance(270)
        ready.sip.clear()
        await ready.advance(30)
        assert ready.told == []
        assert ready.connector.is_connected()
