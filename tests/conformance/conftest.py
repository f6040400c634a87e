"""Fixtures that several modules share."""

from __future__ import annotations

import pytest
from unit.peer import Peer


@pytest.fixture
def peer() -> Peer:
    return Peer()
