"""What a visitor downloads: within the budget, and as the README says."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from .archives import ROOT, built
from .budget import FIRST_VISIT, FIRST_VISIT_BUDGET, LATER

pytestmark = pytest.mark.timeout(600)

TOGETHER = "The first visit"

# The module has the same content as the classic script, but for the frame around it.
TWINS = {"cti-connector.mjs": "cti-connector.js", "cti-dialer.mjs": "cti-dialer.js"}

NOT_FOR_VISITORS = ("demo/*", "*.map", "*.d.ts", "*.d.mts", "LICENSE*", "README.md", "package.json")

ROUNDING = 0.05
"""By how much a number in the README may differ: it is not rewritten for each byte."""


def sizes() -> dict[str, int]:
    """What travels, by file: bytes in Brotli where there is such a copy."""
    manifest = json.loads((built() / "manifest.json").read_text())
    return {name: file.get("brotli", file["size"]) for name, file in manifest["files"].items()}


def largest(pattern: str) -> int:
    return max(size for name, size in sizes().items() if fnmatchcase(name, pattern))


@pytest.mark.parametrize(("pattern", "budget"), (FIRST_VISIT | LATER).items())
def test_each_file_is_within_its_budget(pattern: str, budget: int) -> None:
    assert largest(pattern) <= budget


def test_the_first_visit_is_within_its_budget() -> None:
    assert sum(map(largest, FIRST_VISIT)) <= FIRST_VISIT_BUDGET


def test_every_file_that_a_visitor_may_load_has_a_budget() -> None:
    known = (*FIRST_VISIT, *LATER, *NOT_FOR_VISITORS, *TWINS)
    assert not [name for name in sizes() if not any(fnmatchcase(name, one) for one in known)]
    for name, twin in TWINS.items():
        assert sizes()[name] <= (FIRST_VISIT | LATER)[twin]


def test_the_readme_tells_the_sizes() -> None:
    told = table(ROOT / "README.md")
    assert set(told) == {*FIRST_VISIT, *LATER, TOGETHER}
    for pattern in FIRST_VISIT | LATER:
        assert told[pattern] == pytest.approx(largest(pattern), rel=ROUNDING), pattern
    assert told[TOGETHER] == pytest.approx(sum(map(largest, FIRST_VISIT)), rel=ROUNDING)


def table(path: Path) -> dict[str, float]:
    """Read the rows `| file | number unit | …`."""
    units = {"kB": 1_000, "MB": 1_000_000}
    rows = re.findall(r"^\| ([^|]+?) \| ([\d.]+) (kB|MB) \|", path.read_text(), re.MULTILINE)
    return {name.strip("`*"): float(number) * units[unit] for name, number, unit in rows}
