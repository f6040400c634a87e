"""The browsers that the tests run in: how to find, install and start each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType

REQUIRED = os.environ.get("PYCTI_REQUIRE_BROWSER") == "1"
"""Whether a missing browser is a failure. Otherwise its tests are skipped with the reason."""


def _run(*command: str) -> bool:
    print(f"a browser is missing: {' '.join(command)}", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, check=False).returncode == 0


@dataclass(frozen=True)
class Engine:
    """One browser, with its names in Playwright, on the system and in Debian."""

    name: str
    commands: Sequence[str]
    package: str
    arguments: Sequence[str] = ()
    channel: str | None = None
    """The protocol that Playwright uses for a browser that is not its own build."""
    preferences: tuple[tuple[str, str | float | bool], ...] = ()

    @property
    def variable(self) -> str:
        """The environment variable with the program's path."""
        return f"PYCTI_{self.name.upper()}"

    def find(self, bundled: str) -> str | None:
        """Return the path of the program.

        Candidates in order: the variable, the system's browser, Playwright's own at ``bundled``,
        Debian's package (if this runs as root), Playwright's download.
        """
        found = self._system() or (bundled if Path(bundled).exists() else None)
        if found:
            return found
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        if root and shutil.which("apt-get"):
            _run("apt-get", "update", "-qq")
            if _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", self.package):
                return self._system()
        if _run(sys.executable, "-m", "playwright", "install", "--with-deps", self.name) or _run(
            sys.executable, "-m", "playwright", "install", self.name
        ):
            return bundled if Path(bundled).exists() else None
        return None

    def launch(self, kind: BrowserType, **options: Any) -> Browser:
        """Start it with Playwright's ``options``. Without it, the test is skipped or fails."""
        path = self.find(kind.executable_path)
        if path is None:
            reason = f"no {self.name}: set {self.variable}, or install one"
            if REQUIRED:
                pytest.fail(reason)
            pytest.skip(reason)
        channel = None if path == kind.executable_path else self.channel
        given = {"args": list(self.arguments), "channel": channel, "executable_path": path}
        if self.preferences:
            given["firefox_user_prefs"] = dict(self.preferences)
        return kind.launch(**{**given, **options})

    def _system(self) -> str | None:
        named = os.environ.get(self.variable)
        if named:
            return named
        return next((path for path in map(shutil.which, self.commands) if path), None)


CHROMIUM = Engine(
    "chromium",
    commands=("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    package="chromium",
    arguments=(
        "--no-sandbox",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ),
)
FIREFOX = Engine(
    "firefox",
    commands=("firefox-esr", "firefox"),
    package="firefox-esr",
    # WebDriver BiDi: only Playwright's own build supports Playwright's protocol.
    channel="moz-firefox",
    preferences=(
        # A clock for audio on a machine without audio hardware. It makes no sound.
        ("media.cubeb.force_mock_context", True),
        # The browser requests an icon by itself. If a policy forbids it, the page gets an error.
        ("browser.chrome.site_icons", False),
        # If the disk is busy, it would request files from the network that are in its cache.
        ("network.http.rcwn.enabled", False),
        # No test must see a colour during a transition. Playwright cannot set this at run time.
        ("ui.prefersReducedMotion", 1),
    ),
)
ENGINES = {engine.name: engine for engine in (CHROMIUM, FIREFOX)}

# An Error in the console reaches the tests only as the word "Error" (WebDriver BiDi).
SAY_WHICH_ERROR = """
  const { error } = console;
  console.error = (...all) => error.apply(console, all.map((one) => one?.stack ? `${one}` : one));
"""


def is_firefox(browser: Browser | None) -> bool:
    return browser is not None and browser.browser_type.name == FIREFOX.name


def new_context(browser: Browser) -> BrowserContext:
    """Return a context for one user of the browser, with its own tabs and storage."""
    context = browser.new_context()
    context.set_default_timeout(30_000)
    if is_firefox(browser):
        context.add_init_script(SAY_WHICH_ERROR)
    return context
