"""A real Chromium, the built bundle, and the embedded PBX on one loopback port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from .chromium import ARGUMENTS, REQUIRED, find_chromium
from .cti_page import CtiPage
from .pbx_server import PbxServer
from .tab import Tab

# Conditions are waited for, not time: a busy machine needs longer than Playwright's five seconds.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def pbx_server() -> Iterator[PbxServer]:
    server = PbxServer()
    yield server
    server.stop()


@pytest.fixture
def pbx(pbx_server: PbxServer) -> PbxServer:
    """The PBX as at its start."""
    pbx_server.control("reset")
    return pbx_server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = find_chromium(playwright.chromium.executable_path)
        if path is None:
            reason = "no Chromium: set PYCTI_CHROMIUM, or install one"
            if REQUIRED:
                pytest.fail(reason)
            pytest.skip(reason)
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Trouble(list[str]):
    """What must not happen on any page: uncaught errors, unhandled rejections, console errors."""

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.append(f"uncaught: {error}"))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser itself reports each HTTP error, also those that the tests ask for.
        network = "Failed to load resource" in message.text or "WebSocket" in message.text
        if message.type == "error" and not network:
            self.append(f"console: {message.text}")


@pytest.fixture
def trouble() -> Iterator[Trouble]:
    trouble = Trouble()
    yield trouble
    assert not trouble, "\n".join(trouble)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def new_page(context: BrowserContext, trouble: Trouble) -> Callable[[], Page]:
    """Makes pages of one browser context, as tabs of one user."""

    def make() -> Page:
        page = context.new_page()
        trouble.watch(page)
        return page

    return make


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    return new_page()


@pytest.fixture
def new_cti(new_page: Callable[[], Page], pbx: PbxServer) -> Callable[..., CtiPage]:
    """Makes pages of one user that include the connector."""

    def make(**options: Any) -> CtiPage:
        return CtiPage(new_page(), pbx.url, options)

    return make


@pytest.fixture
def new_tab(new_page: Callable[[], Page], pbx: PbxServer) -> Callable[..., Tab]:
    """Makes tabs of one user, of which one at a time has the focus: the newest at first."""

    def make(listen: str = "", **options: Any) -> Tab:
        return Tab(new_page(), pbx.url, options, listen)

    return make


@pytest.fixture
def cti(new_cti: Callable[..., CtiPage]) -> CtiPage:
    """A page whose user Anna is logged in and ready."""
    page = new_cti()
    page.login()
    return page
