"""Outages with a manual clock: pauses, events during them, and concurrent refreshes."""

from __future__ import annotations

import itertools

import pytest

from pycti.session.states import PING_INTERVAL
from pycti.sip.transaction import TIMER_F

from .documents import incoming
from .test_login import code_of
from .wire import answer_text
from .world import DOWN, HOUR, PING, World


class TestBackOff:
    async def pauses(self, world: World, count: int) -> list[float]:
        """Return the pauses of ``count`` attempts, each of which fails at once."""
        found = []
        for _ in range(count):
            start, before = world.platform.time, len(world.platform.sockets)
            while len(world.platform.sockets) == before:
                due = min(t.due for t in world.platform.timers if not t.cancelled)
                await world.advance(max(0.0, due - world.platform.time))
            found.append(world.platform.time - start)
            await world.drop()
        return found

    @pytest.mark.parametrize(
        ("chance", "expected"),
        [
            ("00", [1] * 8),
            ("ff", [2, 4, 8, 16, 30, 30, 30, 30]),
            ("80", [1.5, 2.5, 4.5, 8.5, 15.5, 15.5, 15.5, 15.5]),
        ],
    )
    async def test_full_jitter_between_1_and_30_seconds(self, ready: World, chance, expected):
        ready.network = False
        ready.platform.entropy = lambda size: chance * size
        await ready.drop()
        assert await self.pauses(ready, 8) == pytest.approx(expected, abs=0.2)

    async def test_ready_resets_the_pauses(self, ready: World):
        ready.platform.entropy = lambda size: "ff" * size
        ready.network = False
        await ready.drop()
        assert (await self.pauses(ready, 6))[-1] == pytest.approx(30, abs=0.1)
        ready.network = True
        await ready.advance(31)
        assert ready.names[-1] == "READY"
        await ready.drop()
        assert await self.pauses(ready, 1) == pytest.approx([2], abs=0.1)

    async def test_a_connection_without_acceptance_does_not_reset_the_pauses(self, ready: World):
        ready.platform.entropy = lambda size: "ff" * size
        ready.sip["10002"] = None
        await ready.drop()
        assert await self.pauses(ready, 5) == pytest.approx([2, 4, 8, 16, 30], abs=0.1)

    async def test_two_clients_do_not_reconnect_at_once(self, ready: World):
        values = itertools.cycle(["10", "90", "e0", "30"])
        ready.platform.entropy = lambda size: next(values) * size
        ready.network = False
        await ready.drop()
        found = await self.pauses(ready, 12)
        assert all(1 <= pause <= 30.1 for pause in found)
        assert len({round(pause, 2) for pause in found}) > 4


class TestOutages:
    async def test_a_token_that_expires_during_an_outage_is_reported_once(self, ready: World):
        ready.network = False
        ready.api["GET /ping"] = DOWN
        await ready.drop()
        await ready.advance(HOUR)
        assert (ready.told, ready.statuses) == ([], ["connecting NETWORK_ERROR"])
        ready.network = True
        ready.api["GET /ping"] = (401, {})
        ready.connector.wake()
        await ready.advance(HOUR)
        assert ready.names.count("LOGGED_OUT") == 1
        assert ready.told[-1] == "LOGGED_OUT SESSION_EXPIRED"
        assert not ready.connector.is_connected()

    async def test_a_server_error_is_not_a_logout(self, ready: World):
        """Rule 1: only 401 and 403 end the session."""
        for answer in (DOWN, (500, {}), (502, "<html>"), (429, {}), (404, {})):
            ready.api["GET /ping"] = answer
            await ready.advance(PING_INTERVAL + 1)
        assert ready.told == []

    @pytest.mark.parametrize("network", [True, False])
    async def test_logout_during_a_reconnect(self, ready: World, network: bool):
        await ready.drop()
        ready.network = network
        await ready.advance(1.0)
        task = ready.start(ready.connector.logout())
        await ready.settle()
        assert (await task).name == "LOGGED_OUT"
        count = len(ready.platform.sockets)
        await ready.advance(HOUR)
        assert ready.told == ["LOGGED_OUT"]
        assert len(ready.platform.sockets) == count
        assert all(socket.closed for socket in ready.platform.sockets)

    async def test_a_logout_without_a_network_reports_the_reason(self, ready: World):
        ready.network = False
        ready.api["POST /logout"] = DOWN
        await ready.drop()
        assert await code_of(ready, ready.connector.logout()) == "NETWORK_ERROR"
        assert sorted(ready.told) == ["ERROR NETWORK_ERROR", "LOGGED_OUT"]
        await ready.advance(60)
        assert ready.platform.sockets[-1].closed

    async def test_a_login_after_a_logout_during_an_outage_starts_again(self, ready: World):
        await ready.drop()
        task = ready.start(ready.connector.logout())
        await ready.settle()
        await task
        await ready.log_in()
        assert ready.connector.is_connected()
        await ready.advance(60)
        assert ready.told == []


class TestRefreshRaces:
    async def to_refresh(self, world: World, line: str | None) -> None:
        world.sip["10002"] = line
        await world.advance(300 - TIMER_F)
        world.forget()

    async def test_a_refresh_is_in_flight_while_the_socket_drops(self, ready: World):
        await self.to_refresh(ready, None)
        asked = ready.socket.sent[-1]
        await ready.drop()
        ready.sip.clear()
        await ready.advance(2.1)
        assert (ready.told, ready.statuses) == (["READY"], ["connecting NETWORK_ERROR", "ready"])
        ready.platform.sockets[0].listener.received(asked)
        await ready.advance(TIMER_F + 1)
        assert (ready.told, ready.statuses) == (["READY"], ["connecting NETWORK_ERROR", "ready"])

    async def test_481_is_answered_by_a_new_subscription_at_once(self, ready: World):
        before = len(ready.subscribes)
        await self.to_refresh(ready, "481 Gone")
        ready.sip.clear()
        await ready.advance(6)
        assert ready.told == []
        assert ready.subscribes[before:].count("10002 300") >= 2

    async def test_503_waits_for_retry_after(self, ready: World):
        await self.to_refresh(ready, "503 Busy\r\nRetry-After: 40")
        before = len(ready.subscribes)
        ready.sip.clear()
        await ready.advance(39)
        assert len(ready.subscribes) == before
        await ready.advance(2)
        assert len(ready.subscribes) == before + 1
        assert ready.told == []

    async def test_423_requests_a_longer_expiry(self, ready: World):
        await self.to_refresh(ready, None)
        asked = ready.socket.sent[-1]
        ready.sip.clear()
        ready.socket.listener.received(answer_text(asked, "423 Too Brief", "Min-Expires: 900"))
        await ready.settle()
        assert ready.subscribes[-1] == "10002 900"
        await ready.advance(60)
        assert ready.told == []

    async def test_a_refresh_without_an_answer_makes_a_new_subscription(self, ready: World):
        await ready.dialogs(incoming("143-1", "confirmed"))
        await self.to_refresh(ready, None)
        before = len(ready.subscribes)
        ready.sip.clear()
        await ready.advance(TIMER_F - 2)
        ready.socket.listener.received(PING)  # Only this request has no answer.
        await ready.advance(6)
        assert len(ready.subscribes) == before + 1
        assert ready.told == ["HANGUP 143"]

    async def test_a_refresh_without_any_message_means_a_dead_connection(self, ready: World):
        await self.to_refresh(ready, None)
        await ready.advance(TIMER_F - 0.1)
        assert ready.told == []
        ready.sip.clear()
        await ready.advance(3)
        assert (ready.told, ready.statuses) == (["READY"], ["connecting NETWORK_ERROR", "ready"])
        assert len(ready.platform.sockets) == 2

    async def test_a_late_answer_to_an_abandoned_refresh_is_ignored(self, ready: World):
        await self.to_refresh(ready, None)
        late = ready.socket.sent[-1]
        await ready.advance(TIMER_F - 2)
        ready.socket.listener.received(PING)
        await ready.advance(2.1)
        ready.sip.clear()
        ready._answer(ready.socket, late)
        await ready.advance(60)
        assert ready.told == []
        assert ready.connector.is_connected()
