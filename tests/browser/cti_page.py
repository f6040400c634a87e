"""A page that includes the connector, and the events that it has received."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

HTML = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>A host page</title><link rel="icon" href="data:,">
<body>BODY</body>
<script src="SOURCE"></script>
<script>
  window.events = [];
  window.statuses = [];
  window.settled = {};
  // Ignored promises must not become unhandled rejections: only named ones are looked at.
  window.ask = (name, method, ...args) => {
    const promise = connector[method](...args);
    if (name) promise.then(
      (value) => (settled[name] = { value }),
      (error) => (settled[name] = { error: { ...error, code: error.code, message: error.message,
                                             hint: error.hint, name: error.name } }));
  };
  window.start = (options) => {
    window.connector = new Cti.Connector({
      apiEndpoint: location.origin + "/v1.2/voipstudio",
      ...options,
      onMessage(event) {
        events.push({ ...event, connected: connector.isConnected(),
                      uris: connector.getSubscriptionURIs() });
      },
    });
    connector.on("status", (told) => statuses.push(told));
    window.listen?.(connector);
  };
  START
</script>
"""


class CtiPage:
    """Drives the connector of one page through its JavaScript interface."""

    def __init__(
        self,
        page: Page,
        url: str,
        options: dict[str, Any],
        body: str = "<h1>Shop</h1>",
        folder: Path | None = None,
        source: str = "/dist/cti-connector.js",
    ) -> None:
        self.page = page
        self.url = url
        html = (
            HTML.replace("SOURCE", source)
            .replace("BODY", body)
            .replace("START", f"start({json.dumps(options)});")
        )
        if folder is None:
            address = re.compile(re.escape(f"{url}/host.html"))
            page.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
        else:
            # Playwright switches the browser's cache off if pages have routes.
            (folder / "host.html").write_text(html)
        page.goto(f"{url}/host.html")

    def login(self, *credentials: str) -> None:
        """Log in, as Anna by default, and wait until the connector is ready."""
        self.run("login", *(credentials or ("anna@example.com", "demo")))
        self.wait("READY")

    def run(self, method: str, *args: Any) -> Any:
        """Call a method and return the value of its promise; raise if it rejects."""
        outcome = self.outcome(method, *args)
        assert "error" not in outcome, outcome
        return outcome["value"]

    def refused(self, method: str, *args: Any) -> dict[str, str]:
        """Call a method and return the error that its promise rejects with."""
        outcome = self.outcome(method, *args)
        assert "error" in outcome, outcome
        return outcome["error"]

    def outcome(self, method: str, *args: Any) -> dict[str, Any]:
        name = self.ask(method, *args)
        return self.settled(name)

    def ask(self, method: str, *args: Any) -> str:
        """Call a method without waiting; return a name for `settled`."""
        name = f"{method}-{self.page.evaluate('Object.keys(settled).length')}-{id(args)}"
        self.page.evaluate("([name, method, args]) => ask(name, method, ...args)",
                           [name, method, list(args)])  # fmt: skip
        return name

    def settled(self, name: str) -> dict[str, Any]:
        self.page.wait_for_function("(name) => settled[name]", arg=name)
        return self.page.evaluate("(name) => settled[name]", name)

    def forget(self, method: str, *args: Any) -> None:
        """Call a method and ignore its promise, as most pages do."""
        self.page.evaluate("([method, args]) => ask('', method, ...args)", [method, list(args)])

    @property
    def events(self) -> list[dict[str, Any]]:
        return self.page.evaluate("events")

    @property
    def names(self) -> list[str]:
        return [event["name"] for event in self.events]

    def call_names(self, node: str = "user:10002", call_id: str | None = None) -> list[str]:
        """The names of the call events of a node, in order, without replays."""
        return self._call_names(node, call_id, replay=False)

    def replays(self, node: str = "user:10002", call_id: str | None = None) -> list[str]:
        """The names of the replayed call events of a node."""
        return self._call_names(node, call_id, replay=True)

    def _call_names(self, node: str, call_id: str | None, *, replay: bool) -> list[str]:
        calls = [event for event in self.events if "call" in event]
        calls = [event for event in calls if event.get("replay", False) is replay]
        return [
            event["name"]
            for event in calls
            if event["call"]["node"] == node and call_id in (None, event["call"]["id"])
        ]

    def wait(self, name: str, count: int = 1, node: str | None = None) -> dict[str, Any]:
        """Wait for the ``count``-th event of that name and return it."""
        test = "events.filter((e) => e.name === name && (!node || e.call?.node === node))"
        arg = {"name": name, "node": node, "count": count}
        self.page.wait_for_function(f"({{name, node, count}}) => {test}.length >= count", arg=arg)
        return self.page.evaluate(f"({{name, node, count}}) => {test}[count - 1]", arg)

    def wait_status(self, status: str) -> dict[str, Any]:
        """Wait until the `status` listeners have received this; return what they got."""
        test = "(status) => statuses.find((told) => told.status === status)"
        self.page.wait_for_function(test, arg=status)
        return self.page.evaluate(test, status)

    def clear(self) -> None:
        self.page.evaluate("events.length = statuses.length = 0")

    def evaluate(self, expression: str, arg: Any = None) -> Any:
        return self.page.evaluate(expression, arg)
