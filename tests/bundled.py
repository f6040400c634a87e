"""The bundle that the tests serve."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from pycti import bundle


@cache
def built() -> Path:
    """Return where it is; it is built first where it is older than its sources.

    ``PYCTI_TEST_BUNDLE`` names another one, as it is (``tests/hot_functions``).
    """
    if other := os.environ.get("PYCTI_TEST_BUNDLE"):
        return Path(other)
    return bundle.build() if bundle.is_stale() else bundle.find_web_root() / "dist"
