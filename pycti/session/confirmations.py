"""Commands that wait for a call to reach a state."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

from pycti.errors import NetworkError, StateError
from pycti.events import Call, CallEvent, CallStatus, Event
from pycti.platform import Platform

CONFIRM_TIMEOUT = 15.0
"""Seconds that a command which the API has accepted waits until the SIP server tells of it."""


@dataclass(slots=True, eq=False)
class _Confirmation:
    matches: Callable[[Call], bool]
    statuses: Collection[CallStatus]
    future: asyncio.Future[CallEvent]


class Confirmations:
    """Futures of call events."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._confirmations: list[_Confirmation] = []

    def expect(self, call: Call, statuses: Collection[CallStatus]) -> asyncio.Future[CallEvent]:
        """Return a future of the event that takes ``call`` to one of ``statuses``, or ends it."""
        node, cid = call.node, call.cid
        return self.expect_one(lambda one: (one.node, one.cid) == (node, cid), statuses)

    def expect_one(
        self, matches: Callable[[Call], bool], statuses: Collection[CallStatus]
    ) -> asyncio.Future[CallEvent]:
        """Return the same for the first call that ``matches``."""
        future: asyncio.Future[CallEvent] = asyncio.get_running_loop().create_future()
        watch = _Confirmation(matches, statuses, future)
        self._confirmations.append(watch)
        future.add_done_callback(lambda _: self._confirmations.remove(watch))
        return future

    async def confirm(self, future: asyncio.Future[CallEvent]) -> CallEvent:
        """Wait for the event of `expect`; raises `NetworkError` TIMEOUT where it does not come."""

        def give_up() -> None:
            if not future.done():
                words = f"The SIP server did not confirm it within {CONFIRM_TIMEOUT:g} s."
                future.set_exception(NetworkError("TIMEOUT", words))

        handle = self._platform.call_later(CONFIRM_TIMEOUT, give_up)
        try:
            return await future
        finally:
            handle.cancel()

    def see(self, event: Event) -> None:
        """Take an event that has just been told."""
        if not self._confirmations or not isinstance(event, CallEvent) or event.replay:
            return
        call = event.call
        for watch in tuple(self._confirmations):
            reached = call.status in watch.statuses or call.status.ended
            if reached and not watch.future.done() and watch.matches(call):
                watch.future.set_result(event)

    def clear(self) -> None:
        """The session has ended: nothing more will come."""
        for watch in tuple(self._confirmations):
            if not watch.future.done():
                watch.future.set_exception(StateError("NOT_CONNECTED", "The session has ended."))
