"""Fixtures that several modules share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .checkout import make_checkout
from .peer import Peer
from .world import World


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A connector without a session."""
    world = World()
    yield world
    await world.connector.aclose()
    for task in world.tasks:
        task.cancel()
    await asyncio.gather(*world.tasks, return_exceptions=True)


@pytest.fixture
async def ready(world: World) -> World:
    """A connector that is logged in and connected."""
    await world.log_in()
    return world


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout of this project with fake tools."""
    return make_checkout(tmp_path, monkeypatch)
