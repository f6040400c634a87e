"""What all tests share."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from browser.engines import CHROMIUM, ENGINES
from browser.pbx_server import PbxServer
from bundled import built
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from pycti import bundle
from pycti.bundle import BundleError

DIFFERENCES = frozenset(
    ("focus", "freezing", "media", "navigation", "policy", "start", "storage", "workers")
)
"""What the engines do in ways of their own. Everything else is the same script in each."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine",
        action="append",
        choices=list(ENGINES),
        help="run what needs a browser in this one only (may be given again; both by default)",
    )
    parser.addoption(
        "--engines",
        choices=["differing", "all"],
        default="differing",
        help="run every browser test in every engine (all), or in the others than Chromium only "
        "the tests marked `differs` (differing, the default)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "engines(*names): the test is about a mechanism that only these browsers have"
    )
    config.addinivalue_line(
        "markers",
        f"differs(reason): engines can differ here, so the test runs in each of them; the reason "
        f"is one of {', '.join(sorted(DIFFERENCES))}",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the engines of each test that needs a browser."""
    if "browser" in metafunc.fixturenames:
        names = _engines_of(metafunc)
        metafunc.parametrize("browser", names, indirect=True, scope="session")


def _engines_of(metafunc: pytest.Metafunc) -> Sequence[str]:
    definition, option = metafunc.definition, metafunc.config.getoption
    if named := definition.get_closest_marker("engines"):
        return [str(name) for name in named.args]
    differs = definition.get_closest_marker("differs")
    if differs is not None and differs.args[0] not in DIFFERENCES:
        raise pytest.UsageError(f"{differs.args[0]!r} is not a reason for the marker `differs`")
    if differs is not None or option("--engines") == "all" or option("--engine"):
        return list(ENGINES)
    return [CHROMIUM.name]


def pytest_xdist_setupnodes() -> None:
    """Install and build once, before several processes use it: npm replaces what others read."""
    with suppress(BundleError):  # Those that need it will say so.
        bundle.development_packages()
        built()


class Scheduling(LoadScopeScheduling):
    """Groups tests by their names, which is all that the first process knows of them."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        in_browser = re.search(rf"\[({'|'.join(ENGINES)})[-\]]", test)
        # With two browsers at once on two cores, some pages receive their events too late.
        return "browsers" if in_browser else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Of several processes (``-n 2``), one runs all browser tests, the others everything else."""
    return Scheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what needs a browser last, and each browser's tests together.

    Playwright's synchronous API keeps an event loop running in the main thread for as long as its
    browser lives, and asyncio tests cannot run beside it.
    """
    chosen = config.getoption("--engine") or ENGINES
    unwanted = [item for item in items if engine_of(item) not in (None, *chosen)]
    if unwanted:
        config.hook.pytest_deselected(items=unwanted)
        items[:] = [item for item in items if engine_of(item) in (None, *chosen)]
    items.sort(key=lambda item: [None, *ENGINES].index(engine_of(item)))


def engine_of(item: pytest.Item) -> str | None:
    """Return the name of the browser that a test runs in."""
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("browser") if callspec else None


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Each browser in turn, one at a time."""
    with sync_playwright() as playwright:
        browser = ENGINES[request.param].launch(getattr(playwright, request.param))
        yield browser
        browser.close()


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A copy of the bundle, to which a test adds its pages, or which it damages."""
    return Path(shutil.copytree(built(), tmp_path / "dist"))


@pytest.fixture
def own_pbx(dist: Path) -> Iterator[PbxServer]:
    """A PBX with that copy, at an address of its own: an origin, and a worker, for each test."""
    server = PbxServer(dist)
    yield server
    server.stop()
