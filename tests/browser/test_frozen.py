"""Pages and workers that were frozen have the right state when they are back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from .absence import Absence
from .away import another_site, come_back
from .conftest import PbxServer, Trouble
from .cti_page import CtiPage
from .journeys import JOURNEYS, documented, measured
from .standing_still import (
    asleep_with_the_browser,
    in_the_cache_during_a_logout,
    in_the_cache_while_the_worker_runs,
    in_the_cache_with_its_worker,
)

pytestmark = pytest.mark.differs("freezing")

NO_LIFETIME = """
  window.SharedWorker = class extends SharedWorker {
    constructor(url, { extendedLifetime, ...options }) { super(url, options); }
  };
"""


@pytest.fixture
def pbx(own_pbx: PbxServer) -> PbxServer:
    return own_pbx


@pytest.fixture
def new_cti(
    cached_context: BrowserContext, pbx: PbxServer, dist: Path, trouble: Trouble
) -> Callable[..., CtiPage]:
    def make(script: str = "") -> CtiPage:
        page = cached_context.new_page()
        trouble.watch(page)
        page.add_init_script(script)
        return CtiPage(page, pbx.url, {}, folder=dist / "demo")

    return make


@pytest.fixture
def cti(new_cti: Callable[..., CtiPage]) -> CtiPage:
    cti = new_cti()
    cti.login()
    return cti


@pytest.mark.engines("firefox")
def test_a_page_that_was_frozen_with_its_worker_gets_missed_events(
    cti: CtiPage, pbx: PbxServer
) -> None:
    in_the_cache_with_its_worker(cti, pbx)


# Chromium 150 does not cache the only page of a worker, and reloads it. Chromium 156 caches it.
@pytest.mark.engines("chromium")
@pytest.mark.parametrize("script", ["", NO_LIFETIME], ids=["", "no extended lifetime"])
def test_a_single_page_that_returns_knows_the_present_state(
    new_cti: Callable[..., CtiPage], pbx: PbxServer, script: str
) -> None:
    cti = new_cti(script)
    cti.login()
    absence = Absence(cti, pbx)
    with another_site() as elsewhere:
        cti.page.goto(elsewhere)
        absence.meanwhile()
        come_back(cti.page, f"{pbx.url}/host.html")
        cti.page.wait_for_function("document.readyState === 'complete'")
        if cti.evaluate("window.shown?.[0] === true"):
            absence.expect_all_known()
        else:
            absence.expect_present_state()


def test_a_frozen_page_gets_missed_events_from_a_running_worker(
    cti: CtiPage, new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    in_the_cache_while_the_worker_runs(cti, new_cti(), pbx)


def test_a_page_that_missed_too_many_messages_gets_the_present_state(
    cti: CtiPage, new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    other = new_cti()
    other.wait("READY")
    absence = Absence(cti, pbx)
    with another_site() as elsewhere:
        cti.page.goto(elsewhere)
        pbx.control("flood", {"to": "10002", "count": 2_000})
        absence.meanwhile()
        other.wait("HANGUP")
        come_back(cti.page, f"{pbx.url}/host.html")
        absence.expect_all_known()
    assert cti.evaluate("shown") == [True]
    assert cti.evaluate("events.length") < other.evaluate("events.length") - 500


def test_a_frozen_page_learns_of_a_logout_in_another_tab(
    cti: CtiPage, new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    in_the_cache_during_a_logout(cti, new_cti(), pbx)


def test_the_state_is_right_after_the_machine_slept(cti: CtiPage, pbx: PbxServer) -> None:
    asleep_with_the_browser(cti, pbx)


@pytest.mark.parametrize("journey", JOURNEYS)
def test_the_connection_survives_navigation_as_documented(
    new_cti: Callable[..., CtiPage], pbx: PbxServer, browser: Browser, journey: str
) -> None:
    """In every case the user is logged in again without a password."""
    engine = browser.browser_type.name.capitalize()
    assert measured(journey, new_cti, pbx) == documented(journey, engine)
