"""A page that WebDriver drives, with the methods of Playwright's `Page` that `CtiPage` needs."""

from __future__ import annotations

import time
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

EVALUATE = """
const value = (0, eval)(`(${arguments[0]})`);
return typeof value === "function" ? value(arguments[1]) : value;
"""

TIMEOUT = 60.0
PAUSE = 0.05


class DrivenPage:
    """One tab: the one with this ``handle``, which is selected before each step, or the only one.

    Chromium brings a selected tab to the front.
    """

    def __init__(self, driver: WebDriver, handle: str | None = None) -> None:
        self.driver = driver
        self._handle = handle

    def show(self) -> WebDriver:
        """Select this tab for the following steps."""
        if self._handle is not None:
            self.driver.switch_to.window(self._handle)
        return self.driver

    def goto(self, url: str) -> None:
        self.show().get(url)

    def reload(self) -> None:
        self.show().refresh()

    def go_back(self) -> None:
        self.show().back()

    def evaluate(self, expression: str, arg: Any = None) -> Any:
        """Evaluate an expression. If it is a function, call it with ``arg``."""
        return self.show().execute_script(EVALUATE, expression, arg)

    def wait_for_function(self, expression: str, arg: Any = None) -> None:
        """Wait until the expression, or the function's result, is true."""
        give_up = time.monotonic() + TIMEOUT
        while not self.evaluate(expression, arg):
            if time.monotonic() > give_up:
                told = self.evaluate("JSON.stringify(window.events ?? null)")
                raise AssertionError(f"{expression} with {arg!r} did not come true; events: {told}")
            time.sleep(PAUSE)

    def wait_for_element(self, expression: str) -> WebElement:
        """Wait until this element can be clicked, and return it."""
        test = "(one) => one?.checkVisibility() && getComputedStyle(one).pointerEvents !== 'none'"
        self.wait_for_function(f"({test})({expression})")
        return self.evaluate(expression)

    def find(self, selector: str) -> WebElement:
        """Return the first element that matches this CSS selector."""
        return self.show().find_element(By.CSS_SELECTOR, selector)

    def click(self, selector: str) -> None:
        self.find(selector).click()

    def close(self) -> None:
        self.show().close()
