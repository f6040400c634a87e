"""Commands that wait for a call to reach a state."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from pycti.errors import CtiError
from pycti.events import ActivityEvent, Call, CallEvent, CallStatus, Direction, EventName
from pycti.session.confirmations import CONFIRM_TIMEOUT, Confirmations

from .world import FakePlatform

CALL = Call("143", "7", "user:10002", Direction.IN, CallStatus.RINGING)
TALKING = (CallStatus.CONNECTED,)


@pytest.fixture
def watches() -> Confirmations:
    return Confirmations(FakePlatform())


def event(status: CallStatus, **more: str) -> CallEvent:
    call = replace(CALL, status=status, **more)  # type: ignore[arg-type]
    return CallEvent(EventName(status.value), call)


async def test_the_expected_state_resolves_the_future(watches: Confirmations):
    future = watches.expect(CALL, TALKING)
    watches.see(event(CallStatus.CONNECTED))
    assert (await future).name is EventName.CONNECTED
    await asyncio.sleep(0)
    assert watches._confirmations == []


@pytest.mark.parametrize("name", [EventName.HANGUP, EventName.CANCEL])
async def test_the_end_of_the_call_always_resolves_the_future(
    watches: Confirmations, name: EventName
):
    future = watches.expect(CALL, ())
    watches.see(replace(event(CallStatus.HANGUP), name=name))
    assert (await future).name is name


async def test_a_replay_does_not_resolve_the_future(watches: Confirmations):
    future = watches.expect(CALL, TALKING)
    watches.see(replace(event(CallStatus.CONNECTED), replay=True))
    assert not future.done()


@pytest.mark.parametrize(
    "other",
    [
        event(CallStatus.ON_HOLD),
        event(CallStatus.CONNECTED, cid="8"),
        event(CallStatus.CONNECTED, node="queue:77"),
        ActivityEvent(EventName.READY, "x"),
    ],
)
async def test_other_events_and_other_calls_do_not_resolve_the_future(
    watches: Confirmations, other
):
    future = watches.expect(CALL, TALKING)
    watches.see(other)
    assert not future.done()


async def test_only_the_first_event_resolves_the_future(watches: Confirmations):
    future = watches.expect(CALL, TALKING)
    watches.see(event(CallStatus.CONNECTED))
    watches.see(event(CallStatus.HANGUP))
    watches.clear()
    assert (await future).name is EventName.CONNECTED


async def test_the_end_of_the_session_rejects_the_future(watches: Confirmations):
    future = watches.expect(CALL, TALKING)
    watches.clear()
    with pytest.raises(CtiError):
        await future


async def test_a_timeout_that_comes_just_after_the_event_changes_nothing():
    platform = FakePlatform()
    watches = Confirmations(platform)
    future = watches.expect(CALL, TALKING)
    task = asyncio.ensure_future(watches.confirm(future))
    await asyncio.sleep(0)
    (timer,) = platform.timers
    assert timer.due == platform.time + CONFIRM_TIMEOUT
    watches.see(event(CallStatus.CONNECTED))
    timer.callback()
    assert (await task).name is EventName.CONNECTED
    assert timer.cancelled
