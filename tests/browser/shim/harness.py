"""The built shim in Chromium, with a fake worker: fixtures for the tests of the page's side."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pycti.bundle import build

HERE = Path(__file__).parent
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# What a careful site sends: our script must not need more.
POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'"
HTML = "<!doctype html><title>Shim</title><script src='/shim/harness.js'></script>{head}{body}"
CLASSIC = "<script src='/dist/cti-connector.js'></script>"


class Handler(SimpleHTTPRequestHandler):
    """Serves ``/dist``, ``/shim`` and pages made of their query (``head``, ``body``)."""

    dist: Path

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != "/":
            super().do_GET()
            return
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        html = HTML.format(head=query.get("head", CLASSIC), body=query.get("body", ""))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(html.encode())

    def translate_path(self, path: str) -> str:
        parts = urlsplit(path).path.strip("/").split("/")
        root = {"dist": self.dist, "shim": HERE}.get(parts[0], HERE / "nothing")
        return str(root.joinpath(*parts[1:]))

    def log_message(self, *args: Any) -> None:
        pass


class Shim:
    """A browser context of its own: nothing is left of the test before."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context = context
        self.base = base
        self.page: Page = self.open()

    def open(self, body: str = "", head: str | None = None) -> Page:
        """Open another tab on a page with this content."""
        page = self.context.new_page()
        self.load(page, body, head)
        self.page = page
        return page

    def load(self, page: Page, body: str = "", head: str | None = None) -> None:
        query = {"body": body} | ({} if head is None else {"head": head})
        page.goto(f"{self.base}/?{urlencode(query)}")

    def run(self, script: str, argument: Any = None, page: Page | None = None) -> Any:
        return (page or self.page).evaluate(script, argument)

    def make(self, options: dict[str, Any] | None = None, **internals: Any) -> None:
        """Make ``window.cti`` with the fake worker."""
        self.run("([o, i]) => { window.cti = make(o, i); }", [options or {}, internals])

    def say(self, *messages: dict[str, Any]) -> None:
        """Let the fake worker say this to all of its pages."""
        self.run("say => tell({ say })", list(messages))

    def until(self, script: str, page: Page | None = None, what: Any = None) -> Any:
        """Wait until the expression is true and return it."""
        target = page or self.page
        return wait_for(lambda: target.evaluate(script, what), f"{script} {what or ''}")

    def got(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        """Return what the worker got of this type, once there is so much of it."""
        script = "([t, n]) => { const all = got.filter(m => m.type === t); "
        script += "return all.length >= n ? all : null; }"
        return self.until(script, what=[kind, count])

    def up(self) -> None:
        """Wait until the worker has had the first word of the page."""
        self.got("hello")

    def names(self) -> list[str]:
        return self.run("() => events.map(event => event.name)")

    def until_names(self, *names: str) -> None:
        """Wait until exactly these events have come."""
        self.until("n => events.length >= n", what=len(names))
        assert self.names() == list(names)

    def outcome(self, name: str) -> dict[str, Any]:
        return self.until("name => outcomes[name]", what=name)


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 15) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.01)
    raise AssertionError(f"never true: {what}")


def state(connected: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "type": "state",
        "connected": connected,
        "uris": ["10002@sip.example"],
        "nodes": ["user:10002"],
        "params": {"user_id": "10002"},
    } | more


def event(name: str, message: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "event", "event": {"name": name, "message": message, **more}}


def call_event(name: str, **more: Any) -> dict[str, Any]:
    call = {
        "id": "c1",
        "cid": "d1",
        "cause": "",
        "destination": "+442036427900",
        "destinationName": "",
        "source": "10002",
        "sourceName": "",
        "direction": "OUTBOUND",
        "status": name,
        "node": "user:10002",
        "requestId": "r1",
        "startTime": None,
        "answerTime": None,
    } | more
    return {"type": "event", "event": {"name": name, "call": call}}


@pytest.fixture(scope="module")
def shim_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the bundle as it is built now."""
    dist = build(tmp_path_factory.mktemp("shim") / "dist")
    handler = type("BundleHandler", (Handler,), {"dist": dist})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def shim_browser() -> Iterator[Browser]:
    program = os.environ.get("PYCTI_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def shim(shim_browser: Browser, shim_base: str) -> Iterator[Shim]:
    context = shim_browser.new_context()
    yield Shim(context, shim_base)
    uncaught = [page.evaluate("window.uncaught") for page in context.pages]
    context.close()
    assert not any(uncaught), uncaught
