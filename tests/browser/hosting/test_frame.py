"""The bundle on another origin: which way the connector uses, and which pages the frame serves."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page

from browser.conftest import PbxServer

from .conftest import Open, html
from .host_page import HostPage, wait_for
from .sites import OPEN, Answer, Site

pytestmark = pytest.mark.differs("policy")


@pytest.fixture
def script(cdn: Site) -> str:
    return f"{cdn.url}/cti/cti-connector.js"


def frame_of(page: HostPage, cdn: Site) -> Frame:
    assert isinstance(page.page, Page)
    (frame,) = (one for one in page.page.frames if one.url.startswith(cdn.url))
    return frame


def test_the_frame_is_tried_first_and_one_worker_serves_all_pages(
    open_page: Open, new_page: Callable[[], Page], script: str, cdn: Site, pbx: PbxServer
) -> None:
    one = open_page(script)
    one.run("login", "anna@example.com", "demo")
    two = open_page(script)
    two.wait("READY")
    assert len(pbx.state()["sockets"]) == 1
    for page in (one, two):
        assert frame_of(page, cdn).url.endswith(f"#{page.page.evaluate('() => origin')}")

    pbx.incoming()
    one.wait("RINGING")
    two.wait("RINGING")
    two.run("answer")
    assert one.wait("CONNECTED")["call"]["status"] == "CONNECTED"


def test_the_page_stores_the_token_and_the_frame_stores_nothing(
    open_page: Open, script: str, cdn: Site
) -> None:
    page = open_page(script)
    page.run("login", "anna@example.com", "demo")
    stored = "() => [localStorage.length, sessionStorage.length]"
    assert page.page.evaluate(stored) == [1, 0]
    assert frame_of(page, cdn).evaluate(stored) == [0, 0]

    assert isinstance(page.page, Page)
    page.page.reload()
    again = HostPage(page.page, page.api)
    again.wait("READY")
    again.run("logout")
    assert again.page.evaluate(stored) == [0, 0]


def test_two_sites_never_share_a_session(
    open_page: Open, site: Site, script: str, bundle_dir: Path, pbx: PbxServer
) -> None:
    """Two ports of one host are one site, so no browser partitions their storage."""
    mine = open_page(script)
    mine.run("login", "anna@example.com", "demo")

    other = Site(bundle_dir)
    other.answers["/"] = site.answers["/"]
    assert isinstance(mine.page, Page)
    tab = mine.page.context.new_page()
    tab.goto(f"{other.url}/")
    theirs = HostPage(tab, pbx.api)
    theirs.until("connector.status === 'logged-out'")
    theirs.run("login", "ben@example.com", "demo")
    assert len(pbx.state()["sockets"]) == 2
    mine.run("logout")
    assert theirs.page.evaluate("() => connector.isConnected()")
    tab.close()
    other.stop()


ORDER = """async ([url, orders]) => {
  // Frames, each with the order that it gets; answers come in `got`, by number.
  window.got = [];
  const loaded = (frame) => new Promise((resolve) => (frame.onload = resolve));
  const targets = [];
  for (const { hash } of orders) {
    const frame = document.createElement("iframe");
    frame.src = `${url}#${hash}`;
    document.body.append(frame);
    targets.push(loaded(frame).then(() => frame.contentWindow));
  }
  const child = document.createElement("iframe");
  document.body.append(child);
  for (const [number, { by, times = 1 }] of orders.entries()) {
    const target = await targets[number];
    for (let time = 0; time < times; time += 1) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => got.push(number);
      const order = [{ name: "test", shared: false }, "*", [port2]];
      if (by === "child") {
        child.contentWindow.send = new child.contentWindow.Function(
          "target", "order", "target.postMessage(...order)");
        child.contentWindow.send(target, order);
      } else target.postMessage(...order);
    }
  }
}"""


def test_the_frame_answers_only_its_embedder_and_only_once(
    new_page: Callable[[], Page], site: Site, cdn: Site, bundle_dir: Path
) -> None:
    site.answers["/"] = Answer("<!doctype html><title>A site</title><body>")
    page = new_page()
    page.goto(f"{site.url}/")
    (name,) = (path.name for path in bundle_dir.glob("assets/cti-frame-*.html"))
    orders: list[dict[str, Any]] = [
        {"hash": "https://bank.example"},
        {"hash": ""},
        {"hash": "null"},
        # A document of the right origin that does not embed the frame.
        {"hash": site.url, "by": "child"},
        {"hash": site.url, "times": 3},
    ]
    page.evaluate(ORDER, [f"{cdn.url}/cti/assets/{name}", orders])
    last = len(orders) - 1
    wait_for(lambda: last in page.evaluate("() => got"), "the right order is answered")
    # After a second round, every answer has arrived.
    page.evaluate(ORDER, [f"{cdn.url}/cti/assets/{name}", [{"hash": site.url}]])
    wait_for(lambda: page.evaluate("() => got.length > 0"), "the next frame answers")
    assert page.evaluate("() => got") == [0]


def test_the_frame_does_not_answer_a_sandbox(
    new_page: Callable[[], Page], site: Site, cdn: Site, bundle_dir: Path
) -> None:
    site.answers["/"] = Answer(
        "<!doctype html><title>A sandbox</title><body>",
        headers={"Content-Security-Policy": "sandbox allow-scripts"},
    )
    page = new_page()
    page.goto(f"{site.url}/")
    (name,) = (path.name for path in bundle_dir.glob("assets/cti-frame-*.html"))
    url = f"{cdn.url}/cti/assets/{name}"
    page.evaluate(ORDER, [url, [{"hash": "null"}, {"hash": site.url}]])
    # No further waiting is needed: a message that was sent after theirs has arrived.
    page.evaluate("""() => new Promise((resolve) => {
      onmessage = resolve;
      frames[0].postMessage(null, "*");
      frames[1].postMessage(null, "*");
      setTimeout(() => postMessage(null, "*"), 500);
    })""")
    assert page.evaluate("() => got") == []


BLOCKING = {
    "not to be framed": {"X-Frame-Options": "DENY"},
    "not HTML": {"Content-Type": "text/plain"},
}


@pytest.mark.parametrize("headers", BLOCKING.values(), ids=BLOCKING)
def test_a_blob_is_used_if_the_frame_does_not_answer(
    open_page: Open, script: str, cdn: Site, trouble: list[str], headers: dict[str, str]
) -> None:
    cdn.headers = lambda name: OPEN | (headers if name.endswith(".html") else {})
    page = open_page(script)
    page.use()
    assert page.page.evaluate("() => document.querySelectorAll('iframe').length") == 0
    # The browser may report an error for the frame.
    assert all(cdn.url in line for line in trouble)
    trouble.clear()


def test_a_blob_is_used_if_the_policy_forbids_the_frame(
    open_page: Open, script: str, trouble: list[str]
) -> None:
    page = open_page(script, "frame-src 'none'")
    page.use()
    assert "ERROR" not in page.names
    assert all("frame-src" in line for line in trouble)
    trouble.clear()


def test_a_page_with_an_api_on_its_own_origin_uses_a_blob_worker(
    open_page: Open, site: Site, pbx: PbxServer, script: str
) -> None:
    site.api = pbx.url
    home = f"{site.url}/v1.2/voipstudio"
    page = open_page(script, apiEndpoint=home, sipServer=f"{pbx.url}/sip".replace("http", "ws"))
    page.use()
    assert page.page.evaluate("() => document.querySelectorAll('iframe').length") == 0


def test_a_missing_worker_file_is_not_reported_as_blocked(
    open_page: Open, script: str, cdn: Site, bundle_dir: Path, trouble: list[str]
) -> None:
    (name,) = (path.name for path in bundle_dir.glob("assets/cti-worker-*.mjs"))
    cdn.answers[f"/cti/assets/{name}"] = Answer("nothing", "text/plain", OPEN)
    page = open_page(script)
    assert page.refused("login", "anna@example.com", "demo")["code"] == "WORKER_FAILED"
    assert page.wait("ERROR")["code"] == "WORKER_FAILED"
    # The browser may report an error for its type.
    assert all(name in line for line in trouble)
    trouble.clear()


def test_the_connection_to_the_worker_survives_a_replaced_body(
    open_page: Open, script: str
) -> None:
    page = open_page(script)
    page.run("login", "anna@example.com", "demo")
    page.page.evaluate("() => document.body.replaceWith(document.createElement('body'))")
    page.run("call", "+442036427900")


@pytest.fixture
def apart(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that partitions the storage of embedded sites, as users' browsers do."""
    if browser.browser_type.name != "chromium":
        context = browser.new_context()
        yield context
        context.close()
        return
    # Playwright's own list of disabled features contains it. The last list applies.
    arguments = ["--no-sandbox", "--no-first-run", "--disable-features=Translate"]
    path = os.environ.get("PYCTI_CHROMIUM") or shutil.which("chromium")
    other = browser.browser_type.launch(executable_path=path, args=arguments)
    yield other.new_context()
    other.close()


def test_a_bundle_on_another_site_serves_all_tabs(
    apart: BrowserContext, bundle_dir: Path, cdn: Site, script: str, pbx: PbxServer
) -> None:
    cdn.answers["/mark"] = Answer("<!doctype html><title>The other site</title>")
    visit = apart.new_page()
    visit.goto(f"{cdn.url}/mark")
    visit.evaluate("() => localStorage.setItem('mark', 'here')")
    site = Site(bundle_dir, "localhost")
    site.answers["/"] = Answer(html(script))

    pages = []
    for _ in range(2):
        tab = apart.new_page()
        tab.goto(f"{site.url}/")
        pages.append(HostPage(tab, pbx.api))
        if len(pages) == 1:
            pages[0].use()
    pages[1].wait("READY")

    assert frame_of(pages[0], cdn).evaluate("() => localStorage.getItem('mark')") is None
    assert len(pbx.state()["sockets"]) == 1
    site.stop()
