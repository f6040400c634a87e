"""Chromium with real background tabs.

Playwright makes every page of Chromium believe that it is in front, so the browser does not
throttle any of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from .engines import CHROMIUM, REQUIRED

LEAVE_OUT = (
    "disable-background-timer-throttling",
    "disable-backgrounding-occluded-windows",
    "disable-renderer-backgrounding",
)


@contextmanager
def chromium() -> Iterator[Chrome]:
    """Start the same Chromium as the other tests. Without it, the test is skipped or fails."""
    program, driver = CHROMIUM.find(""), shutil.which("chromedriver")
    if program is None or driver is None:
        reason = "no chromium, or no chromedriver (Debian: chromium-driver)"
        if REQUIRED:
            pytest.fail(reason)
        pytest.skip(reason)
    options = ChromeOptions()
    options.binary_location = program
    for argument in ("--headless", *CHROMIUM.arguments):
        options.add_argument(argument)
    options.add_experimental_option("excludeSwitches", LEAVE_OUT)
    with Chrome(options=options, service=Service(driver)) as browser:
        # ChromeDriver, too, would make each page believe that it is in front.
        browser.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": False})
        yield browser
