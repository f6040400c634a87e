"""One visitor's way through a contender's pages: start, events, another page, another day."""

from __future__ import annotations

from playwright.sync_api import CDPSession

from bench.contenders import Contender
from bench.results import Results
from bench.sizes import EVENTS, PACE, PACED
from bench.world import USER, Chromium, Server, Tab

_BEHIND_READY = "/pyodide.cold-"
"""What has just been asked for then; ``tests/browser/test_cold_code.py`` sees to it."""
_OWN = ("/dist/", "/files/", "/pyodide/", "/peer-")
"""Where a contender's own files are. The host page and the API's answers are not its own."""


def visit(
    browser: Chromium, server: Server, one: Contender, label: str, groups: set[str], found: Results
) -> None:
    """Measure one contender once. ``label`` is different each time, so that nothing is cached."""
    host = server.host(f"{label}-{one.name}")
    tab = browser.tab(server, host)
    session = browser.context.new_cdp_session(tab.page)
    session.send("Performance.enable")
    cold = tab.open(one.page)
    if "start" in groups:
        found.add("cold", one.name, cold)
        if "://" not in one.page:
            found.add("first_bytes", one.name, _own_bytes(server, host, _BEHIND_READY)[0])
    if one.events and groups & {"start", "rate", "latency"}:
        found.add("rate_first", one.name, EVENTS / tab.flood(EVENTS))
    if "start" in groups:
        _page_thread(tab, session, one, found)
    tab.page.evaluate("bench.rest()")
    if one.events and "rate" in groups:
        seconds = tab.flood(EVENTS)
        found.add("rate", one.name, EVENTS / seconds)
        found.add("server_busy", one.name, tab.busy / seconds)
    if one.events and "latency" in groups:
        _latency(tab, one, found)
    session.detach()
    if "start" in groups:
        _come_back(browser, server, one, tab, found)
    tab.page.close()
    browser.end_workers()


def _page_thread(tab: Tab, session: CDPSession, one: Contender, found: Results) -> None:
    """Note what the page's thread had to do from the load to the last event so far."""
    for measure, value in tab.page.evaluate("bench.suffered()").items():
        found.add(measure, one.name, value)
    # The counters begin with the document.
    metrics = session.send("Performance.getMetrics")["metrics"]
    values = {item["name"]: item["value"] * 1000 for item in metrics}
    found.add("busy", one.name, values["TaskDuration"])
    found.add("script", one.name, values["ScriptDuration"])


def _latency(tab: Tab, one: Contender, found: Results) -> None:
    tab.page.evaluate("bench.time()")
    tab.burst("pace", PACED, user=USER, rate=PACE, count=PACED)
    skew = tab.page.evaluate("bench.skew()")
    delays = sorted(delay - skew for delay in tab.page.evaluate("bench.delays"))
    tab.page.evaluate("bench.ignore()")
    found.add("p50", one.name, delays[len(delays) // 2])
    found.add("p99", one.name, delays[len(delays) * 99 // 100])
    found.add("skew", one.name, skew)


def _come_back(browser: Chromium, server: Server, one: Contender, tab: Tab, found: Results) -> None:
    """Go to another page of the site; then come again when everything was closed."""
    again = f"{one.page}{'&' if '?' in one.page else '?'}again"
    found.add("navigation", one.name, tab.open(f"{again}=1"))
    tab.page.close()
    browser.end_workers()
    _own_bytes(server, tab.host)
    later = browser.tab(server, tab.host)
    found.add("warm", one.name, later.open(f"{again}=2"))
    if "://" not in one.page:
        wire, content = _own_bytes(server, tab.host)
        found.add("second_bytes", one.name, content)
        found.add("second_wire", one.name, wire)
    later.page.close()


def _own_bytes(server: Server, host: str, but: str = "nothing") -> tuple[int, int]:
    """Return what the contender's own files cost: all bytes, and those of the content."""
    sizes = server.ask("bytes", host).items()
    own = [size for path, size in sizes if path.startswith(_OWN) and but not in path]
    return sum(wire for wire, _ in own), sum(content for _, content in own)
