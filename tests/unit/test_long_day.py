"""A whole day with a manual clock: memory does not grow.

``PYCTI_LONG=1`` runs 100,000 calls.
"""

from __future__ import annotations

import gc
import os
import tracemalloc
from collections import deque

import pytest

from .documents import incoming
from .world import HOUR, World, records, table

LONG = os.environ.get("PYCTI_LONG") == "1"
CALLS = 100_000 if LONG else 5_000
"""The calls of the long day; the short one has the same rate."""


def containers(world: World) -> dict[str, int]:
    """Return the sizes of the connector's containers, by their paths."""
    pump = world.connector._pump
    found: dict[str, int] = {}
    seen: set[int] = set()
    roots = {
        "calls": pump.calls,
        "following": pump.subscriptions,
        "watches": pump.confirmations,
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
        """A day at a switchboard: a call every 0.864 s, some of them requested here."""
        figures: list[int] = []
        peak: dict[str, int] = {}
        if LONG:
            tracemalloc.start()  # Exact, but six times slower.
        try:
            for half in range(2):
                await self.work(ready, CALLS // 2, half * (CALLS // 2), peak)
                gc.collect()
                traced = tracemalloc.get_traced_memory()[0]
                # Other threads of this process allocate, too, so count only the connector's
                # objects.
                figures.append(traced if LONG else sum(containers(ready).values()))
        finally:
            tracemalloc.stop()
        largest = dict(sorted(peak.items(), key=lambda item: -item[1])[:6])
        with capsys.disabled():
            if LONG:
                print(f"\n{CALLS} calls, {figures} bytes, {largest}")
        # At this rate 60 s have 70 records, and a record has a few legs.
        assert max(peak.values()) < 200, largest
        assert figures[1] - figures[0] < (50_000 if LONG else 50), figures
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
            world.deliver(world.next_document(incoming(key, "early")))
            if number % 3:
                world.deliver(world.next_document(incoming(key, "confirmed")))
            if number % 7 == 0:
                world.deliver(world.next_document(incoming(key, "confirmed", hold=True)))
            world.deliver(world.next_document(incoming(key, "terminated")))
            if number % 5 == 0:
                world.deliver(world.next_document())
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
        """Clear the fake platform, so that only the connector's memory is measured."""
        platform = world.platform
        world.forget()
        world.tasks.clear()
        platform.timers[:] = [timer for timer in platform.timers if not timer.cancelled]
        del platform.sockets[:-1]
        world.socket.sent.clear()
        world._read.clear()
