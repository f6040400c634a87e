"""A burst of NOTIFYs on one subscription, to measure a client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pycti.pbx.directory import Kind, Party
from pycti.pbx.legs import Leg, State, Way
from pycti.pbx.notifier import Notifier
from pycti.pbx.subscription import Subscription

_BATCH = 100
_CALLER = Party(Kind.OUTSIDE, "+442079460199", "+442079460199", "Flood")


@dataclass(frozen=True, slots=True)
class FloodResult:
    """The numbers of sent and answered NOTIFYs, and the seconds from first to last answer."""

    count: int
    acked: int
    seconds: float


def _leg(subscription: Subscription, now: float) -> Leg:
    return Leg(
        str(int(now * 1000)), 1, subscription.party, _CALLER, Way.RECIPIENT, now, "inbound",
        shown=True,
    )  # fmt: skip


def _state(number: int, count: int) -> State:
    if number == count - 1 and count > 1:
        return State.TERMINATED
    if number == 0:
        return State.EARLY
    return State.CONFIRMED if number % 2 else State.HELD


async def flood(
    notifier: Notifier,
    subscription: Subscription,
    count: int,
    now: float,
    flushed: Callable[[], Awaitable[None]],
) -> FloodResult:
    """Send a burst of ``count`` partial documents, each with a new state of one dialog.

    The dialog rings, then alternates between connected and on hold, and ends with the last one.
    """
    loop = asyncio.get_running_loop()
    leg = _leg(subscription, now)
    before, started = subscription.acknowledged, loop.time()
    for number in range(count):
        if subscription.ended:
            break
        leg.state = _state(number, count)
        leg.event = "" if leg.live else "remote-bye"
        notifier.notify(subscription, [leg])
        if number % _BATCH == _BATCH - 1:
            await flushed()
    await _answered(subscription)
    return FloodResult(count, subscription.acknowledged - before, loop.time() - started)


async def _answered(subscription: Subscription) -> None:
    idle = asyncio.Event()
    subscription.when_idle = idle.set
    if subscription.pending and not subscription.ended:
        await idle.wait()
    subscription.when_idle = None
