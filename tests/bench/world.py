"""What a run needs around it: the server's process and the browser."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browser.engines import CHROMIUM
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from bench.certificate import Certificate

TESTS = Path(__file__).parents[1]
USER = "10002"
"""The user who is logged in."""


class Server:
    """The server's process, and its control."""

    def __init__(self, port: int, control: int, scheme: str) -> None:
        self._port = port
        self._control = control
        self._scheme = scheme

    def origin(self, host: str) -> str:
        """Return the origin of ``host``."""
        return f"{self._scheme}://{host}"

    def host(self, label: str) -> str:
        """Return a host name that only ``label`` uses: with nothing cached and nothing stored."""
        return f"{label}.localhost:{self._port}"

    def ask(self, what: str, host: str, **fields: object) -> Any:
        """Have the server do something for ``host``, and return its answer."""
        body = json.dumps({"host": host, **fields}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self._control}/control/{what}", body)
        try:
            with urllib.request.urlopen(request, timeout=180) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{what} for {host}: {error.read().decode()}") from None


@contextmanager
def serve(
    folders: dict[str, Path],
    dist: Path,
    node: list[str] | None = None,
    spend: float = 0.0,
    certificate: Certificate | None = None,
) -> Iterator[Server]:
    """Run the server in a process of its own.

    It compresses files where it is told of a Node.js, and takes ``spend`` seconds for each NOTIFY.
    With a certificate it speaks TLS.
    """
    names = {name: str(path) for name, path in folders.items()}
    command = [sys.executable, "-m", "bench.server", "--folders", json.dumps(names),
               "--dist", str(dist), "--node", json.dumps(node), "--spend", str(spend)]  # fmt: skip
    if certificate:
        command += ["--chain", str(certificate.chain), "--key", str(certificate.key)]
    with subprocess.Popen(
        command, cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the server has no pipes")
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("the server did not start")
        try:
            port, control = map(int, line.split())
            yield Server(port, control, "https" if certificate else "http")
        finally:
            process.stdin.close()
            process.wait(10)


class Tab:
    """A page of a contender. Nothing polls it while it is measured."""

    def __init__(self, page: Page, server: Server, host: str) -> None:
        self.page = page
        self._server = server
        self.host = host
        self.origin = server.origin(host)

    def open(self, path: str) -> float:
        """Go to a page, and return the milliseconds from the navigation to READY."""
        place = f"{self.origin}{path}"
        if "://" in path:
            # A page that lies elsewhere is told where the harness is.
            place = f"{path}{'&' if '?' in path else '?'}bench={self.origin}"
        self.page.goto(place)
        return float(self.page.evaluate("bench.whenReady()"))

    def ask(self, what: str, **fields: object) -> Any:
        """Have the server do something."""
        return self._server.ask(what, self.host, **fields)

    def burst(self, what: str, events: int, /, **fields: object) -> float:
        """Have so many NOTIFYs sent; return the seconds until the last was answered and told.

        Raises:
            RuntimeError: one was refused, or an event is missing.
        """
        self.page.evaluate("(events) => bench.expect(events)", events)
        sent = self.ask(what, **fields)
        told = self.page.evaluate("bench.whenReached(20_000)")
        if sent["refused"] or told is None:
            missing = self.page.evaluate("bench.missing")
            raise RuntimeError(f"{self.host}: {sent['refused']} refused, {missing} events missing")
        self.busy = sent["busy"]
        return float(max(sent["answered"], told / 1000) - sent["first"])

    def flood(self, count: int, users: list[str] | None = None, calls: int = 1) -> float:
        """Have so many NOTIFYs sent back to back; return as `burst`."""
        return self.burst("flood", count, count=count, users=users or [USER], calls=calls)


@dataclass(frozen=True, slots=True)
class Chromium:
    """The browser of a run."""

    context: BrowserContext
    profile: str

    def tab(self, server: Server, host: str) -> Tab:
        """Open an empty tab for ``host``."""
        return Tab(self.context.new_page(), server, host)

    def end_workers(self) -> None:
        """End the shared workers, which outlive their pages for a while."""
        session = self.context.new_cdp_session(self.context.pages[0])
        for target in session.send("Target.getTargets")["targetInfos"]:
            if target["type"] == "shared_worker":
                session.send("Target.closeTarget", {"targetId": target["targetId"]})
        session.detach()


@contextmanager
def playwright() -> Iterator[tuple[Playwright, str]]:
    """Start Playwright's driver; gives it and the path of a Chromium."""
    with sync_playwright() as driver:
        path = CHROMIUM.find(driver.chromium.executable_path)
        if path is None:
            raise RuntimeError("no Chromium: set PYCTI_CHROMIUM, or install one")
        yield driver, path


@contextmanager
def chromium(driver: Playwright, path: str, *arguments: str) -> Iterator[Chromium]:
    """Start a browser with a profile of its own, on disk as a visitor's is."""
    with tempfile.TemporaryDirectory(prefix="pycti-bench-", ignore_cleanup_errors=True) as profile:
        context = driver.chromium.launch_persistent_context(
            profile,
            executable_path=path,
            args=[
                *CHROMIUM.arguments,
                "--host-resolver-rules=MAP *.localhost 127.0.0.1",
                *arguments,
            ],
        )
        context.set_default_timeout(120_000)
        yield Chromium(context, profile)
        context.close()
