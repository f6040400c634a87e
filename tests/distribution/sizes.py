"""The sizes of a visitor's downloads. Run it as a program to write them into the README."""

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

ROW = re.compile(r"^\| (?P<name>[^|]+?) \| (?P<number>[\d.]+) (?P<unit>kB|MB) \|", re.MULTILINE)


def sizes() -> dict[str, int]:
    """Return the transfer size of each file: bytes, in Brotli if there is such a copy."""
    manifest = json.loads((built() / "manifest.json").read_text())
    return {name: file.get("brotli", file["size"]) for name, file in manifest["files"].items()}


def table() -> dict[str, int]:
    """Return the README's rows: each pattern with its largest file, and the first visit."""
    found = sizes()
    rows = {
        pattern: max(found[name] for name in found if fnmatchcase(name, pattern))
        for pattern in FIRST_VISIT | LATER
    }
    return rows | {TOGETHER: sum(rows[pattern] for pattern in FIRST_VISIT)}


def told() -> dict[str, float]:
    """Return the present rows of the README."""
    rows = ROW.finditer((ROOT / "README.md").read_text())
    return {row["name"].strip("`*"): float(row["number"]) * UNITS[row["unit"]] for row in rows}


def write() -> None:
    """Write the present sizes into the rows."""
    path, rows = ROOT / "README.md", table()

    def written(row: re.Match[str]) -> str:
        size = rows[row["name"].strip("`*")]
        number = f"{size / 1e6:.2f} MB" if size >= 1e6 else f"{size / 1e3:.3g} kB"
        return f"| {row['name']} | {number} |"

    path.write_text(ROW.sub(written, path.read_text()))


if __name__ == "__main__":
    write()
