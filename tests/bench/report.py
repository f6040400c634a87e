"""Tells what was found: a table of the measures, and one of the targets."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from bench.catalog import MEASURES, TARGETS, TITLES, Measure, names
from bench.results import Results

WORDS = {True: "reached", False: "missed", None: ""}


def cell(found: Results, measure: Measure, name: str) -> tuple[str, str]:
    """Return the median and, of several samples that differ, the smallest and the largest."""
    value, spread = measure.write(found.median(measure.key, name)), ""
    if limits := found.spread(measure.key, name):
        low, high = map(measure.write, limits)
        spread = "" if low == high else f"{low}–{high}"
    return value, spread


def show(found: Results, console: Console | None = None) -> None:
    """Print both tables."""
    who = names(found)
    table = Table("", "", *(TITLES.get(name, name) for name in who), title="Medians (extremes)")
    table.columns[0].no_wrap = True
    for column in table.columns[2:]:
        column.justify = "right"
    for measure in MEASURES:
        if measure.key in found.samples:
            cells = [cell(found, measure, name) for name in who]
            table.add_row(
                measure.title, measure.unit,
                *(f"{value}\n[dim]{spread}[/]" if spread else value for value, spread in cells),
            )  # fmt: skip
    targets = Table("Target", "wanted", "measured", "", title="Targets")
    for target in TARGETS:
        measured, reached = target.write(found)
        style = {True: "green", False: "red", None: "dim"}[reached]
        targets.add_row(target.title, target.wanted, measured, f"[{style}]{WORDS[reached]}[/]")
    console = console or Console()
    console.width = max(console.width, 130)
    console.print(table)
    console.print(targets)
