"""A page as a tab of a real browser: it has the focus or not, and keeps what its listeners hear."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from .cti_page import CtiPage
from .engines import is_firefox

LISTEN = """
window.heard = { pop: [], log: [], contact: [], front: [], state: [] };
window.listen = (connector) => {
  for (const [name, list] of Object.entries(heard)) connector.on(name, (event) => list.push(event));
  MORE
};
"""

LOOKUP = """
  window.asked = [];
  connector.lookup = async (number, call) => {
    asked.push(number);
    return { name: "Alexandra Morgan", company: "Morgan Ltd", url: "/customers/7" };
  };
"""


def one_page_has_the_focus(page: Page) -> None:
    """Let this page know whether it has the focus: the newest has, or the one brought to front.

    In Chromium, Playwright lets every page believe that it has; in Firefox it is as users have it.
    """
    if not is_firefox(page.context.browser):
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})


class Tab(CtiPage):
    """``listen`` is JavaScript that runs on every load, before anything has been heard."""

    def __init__(self, page: Page, url: str, options: dict[str, Any], listen: str = "") -> None:
        page.add_init_script(LISTEN.replace("MORE", listen))
        super().__init__(page, url, options)
        one_page_has_the_focus(page)

    def show(self) -> None:
        """The user goes to this tab."""
        self.page.bring_to_front()
        self.page.wait_for_function("document.hasFocus()")

    def heard(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until so much has been heard of that name, and return all of it."""
        test = "([name, count]) => heard[name].length >= count"
        self.page.wait_for_function(test, arg=[name, count])
        return self.page.evaluate("(name) => heard[name]", name)

    @property
    def pops(self) -> list[str]:
        """The ids of the calls that have popped up here."""
        return self.page.evaluate("heard.pop.map(({ call }) => call.id)")

    @property
    def log(self) -> list[dict[str, Any]]:
        return self.page.evaluate("heard.log")

    @property
    def front(self) -> bool:
        return self.page.evaluate("connector.front")

    def wait_front(self, front: bool = True) -> None:
        self.page.wait_for_function("(front) => connector.front === front", arg=front)
