"""Commands that wait for a call to reach a state."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

from pycti.errors import NetworkError, StateError
from pycti.events import Call, CallEvent, CallStatus, Event
from pycti.platform import Platform

CONFIRM_TIMEOUT = 15.0
"""Seconds that a command waits, after the API accepted it, until the SIP server reports it."""


@dataclass(slots=True, eq=False)
class _Confirmation:
    matches: Callable[[Call], bool]
    statuses: Collection[CallStatus]
    future: asyncio.Future[CallEvent]


class Confirmations:
    """The futures of commands that wait for a call event."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._confirmations: list[_Confirmation] = []

    def expect(self, call: Call, statuses: Collection[CallStatus]) -> asyncio.Future[CallEvent]:
        """Return a future for the event that moves ``call`` to one of ``statuses`` or ends it."""
        node, cid = call.node, call.cid
        return self.expect_one(lambda one: (one.node, one.cid) == (node, cid), statuses)

    def expect_one(
        self, matches: Callable[[Call], bool], statuses: Collection[CallStatus]
    ) -> asyncio.Future[CallEvent]:
        """Return the same for the first call that ``matches``."""
        future: asyncio.Future[CallEvent] = asyncio.get_running_loop().create_future()
        waiting = _Confirmation(matches, statuses, future)
        self._confirmations.append(waiting)
        future.add_done_callback(lambda _: self._confirmations.remove(waiting))
        return future

    async def confirm(self, future: asyncio.Future[CallEvent]) -> CallEvent:
        """Wait for the event of `expect`; raise `NetworkError` TIMEOUT if it does not arrive."""

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
        """Resolve the futures that wait for ``event``, which has just been emitted."""
        if not self._confirmations or not isinstance(event, CallEvent) or event.replay:
            return
        call = event.call
        for waiting in tuple(self._confirmations):
            reached = call.status in waiting.statuses or call.status.ended
            if reached and not waiting.future.done() and waiting.matches(call):
                waiting.future.set_result(event)

    def clear(self) -> None:
        """Reject all futures: the session has ended."""
        for waiting in tuple(self._confirmations):
            if not waiting.future.done():
                waiting.future.set_exception(StateError("NOT_CONNECTED", "The session has ended."))
