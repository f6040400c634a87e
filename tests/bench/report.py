"""Tells what was found: a table of the measures, and one of the targets."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from bench.results import Results


def show(found: Results) -> None:
    """Print the medians."""
    names = list(dict.fromkeys(name for row in found.samples.values() for name in row))
    table = Table("measure", *names)
    for measure in found.samples:
        cells = [found.median(measure, name) for name in names]
        table.add_row(measure, *("" if cell is None else f"{cell:,.1f}" for cell in cells))
    Console().print(table)
