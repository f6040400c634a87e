"""A page as a browser tab, with or without the focus. It records what its listeners receive."""

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
    """Give the focus to one page only: the newest, or the one that is brought to the front.

    In Chromium, Playwright makes every page believe that it has the focus. In Firefox it does not.
    """
    if not is_firefox(page.context.browser):
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})


class Tab(CtiPage):
    """``listen`` is JavaScript that runs on every load, before any event arrives."""

    def __init__(self, page: Page, url: str, options: dict[str, Any], listen: str = "") -> None:
        page.add_init_script(LISTEN.replace("MORE", listen))
        super().__init__(page, url, options)
        one_page_has_the_focus(page)

    def show(self) -> None:
        """Bring this tab to the front."""
        self.page.bring_to_front()
        self.page.wait_for_function("document.hasFocus()")

    def heard(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait for ``count`` values for the listeners of this name, and return all values."""
        test = "([name, count]) => heard[name].length >= count"
        self.page.wait_for_function(test, arg=[name, count])
        return self.page.evaluate("(name) => heard[name]", name)

    @property
    def pops(self) -> list[str]:
        """The ids of the calls that have popped up in this tab."""
        return self.page.evaluate("heard.pop.map(({ call }) => call.id)")

    @property
    def log(self) -> list[dict[str, Any]]:
        return self.page.evaluate("heard.log")

    @property
    def front(self) -> bool:
        return self.page.evaluate("connector.front")

    def wait_front(self, front: bool = True) -> None:
        self.page.wait_for_function("(front) => connector.front === front", arg=front)
