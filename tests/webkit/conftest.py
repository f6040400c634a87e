"""A real WebKit, the bundle, and the embedded PBX: one browser and one server per test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.cti_page import CtiPage
from browser.driven_page import DrivenPage
from browser.pbx_server import PbxServer
from selenium.webdriver.remote.webdriver import WebDriver

from .webkit import WebKit, display, find_webkit, launch


@pytest.fixture(scope="session")
def webkit() -> WebKit:
    found = find_webkit()
    if isinstance(found, WebKit):
        return found
    if os.environ.get("PYCTI_REQUIRE_BROWSER") == "1":
        pytest.fail(found)
    pytest.skip(found)


@pytest.fixture(scope="session")
def screen(webkit: WebKit) -> Iterator[str]:
    with display(webkit.xvfb) as name:
        yield name


@pytest.fixture
def pbx(own_pbx: PbxServer) -> PbxServer:
    return own_pbx


@pytest.fixture
def driver(webkit: WebKit, screen: str, tmp_path: Path) -> Iterator[WebDriver]:
    with launch(webkit, screen, tmp_path) as driver:
        yield driver


@pytest.fixture
def new_page(driver: WebDriver) -> Callable[[], DrivenPage]:
    """Open tabs of one user."""
    unused = [driver.current_window_handle]

    def make() -> DrivenPage:
        if not unused:
            driver.switch_to.window(driver.window_handles[0])
            driver.switch_to.new_window("tab")
            unused.append(driver.current_window_handle)
        return DrivenPage(driver, unused.pop())

    return make


@pytest.fixture
def new_cti(
    new_page: Callable[[], DrivenPage], pbx: PbxServer, dist: Path
) -> Callable[..., CtiPage]:
    """Open pages of one user that include the connector."""

    def make(body: str = "<h1>Shop</h1>", **options: Any) -> CtiPage:
        return CtiPage(new_page(), pbx.url, options, body, folder=dist / "demo")

    return make


@pytest.fixture
def cti(new_cti: Callable[..., CtiPage]) -> CtiPage:
    """A page whose user Anna is logged in and ready."""
    page = new_cti()
    page.login()
    return page
