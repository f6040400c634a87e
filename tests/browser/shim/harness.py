"""Drives a page with the built shim, and makes the messages of a worker."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import BrowserContext, Page

CLASSIC = "<script src='/dist/cti-connector.js'></script>"

FAILED = {"type": "failed", "error": {"code": "WORKER_DIED", "message": "Gone.", "hint": "Wait."}}
"""The message of a worker that closes itself."""

SPY = """() => {
  const Original = SharedWorker;
  window.SharedWorker = class extends Original {
    constructor(...args) { super(...args); window.lastPort = this.port; }
  };
}"""
"""Saves the port of the next worker that is made."""


class Shim:
    """A separate browser context, without state of the previous test."""

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
        """Let the fake worker send these messages to all of its pages."""
        self.run("say => tell({ say })", list(messages))

    def until(self, script: str, page: Page | None = None, what: Any = None) -> Any:
        """Wait until the expression is true and return it."""
        target = page or self.page
        return wait_for(lambda: target.evaluate(script, what), f"{script} {what or ''}")

    def got(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait for this number of messages of a type to the worker, and return them."""
        script = "([t, n]) => { const all = got.filter(m => m.type === t); "
        script += "return all.length >= n ? all : null; }"
        return self.until(script, what=[kind, count])

    def up(self) -> None:
        """Wait until the worker has received the page's first message."""
        self.got("hello")

    def ready(self, **internals: Any) -> None:
        """Make ``window.cti``, and let the worker send READY."""
        self.make(**internals)
        self.up()
        self.say(state(), event("READY"))
        self.until_names("READY")

    def names(self) -> list[str]:
        return self.run("() => events.map(event => event.name)")

    def until_names(self, *names: str) -> None:
        """Wait until exactly these events have arrived."""
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
        "loggedIn": connected,
        "uris": ["10002@sip.example"],
        "nodes": ["user:10002"],
        "features": ["answer", "hold"],
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
        "status": "HANGUP" if name == "CANCEL" else name,
        "node": "user:10002",
        "requestId": "r1",
        "startTime": None,
        "answerTime": None,
    } | more
    return {"type": "event", "event": {"name": name, "call": call}}
