"""The wallboard as a supervisor sees it."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

# The page's own policy, as a careful host would set it: nothing inline, nothing from elsewhere.
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "worker-src 'self'; connect-src 'self' ws: wss:"
)
# The first start of Python in a fresh browser profile takes seconds on a busy machine.
START = 60_000
DORA = """
  async () => {
    const { nonce } = await connector.login("dora@example.com", "demo");
    await connector.twoFactorAuth("123456", nonce);
  }
"""
EVERYTHING = ("queue:77", "user:10002", "user:10003", "conf:123456", "ivr:55")


class Wallboard:
    """One tab with the wallboard."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self._choice: dict[str, Any] | None = None
        page.route(re.compile(rf"^{re.escape(url)}/wallboard/$"), self._strict)

    def open(self) -> None:
        self.page.goto(f"{self.url}/wallboard/")

    def open_with(
        self, *nodes: str, warn: int = 600, alarm: int = 1200, supervisor: bool = False
    ) -> None:
        """Open it where somebody has chosen these before, and log in as Anna, who is an agent.

        ``supervisor``: as Dora, whose telephone does not ring.
        """
        choice = {
            "nodes": [{"node": node, "name": ""} for node in nodes or EVERYTHING],
            "limits": {"warn": warn, "alarm": alarm},
        }
        self.page.goto(f"{self.url}/dist/manifest.json")
        self.page.evaluate(
            "(text) => localStorage.setItem('cti-wallboard', text)", json.dumps(choice)
        )
        self.open()
        if supervisor:
            self.page.evaluate(DORA)
            self.live()
        else:
            self.log_in()
        for node in nodes or EVERYTHING:
            # Every tile says so where the server does not tell of its node yet.
            expect(self.tile(node)).to_have_attribute("data-level", re.compile("calm|busy"))

    def choose_nothing(self) -> None:
        """Somebody has removed everything before: the board does not start with the demo's."""
        self.page.goto(f"{self.url}/dist/manifest.json")
        self.page.evaluate("localStorage.setItem('cti-wallboard', '{}')")

    def log_in(self) -> None:
        self.page.get_by_role("button", name="Log in as Anna").click()
        self.live()

    def live(self) -> None:
        expect(self.connection).to_have_text("Live", timeout=START)

    @property
    def connection(self) -> Locator:
        return self.page.locator("#connection")

    @property
    def followed(self) -> set[str]:
        """The nodes that the server tells the page of; users without their type."""
        uris = self.page.evaluate("connector.getSubscriptionURIs()")
        return {uri.rpartition("@")[0] for uri in uris}

    def tile(self, node: str) -> Locator:
        return self.page.locator(f'.tile[data-node="{node}"]')

    def part(self, node: str, name: str) -> Locator:
        return self.tile(node).locator(f'[data-part="{name}"]').first

    def figure(self, name: str) -> Locator:
        """A figure at the top."""
        return self.page.locator(f'#summary [data-part="{name}"]')

    def lines(self, node: str, label: str) -> Locator:
        """The people in a list of a tile: Waiting, Talking, In it."""
        return self.tile(node).get_by_role("list", name=label).get_by_role("listitem")

    def expect_parts(self, node: str, **texts: str) -> None:
        for name, text in texts.items():
            expect(self.part(node, name)).to_have_text(text)

    def findings(self, axe: str) -> list[str]:
        """What axe finds, and what sticks out sideways."""
        self.page.evaluate(axe)
        result = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ] + ["the page scrolls sideways"] * wide

    def _strict(self, route: Any) -> None:
        response = route.fetch()
        headers = {**response.headers, "content-security-policy": STRICT}
        route.fulfill(response=response, headers=headers)
