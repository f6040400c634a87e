"""What is measured, in words, and what the connector has to reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.results import Results
from bench.sizes import CALLS, SUBSCRIPTIONS, TABS


def number(value: float, digits: int = 0) -> str:
    """Return a number for people."""
    return f"{value:,.{digits}f}".replace(",", "\u202f")


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. ``digits`` are those after the point."""

    key: str
    title: str
    unit: str
    meaning: str
    digits: int = 0

    def write(self, value: float | None) -> str:
        """Return a value for people."""
        return "" if value is None else number(value, self.digits)


def _some(many: int, thing: str) -> str:
    return f"{number(many)} {thing}{'s' if many > 1 else ''}"


MEASURES = (
    Measure("shim_bytes", "the page's script, gzipped", "B",
            "gzip -9 of the one file of this connector that the page's own thread runs"),
    Measure("shim_time", "the page's script, evaluated", "ms",
            "compiled and run as an inline script, so without the network and without a code "
            "cache", 1),
    Measure("first_bytes", "first visit", "B",
            "heads and bodies of the answers for the contender's own files, counted by the "
            "server; brotli; without the host page and the API"),
    Measure("second_bytes", "second visit", "B",
            "the content that is sent when the visitor comes again and no page and no worker is "
            "left"),
    Measure("second_wire", "second visit, with heads", "B",
            "the same with the heads, where the server was asked whether a file has changed"),
    Measure("cold", "READY, first visit", "ms",
            "from the navigation until the SUBSCRIBE for the own calls was accepted: load, log "
            "in, read the account, connect, subscribe; for plain Pyodide until the import is done, "
            "for the empty page until its script runs"),
    Measure("warm", "READY, second visit", "ms",
            "the same with everything in the browser's cache and a remembered session, when no "
            "page and no worker is left"),
    Measure("navigation", "READY, next page", "ms",
            "the same when a visitor goes from one page of the site to the next"),
    Measure("long_tasks", "long tasks", "ms",
            "tasks of more than 50 ms on the page's thread, as the browser's PerformanceObserver "
            "tells of them, from the load to the 2\u202f000th event"),
    Measure("late", "page held up", "ms",
            "for how long a timer of the page, due every 10 ms, had to wait where it waited more "
            "than 50 ms, over the same time: it also sees what the browser does not call a long "
            "task, and other programs that want the processor"),
    Measure("busy", "page's thread busy", "ms",
            "all tasks of the page's thread over the same time (CDP TaskDuration)"),
    Measure("script", "script on the page's thread", "ms",
            "its part in scripts (CDP ScriptDuration; what runs in microtasks is not in it)"),
    Measure("rate_first", "first 2\u202f000 NOTIFYs", "1/s",
            "sent back to back on a new page, until the last was answered with 200 and its "
            "event was told, whichever came later"),
    Measure("rate", "next 2\u202f000 NOTIFYs", "1/s",
            "the same again on the same page, when what compiles while it runs has compiled"),
    Measure("p50", "latency, median", "ms",
            "from the server's write to the event, 500 NOTIFYs at 50 a second", 2),
    Measure("p99", "latency, 99th percentile", "ms", "of the same 500", 2),
    *(Measure(f"calls_{many}", f"one NOTIFY, {_some(many, 'call')}", "µs",
              f"1\u202f000 NOTIFYs back to back in one subscription, {_some(many, 'call')} up")
      for many in CALLS),
    *(Measure(f"subscriptions_{many}", f"one NOTIFY, {_some(many, 'subscription')}", "µs",
              f"1\u202f000 NOTIFYs back to back, by turns in {_some(many, 'subscription')}")
      for many in SUBSCRIPTIONS),
    Measure("memory_1", "memory, 1 tab", "MB",
            "anonymous and shared memory (PSS) of all processes of the browser, less that of the "
            "same browser with an empty page, after 200 NOTIFYs and a garbage collection", 1),
    Measure(f"memory_{TABS}", f"memory, {TABS} tabs", "MB",
            f"the same with {TABS} tabs of one site, less {TABS} empty pages", 1),
    Measure("server_busy", "server's share of a core", "",
            "the server's processor time over the time of the burst: it was not the bottleneck "
            "where this is well below 1", 2),
    Measure("skew", "clock's offset", "ms",
            "how far the page's clock was ahead of the server's; it has been subtracted from the "
            "latencies", 2),
)  # fmt: skip

BY_KEY = {measure.key: measure for measure in MEASURES}


@dataclass(frozen=True, slots=True)
class Target:
    """Something that the connector has to reach. ``value`` is ``None`` if it was not measured."""

    title: str
    wanted: str
    unit: str
    reached: Callable[[float], bool]
    value: Callable[[Results], float | None]
    digits: int = 2

    def write(self, found: Results) -> tuple[str, bool | None]:
        """Return what was measured, for people, and whether it is enough."""
        value = self.value(found)
        if value is None:
            return "not measured", None
        words = f"{number(value, self.digits)} {self.unit}".rstrip()
        return words, self.reached(round(value, 6))


def _times(
    measure: str, other: str, least: float, *, title: str, less_is_more: bool = False
) -> Target:
    def value(found: Results) -> float | None:
        pair = ("pycti", other) if not less_is_more else (other, "pycti")
        return found.ratio(measure, *pair)

    return Target(title, f"≥ {least:g}", "times", lambda ratio: ratio >= least, value)


def _most(measure: str, limit: float, *, title: str, unit: str, digits: int = 0) -> Target:
    wanted = f"≤ {number(limit)} {unit}" if limit else f"0 {unit}"
    return Target(title, wanted, unit, lambda value: value <= limit,
                  lambda found: found.median(measure, "pycti"), digits)  # fmt: skip


def _later(measure: str, more: float, *, title: str) -> Target:
    def value(found: Results) -> float | None:
        own, other = found.median(measure, "pycti"), found.median(measure, "jssip")
        return own - other if own is not None and other is not None else None

    return Target(title, f"≤ {more:g} ms more", "ms more", lambda value: value <= more, value)


def _growth(measure: str, few: int, many: int, most: float, *, title: str) -> Target:
    return Target(
        title, f"≤ {most:g} times", "times", lambda ratio: ratio <= most,
        lambda found: found.ratio(
            f"{measure}_{many}", "pycti", "pycti", instead=f"{measure}_{few}"
        ),
    )  # fmt: skip


TARGETS = (
    _times("cold", "pyodide", 4, title="first start, against plain loadPyodide() to import",
           less_is_more=True),
    _times("navigation", "jssip", 3, title="READY on the next page, against JsSIP",
           less_is_more=True),
    _most("long_tasks", 0, title="long tasks on the page's thread", unit="ms"),
    _most("shim_bytes", 12_000, title="the page's script, gzipped", unit="B"),
    _most("shim_time", 5, title="the page's script, evaluated", unit="ms", digits=1),
    _times("rate", "jssip", 3, title="NOTIFYs a second, against JsSIP"),
    _times("rate", "sipjs", 6, title="NOTIFYs a second, against SIP.js"),
    _times("rate", "ceiling", 0.65, title="NOTIFYs a second, against the ceiling"),
    _later("p50", 1, title="latency at 50 a second, median, against JsSIP"),
    _later("p99", 0, title="latency at 50 a second, 99th percentile, against JsSIP"),
    _most("first_bytes", 8_000_000, title="first visit, brotli", unit="B"),
    _most("second_bytes", 0, title="second visit", unit="B"),
    _growth("memory", 1, TABS, 1.3, title=f"memory of {TABS} tabs, against 1"),
    _growth("subscriptions", 1, SUBSCRIPTIONS[-1], 1.2,
            title=f"one NOTIFY with {_some(SUBSCRIPTIONS[-1], 'subscription')}, against 1"),
)  # fmt: skip

TITLES = {"pycti": "this connector", "jssip": "JsSIP", "sipjs": "SIP.js", "ceiling": "ceiling",
          "pyodide": "loadPyodide()", "blank": "empty page"}  # fmt: skip


def names(found: Results) -> list[str]:
    """Return who took part, this connector first."""
    seen = dict.fromkeys(name for row in found.samples.values() for name in row)
    known = [name for name in TITLES if name in seen]
    return known + [name for name in seen if name not in TITLES]
