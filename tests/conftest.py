"""What all tests share."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what needs the browser last.

    Playwright's synchronous API keeps an event loop running in the main thread for as long as its
    browser lives, and asyncio tests cannot run beside it.
    """
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))
