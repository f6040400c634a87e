"""A logged-in connector, all its events, and the rules for these events."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from types import TracebackType

from pycti import Call, CallEvent, CallStatus, Connector, Event
from pycti.calls.record import NEXT

from .kamailio import Kamailio
from .rest_stub import RestStub
from .wire import TappedPlatform

ANNA, BEN, CARLA = "user:100", "user:200", "user:300"
READY = ["LOGGED_IN", "SUBSCRIBED", "READY"]
STORY = ["RINGING 100 > 200", "CONNECTED 100 > 200", "HANGUP 100 > 200"]
"""A call from Anna to Ben that is answered."""

PATIENCE = 20.0
"""Seconds after which a condition that is still false fails the test."""


class Follower:
    """The connector of ``user``, which follows ``nodes`` and the user's own calls."""

    def __init__(self, server: Kamailio, user: str, *nodes: str) -> None:
        self.events: list[Event] = []
        self.platform = TappedPlatform()
        self._server = server
        self._nodes = (f"user:{user}", *nodes)
        self._rest = RestStub(server, user)

    async def __aenter__(self) -> Follower:
        await self.open()
        await self.connector.login("someone@pbx.test", "secret")
        for node in self._nodes[1:]:
            await self.connector.subscribe(node)
        return self

    async def open(self) -> None:
        """Start everything except the login."""
        await self._rest.__aenter__()
        self.connector = Connector(
            self.events.append,
            api_endpoint=self._rest.url,
            sip_server=self._server.url,
            platform=self.platform,
        )

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        running = self.connector.calls
        await self.connector.aclose()
        await self._rest.__aexit__(kind, error, traceback)
        if kind is None:
            assert_rules(self.events, running)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until ``condition`` is true."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while not condition():
            assert asyncio.get_running_loop().time() < end, f"not within {PATIENCE} s\n{self}"
            await asyncio.sleep(0.02)

    async def until_told(self, node: str, *story: str) -> None:
        """Wait until a node has exactly these call events.

        A server with several processes may publish the ringing too late or never.
        """

        def matches() -> bool:
            told = self.told(node)
            if self._server.several:
                return _without_ringing(told) == _without_ringing(story) and len(told) <= len(story)
            return told == list(story)

        await self.until(lambda: matches() or len(self.told(node)) > len(story))
        assert matches(), self

    async def until_settled(self) -> None:
        """Wait until the connector's calls equal those in the server's documents and dialog list.

        A server with several processes may publish the states of a call in the wrong order
        permanently. Then its list is ignored, and so is a document that goes backwards.
        """
        await self.until(self._agrees)

    def _agrees(self) -> bool:
        nodes = self.connector.nodes
        documents = self.platform.view(*nodes)
        calls = self._running()
        if not self._server.several:
            own_list = sorted((node, *call) for (node, _), call in calls.items())
            return calls == documents and own_list == self._server.view(*nodes)
        ended = {key for key, states in histories(self.events).items() if states[-1].ended}
        expected = {key: call for key, call in documents.items() if key not in ended}
        return calls.keys() == expected.keys() and all(
            expected[key] in (call, (*call[:2], "RINGING")) for key, call in calls.items()
        )

    def _running(self) -> dict[tuple[str, str], tuple[str, str, str]]:
        return {
            (call.node, call.id): (call.source, call.destination, call.status.value)
            for call in self.connector.calls
        }

    def told(self, node: str) -> list[str]:
        """Return the events of a node's calls, such as ``RINGING 100 > 200``."""
        return [
            f"{event.name} {event.call.source} > {event.call.destination}"
            for event in self.events
            if isinstance(event, CallEvent) and event.call.node == node and not event.replay
        ]

    @property
    def activity(self) -> list[str]:
        """Return the names and codes of the activity events."""
        return [
            f"{event.name} {event.code}".rstrip()
            for event in self.events
            if not isinstance(event, CallEvent)
        ]

    def __str__(self) -> str:
        nodes = self.connector.nodes
        lists = {
            "told": [line for node in self._nodes for line in self.told(node)],
            "running": self._running().items(),
            "documents": self.platform.view(*nodes).items(),
            "the server's own list": self._server.view(*nodes),
        }
        return "\n".join(
            line for name, items in lists.items() for line in (f"{name}:", *map(str, items))
        )


def _without_ringing(lines: Iterable[str]) -> list[str]:
    return [line for line in lines if not line.startswith("RINGING ")]


def histories(events: Iterable[Event]) -> dict[tuple[str, str], list[CallStatus]]:
    """Return the states of each call of each node, in the order of their events."""
    told: dict[tuple[str, str], list[CallStatus]] = defaultdict(list)
    for event in events:
        if isinstance(event, CallEvent) and not event.replay:
            told[event.call.node, event.call.id].append(event.call.status)
    return told


def assert_rules(events: Iterable[Event], running: Iterable[Call] = ()) -> None:
    """Check that every call followed the transitions, ended once, and repeated no event.

    Calls that are ``running`` have not ended.
    """
    open_calls = {(call.node, call.id) for call in running}
    for call, states in histories(events).items():
        previous = None
        for state in states:
            assert state in NEXT[previous], (call, states)
            previous = state
        ends = [state for state in states if state.ended]
        assert len(ends) == (call not in open_calls), (call, states)
        assert ends in ([], [CallStatus.HANGUP]), (call, states)
