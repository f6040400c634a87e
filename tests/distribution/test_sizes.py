"""A visitor's downloads are within the budget and equal the sizes in the pages."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from .budget import FIRST_VISIT, FIRST_VISIT_BUDGET, LATER
from .sizes import DOCS, README, TOGETHER, sizes, table, told

pytestmark = pytest.mark.timeout(600)

BUDGET = FIRST_VISIT | LATER | {TOGETHER: FIRST_VISIT_BUDGET}

# The module has the same content as the classic script, except for the wrapper.
TWINS = {"cti-connector.mjs": "cti-connector.js", "cti-dialer.mjs": "cti-dialer.js"}

NOT_FOR_VISITORS = ("demo/*", "*.map", "*.d.ts", "*.d.mts", "LICENSE*", "README.md", "package.json")

SMALL = 1_000
"""The number of bytes that fit into one packet."""

ROUNDING = 0.05
"""The allowed difference of a number in a page, which is not updated for each byte."""


@pytest.mark.parametrize("name", BUDGET)
def test_each_file_is_within_its_budget(name: str) -> None:
    assert table()[name] <= BUDGET[name]


def test_every_file_that_a_visitor_may_load_has_a_budget() -> None:
    known = (*BUDGET, *NOT_FOR_VISITORS, *TWINS)
    large = [name for name, size in sizes().items() if size > SMALL]
    assert not [name for name in large if not any(fnmatchcase(name, one) for one in known)]
    for name, twin in TWINS.items():
        assert sizes()[name] <= BUDGET[twin]


WRITTEN = "`python tests/distribution/sizes.py` writes them"


def test_the_documentation_tells_all_sizes() -> None:
    assert set(told(DOCS)) == set(BUDGET), WRITTEN


@pytest.mark.parametrize("page", [README, DOCS], ids=lambda page: page.name)
def test_the_sizes_that_are_told_are_true(page: Path) -> None:
    rows = told(page)
    assert TOGETHER in rows
    for name, size in rows.items():
        assert size == pytest.approx(table()[name], rel=ROUNDING), f"{name}: {WRITTEN}"
