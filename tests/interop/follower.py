"""A logged-in connector, everything that it told, and the rules that this has to keep."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from types import TracebackType

from pycti import CallEvent, CallStatus, Connector, Event
from pycti.call_record import NEXT

from .kamailio import Kamailio
from .rest_stub import RestStub
from .wire import TappedPlatform

PATIENCE = 20.0
"""Seconds after which a condition that has not come true is a failure."""


class Follower:
    """``user``'s connector, which follows ``nodes`` beside the user's own calls."""

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
        """Do all but log in."""
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
        await self.connector.aclose()
        await self._rest.__aexit__(kind, error, traceback)
        if kind is None:
            assert_rules(self.events)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until ``condition`` is true."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while not condition():
            assert asyncio.get_running_loop().time() < end, f"not within {PATIENCE} s\n{self}"
            await asyncio.sleep(0.02)

    async def until_told(self, node: str, *names: str) -> None:
        """Wait until exactly these events of a node's calls have been told."""
        await self.until(lambda: len(self.told(node)) >= len(names))
        assert self.told(node) == list(names), self

    async def until_settled(self) -> None:
        """Wait until the connector's calls are the server's: in its documents and in its own list.

        A server with several processes may publish a call's states in the wrong order, and stays
        wrong: there the documents alone count.
        """
        await self.until(self._agrees)

    def _agrees(self) -> bool:
        calls = sorted(
            (call.node, call.source, call.destination, call.status.value)
            for call in self.connector.calls
        )
        nodes = self.connector.nodes
        own_list = calls if self._server.several else self._server.view(*nodes)
        return calls == self.platform.view(*nodes) == own_list

    def told(self, node: str) -> list[str]:
        """The events of a node's calls, such as ``RINGING 100 > 200``."""
        return [
            f"{event.name} {event.call.source} > {event.call.destination}"
            for event in self.events
            if isinstance(event, CallEvent) and event.call.node == node
        ]

    @property
    def activity(self) -> list[str]:
        """The names, and codes, of what is not a call."""
        return [
            f"{event.name} {event.code}".rstrip()
            for event in self.events
            if not isinstance(event, CallEvent)
        ]

    def __str__(self) -> str:
        return "\n".join(
            ["told:", *(line for node in self._nodes for line in self.told(node))]
            + ["running:", *map(str, self.connector.calls)]
            + ["the documents:", *map(str, self.platform.view(*self.connector.nodes))]
            + ["the server's own list:", *map(str, self._server.view(*self.connector.nodes))]
        )


def histories(events: Iterable[Event]) -> dict[tuple[str, str], list[CallStatus]]:
    """The states of each call of each node, in the order in which they were told."""
    told: dict[tuple[str, str], list[CallStatus]] = defaultdict(list)
    for event in events:
        if isinstance(event, CallEvent):
            told[event.call.node, event.call.id].append(event.call.status)
    return told


def assert_rules(events: Iterable[Event]) -> None:
    """Check that every call went along the arrows and ended once, with nothing told twice."""
    for call, states in histories(events).items():
        previous = None
        for state in states:
            assert state in NEXT[previous], (call, states)
            previous = state
        assert [state.ended for state in states].count(True) == 1, (call, states)
        connected = {CallStatus.CONNECTED, CallStatus.ON_HOLD} & set(states)
        assert states[-1] is (CallStatus.HANGUP if connected else CallStatus.CANCEL), (call, states)
