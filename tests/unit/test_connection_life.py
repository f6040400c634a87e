"""The life of a connection on a clock moved by hand: silence, sleep, outages, races, long days.

``PYCTI_LONG=1`` runs a whole day with 100,000 calls.
"""

from __future__ import annotations

import gc
import itertools
import os
import sys
import tracemalloc
from collections import deque

import pytest

from pycti.calls import CallTable
from pycti.session import PING_INTERVAL
from pycti.sip.keepalive import INTERVAL, LATE, PONG_TIMEOUT
from pycti.sip.transaction import TIMER_F

from .documents import document, incoming
from .test_login import code_of
from .wire import answer_text, notify_text
from .world import DOWN, World

LONG = os.environ.get("PYCTI_LONG") == "1"
CALLS = 100_000 if LONG else 5_000
"""Calls of the long day; they come at the same rate in the short one."""

HOUR = 3600.0
PING, PONG = "\r\n\r\n", "\r\n"


def pings(world: World) -> int:
    return sum(socket.sent.count(PING) for socket in world.platform.sockets)


def pong(world: World) -> None:
    world.socket.listener.received(PONG)


async def sleep(world: World, seconds: float) -> None:
    """The machine sleeps: the clock jumps, and what was due fires late, all at once."""
    world.platform.time += seconds
    await world.advance(0)


class TestSilence:
    async def test_answered_once_then_silence_is_death_after_10_seconds(self, ready: World):
        await ready.advance(INTERVAL)
        assert pings(ready) == 1
        pong(ready)
        await ready.advance(INTERVAL)
        assert pings(ready) == 2
        await ready.advance(PONG_TIMEOUT - 0.1)
        assert ready.told == []
        await ready.advance(0.2)
        assert ready.told == ["INFO CONNECTION_LOST"]
        assert ready.platform.sockets[0].closed
        await ready.advance(2.1)
        assert ready.told == ["INFO CONNECTION_LOST", "READY"]

    async def test_never_answered_is_not_dead(self, ready: World):
        await ready.advance(HOUR)
        assert ready.told == []
        assert pings(ready) > 50
        assert len(ready.platform.sockets) == 1

    async def test_the_servers_own_ping_is_answered_and_proves_life_but_not_that_it_answers(
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
    async def test_a_socket_that_lived_on_is_not_taken_for_dead(self, ready: World):
        await ready.advance(INTERVAL)
        pong(ready)
        await ready.advance(INTERVAL + 1)  # A ping is out, and the lid is closed.
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

    async def test_a_subscription_that_the_server_has_forgotten_is_made_anew(self, ready: World):
        await ready.dialogs(incoming("143-1", "confirmed"))
        ready.forget()
        ready.sip["10002"] = "481 Subscription does not exist"
        await sleep(ready, HOUR)
        ready.sip.clear()
        await ready.advance(5)
        assert ready.told == ["HANGUP 143"]
        assert ready.connector.is_connected()

    async def test_a_subscription_that_got_no_answers_meanwhile_is_made_anew_long_before_it_is_due(
        self, ready: World
    ):
        """RFC 6665 §4.2.2: a NOTIFY that is not answered ends the subscription, without a word."""
        await ready.dialogs(incoming("143-1", "confirmed"))
        ready.forget()
        ready.sip["10002"] = "481 Subscription does not exist"
        await sleep(ready, INTERVAL + 10)
        ready.sip.clear()
        await ready.advance(5)
        assert ready.told == ["HANGUP 143"]
        assert ready.connector.is_connected()

    async def test_a_machine_whose_clock_stood_still_with_it_looks_at_the_wall(self, ready: World):
        await ready.follow("queue:77")
        await ready.advance(INTERVAL)
        before = len(ready.subscribes)
        ready.platform.asleep += HOUR
        await ready.advance(INTERVAL)
        assert sorted(ready.subscribes[before:]) == ["10002 300", "queue-77 300"]
        assert ready.asked == ["GET /ping"]
        await ready.advance(INTERVAL)
        assert len(ready.subscribes) == before + 2

    async def test_a_timer_that_is_a_little_late_is_no_sleep(self, ready: World):
        before = len(ready.subscribes)
        due = min(timer.due for timer in ready.platform.timers if not timer.cancelled)
        await sleep(ready, due + LATE - ready.platform.time)
        assert len(ready.subscribes) == before
        assert ready.asked == []

    async def test_a_socket_that_died_meanwhile_is_found_out(self, ready: World):
        await ready.advance(INTERVAL)
        pong(ready)
        ready.sip["10002"] = None
        await sleep(ready, HOUR)
        ready.connector.wake()
        await ready.advance(PONG_TIMEOUT + 0.1)
        assert ready.told == ["INFO CONNECTION_LOST"]
        ready.sip.clear()
        await ready.advance(2.1)
        assert ready.names[-1] == "READY"

    async def test_a_token_that_expired_meanwhile_is_told_once(self, ready: World):
        await ready.follow("queue:77")
        ready.api["GET /ping"] = (401, {})
        await sleep(ready, 8 * HOUR)
        ready.connector.wake()
        await ready.advance(HOUR)
        assert ready.told == ["LOGGED_OUT SESSION_EXPIRED"]
        assert ready.tokens[-1] is None
        assert ready.socket.closed

    async def test_a_token_and_a_socket_that_died_meanwhile(self, ready: World):
        ready.api["GET /ping"] = (401, {})
        ready.platform.time += 8 * HOUR
        await ready.drop()
        ready.connector.wake()
        await ready.advance(HOUR)
        assert ready.told == ["INFO CONNECTION_LOST", "LOGGED_OUT SESSION_EXPIRED"]

    async def test_calls_that_ended_meanwhile_are_told_and_forgotten(self, ready: World):
        await ready.dialogs(incoming("143-1", "confirmed"), incoming("144-1", "early"))
        ready.forget()
        await sleep(ready, 2 * HOUR)
        assert sorted(ready.told) == ["CANCEL 144", "HANGUP 143"]
        await ready.advance(61)
        assert records(ready) == 0


class TestOnline:
    async def test_a_wait_is_cut_short(self, ready: World):
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

    async def test_an_attempt_under_way_is_left_alone(self, ready: World):
        ready.network = False
        await ready.drop()
        await ready.advance(3)
        count = len(ready.platform.sockets)
        for _ in range(5):
            ready.connector.wake()
            await ready.advance(0.1)
        assert len(ready.platform.sockets) == count

    async def test_all_state_and_the_session_are_asked_for_anew(self, ready: World):
        await ready.follow("queue:77")
        before = len(ready.subscribes)
        ready.connector.wake()
        await ready.advance(0.1)
        assert sorted(ready.subscribes[before:]) == ["10002 300", "queue-77 300"]
        assert ready.asked == ["GET /ping"]
        assert ready.told == []

    async def test_several_pages_that_come_back_at_once_ask_for_it_once(self, ready: World):
        before = len(ready.subscribes)
        for _ in range(10):
            ready.connector.wake()
            await ready.settle()
        await ready.advance(60)
        assert len(ready.subscribes) == before + 1

    async def test_a_socket_that_seems_to_live_is_asked_each_time(self, ready: World):
        for _ in range(3):
            ready.connector.wake()
            await ready.settle()
        assert pings(ready) == 3
        await ready.advance(60)
        assert ready.told == []

    async def test_while_nobody_is_logged_in_nothing_happens(self, world: World):
        world.connector.wake()
        await world.advance(60)
        assert world.asked == world.told == []
        assert world.platform.sockets == []


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

    async def test_ready_starts_it_over(self, ready: World):
        ready.platform.entropy = lambda size: "ff" * size
        ready.network = False
        await ready.drop()
        assert (await self.pauses(ready, 6))[-1] == pytest.approx(30, abs=0.1)
        ready.network = True
        await ready.advance(31)
        assert ready.names[-1] == "READY"
        await ready.drop()
        assert await self.pauses(ready, 1) == pytest.approx([2], abs=0.1)

    async def test_a_connection_that_opens_but_is_not_accepted_does_not_start_it_over(
        self, ready: World
    ):
        ready.platform.entropy = lambda size: "ff" * size
        ready.sip["10002"] = None
        await ready.drop()
        assert await self.pauses(ready, 5) == pytest.approx([2, 4, 8, 16, 30], abs=0.1)

    async def test_two_clients_do_not_come_at_once(self, ready: World):
        values = itertools.cycle(["10", "90", "e0", "30"])
        ready.platform.entropy = lambda size: next(values) * size
        ready.network = False
        await ready.drop()
        found = await self.pauses(ready, 12)
        assert all(1 <= pause <= 30.1 for pause in found)
        assert len({round(pause, 2) for pause in found}) > 4


class TestOutages:
    async def test_a_token_that_expires_during_an_outage_is_told_once(self, ready: World):
        ready.network = False
        ready.api["GET /ping"] = DOWN
        await ready.drop()
        await ready.advance(HOUR)
        assert ready.told == ["INFO CONNECTION_LOST"]
        ready.network = True
        ready.api["GET /ping"] = (401, {})
        ready.connector.wake()
        await ready.advance(HOUR)
        assert ready.names.count("LOGGED_OUT") == 1
        assert ready.told[-1] == "LOGGED_OUT SESSION_EXPIRED"
        assert not ready.connector.is_connected()

    async def test_a_server_that_cannot_say_is_not_a_logout(self, ready: World):
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
        assert ready.told == ["INFO CONNECTION_LOST", "LOGGED_OUT"]
        assert len(ready.platform.sockets) == count
        assert all(socket.closed for socket in ready.platform.sockets)

    async def test_logout_while_everything_is_down_is_told_with_its_reason(self, ready: World):
        ready.network = False
        ready.api["POST /logout"] = DOWN
        await ready.drop()
        assert await code_of(ready, ready.connector.logout()) == "NETWORK_ERROR"
        assert sorted(ready.told) == [
            "ERROR NETWORK_ERROR",
            "INFO CONNECTION_LOST",
            "LOGGED_OUT",
        ]
        await ready.advance(60)
        assert ready.platform.sockets[-1].closed

    async def test_a_login_after_a_logout_during_an_outage_starts_afresh(self, ready: World):
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

    async def test_in_flight_while_the_socket_drops(self, ready: World):
        await self.to_refresh(ready, None)
        asked = ready.socket.sent[-1]
        await ready.drop()
        ready.sip.clear()
        await ready.advance(2.1)
        assert ready.told == ["INFO CONNECTION_LOST", "READY"]
        ready.platform.sockets[0].listener.received(asked)
        await ready.advance(TIMER_F + 1)
        assert ready.told == ["INFO CONNECTION_LOST", "READY"]

    async def test_481_is_answered_by_a_new_subscription_at_once(self, ready: World):
        before = len(ready.subscribes)
        await self.to_refresh(ready, "481 Gone")
        ready.sip.clear()
        await ready.advance(6)
        assert ready.told == []
        assert ready.subscribes[before:].count("10002 300") >= 2

    async def test_503_waits_as_long_as_the_server_says(self, ready: World):
        await self.to_refresh(ready, "503 Busy\r\nRetry-After: 40")
        before = len(ready.subscribes)
        ready.sip.clear()
        await ready.advance(39)
        assert len(ready.subscribes) == before
        await ready.advance(2)
        assert len(ready.subscribes) == before + 1
        assert ready.told == []

    async def test_423_asks_for_more_time(self, ready: World):
        await self.to_refresh(ready, None)
        asked = ready.socket.sent[-1]
        ready.sip.clear()
        ready.socket.listener.received(answer_text(asked, "423 Too Brief", "Min-Expires: 900"))
        await ready.settle()
        assert ready.subscribes[-1] == "10002 900"
        await ready.advance(60)
        assert ready.told == []

    async def test_never_answered_makes_a_new_subscription(self, ready: World):
        await ready.dialogs(incoming("143-1", "confirmed"))
        await self.to_refresh(ready, None)
        before = len(ready.subscribes)
        ready.sip.clear()
        await ready.advance(TIMER_F - 2)
        ready.socket.listener.received(PING)  # The connection lives: only this has no answer.
        await ready.advance(6)
        assert len(ready.subscribes) == before + 1
        assert ready.told == ["HANGUP 143"]

    async def test_never_answered_by_a_server_that_says_nothing_at_all_is_death(self, ready: World):
        await self.to_refresh(ready, None)
        await ready.advance(TIMER_F - 0.1)
        assert ready.told == []
        ready.sip.clear()
        await ready.advance(3)
        assert ready.told == ["INFO CONNECTION_LOST", "READY"]
        assert len(ready.platform.sockets) == 2

    async def test_answered_after_it_was_given_up(self, ready: World):
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


def records(world: World) -> int:
    return sum(map(len, table(world)._nodes.values()))


def table(world: World) -> CallTable:
    return world.connector._pump.calls


def containers(world: World) -> dict[str, int]:
    """Return the size of every container that the connector keeps, by the path to it."""
    pump = world.connector._pump
    found: dict[str, int] = {}
    seen: set[int] = set()
    roots = {
        "calls": pump.calls,
        "following": pump.following,
        "watches": pump.watches,
        "session": pump.session,
        "login": pump.login,
        "pump": pump._tasks,
        "commands": world.connector._commands._ending,
    }
    fresh: list[tuple[str, object]] = list(roots.items())
    while fresh:
        path, thing = fresh.pop()
        if id(thing) in seen or path.count(".") > 8:
            continue
        seen.add(id(thing))
        if isinstance(thing, dict | list | set | deque):
            found[path] = found.get(path, 0) + len(thing)
            inside = thing.values() if isinstance(thing, dict) else thing
            fresh += [(f"{path}.*", item) for item in inside]
        elif type(thing).__module__.startswith("pycti") and thing is not pump:
            names = [*getattr(thing, "__dict__", ()), *slots(thing)]
            values = ((name, getattr(thing, name, None)) for name in names)
            fresh += [(f"{path}.{name}", value) for name, value in values if name != "_owner"]
    return found


def slots(thing: object) -> list[str]:
    return [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]


class TestALongDay:
    @pytest.mark.timeout(600)
    async def test_memory_is_flat(self, ready: World, capsys: pytest.CaptureFixture[str]):
        """A day at a switchboard: a call every 0.864 s, some of them asked for here."""
        figures = []
        peak: dict[str, int] = {}
        if LONG:
            tracemalloc.start()  # Exact, and six times slower.
        try:
            for half in range(2):
                await self.work(ready, CALLS // 2, half * (CALLS // 2), peak)
                gc.collect()
                traced = tracemalloc.get_traced_memory()[0]
                figures.append(traced if LONG else sys.getallocatedblocks() * 64)
        finally:
            tracemalloc.stop()
        largest = dict(sorted(peak.items(), key=lambda item: -item[1])[:6])
        with capsys.disabled():
            if LONG:
                print(f"\n{CALLS} calls, {figures} bytes, {largest}")
        # 60 s of records at this rate are 70, and a record has a few legs.
        assert max(peak.values()) < 200, largest
        assert figures[1] - figures[0] < 50_000, figures
        await ready.advance(61)
        assert records(ready) == 0
        assert table(ready)._aliases == {}

    async def work(self, world: World, calls: int, first: int, peak: dict[str, int]) -> None:
        pause = 24 * HOUR / 100_000
        counts = {"RINGING": 0, "HANGUP": 0, "CANCEL": 0}
        for number in range(first, first + calls):
            key = f"{143_000_000 + number}-1"
            if number % 50 == 0:
                await self.ask(world, 143_000_000 + number)
            self.tell(world, incoming(key, "early"))
            if number % 3:
                self.tell(world, incoming(key, "confirmed"))
            if number % 7 == 0:
                self.tell(world, incoming(key, "confirmed", hold=True))
            self.tell(world, incoming(key, "terminated"))
            if number % 5 == 0:
                self.tell(world)
            self.pass_time(world, pause)
            if number % 200 == 0:
                if number % 2000 == 1000:
                    await world.drop()
                    await world.advance(2.1)
                for path, size in containers(world).items():
                    peak[path] = max(peak.get(path, 0), size)
            if number % 100 == 99:
                await world.settle()
                for event in world.events:
                    if event.name in counts:
                        counts[event.name] += 1
                self.tidy(world)
        assert counts["HANGUP"] + counts["CANCEL"] == calls

    async def ask(self, world: World, identifier: int) -> None:
        world.api["POST /calls"] = (201, {"data": {"id": identifier}})
        task = world.start(world.connector.call("+442036427900"))
        await world.settle()
        assert task.done()
        await task

    def tell(self, world: World, *dialogs: str) -> None:
        """As `World.dialogs`, without giving the loop a turn."""
        socket, asked = world._subscriptions["10002"]
        world._version += 1
        text = document(world._version, *dialogs)
        socket.listener.received(notify_text(asked, world._version, "active;expires=300", text))

    def pass_time(self, world: World, seconds: float) -> None:
        platform = world.platform
        platform.time += seconds
        due = [t for t in platform.timers if t.due <= platform.time and not t.cancelled]
        for timer in due:
            platform.timers.remove(timer)
            timer.callback()
        if due:
            world._serve()

    def tidy(self, world: World) -> None:
        """Forget what the fake platform keeps, so that only the connector's memory is measured."""
        platform = world.platform
        world.forget()
        world.tasks.clear()
        platform.timers[:] = [timer for timer in platform.timers if not timer.cancelled]
        del platform.sockets[:-1]
        world.socket.sent.clear()
        world._read.clear()
