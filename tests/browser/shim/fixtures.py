"""A server with the bundle and the fake worker, and a fresh page on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from browser.engines import new_context
from browser.web_server import WebServer
from bundled import built
from playwright.sync_api import Browser

from .finder import Finder
from .harness import CLASSIC, Shim, event, state

HERE = Path(__file__).parent
# The policy of a careful site. The connector's script must not need more.
POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'"
HTML = "<!doctype html><title>Shim</title><script src='/shim/harness.js'></script>{head}{body}"


class Handler(SimpleHTTPRequestHandler):
    """Serves ``/dist``, ``/shim``, and pages made from their query (``head``, ``body``)."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != "/":
            super().do_GET()
            return
        query = {
            name: values[0]
            for name, values in parse_qs(parts.query, keep_blank_values=True).items()
        }
        html = HTML.format(head=query.get("head", CLASSIC), body=query.get("body", ""))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(html.encode())

    def translate_path(self, path: str) -> str:
        parts = urlsplit(path).path.strip("/").split("/")
        root = {"dist": built(), "shim": HERE}.get(parts[0], HERE / "nothing")
        return str(root.joinpath(*parts[1:]))

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def shim_base() -> Iterator[str]:
    """The address of a server with the bundle."""
    server = WebServer(Handler)
    yield server.url
    server.stop()


@pytest.fixture
def shim(browser: Browser, shim_base: str) -> Iterator[Shim]:
    context = new_context(browser)
    yield Shim(context, shim_base)
    uncaught = [page.evaluate("window.uncaught") for page in context.pages]
    context.close()
    assert not any(uncaught), uncaught


@pytest.fixture
def finder(shim: Shim) -> Callable[..., Finder]:
    """Opens a page with this body and turns detection on."""

    def open_page(body: str, options: str = "{}", script: str = "") -> Finder:
        shim.load(shim.page, body)
        if script:
            shim.run(script)
        shim.make(timing={"linger": 60})
        shim.up()
        shim.say(state(), event("INFO"))
        shim.until_names("INFO")
        finder = Finder(shim)
        finder.start(options)
        return finder

    return open_page
