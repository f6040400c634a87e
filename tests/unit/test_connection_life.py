"""A connection with a manual clock: silence, sleep, and a network that comes back."""

from __future__ import annotations

from pycti.sip.keepalive import INTERVAL, LATE, PONG_TIMEOUT

from .documents import incoming
from .world import HOUR, PING, PONG, World, records


def pings(world: World) -> int:
    return sum(socket.sent.count(PING) for socket in world.platform.sockets)


def pong(world: World) -> None:
    world.socket.listener.received(PONG)


async def sleep(world: World, seconds: float) -> None:
    """Simulate a sleep: the clock jumps, and all timers that are due fire late."""
    world.platform.time += seconds
    await world.advance(0)


class TestSilence:
    async def test_silence_after_an_answered_ping_means_dead_after_10_seconds(self, ready: World):
        await ready.advance(INTERVAL)
        assert pings(ready) == 1
        pong(ready)
        await ready.advance(INTERVAL)
        assert pings(ready) == 2
        await ready.advance(PONG_TIMEOUT - 0.1)
        assert ready.told == []
        await ready.advance(0.2)
        assert (ready.told, ready.statuses) == ([], ["connecting NETWORK_ERROR"])
        assert ready.platform.sockets[0].closed
        await ready.advance(2.1)
        assert (ready.told, ready.statuses) == (["READY"], ["connecting NETWORK_ERROR", "ready"])

    async def test_a_connection_that_never_answered_is_not_dead(self, ready: World):
        await ready.advance(HOUR)
        assert ready.told == []
        assert pings(ready) > 50
        assert len(ready.platform.sockets) == 1

    async def test_a_ping_of_the_server_shows_life_but_not_that_it_answers_pings(
        self, ready: World
    ):
        for _ in range(20):
            ready.socket.listener.received(PING)
            assert ready.socket.sent[-1] == PONG
            await ready.advance(24)
        assert pings(ready) == 0
        await ready.advance(600)
        assert ready.told == []

    async def test_a_new_connection_must_answer_once_before_its_silence_counts(self, ready: World):
        await ready.advance(INTERVAL)
        pong(ready)
        await ready.drop()
        await ready.advance(3)
        ready.forget()
        await ready.advance(600)
        assert ready.told == []


class TestSleep:
    async def test_a_socket_that_survived_a_sleep_is_not_considered_dead(self, ready: World):
        await ready.advance(INTERVAL)
        pong(ready)
        await ready.advance(INTERVAL + 1)  # A ping is pending when the sleep starts.
        ready.forget()
        await sleep(ready, 8 * HOUR)
        pong(ready)
        await ready.advance(20)
        assert ready.told == []
        assert ready.connector.is_connected()

    async def test_subscriptions_are_renewed_and_the_session_is_pinged(self, ready: World):
        await ready.follow("queue:77")
        before = len(ready.subscribes)
        await sleep(ready, 8 * HOUR)
        assert sorted(ready.subscribes[before:]) == ["10002 300", "queue-77 300"]
        await ready.advance(0.1)
        assert ready.asked == ["GET /ping"]
        assert ready.told == []

    async def test_a_lost_subscription_is_made_again(self, ready: World):
        await ready.dialogs(incoming("143-1", "confirmed"))
        ready.forget()
        ready.sip["10002"] = "481 Subscription does not exist"
        await sleep(ready, HOUR)
        ready.sip.clear()
        await ready.advance(5)
        assert ready.told == ["HANGUP 143"]
        assert ready.connector.is_connected()

    async def test_a_subscription_without_answers_during_a_sleep_is_made_again_early(
        self, ready: World
    ):
        """RFC 6665 §4.2.2: an unanswered NOTIFY ends the subscription silently."""
        await ready.dialogs(incoming("143-1", "confirmed"))
        ready.forget()
        ready.sip["10002"] = "481 Subscription does not exist"
        await sleep(ready, INTERVAL + 10)
        ready.sip.clear()
        await ready.advance(5)
        assert ready.told == ["HANGUP 143"]
        assert ready.connector.is_connected()

    async def test_the_wall_clock_shows_a_sleep_that_stopped_the_monotonic_clock(
        self, ready: World
    ):
        await ready.follow("queue:77")
        await ready.advance(INTERVAL)
        before = len(ready.subscribes)
        ready.platform.asleep += HOUR
        await ready.advance(INTERVAL)
        assert sorted(ready.subscribes[before:]) == ["10002 300", "queue-77 300"]
        assert ready.asked == ["GET /ping"]
        await ready.advance(INTERVAL)
        assert len(ready.subscribes) == before + 2

    async def test_a_slightly_late_timer_is_not_a_sleep(self, ready: World):
        before = len(ready.subscribes)
        due = min(timer.due for timer in ready.platform.timers if not timer.cancelled)
        await sleep(ready, due + LATE - ready.platform.time)
        assert len(ready.subscribes) == before
        assert ready.asked == []

    async def test_a_socket_that_died_during_a_sleep_is_detected(self, ready: World):
        await ready.advance(INTERVAL)
        pong(ready)
        ready.sip["10002"] = None
        await sleep(ready, HOUR)
        ready.connector.wake()
        await ready.advance(PONG_TIMEOUT + 0.1)
        assert (ready.told, ready.statuses) == ([], ["connecting NETWORK_ERROR"])
        ready.sip.clear()
        await ready.advance(2.1)
        assert ready.names[-1] == "READY"

    async def test_a_token_that_expired_during_a_sleep_is_reported_once(self, ready: World):
        await ready.follow("queue:77")
        ready.api["GET /ping"] = (401, {})
        await sleep(ready, 8 * HOUR)
        ready.connector.wake()
        await ready.advance(HOUR)
        assert ready.told == ["LOGGED_OUT SESSION_EXPIRED"]
        assert ready.tokens[-1] is None
        assert ready.socket.closed

    async def test_a_token_and_a_socket_that_both_died_during_a_sleep(self, ready: World):
        ready.api["GET /ping"] = (401, {})
        ready.platform.time += 8 * HOUR
        await ready.drop()
        ready.connector.wake()
        await ready.advance(HOUR)
        assert ready.told == ["LOGGED_OUT SESSION_EXPIRED"]

    async def test_calls_that_ended_during_a_sleep_are_reported_and_forgotten(self, ready: World):
        await ready.dialogs(incoming("143-1", "confirmed"), incoming("144-1", "early"))
        ready.forget()
        await sleep(ready, 2 * HOUR)
        assert sorted(ready.told) == ["HANGUP 143", "HANGUP 144"]
        await ready.advance(61)
        assert records(ready) == 0


class TestOnline:
    async def test_online_ends_the_pause(self, ready: World):
        ready.platform.entropy = lambda size: "ff" * size
        ready.network = False
        await ready.drop()
        for _ in range(6):
            await ready.advance(31)
            await ready.drop()
        ready.network = True
        count = len(ready.platform.sockets)
        ready.connector.wake()
        await ready.advance(0)
        assert len(ready.platform.sockets) == count + 1
        assert ready.connector.is_connected()

    async def test_online_does_not_disturb_an_attempt_in_progress(self, ready: World):
        ready.network = False
        await ready.drop()
        await ready.advance(3)
        count = len(ready.platform.sockets)
        for _ in range(5):
            ready.connector.wake()
            await ready.advance(0.1)
        assert len(ready.platform.sockets) == count

    async def test_online_fetches_all_states_and_checks_the_session(self, ready: World):
        await ready.follow("queue:77")
        before = len(ready.subscribes)
        ready.connector.wake()
        await ready.advance(0.1)
        assert sorted(ready.subscribes[before:]) == ["10002 300", "queue-77 300"]
        assert ready.asked == ["GET /ping"]
        assert ready.told == []

    async def test_several_pages_that_come_back_fetch_the_states_once(self, ready: World):
        before = len(ready.subscribes)
        for _ in range(10):
            ready.connector.wake()
            await ready.settle()
        await ready.advance(60)
        assert len(ready.subscribes) == before + 1

    async def test_online_pings_an_open_socket_each_time(self, ready: World):
        for _ in range(3):
            ready.connector.wake()
            await ready.settle()
        assert pings(ready) == 3
        await ready.advance(60)
        assert ready.told == []

    async def test_online_does_nothing_without_a_session(self, world: World):
        world.connector.wake()
        await world.advance(60)
        assert world.asked == world.told == []
        assert world.platform.sockets == []
