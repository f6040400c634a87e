"""Plays a day at the switchboard to the wallboard's pure modules, and asks what would be shown."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page

HTML = """<!doctype html><title>Modules</title><link rel="icon" href="data:,">
<script src="/dist/cti-connector.js"></script>
<script type="module">
  const names = ["board", "figures", "history", "nodes", "tiles", "words"];
  const load = (name) => import(`/wallboard/${name}.js`);
  window.loaded = Promise.all(names.map(load)).then((all) => Object.assign({}, ...all));
</script>"""
# One step is [function, arguments]; the board is put in front of the arguments.
PLAY = """
  async ([opened, steps]) => {
    window.all = await loaded;
    window.past = [all.emptyBoard(opened)];
    for (const [name, ...args] of steps) {
      const before = past.at(-1);
      const text = JSON.stringify(before);
      past.push(all[name](before, ...args));
      if (JSON.stringify(before) !== text) throw new Error(`${name} has changed its argument`);
    }
    window.now = past.at(-1);
  }
"""
OPENED = 1_000_000_000
"""When the page was opened, in epoch milliseconds: a whole bucket of the chart."""
FOLLOWED = ["queue:77", "user:10002", "user:10003", "conf:123456"]
READY = ("onStatus", "ready", FOLLOWED, OPENED)
LIMITS = {"warn": 30, "alarm": 60}

Step = tuple[Any, ...]


def at(seconds: float) -> int:
    return OPENED + round(seconds * 1000)


def call(status: str, seconds: float, **fields: Any) -> Step:
    """An event of a call, so many seconds after the page was opened; a caller of queue 77."""
    known = {
        "id": "1",
        "cid": "1",
        "cause": "",
        "source": "+442036427900",
        "sourceName": "Alex Morgan",
        "destination": "770",
        "destinationName": "Sales",
        "direction": "INBOUND",
        "status": status,
        "node": "queue:77",
        "requestId": "",
        "startTime": at(0),
        "answerTime": None,
    } | fields
    return ("onEvent", {"name": status, "call": known}, at(seconds))


def answered(seconds: float, **fields: Any) -> Step:
    return call("CONNECTED", seconds, **({"answerTime": at(seconds)} | fields))


def status(name: str, seconds: float, followed: list[str] | None = None) -> Step:
    return ("onStatus", name, FOLLOWED if followed is None else followed, at(seconds))


class Modules:
    """The modules, in a page that has nothing else."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        page.route(
            re.compile(re.escape(f"{url}/modules.html")),
            lambda route: route.fulfill(body=HTML, content_type="text/html"),
        )
        page.goto(f"{url}/modules.html")

    def play(self, *steps: Step, opened: int = OPENED) -> None:
        self._page.evaluate(PLAY, [opened, list(map(list, steps))])

    def run(self, expression: str, argument: Any = None) -> Any:
        """Evaluate a function of `(all, now, argument)`: the modules, and the board."""
        script = f"async (argument) => ({expression})(await loaded, window.now, argument)"
        return self._page.evaluate(script, argument)

    def queue(self, seconds: float, node: str = "queue:77", **limits: int) -> dict[str, Any]:
        return self._tile("queueTile", node, seconds, LIMITS | limits)

    def user(self, node: str, seconds: float) -> dict[str, Any]:
        return self._tile("userTile", node, seconds, LIMITS)

    def room(self, node: str, seconds: float) -> dict[str, Any]:
        chosen = {"node": node, "name": ""}
        return self.run("(all, now, a) => all.roomTile(now, ...a)", [chosen, at(seconds)])

    def summary(self, seconds: float) -> dict[str, Any]:
        script = """
          (all, now, [limits, at]) => {
            const of = (type) => now.followed.filter((node) => all.typeOf(node) === type)
              .map((node) => ({ node, name: "" }));
            return all.summaryOf(
              now,
              of("queue").map((one) => all.queueTile(now, one, limits, at)),
              of("user").map((one) => all.userTile(now, one, limits, at)),
            );
          }
        """
        return self.run(script, [LIMITS, at(seconds)])

    def columns(self, seconds: float, *nodes: str) -> list[dict[str, Any]]:
        """The columns of the chart in which something is known."""
        script = "(all, now, [nodes, at]) => all.columns(now.history, nodes, at)"
        columns = self.run(script, [list(nodes or ("queue:77",)), at(seconds)])
        assert len(columns) == 30
        return [column for column in columns if column["known"]]

    def _tile(self, name: str, node: str, seconds: float, limits: dict[str, int]) -> dict[str, Any]:
        chosen = {"node": node, "name": ""}
        return self.run(f"(all, now, a) => all.{name}(now, ...a)", [chosen, limits, at(seconds)])
