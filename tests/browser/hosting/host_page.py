"""A host page that contains only the connector's script. The tests drive it from outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Frame, Page

PREPARE = """([options, api]) => {
  window.events = [];
  window.settled = {};
  const described = ({ name, code, message, hint }) => ({ name, code, message, hint });
  window.ask = (name, method, args) => {
    connector[method](...args).then(
      (value) => (settled[name] = { value: value ?? null }),
      (error) => (settled[name] = { error: described(error) }),
    );
  };
  window.connector ??= new Cti.Connector({
    apiEndpoint: api,
    onMessage: (event) => { events.push(event); },
    ...options,
  });
}"""


class HostPage:
    """The connector of one document, used only in ways that a strict policy allows."""

    def __init__(self, page: Page | Frame, api: str, **options: Any) -> None:
        self.page = page
        self.api = api
        self.until("typeof Cti === 'object' && !!Cti.Connector")
        page.evaluate(PREPARE, [options, api])
        self._asked = 0

    @property
    def engine(self) -> str:
        page = self.page.page if isinstance(self.page, Frame) else self.page
        browser = page.context.browser
        assert browser is not None
        return browser.browser_type.name

    def until(self, expression: str, patience: float = 60) -> Any:
        """Wait until the expression is true. Playwright's own method needs ``unsafe-eval``."""
        return wait_for(lambda: self.page.evaluate(f"() => ({expression})"), expression, patience)

    def ask(self, method: str, *args: Any) -> str:
        """Send a command; return a name for `settled`."""
        self._asked += 1
        name = f"{method}{self._asked}"
        self.page.evaluate(
            "([name, method, args]) => ask(name, method, args)", [name, method, list(args)]
        )
        return name

    def settled(self, name: str) -> dict[str, Any]:
        return self.until(f"settled[{name!r}]")

    def run(self, method: str, *args: Any) -> Any:
        outcome = self.settled(self.ask(method, *args))
        assert "error" not in outcome, outcome
        return outcome["value"]

    def refused(self, method: str, *args: Any) -> dict[str, str]:
        outcome = self.settled(self.ask(method, *args))
        assert "error" in outcome, outcome
        return outcome["error"]

    def wait(self, name: str) -> dict[str, Any]:
        """Wait for the first event with this name."""
        return self.until(f"events.find((event) => event.name === {name!r})")

    @property
    def names(self) -> list[str]:
        return self.page.evaluate("() => events.map((event) => event.name)")

    def use(self, number: str = "+442036427900") -> None:
        """Log in, call and hang up."""
        self.run("login", "anna@example.com", "demo")
        self.run("call", number)
        call = self.wait("CONNECTED")["call"]
        self.run("terminate", call["id"])
        names = [name for name in self.names if name not in ("INFO", "ON_HOLD")]
        assert names == [
            *("LOGGED_IN", "SUBSCRIBED", "READY"),
            *("INITIAL", "ACCEPTED", "RINGING", "CONNECTED", "HANGUP"),
        ]


def wait_for(condition: Callable[[], Any], what: str, patience: float = 60) -> Any:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"never true: {what}")
