"""Chromium with tabs that really are in the background.

Playwright lets every page of Chromium believe that it is in front, and then the browser holds none
back.
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
    """Start the Chromium that the other tests run in. Without it, the test skips or fails."""
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
        # ChromeDriver, too, would let each page believe that it is in front.
        browser.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": False})
        yield browser
