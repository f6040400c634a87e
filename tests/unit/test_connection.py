"""A session that lasts: keep-alive, expiry, lost connections and reconnection (rules 1 and 2)."""

from __future__ import annotations

import itertools

import pytest

from pycti.errors import CtiError

from .documents import incoming
from .test_login import code_of
from .world import DOWN, World


class TestTheToken:
    async def test_it_is_kept_alive_by_a_ping_every_five_minutes(self, ready: World):
        await ready.advance(299)
        assert ready.asked == []
        await ready.advance(2)
        assert ready.asked == ["GET /ping"]
        await ready.advance(300)
        assert ready.asked == ["GET /ping", "GET /ping"]

    async def test_a_request_makes_a_ping_needless(self, ready: World):
        ready.api["GET /users"] = (200, {"data": []})
        await ready.advance(200)
        await ready.connector.api_request("GET", "/users")
        await ready.advance(200)
        assert ready.asked == ["GET /users"]

    async def test_a_ping_without_an_answer_is_no_logout(self, ready: World):
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

    async def test_the_command_is_not_told_as_an_error_too(self, ready: World):
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

    async def test_a_403_on_everything_does(self, ready: World):
        ready.api["GET /cdrs"] = (403, {})
        ready.api["GET /ping"] = (401, {})
        assert (
            await code_of(ready, ready.connector.api_request("GET", "/cdrs")) == "SESSION_EXPIRED"
        )
        assert ready.told == ["LOGGED_OUT SESSION_EXPIRED"]

    async def test_a_403_while_the_network_goes_down_is_still_that_requests_refusal(
        self, ready: World
    ):
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

    async def test_a_late_answer_to_the_question_does_not_end_the_next_session(self, ready: World):
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
    async def test_a_lost_connection_comes_back_with_everything(self, ready: World):
        await ready.follow("queue:77")
        await ready.drop()
        assert (ready.told, ready.statuses) == ([], ["connecting NETWORK_ERROR"])
        assert not ready.connector.is_connected()
        before = len(ready.subscribes)
        await ready.advance(2.1)
        assert (ready.told, ready.statuses) == (["READY"], ["connecting NETWORK_ERROR", "ready"])
        assert ready.subscribes[before:] == ["10002 300", "queue-77 300"]
        assert ready.connector.get_subscription_uris() == ["10002@pbx.test", "queue:77@pbx.test"]

    async def test_attempts_go_on_with_growing_pauses_until_one_succeeds(self, ready: World):
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

    async def test_at_once_when_the_browser_says_online(self, ready: World):
        ready.platform.entropy = lambda size: "ff" * size
        await ready.drop()
        ready.connector.wake()
        await ready.advance(0)
        assert ready.names[-1] == "READY"

    async def test_a_call_that_ended_meanwhile_gets_its_hangup(self, ready: World):
        await ready.dialogs(incoming("143-1", "confirmed"))
        await ready.drop()
        ready.forget()
        await ready.advance(3)
        assert ready.told == ["READY", "HANGUP 143"]

    async def test_a_dead_connection_is_noticed_and_made_anew(self, ready: World):
        await ready.advance(25)
        ready.socket.listener.received("\r\n")
        await ready.advance(36)
        assert (ready.told, ready.statuses) == ([], ["connecting NETWORK_ERROR"])
        await ready.advance(3)
        assert ready.names[-1] == "READY"
        assert len(ready.platform.sockets) == 2

    async def test_online_tests_a_connection_that_seems_to_stand(self, ready: World):
        ready.connector.wake()
        assert "\r\n\r\n" in ready.socket.sent

    async def test_what_the_old_socket_still_says_is_not_heard(self, ready: World):
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

    async def test_a_session_that_expired_meanwhile_is_logged_out(self, ready: World):
        ready.api["GET /ping"] = (401, {})
        await ready.drop()
        await ready.advance(3)
        assert ready.told[-1] == "LOGGED_OUT SESSION_EXPIRED"

    async def test_the_users_own_subscription_refused_while_ready(self, ready: World):
        """The SIP password may have been changed: the account is read again."""
        await ready.advance(60)
        ready.forget()
        await ready.notify("terminated;reason=rejected")
        assert (ready.told, ready.statuses) == ([], ["connecting SIP_ERROR"])
        await ready.advance(3)
        assert ready.asked == ["GET /me"]
        assert ready.names[-1] == "READY"

    async def test_a_refusal_while_reconnecting_is_retried_without_a_word(self, ready: World):
        ready.sip["10002"] = "403 Forbidden"
        await ready.drop()
        await ready.advance(20)
        assert ready.told == []
        assert ready.statuses == ["connecting NETWORK_ERROR", "connecting SIP_ERROR"]
        ready.sip.clear()
        await ready.advance(31)
        assert ready.names[-1] == "READY"

    async def test_a_subscription_that_is_refreshed_says_nothing(self, ready: World):
        await ready.advance(1000)
        assert ready.told == []
        assert len(ready.subscribes) >= 4

    async def test_a_temporary_refusal_of_a_refresh_says_nothing(self, ready: World):
        ready.sip["10002"] = "503 Busy"
        await ready.advance(270)
        ready.sip.clear()
        await ready.advance(30)
        assert ready.told == []
        assert ready.connector.is_connected()
