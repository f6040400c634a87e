"""Draws what was found as SVG, without a script; colours come from the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from math import log10
from pathlib import Path

from bench.catalog import BY_KEY, TITLES, names, number
from bench.results import Results
from bench.sizes import CALLS, SUBSCRIPTIONS, TABS

WIDTH = 700
_LEFT, _RIGHT = 150, 130
_ROW, _BAR, _HEAD = 26, 16, 34
_HEIGHT, _TOP, _BOTTOM = 260, 30, 44
_DASHES = ("2 3", "8 4", "1 0", "8 3 2 3")

# A file of its own has no page's style: it follows the system's light or dark.
STYLE = """
svg { color: #1a1c1f; font-family: system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { svg { color: #e8eaed; } .own { --own: #7ab0ff; } }
text { font-size: 12px; fill: currentColor; }
.head { font-weight: 600; }
.minor { opacity: 0.7; }
.bar { fill: currentColor; opacity: 0.4; }
.bar.own { fill: var(--own, #1f5fd0); opacity: 1; }
.spread, .axis, .line { stroke: currentColor; fill: none; }
.axis { opacity: 0.25; }
.line.own { stroke: var(--own, #1f5fd0); stroke-width: 2.5; }
.dot { fill: currentColor; }
.dot.own { fill: var(--own, #1f5fd0); }
"""


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of some measures."""

    name: str
    title: str
    measures: tuple[str, ...]
    sizes: tuple[int, ...] = field(default=())
    """For a picture of growth: what the measures are drawn over."""

    def draw(self, found: Results, *, style: str = "") -> str:
        """Return the ``svg`` element; ``""`` where nothing of it was measured."""
        content, height = _lines(self, found) if self.sizes else _bars(self, found)
        if not content:
            return ""
        inner = f"<style>{style}</style>" if style else ""
        return (
            f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
            f'aria-labelledby="bench-{self.name}" xmlns="http://www.w3.org/2000/svg">{inner}'
            f'<title id="bench-{self.name}">{escape(self.title)}</title>{content}</svg>'
        )


PLOTS = (
    Plot("rate", "NOTIFYs a second", ("rate_first", "rate")),
    Plot("start", "From the navigation to READY", ("cold", "warm", "navigation")),
    Plot("page", "What the page's thread has to do", ("busy", "late")),
    Plot("latency", "From the server to the page", ("p50", "p99")),
    Plot("memory", "Memory", ("memory_1", f"memory_{TABS}")),
    Plot("calls", "One NOTIFY, by calls", tuple(f"calls_{many}" for many in CALLS), CALLS),
    Plot("subscriptions", "One NOTIFY, by subscriptions",
         tuple(f"subscriptions_{many}" for many in SUBSCRIPTIONS), SUBSCRIPTIONS),
)  # fmt: skip


def save(found: Results, folder: Path) -> None:
    """Write the samples and every picture into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    found.save(folder / "result.json")
    for plot in PLOTS:
        (folder / f"{plot.name}.svg").write_text(plot.draw(found, style=STYLE), "utf-8")


def _bars(plot: Plot, found: Results) -> tuple[str, float]:
    """Return a group of bars for each measure, each group on a scale of its own."""
    parts, y = [], 4.0
    for key in plot.measures:
        measure = BY_KEY[key]
        rows = [(name, found.spread(key, name)) for name in names(found)]
        measured = [(name, spread) for name, spread in rows if spread]
        if not measured:
            continue
        most = max(high for _, (_, high) in measured) or 1
        scale = (WIDTH - _LEFT - _RIGHT) / most
        parts.append(f'<text class="head" x="0" y="{y + 16:g}">{escape(measure.title)}'
                     f'{f", {measure.unit}" if measure.unit else ""}</text>')  # fmt: skip
        y += _HEAD - _ROW / 2
        for name, (low, high) in measured:
            value = found.median(key, name) or 0.0
            middle, own = y + _ROW / 2, " own" if name == "pycti" else ""
            end = _LEFT + max(high, value) * scale
            parts.append(
                f'<text x="{_LEFT - 8}" y="{middle + 4:g}" text-anchor="end">'
                f"{escape(TITLES.get(name, name))}</text>"
                f'<rect class="bar{own}" x="{_LEFT}" y="{middle - _BAR / 2:g}" '
                f'width="{max(value * scale, 1):.1f}" height="{_BAR}"/>'
                f'<path class="spread" d="M{_LEFT + low * scale:.1f} {middle:g}'
                f'H{_LEFT + high * scale:.1f}"/>'
                f'<text x="{end + 8:.1f}" y="{middle + 4:g}">{measure.write(value)}</text>'
            )
            y += _ROW
        y += 8
    return "".join(parts), round(y)


def _lines(plot: Plot, found: Results) -> tuple[str, float]:
    """Return a line for each contender, over sizes on a logarithmic scale."""
    series = {}
    for name in names(found):
        values = [found.median(key, name) for key in plot.measures]
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            series[name] = known
    if not series:
        return "", 0
    most = max(max(values) for values in series.values())
    step = _step(most)
    top = step * -(-most // step)
    left, right, bottom = 56, WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    x = [left + 20 + (right - left - 30) * log10(size) / log10(plot.sizes[-1])
         for size in plot.sizes]  # fmt: skip
    parts = [f'<text class="minor" x="{left}" y="14">µs</text>']
    for tick in range(int(top / step) + 1):
        y = bottom - (bottom - _TOP) * tick * step / top
        parts.append(f'<path class="axis" d="M{left} {y:.1f}H{right}"/>'
                     f'<text class="minor" x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">'
                     f"{number(tick * step)}</text>")  # fmt: skip
    for place, size in zip(x, plot.sizes, strict=True):
        parts.append(f'<text class="minor" x="{place:.1f}" y="{bottom + 18}" '
                     f'text-anchor="middle">{number(size)}</text>')  # fmt: skip
    parts.append(f'<text class="minor" x="{(left + right) / 2:g}" y="{bottom + 36}" '
                 f'text-anchor="middle">{plot.name}</text>')  # fmt: skip
    ends = {name: bottom - (bottom - _TOP) * values[-1] / top for name, values in series.items()}
    labels = _apart(ends)
    for place, (name, values) in enumerate(series.items()):
        points = [(a, bottom - (bottom - _TOP) * value / top)
                  for a, value in zip(x, values, strict=True)]  # fmt: skip
        own = " own" if name == "pycti" else ""
        dash = "" if own else f' stroke-dasharray="{_DASHES[place % len(_DASHES)]}"'
        way = "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        parts.append(f'<path class="line{own}" d="M{way}"{dash}/>')
        parts += [f'<circle class="dot{own}" cx="{a:.1f}" cy="{b:.1f}" r="3"/>' for a, b in points]
        parts.append(f'<text x="{x[-1] + 10:.1f}" y="{labels[name] + 4:.1f}">'
                     f"{escape(TITLES.get(name, name))}</text>")  # fmt: skip
    return "".join(parts), _HEIGHT


def _step(most: float) -> float:
    """Return a round distance between two ticks, so that there are three to six."""
    unit = 10 ** int(log10(most))
    return next(unit * part for part in (0.2, 0.5, 1, 2) if most / (unit * part) <= 6)


def _apart(ends: dict[str, float]) -> dict[str, float]:
    """Move labels that would overlap away from each other, downwards."""
    order = sorted(ends, key=lambda name: ends[name])
    moved = {name: ends[name] for name in order}
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + 15)
    return moved
