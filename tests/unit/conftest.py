"""Fixtures that several modules share."""

from __future__ import annotations

import pytest

from .peer import Peer


@pytest.fixture
def peer() -> Peer:
    return Peer()
