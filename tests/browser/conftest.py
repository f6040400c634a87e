"""A real browser, the built bundle, and the embedded PBX on one loopback port."""

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
)

from .cti_page import CtiPage
from .engines import CHROMIUM, is_firefox, new_context
from .pbx_server import PbxServer
from .tab import Tab
from .workers import Reaper

# Conditions are waited for, not time: a busy machine needs longer than Playwright's five seconds.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def pbx_server() -> Iterator[PbxServer]:
    server = PbxServer()
    yield server
    server.stop()


@pytest.fixture
def pbx(pbx_server: PbxServer) -> PbxServer:
    """Reset the PBX before each test."""
    pbx_server.control("reset")
    return pbx_server


# The browser itself reports each HTTP error and lost connection, also those that the tests ask for,
# and in Firefox the style that Playwright would add for a picture, where a policy forbids it.
OWN_WORDS = (
    "Failed to load resource",
    "WebSocket",
    "to the server at ws:",
    "The connection to ws:",
    "sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT+SmwNZWA=",
)


class Trouble(list[str]):
    """Errors that no page may have: uncaught errors, unhandled rejections, console errors."""

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self._add("uncaught", str(error)))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._add("console", message.text)

    def _add(self, kind: str, text: str) -> None:
        if not any(word in text for word in OWN_WORDS):
            self.append(f"{kind}: {text}")


@pytest.fixture
def trouble() -> Iterator[Trouble]:
    trouble = Trouble()
    yield trouble
    assert not trouble, "\n".join(trouble)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = new_context(browser)
    yield context
    context.close()


@pytest.fixture
def cached_context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    """A context with a back/forward cache. Playwright's own Chromium has none."""
    if is_firefox(browser):
        yield request.getfixturevalue("context")
        return
    cache_off = "--disable-back-forward-cache"
    users_browser = CHROMIUM.launch(browser.browser_type, ignore_default_args=[cache_off])
    yield new_context(users_browser)
    users_browser.close()


@pytest.fixture
def reaper(browser: Browser, context: BrowserContext) -> Reaper:
    """Ends shared workers. Pages must be made after this fixture."""
    return Reaper(browser, context)


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
    """Makes tabs of one user. One tab at a time has the focus: first the newest."""

    def make(listen: str = "", **options: Any) -> Tab:
        return Tab(new_page(), pbx.url, options, listen)

    return make


@pytest.fixture
def cti(new_cti: Callable[..., CtiPage]) -> CtiPage:
    """A page on which Anna is logged in and ready."""
    page = new_cti()
    page.login()
    return page
