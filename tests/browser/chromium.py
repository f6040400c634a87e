"""Finds a Chromium for the tests, or gets one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

REQUIRED = os.environ.get("PYCTI_REQUIRE_BROWSER") == "1"
"""Whether a missing browser is a failure; without it, those tests skip with the reason."""


def _system() -> str | None:
    named = os.environ.get("PYCTI_CHROMIUM")
    if named:
        return named
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


def _run(*command: str) -> bool:
    print(f"no Chromium here yet: {' '.join(command)}", file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, check=False).returncode == 0


def find_chromium(bundled: str) -> str | None:
    """Return the path of a Chromium.

    In this order: PYCTI_CHROMIUM, the system's, Playwright's own at ``bundled``, Debian's package
    (where this runs as root), Playwright's download.
    """
    found = _system() or (bundled if Path(bundled).exists() else None)
    if found:
        return found
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get"):
        _run("apt-get", "update", "-qq")
        if _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"):
            return _system()
    if _run(sys.executable, "-m", "playwright", "install", "--with-deps", "chromium") or _run(
        sys.executable, "-m", "playwright", "install", "chromium"
    ):
        return bundled if Path(bundled).exists() else None
    return None
