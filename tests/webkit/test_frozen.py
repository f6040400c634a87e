"""Pages and workers that stood still, in WebKit: they come back with the right state."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from browser.absence import Absence, count_ticks, ticks
from browser.away import another_site, asleep, come_back, leave
from browser.cti_page import CtiPage
from browser.driven_page import DrivenPage
from browser.journeys import JOURNEYS, documented, measured
from browser.pbx_server import PbxServer
from selenium.webdriver.remote.webdriver import WebDriver

LONG = 11
"""Seconds after which a heartbeat of 5 s is so late that the page knows of its sleep."""


def test_a_page_that_was_frozen_with_its_worker_knows_what_happened(
    cti: CtiPage, pbx: PbxServer
) -> None:
    absence = Absence(cti, pbx)
    with another_site() as elsewhere:
        leave(cti.page, elsewhere)
        absence.meanwhile()
        absence.until_given_up()
        come_back(cti.page, f"{pbx.url}/host.html")
        absence.expect_all_known()
    assert cti.evaluate("shown") == [True]


def test_a_page_that_was_frozen_while_another_kept_the_worker_awake_knows_what_happened(
    new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    cti, other = new_cti(), new_cti()
    cti.login()
    other.wait("READY")
    absence = Absence(cti, pbx)
    with another_site() as elsewhere:
        leave(cti.page, elsewhere)
        absence.meanwhile()
        other.wait("HANGUP")
        come_back(cti.page, f"{pbx.url}/host.html")
        absence.expect_all_known()
    assert cti.evaluate("shown") == [True]


def test_a_logout_elsewhere_is_told_to_a_page_that_was_frozen(
    new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    cti, other = new_cti(), new_cti()
    cti.login()
    other.wait("READY")
    cti.evaluate("() => { window.kept = true; }")
    with another_site() as elsewhere:
        leave(cti.page, elsewhere)
        other.run("logout")
        come_back(cti.page, f"{pbx.url}/host.html")
        cti.wait("LOGGED_OUT")
    assert cti.evaluate("kept") is True
    assert cti.names == ["LOGGED_IN", "SUBSCRIBED", "READY", "LOGGED_OUT"]
    assert cti.evaluate("connector.isConnected()") is False


def test_after_a_sleep_everything_is_as_it_is_now(cti: CtiPage, pbx: PbxServer) -> None:
    absence = Absence(cti, pbx)
    with asleep():
        absence.meanwhile()
        absence.until_given_up()
        time.sleep(LONG)
    absence.expect_all_known()


def test_a_page_in_the_background_is_told_what_happens(
    cti: CtiPage, driver: WebDriver, pbx: PbxServer
) -> None:
    absence = Absence(cti, pbx)
    count_ticks(cti)
    driver.minimize_window()
    cti.page.wait_for_function("document.hidden")
    begun = ticks(cti)
    absence.meanwhile()
    time.sleep(LONG)
    # WebKit's timers there run once a second.
    assert ticks(cti) - begun <= 2 * LONG, "nothing holds the page back"
    absence.expect_all_known()
    assert cti.evaluate("document.hidden") is True


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
