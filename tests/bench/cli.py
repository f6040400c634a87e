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

from bench import contenders, growth, memory, plots, report, shim, visit, world
from bench.certificate import make_certificate
from bench.contenders import Contender
from bench.results import Results
from pycti import __version__, bundle

DOCS = Path(__file__).parents[2] / "docs/_static/bench"
GROUPS = ("shim", "start", "rate", "latency", "growth", "memory")


def main() -> None:
    """Read the command line, measure, and tell."""
    given = _parse()
    found = Results.load(given.samples) if given.samples else _measure_all(given)
    report.show(found)
    if given.json:
        found.save(given.json)
    if given.docs:
        plots.save(found, DOCS)


def _measure_all(given: argparse.Namespace) -> Results:
    dist = (given.dist or bundle.find_web_root() / "dist").resolve()
    # The build also installs the Pyodide and the esbuild that the other pages need.
    if bundle.is_stale():
        print("building the bundle", file=sys.stderr)
        bundle.build()
    found = Results(_facts(given))
    with contenders.files(dist) as folders:
        taking_part = list(contenders.ALL)
        for name, _, place in (text.partition("=") for text in given.peer):
            one, folder = contenders.peer(name, place)
            taking_part.append(one)
            folders.update(folder)
        groups, chosen = _choose(given.only, taking_part)
        # Only the visits tell how files are delivered, and compressing them takes a while.
        node = contenders.node_command() if "start" in groups else None
        certificate = None if given.plain else make_certificate(folders["pages"].parent)
        accepted = [f"--ignore-certificate-errors-spki-list={certificate.pin}"] * bool(certificate)
        with (
            world.serve(folders, dist, node, given.spend / 1e6, certificate) as server,
            world.playwright() as (driver, path),
        ):
            with world.chromium(driver, path, *accepted) as browser:
                found.facts["browser"] = browser.context.browser.version
                for number in range(given.rounds):
                    for one in _rotated(chosen, number):
                        _measure(browser, server, one, number, groups, found)
                    if "shim" in groups:
                        shim.measure(browser, server, dist, f"r{number}", found)
            if "memory" in groups:
                for number in range(given.rounds):
                    with _told(f"round {number + 1}: memory"):
                        memory.measure(driver, path, server, chosen, number, found, accepted)
    return found


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


def _facts(given: argparse.Namespace) -> dict[str, object]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "rounds": given.rounds,
        "spend": given.spend,
        "tls": not given.plain,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 2),
        "versions": {"pycti": __version__, **contenders.versions()},
    }


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/bench/run.py", description="Measures this connector beside others."
    )
    add = parser.add_argument
    words = ", ".join([*GROUPS, *(one.name for one in contenders.ALL)])
    add("--rounds", type=int, default=5, metavar="N", help="how often everything is measured: 5")
    add("--json", type=Path, metavar="FILE", help="write every sample there")
    add("--from", dest="samples", type=Path, metavar="FILE",
        help="measure nothing: tell of what --json wrote before")  # fmt: skip
    add("--docs", action="store_true", help="write what docs/performance.rst shows")
    add("--only", metavar="WORDS", help=f"groups and contenders, with commas between: {words}")
    peers = "another contender, a file or a URL: see tests/bench/contenders/README.md"
    add("--peer", action="append", default=[], metavar="NAME=PAGE", help=peers)
    add("--plain", action="store_true", help="without TLS")
    add("--spend", type=float, default=0, metavar="MICROSECONDS",
        help="how long the server works on each NOTIFY of a burst: 0")  # fmt: skip
    add("--dist", type=Path, metavar="DIR", help="measure this bundle, not the checkout's")
    return parser.parse_args()
