"""Pages and workers that stood still, in WebKit: they come back with the right state."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser.cti_page import CtiPage
from browser.driven_page import DrivenPage
from browser.journeys import JOURNEYS, documented, measured
from browser.pbx_server import PbxServer
from browser.standing_still import (
    LONG,
    Background,
    asleep_with_the_browser,
    in_the_cache_during_a_logout,
    in_the_cache_while_the_worker_runs,
    in_the_cache_with_its_worker,
)
from selenium.webdriver.remote.webdriver import WebDriver


def test_a_page_that_was_frozen_with_its_worker_knows_what_happened(
    cti: CtiPage, pbx: PbxServer
) -> None:
    in_the_cache_with_its_worker(cti, pbx)


def test_a_page_that_was_frozen_while_another_kept_the_worker_awake_knows_what_happened(
    cti: CtiPage, new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    in_the_cache_while_the_worker_runs(cti, new_cti(), pbx)


def test_a_logout_elsewhere_is_told_to_a_page_that_was_frozen(
    cti: CtiPage, new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    in_the_cache_during_a_logout(cti, new_cti(), pbx)


def test_after_a_sleep_everything_is_as_it_is_now(cti: CtiPage, pbx: PbxServer) -> None:
    asleep_with_the_browser(cti, pbx)


def test_a_page_in_the_background_is_told_what_happens(
    cti: CtiPage, driver: WebDriver, pbx: PbxServer
) -> None:
    background = Background(cti, pbx)
    driver.minimize_window()
    cti.page.wait_for_function("document.hidden")
    # WebKit's timers there run once a second.
    background.endure(at_most=2 * LONG)
    background.expect_all_known()


@pytest.mark.parametrize("journey", JOURNEYS)
def test_whether_the_connection_goes_on_is_as_documented(
    new_cti: Callable[..., CtiPage],
    new_page: Callable[[], DrivenPage],
    pbx: PbxServer,
    journey: str,
) -> None:
    """In any case the user is logged in again without a password."""
    new_page().show()  # A window that stays.
    assert measured(journey, new_cti, pbx) == documented(journey, "WebKitGTK")
