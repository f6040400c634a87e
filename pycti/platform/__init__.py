"""Access to the outside: time, random numbers, HTTP and WebSocket, in a browser or on CPython."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pycti.platform.protocols import Handle, Install, Platform, Socket, SocketListener

if TYPE_CHECKING:
    from pycti.platform.border import Border

__all__ = ["Handle", "Install", "Platform", "Socket", "SocketListener", "default_platform"]


def default_platform(border: Border | None = None, install: Install | None = None) -> Platform:
    """Return the platform of the interpreter that runs this.

    ``border`` and ``install`` are for the browser's worker: ``border`` holds its sockets, and
    ``install`` installs packages from the bundle.
    """
    if sys.platform == "emscripten":
        from pycti.platform.browser import BrowserPlatform

        return BrowserPlatform(border, install)
    else:  # noqa: RET505 - so that mypy sees one branch per platform
        from pycti.platform.native import NativePlatform

        return NativePlatform()
