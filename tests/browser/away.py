"""Navigates pages to another site and back, and freezes and resumes them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from playwright.sync_api import Error, Page

from .driven_page import DrivenPage
from .web_server import WebServer

TIMEOUT = 60.0
CONTENT = (b"--type=renderer", b"-contentproc", b"WebKitWebProcess")
"""Parts of the command lines of the processes in which the engines run pages and workers."""


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<!doctype html><title>Elsewhere</title><link rel=icon href=data:,>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def another_site() -> Iterator[str]:
    """Serve a page of another site than 127.0.0.1."""
    server = WebServer(_Elsewhere, "localhost")
    try:
        yield f"{server.url}/"
    finally:
        server.stop()


def come_back(page: Page | DrivenPage, url: str) -> None:
    """Go back to ``url`` in the history."""
    if isinstance(page, Page):
        _go_back(page, url)
    else:
        # WebKit sometimes never answers a request that arrives while it changes documents.
        page.go_back()
        assert page.evaluate("location.href") == url


def _go_back(page: Page, url: str) -> None:
    """Go back without Playwright's ``go_back``: it waits for a load, and the cache causes none."""
    page.evaluate("() => { setTimeout(() => history.back()); }")
    give_up = time.monotonic() + TIMEOUT
    while time.monotonic() < give_up:
        # Between two documents nothing can answer.
        with suppress(Error):
            if page.evaluate("document.readyState !== 'loading' && location.href") == url:
                return
        time.sleep(0.05)
    raise AssertionError(f"{url} did not come")


@contextmanager
def asleep() -> Iterator[None]:
    """Freeze the pages and workers of every browser of this process, including their timers."""
    stopped = [pid for pid in _descendants(os.getpid()) if _is_content(pid)]
    assert stopped, "no browser runs"
    try:
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


def _is_content(pid: int) -> bool:
    with suppress(OSError):
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        return any(word in command for word in CONTENT)
    return False


def _descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                yield child
                yield from _descendants(child)
