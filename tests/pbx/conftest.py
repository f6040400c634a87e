"""Fixtures: a started PBX on a manual clock, and Anna's client and watcher."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from pycti.pbx import Pbx

from .manual import ManualTimers
from .office import World
from .served import Client, Watcher


@pytest.fixture
def timers() -> ManualTimers:
    return ManualTimers()


@pytest.fixture
async def pbx(timers: ManualTimers) -> AsyncIterator[Pbx]:
    pbx = Pbx(control=True, timers=timers)
    await pbx.start()
    yield pbx
    await pbx.stop()


@pytest.fixture
async def client(pbx: Pbx) -> AsyncIterator[Client]:
    """A client that has not logged in."""
    async with Client(pbx) as client:
        yield client


@pytest.fixture
async def anna(pbx: Pbx) -> AsyncIterator[Client]:
    async with Client(pbx) as client:
        yield await client.login("anna")


@pytest.fixture
async def ben(pbx: Pbx) -> AsyncIterator[Client]:
    async with Client(pbx) as client:
        yield await client.login("ben")


@pytest.fixture
async def watcher(anna: Client) -> AsyncIterator[Watcher]:
    watcher = await Watcher.open(anna)
    yield watcher
    await watcher.close()


@pytest.fixture
def world() -> World:
    return World()
