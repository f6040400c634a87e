"""Find WebKitGTK's browser and start it on its own display."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

ATTEMPTS = 3
"""The number of attempts to start the browser. Tests are never repeated."""


@dataclass(frozen=True)
class WebKit:
    """The programs: the browser, its driver, and a display server."""

    browser: str
    driver: str
    xvfb: str


def find_webkit() -> WebKit | str:
    """Return WebKit, or a message about the missing program.

    ``PYCTI_WEBKIT`` is the path of WebKitGTK's MiniBrowser; the default is Debian's path.
    """
    folders = (f"/usr/lib/{platform.machine()}-linux-gnu", "/usr/lib64", "/usr/libexec")
    names = [f"{folder}/webkit2gtk-4.1/MiniBrowser" for folder in folders]
    named = os.environ.get("PYCTI_WEBKIT")
    browser = next(filter(shutil.which, [named] if named else names), None)
    driver, xvfb = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    if browser and driver and xvfb:
        return WebKit(browser, driver, xvfb)
    missing = {"MiniBrowser": browser, "WebKitWebDriver": driver, "Xvfb": xvfb}
    names = [name for name, path in missing.items() if not path]
    return f"no {', '.join(names)}: set PYCTI_WEBKIT, or install webkit2gtk-driver and xvfb"


@contextmanager
def display(xvfb: str) -> Iterator[str]:
    """Run an X server without a screen; it chooses its display number."""
    read, write = os.pipe()
    command = [xvfb, "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        try:
            with os.fdopen(read) as numbers:
                yield f":{numbers.readline().strip()}"
        finally:
            server.terminate()


@contextmanager
def launch(webkit: WebKit, screen: str, home: Path) -> Iterator[WebDriver]:
    """Start a browser with an empty profile."""
    options = Options()
    options.binary_location = webkit.browser
    options.add_argument("--automation")
    # The sandbox needs user namespaces, which are missing in some containers.
    variables = {
        "DISPLAY": screen,
        "HOME": str(home),
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    }
    environment = {**os.environ, **variables, "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"}
    service = Service(webkit.driver, env=environment)
    service.start()
    try:
        config = ClientConfig(service.service_url, timeout=90)
        driver = _start(config, options)
        driver.set_script_timeout(60)
        driver.set_page_load_timeout(60)
        yield driver
        driver.quit()
    finally:
        service.stop()


def _start(config: ClientConfig, options: Options) -> WebDriver:
    for attempt in range(1, ATTEMPTS):
        try:
            return WebDriver(RemoteConnection(client_config=config), options=options)
        except WebDriverException:
            time.sleep(attempt)
    return WebDriver(RemoteConnection(client_config=config), options=options)
