"""Pages that the browser throttles because another tab is in front of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext
from selenium.webdriver import Chrome

from .chromedriver import chromium
from .conftest import PbxServer
from .cti_page import CtiPage
from .driven_page import DrivenPage
from .engines import FIREFOX, new_context
from .standing_still import LONG, Background

pytestmark = pytest.mark.differs("freezing")

HELD_BACK = (
    # The browser's own interval is one second at first, and grows (milliseconds).
    ("dom.min_background_timeout_value", 12_000),
    ("dom.min_background_timeout_value_without_budget_throttling", 12_000),
)

IN_FRONT = "<a id='in-front' target='_blank' href='about:blank'>In front</a>"


def put_behind_another_tab(cti: CtiPage) -> None:
    """Follow a link that opens a tab."""
    cti.evaluate("(html) => document.body.insertAdjacentHTML('beforeend', html)", IN_FRONT)
    cti.page.click("#in-front")
    cti.page.wait_for_function("document.hidden")


class TestChromium:
    @pytest.fixture
    def pbx(self, own_pbx: PbxServer) -> PbxServer:
        return own_pbx

    @pytest.fixture
    def driver(self) -> Iterator[Chrome]:
        with chromium() as driver:
            yield driver

    @pytest.fixture
    def cti(self, driver: Chrome, pbx: PbxServer, dist: Path) -> CtiPage:
        cti = CtiPage(DrivenPage(driver), pbx.url, {}, folder=dist / "demo")
        cti.login()
        return cti

    @pytest.mark.engines("chromium")
    @pytest.mark.usefixtures("browser")
    @pytest.mark.parametrize(("state", "at_most"), [("active", 2 * LONG), ("frozen", 2)])
    def test_a_background_page_receives_events(
        self, cti: CtiPage, driver: Chrome, pbx: PbxServer, state: str, at_most: int
    ) -> None:
        background = Background(cti, pbx)
        put_behind_another_tab(cti)
        driver.execute_cdp_cmd("Page.setWebLifecycleState", {"state": state})
        background.endure(at_most)
        driver.execute_cdp_cmd("Page.setWebLifecycleState", {"state": "active"})
        background.expect_all_known()


class TestFirefox:
    @pytest.fixture
    def context(self, browser: Browser) -> Iterator[BrowserContext]:
        firefox = replace(FIREFOX, preferences=(*FIREFOX.preferences, *HELD_BACK))
        with firefox.launch(browser.browser_type) as held_back:
            yield new_context(held_back)

    @pytest.mark.engines("firefox")
    def test_a_background_page_receives_events(self, cti: CtiPage, pbx: PbxServer) -> None:
        background = Background(cti, pbx)
        put_behind_another_tab(cti)
        background.endure(at_most=2)
        background.expect_all_known()
