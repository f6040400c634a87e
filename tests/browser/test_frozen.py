"""Pages and workers that stood still: they come back with the right state."""

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
def test_a_page_that_was_frozen_with_its_worker_knows_what_happened(
    cti: CtiPage, pbx: PbxServer
) -> None:
    in_the_cache_with_its_worker(cti, pbx)


# Chromium 150 keeps no page whose worker has no other, and loads it anew; 156 does.
@pytest.mark.engines("chromium")
@pytest.mark.parametrize("script", ["", NO_LIFETIME], ids=["", "no extended lifetime"])
def test_a_page_that_was_away_alone_knows_what_there_is(
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


def test_a_page_that_was_frozen_while_another_kept_the_worker_awake_knows_what_happened(
    cti: CtiPage, new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    in_the_cache_while_the_worker_runs(cti, new_cti(), pbx)


def test_a_page_that_has_missed_more_than_is_kept_is_told_how_things_stand(
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


def test_a_logout_elsewhere_is_told_to_a_page_that_was_frozen(
    cti: CtiPage, new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    in_the_cache_during_a_logout(cti, new_cti(), pbx)


def test_after_a_sleep_everything_is_as_it_is_now(cti: CtiPage, pbx: PbxServer) -> None:
    asleep_with_the_browser(cti, pbx)


@pytest.mark.parametrize("journey", JOURNEYS)
def test_whether_the_connection_goes_on_is_as_documented(
    new_cti: Callable[..., CtiPage], pbx: PbxServer, browser: Browser, journey: str
) -> None:
    """In any case the user is logged in again without a password."""
    engine = browser.browser_type.name.capitalize()
    assert measured(journey, new_cti, pbx) == documented(journey, engine)
