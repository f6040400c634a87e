"""What a contender's pages cost in memory: the browser's processes, less those of empty pages.

PSS (``/proc/PID/smaps_rollup``) counts each page of memory once, shared ones in parts, so it adds
up over processes. What is mapped from files, the browser's program above all, is left out: its
share depends on whether another Chromium runs on the machine. The browser's own
``measureUserAgentSpecificMemory`` leaves out shared workers and WebAssembly code, so it would
flatter this connector.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Playwright

from bench.contenders import BLANK, Contender
from bench.results import Results
from bench.sizes import TABS
from bench.world import Chromium, Server, Tab, chromium

_NOTIFIES = 200
_REST = 3.0
# A renderer kept ready for the next page would be counted with some and not with others.
_ARGUMENTS = ("--disable-features=SpareRendererForSitePerProcess",)


def measure(
    driver: Playwright,
    path: str,
    server: Server,
    chosen: list[Contender],
    number: int,
    found: Results,
    arguments: Sequence[str],
) -> None:
    """Measure each contender once, in a browser of its own: memory is seldom given back."""

    def use(one: Contender) -> dict[int, float]:
        with chromium(driver, path, *_ARGUMENTS, *arguments) as browser:
            return _use(browser, server, one, server.host(f"m{number}-{one.name}"))

    base = use(BLANK)
    for one in chosen:
        if one.events:
            used = use(one)
            for tabs, size in used.items():
                found.add(f"memory_{tabs}", one.name, size - base[tabs])
                found.add(f"memory_{tabs}_all", one.name, size)
    for tabs, size in base.items():
        found.add(f"memory_{tabs}_all", "blank", size)


def _use(browser: Chromium, server: Server, one: Contender, host: str) -> dict[int, float]:
    """Return the megabytes with one tab and with ``TABS``."""
    used = {}
    tabs = [Tab(browser.context.pages[0], server, host)]
    _open(tabs[0], one, "")
    used[1] = _settled(browser)
    for index in range(1, TABS):
        tabs.append(browser.tab(server, host))
        _open(tabs[-1], one, f"?again={index}")
    used[TABS] = _settled(browser)
    return used


def _open(tab: Tab, one: Contender, query: str) -> None:
    if one.events:
        tab.open(one.page + query)
        tab.flood(_NOTIFIES)
    else:
        tab.page.goto(f"{tab.origin}{one.page}{query}")


def _settled(browser: Chromium) -> float:
    for page in browser.context.pages:
        page.request_gc()
    time.sleep(_REST)
    return sum(map(_pss, _processes(browser.profile)))


def _pss(process: int) -> float:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0  # It has ended meanwhile.
    found = re.findall(r"^Pss_(?:Anon|Shmem):\s+(\d+) kB", text, re.MULTILINE)
    return sum(map(int, found)) * 1024 / 1e6


def _processes(profile: str) -> set[int]:
    """Return the browser that uses ``profile``, and all that descend from it."""
    parents, found = {}, set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
            status = (entry / "stat").read_text("utf-8", "replace")
        except OSError:
            continue
        process = int(entry.name)
        parents[process] = int(status.rpartition(")")[2].split()[1])
        if f"--user-data-dir={profile}" in command:
            found.add(process)
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return found
