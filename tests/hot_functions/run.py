"""Profile which functions of the runtime a session calls, for ``web/build/halve.mjs``.

Run it for a new Pyodide, or if a test reports calls of the second module in a session:

    python tests/hot_functions/run.py                  # makes a new profile
    python tests/hot_functions/run.py --add            # adds to the profile
    python tests/hot_functions/run.py --engine firefox
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import textwrap
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import ClassVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser.web_server import WebServer

from pycti import bundle

ROOT = Path(__file__).parents[2]
PYODIDE = ROOT / "web/node_modules/pyodide"
PROFILE = ROOT / "web/build/hot-functions.json"

LEFT_OUT = (
    "test_background.py",
    "test_bench.py",
    "test_cold_code.py",
    "test_frozen.py",
    "test_python_in_a_page.py",
    "test_wallboard_memory.py",
)
"""Tests that take long and do what others do, or that have another bundle or another worker."""

STARTS = "[session, tracebacks, session]"


class Collector(BaseHTTPRequestHandler):
    """Takes the functions that a worker has seen."""

    ran: ClassVar[set[int]] = set()

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.ran.update(map(int, self.rfile.read(size).split()))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


def in_node(assets: Path) -> set[int]:
    """Run the session of the warm-up, and what any session may come to do."""
    session = assets.parent / "session.py"
    session.write_text(session_of((ROOT / "web/build/warm.py").read_text("utf-8")), "utf-8")
    ran: set[int] = set()
    for program in (session, Path(__file__).parent / "everyday.py"):
        command = ["node", "build/resume.mjs", str(assets), str(program)]
        printed = subprocess.run(command, cwd=ROOT / "web", stdout=subprocess.PIPE, check=True)
        ran.update(json.loads(printed.stdout)["ran"])
    return ran


def session_of(warm_up: str) -> str:
    """Make the functions of the warm-up a program that does not call them yet."""
    definitions, _, _ = warm_up.partition("\ntracebacks()\n")
    return f"{definitions}\nlogging.disable()\n{STARTS}\n"


def in_browser(dist: Path, engines: list[str], tests: list[str]) -> set[int]:
    """Run the tests of the browser; some fail in a worker that talks."""
    server = WebServer(Collector)
    (worker,) = dist.glob("assets/cti-worker-*.mjs")
    reporter = (Path(__file__).parent / "reporter.js").read_text("utf-8")
    reporter = reporter.replace("COLLECTOR", server.url)
    worker.write_text(reporter + worker.read_text("utf-8"), "utf-8")
    folder = ROOT / "tests/browser"
    files = [folder / name for name in tests] or [
        path for path in sorted(folder.glob("test_*.py")) if path.name not in LEFT_OUT
    ]
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=no", *map(str, files)]
    command += [word for name in engines for word in ("--engine", name)]
    environment = os.environ | {"PYCTI_TEST_BUNDLE": str(dist)}
    subprocess.run(command, cwd=ROOT, env=environment, check=False)
    server.stop()
    return Collector.ran


def known() -> set[int]:
    """Return the functions of the profile that is there. Those of another Pyodide are of no use."""
    profile = json.loads(PROFILE.read_text("utf-8"))
    if profile["module"] != module():
        raise SystemExit("the profile is of another Pyodide: run this without --add")
    numbers = " ".join(profile["functions"]).split()
    ranges = (text.split("-") for text in numbers)
    return {index for ends in ranges for index in range(int(ends[0]), int(ends[-1]) + 1)}


def module() -> str:
    """Return the hash of Pyodide's module."""
    return hashlib.sha256((PYODIDE / "pyodide.asm.wasm").read_bytes()).hexdigest()


def write(ran: set[int]) -> None:
    """Write the profile: runs of indexes, and the module that they belong to."""
    runs: list[list[int]] = []
    for index in sorted(ran):
        if runs and runs[-1][-1] == index - 1:
            runs[-1][1:] = [index]
        else:
            runs.append([index])
    text = " ".join("-".join(map(str, run)) for run in runs)
    profile = {
        "pyodide": json.loads((PYODIDE / "package.json").read_text("utf-8"))["version"],
        "module": module(),
        "functions": textwrap.wrap(text, 96),
    }
    PROFILE.write_text(json.dumps(profile, indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Find the functions that a session calls.")
    parser.add_argument("--add", action="store_true", help="keep those that are known")
    parser.add_argument("--engine", action="append", default=[], help="run in this browser")
    parser.add_argument("tests", nargs="*", help="files of tests/browser; most of them without")
    options = parser.parse_args()
    before = known() if options.add else set()
    with tempfile.TemporaryDirectory() as room:
        dist = bundle.build(Path(room) / "dist", instrumented=True)
        ran = in_node(dist / "assets")
        print(f"{len(ran)} functions in Node.js")
        ran |= in_browser(dist, options.engine, options.tests)
    write(ran | before)
    print(f"{len(ran)} functions, {len(ran - before)} of them new")


if __name__ == "__main__":
    main()
