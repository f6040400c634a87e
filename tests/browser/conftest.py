"""A real browser, the built bundle, and the embedded PBX on one loopback port."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
)

from pycti import bundle
from pycti.pbx import Pbx

from .cti_page import CtiPage
from .engines import CHROMIUM, is_firefox, new_context
from .tab import Tab
from .workers import Reaper

# Conditions are waited for, not time: a busy machine needs longer than Playwright's five seconds.
expect.set_options(timeout=30_000)

PACE = 0.1
"""How long the phones of the PBX take, compared with the demo's."""


class PbxServer:
    """The PBX in a thread of its own, driven by its control API as any other program would."""

    def __init__(self, pages: Path | None = None) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._pbx = Pbx(control=True, pages=pages or bundle.build(), pace=PACE)
        self._run(self._pbx.start())
        self.url = self._pbx.url
        self.api = f"{self.url}/v1.2/voipstudio"

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def control(self, path: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
        """POST to the control API; raises where it refuses."""
        body = json.dumps(data or {}).encode()
        request = urllib.request.Request(
            f"{self.url}/_pbx/{path}", body, {"Content-Type": "application/json"}
        )
        return self._open(request)

    def state(self) -> dict[str, Any]:
        return self._open(urllib.request.Request(f"{self.url}/_pbx/state"))

    def incoming(self, to: str = "10002", name: str = "Alex Morgan") -> str:
        """Let someone call; returns the call's id."""
        call = {"to": to, "from": "+442036427900", "name": name}
        return str(self.control("incoming", call)["id"])

    def _open(self, request: urllib.request.Request) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{request.full_url}: {error.read().decode()}") from None

    def stop(self) -> None:
        self._run(self._pbx.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


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


# The browser itself reports each HTTP error and lost connection, also those that the tests ask for,
# and in Firefox the style that Playwright would add for a picture, where a policy forbids it.
OWN_WORDS = (
    "Failed to load resource",
    "WebSocket",
    "to the server at ws:",
    "sha256-YjaKGiklmzC6wjXA513HAMmzus8VE61XCOT+SmwNZWA=",
)


class Trouble(list[str]):
    """What must not happen on any page: uncaught errors, unhandled rejections, console errors."""

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
    """A context with a back/forward cache, as users have it; Playwright's Chromium has none."""
    if is_firefox(browser):
        yield request.getfixturevalue("context")
        return
    cache_off = "--disable-back-forward-cache"
    users_browser = CHROMIUM.launch(browser.browser_type, ignore_default_args=[cache_off])
    yield new_context(users_browser)
    users_browser.close()


@pytest.fixture
def reaper(browser: Browser, context: BrowserContext) -> Reaper:
    """Ends the shared workers of the pages that are made after it."""
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
