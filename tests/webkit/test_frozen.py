"""Frozen pages and workers in WebKit have the right state when they resume."""

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


def test_a_page_that_was_frozen_with_its_worker_is_up_to_date(cti: CtiPage, pbx: PbxServer) -> None:
    in_the_cache_with_its_worker(cti, pbx)


def test_a_page_that_was_frozen_beside_another_page_is_up_to_date(
    cti: CtiPage, new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    in_the_cache_while_the_worker_runs(cti, new_cti(), pbx)


def test_a_frozen_page_receives_a_logout_elsewhere(
    cti: CtiPage, new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    in_the_cache_during_a_logout(cti, new_cti(), pbx)


def test_after_a_sleep_the_state_is_up_to_date(cti: CtiPage, pbx: PbxServer) -> None:
    asleep_with_the_browser(cti, pbx)


def test_a_page_in_the_background_receives_events(
    cti: CtiPage, driver: WebDriver, pbx: PbxServer
) -> None:
    background = Background(cti, pbx)
    driver.minimize_window()
    cti.page.wait_for_function("document.hidden")
    # WebKit runs the timers of background pages once a second.
    background.endure(at_most=2 * LONG)
    background.expect_all_known()


@pytest.mark.parametrize("journey", JOURNEYS)
def test_the_lifetime_of_the_connection_is_as_documented(
    new_cti: Callable[..., CtiPage],
    new_page: Callable[[], DrivenPage],
    pbx: PbxServer,
    journey: str,
) -> None:
    """In all cases the user is logged in again without a password."""
    new_page().show()  # A window that stays open.
    assert measured(journey, new_cti, pbx) == documented(journey, "WebKitGTK")
