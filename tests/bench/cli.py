"""The command line, and the order of a run."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench import contenders, growth, memory, report, shim, visit, world
from bench.contenders import Contender
from bench.results import Results
from pycti import __version__, bundle

GROUPS = ("shim", "start", "rate", "latency", "growth", "memory")


def main() -> None:
    """Read the command line, measure, and tell."""
    given = _parse()
    dist = given.dist or bundle.find_web_root() / "dist"
    if given.dist is None and bundle.is_stale():
        print("building the bundle", file=sys.stderr)
        bundle.build()
    found = Results(_facts(given.rounds))
    with contenders.files() as folders:
        taking_part = list(contenders.ALL)
        for name, _, place in (text.partition("=") for text in given.peer):
            one, folder = contenders.peer(name, place)
            taking_part.append(one)
            folders |= folder
        groups, chosen = _choose(given.only, taking_part)
        with (
            world.serve(folders, dist.resolve(), contenders.node_command()) as server,
            world.playwright() as (driver, path),
        ):
            with world.chromium(driver, path) as browser:
                found.facts["browser"] = browser.context.browser.version
                for number in range(given.rounds):
                    for one in _rotated(chosen, number):
                        _measure(browser, server, one, number, groups, found)
                    if "shim" in groups:
                        shim.measure(browser, server, dist, f"r{number}", found)
            if "memory" in groups:
                for number in range(given.rounds):
                    with _told(f"round {number + 1}: memory"):
                        memory.measure(driver, path, server, chosen, number, found)
    report.show(found)
    if given.json:
        found.save(given.json)


def _measure(
    browser: world.Chromium,
    server: world.Server,
    one: Contender,
    number: int,
    groups: set[str],
    found: Results,
) -> None:
    if groups & {"start", "rate", "latency"}:
        with _told(f"round {number + 1}: {one.title}"):
            visit.visit(browser, server, one, f"r{number}", groups, found)
    if "growth" in groups and one.events:
        with _told(f"round {number + 1}: {one.title}, growth"):
            growth.measure(browser, server, one, f"g{number}", found)


@contextmanager
def _told(what: str) -> Iterator[None]:
    print(what, file=sys.stderr, flush=True)
    try:
        yield
    except Exception as error:
        error.add_note(f"while measuring {what}")
        raise


def _rotated(chosen: list[Contender], number: int) -> list[Contender]:
    """Nobody always comes first, or after the same other one."""
    start = number % len(chosen)
    return chosen[start:] + chosen[:start]


def _choose(only: str | None, taking_part: list[Contender]) -> tuple[set[str], list[Contender]]:
    """Return the groups and the contenders that ``--only`` names; all where it names none."""
    words = set(only.split(",")) if only else set()
    names = {one.name for one in taking_part}
    if unknown := words - names - set(GROUPS):
        raise SystemExit(f"--only: unknown {', '.join(sorted(unknown))}; "
                         f"known: {', '.join((*GROUPS, *sorted(names)))}")  # fmt: skip
    chosen = [one for one in taking_part if one.name in words or not words & names]
    return words & set(GROUPS) or set(GROUPS), chosen


def _facts(rounds: int) -> dict[str, object]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "rounds": rounds,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 2),
        "versions": {"pycti": __version__, **contenders.versions()},
    }


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/bench/run.py", description="Measures this connector beside others."
    )
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample there")
    parser.add_argument("--only", metavar="WORDS",
                        help="groups and contenders, with commas between: "
                        + ", ".join(GROUPS) + "; " + ", ".join(o.name for o in contenders.ALL))  # fmt: skip
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PAGE",
                        help="another contender: a file or a URL; see contenders/README.md")  # fmt: skip
    parser.add_argument("--dist", type=Path, metavar="DIR",
                        help="a built bundle to measure instead of this checkout's")  # fmt: skip
    return parser.parse_args()
