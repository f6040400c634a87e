"""Restoring sessions and logging out."""

from __future__ import annotations

import pytest

from .test_login import code_of
from .world import DOWN, ME, World


class TestRestore:
    async def test_a_stored_session_continues(self, world: World):
        world.connector.restore("t0ken")
        await world.settle()
        assert world.names == ["LOGGED_IN", "SUBSCRIBED", "READY"]
        assert world.asked == ["GET /me"]

    async def test_restoring_an_expired_session_logs_out(self, world: World):
        world.api["GET /me"] = (401, {})
        world.connector.restore("old")
        await world.settle()
        assert world.told == ["LOGGED_OUT SESSION_EXPIRED"]
        assert world.tokens == [None]

    @pytest.mark.parametrize("answer", [DOWN, (503, {}), (200, {})])
    async def test_an_unreachable_server_does_not_end_the_session(self, world: World, answer):
        """Rule 1."""
        world.api["GET /me"] = answer
        world.connector.restore("t0ken")
        await world.advance(60)
        assert world.events == []
        assert world.tokens == []
        world.api["GET /me"] = (200, {"data": ME})
        await world.advance(31)
        assert world.names[-1] == "READY"

    async def test_an_unreachable_sip_server_is_a_status_and_not_an_event(self, world: World):
        world.network = False
        world.connector.restore("t0ken")
        await world.settle()
        for _ in range(3):
            await world.drop("refused")
            await world.advance(31)
        assert world.told == ["LOGGED_IN"]
        assert world.statuses == ["connecting", "connecting NETWORK_ERROR"]
        world.network = True
        await world.settle()
        assert world.names[-1] == "READY"

    async def test_online_retries_the_restore_at_once(self, world: World):
        world.api["GET /me"] = [DOWN, (200, {"data": ME})]
        world.connector.restore("t0ken")
        await world.settle()
        world.connector.wake()
        await world.advance(0)
        assert world.names[-1] == "READY"

    async def test_restore_during_a_session_is_ignored(self, ready: World):
        ready.connector.restore("other")
        await ready.settle()
        assert ready.asked == []

    async def test_a_command_waits_for_the_end_of_the_restore(self, world: World):
        world.api["POST /calls"] = (201, {"data": {"id": 143}})
        world.connector.restore("t0ken")
        task = world.start(world.connector.call("10003"))
        await world.settle()
        assert (await task).name == "ACCEPTED"

    async def test_a_login_is_possible_while_the_server_cannot_be_reached(self, world: World):
        world.api["GET /me"] = [DOWN, (200, {"data": ME})]
        world.connector.restore("t0ken")
        await world.settle()
        await world.log_in()
        assert world.connector.is_connected()


class TestLogout:
    async def test_the_session_ends_on_the_server_and_here(self, ready: World):
        socket = ready.socket
        task = ready.start(ready.connector.logout())
        await ready.settle()
        assert (await task).name == "LOGGED_OUT"
        assert ready.told == ["LOGGED_OUT"]
        assert ready.asked == ["POST /logout"]
        assert ready.platform.requests[0].token == "t0ken"
        assert ready.tokens[-1] is None
        assert socket.closed
        assert ready.connector.get_subscription_uris() == []
        assert ready.subscribes[-1] == "10002 0"

    @pytest.mark.parametrize("status", [401, 403])
    async def test_a_session_that_the_server_does_not_know_ends_here(self, ready: World, status):
        ready.api["POST /logout"] = (status, {})
        task = ready.start(ready.connector.logout())
        await ready.settle()
        assert (await task).name == "LOGGED_OUT"

    @pytest.mark.parametrize(
        ("answer", "code"), [((500, {}), "API_ERROR"), (DOWN, "NETWORK_ERROR")]
    )
    async def test_a_failed_logout_request_still_logs_out_here(self, ready: World, answer, code):
        ready.api["POST /logout"] = answer
        assert await code_of(ready, ready.connector.logout()) == code
        assert ready.told == ["LOGGED_OUT", f"ERROR {code}"]
        assert "logged out here" in ready.last_error.hint
        assert ready.tokens[-1] is None

    async def test_two_concurrent_logouts_are_one(self, ready: World):
        one = ready.start(ready.connector.logout())
        await ready.settle()
        await one
        assert await code_of(ready, ready.connector.logout()) == "NOT_CONNECTED"

    async def test_a_second_logout_waits_for_the_first(self, ready: World):
        held = ready.hold("POST /logout")
        one = ready.start(ready.connector.logout())
        await ready.settle()
        assert await code_of(ready, ready.connector.logout()) == "NOT_CONNECTED"
        held.set_result((200, {}))
        await ready.settle()
        assert (await one).name == "LOGGED_OUT"

    @pytest.mark.parametrize("route", ["POST /login", "GET /me"])
    @pytest.mark.parametrize("late", [(200, {"user_token": "t", "data": ME}), (500, {})])
    async def test_a_logout_during_a_login_fails_the_login(self, world, route, late):
        held = world.hold(route)
        login = world.start(world.connector.login("anna@example.com", "x"))
        await world.settle()
        assert (await world.connector.logout()).name == "LOGGED_OUT"
        await world.settle()
        assert login.done()
        assert login.exception().code == "NOT_CONNECTED"
        held.set_result(late)
        await world.settle()
        assert world.told[:1] == ["LOGGED_OUT"]
        assert not world.connector.is_connected()
        assert world.platform.sockets == []

    async def test_a_logout_works_while_the_connection_is_lost(self, ready: World):
        ready.network = False
        await ready.drop()
        task = ready.start(ready.connector.logout())
        await ready.advance(60)
        assert (await task).name == "LOGGED_OUT"
        assert len(ready.platform.sockets) == 1

    async def test_a_login_works_after_a_logout(self, ready: World):
        task = ready.start(ready.connector.logout())
        again = ready.start(ready.connector.login("anna@example.com", "x"))
        await ready.settle()
        await task
        assert (await again).name == "READY"

    async def test_a_logout_cancels_requested_calls(self, ready: World):
        held = ready.hold("POST /calls")
        call = ready.start(ready.connector.call("10003"))
        await ready.settle()
        task = ready.start(ready.connector.logout())
        await ready.settle()
        await task
        held.set_result((201, {"data": {"id": 143}}))
        await ready.settle()
        assert call.exception() is not None
        assert ready.names[:3] == ["INITIAL", "CANCEL", "LOGGED_OUT"]
