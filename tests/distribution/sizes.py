"""The sizes of a visitor's downloads. Run it as a program to write them into the pages."""

from __future__ import annotations

import json
import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bundled import built

from distribution.archives import ROOT
from distribution.budget import FIRST_VISIT, LATER

TOGETHER = "The first visit"

UNITS = {"kB": 1_000, "MB": 1_000_000}

README = ROOT / "README.md"
DOCS = ROOT / "docs/sizes.csv"
"""The rows of ``docs/packages.rst``: all of them. The README has the most important ones."""

ROW = re.compile(
    r"^(?P<before>\| )?(?P<name>[^|,\n]+?)(?P<between> \| |,)(?P<number>[\d.]+) (?P<unit>kB|MB)\b",
    re.MULTILINE,
)


def sizes() -> dict[str, int]:
    """Return the transfer size of each file: bytes, in Brotli if there is such a copy."""
    manifest = json.loads((built() / "manifest.json").read_text())
    return {name: file.get("brotli", file["size"]) for name, file in manifest["files"].items()}


def table() -> dict[str, int]:
    """Return the rows of the pages: each pattern with its largest file, and the first visit."""
    found = sizes()
    rows = {
        pattern: max(found[name] for name in found if fnmatchcase(name, pattern))
        for pattern in FIRST_VISIT | LATER
    }
    return rows | {TOGETHER: sum(rows[pattern] for pattern in FIRST_VISIT)}


def told(page: Path) -> dict[str, float]:
    """Return the present rows of a page."""
    rows = ROW.finditer(page.read_text())
    return {row["name"].strip("`*"): float(row["number"]) * UNITS[row["unit"]] for row in rows}


def write() -> None:
    """Write the present sizes into the rows."""
    rows = table()

    def written(row: re.Match[str]) -> str:
        size = rows[row["name"].strip("`*")]
        number = f"{size / 1e6:.2f} MB" if size >= 1e6 else f"{size / 1e3:.3g} kB"
        return f"{row['before'] or ''}{row['name']}{row['between']}{number}"

    for page in (README, DOCS):
        page.write_text(ROW.sub(written, page.read_text()))


if __name__ == "__main__":
    write()
