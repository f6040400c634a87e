"""The walks through the code that the documentation describes."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STOP = re.compile(r"^#\. ``([\w/.-]+):([#\w]+)``", re.MULTILINE)


def test_every_step_of_the_two_walks_exists() -> None:
    stops = STOP.findall((ROOT / "docs/architecture.rst").read_text("utf-8"))
    assert len(stops) > 15
    missing = [
        f"{file}:{name}"
        for file, name in stops
        if not re.search(
            rf"def {name}\(|^  (?:async )?{re.escape(name)}\(",
            (ROOT / file).read_text("utf-8"),
            re.MULTILINE,
        )
    ]
    assert not missing
