"""What one NOTIFY costs when there are more calls, and when more is followed."""

from __future__ import annotations

from bench.contenders import Contender
from bench.results import Results
from bench.sizes import CALLS, GROWTH, SUBSCRIPTIONS
from bench.world import USER, Chromium, Server, Tab


def measure(browser: Chromium, server: Server, one: Contender, label: str, found: Results) -> None:
    """Measure one contender once; each size on a new page, with as much said before."""
    for calls in CALLS:
        tab = _open(browser, server, one, f"{label}-c{calls}")
        found.add(f"calls_{calls}", one.name, _cost(tab, [USER], calls))
        _close(browser, tab)
    for number in SUBSCRIPTIONS:
        tab = _open(browser, server, one, f"{label}-s{number}")
        if number > 1 and not tab.page.evaluate("Boolean(bench.subscribe)"):
            _close(browser, tab)
            return
        others = [str(20_000 + index) for index in range(1, number)]
        tab.page.evaluate("(users) => bench.follow(users)", others)
        found.add(f"subscriptions_{number}", one.name, _cost(tab, [USER, *others], 1))
        _close(browser, tab)


def _cost(tab: Tab, users: list[str], calls: int) -> float:
    """Return the microseconds of one NOTIFY, each about one call, when every call is known."""
    tab.flood(GROWTH, users, calls)
    return tab.flood(GROWTH, users, calls) / GROWTH * 1e6


def _open(browser: Chromium, server: Server, one: Contender, label: str) -> Tab:
    tab = browser.tab(server, server.host(f"{label}-{one.name}"))
    tab.open(one.page)
    return tab


def _close(browser: Chromium, tab: Tab) -> None:
    tab.page.close()
    browser.end_workers()
