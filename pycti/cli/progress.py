"""What a build is doing: a bar on a terminal, lines where the output is piped."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from pycti.bundle import Progress

QUIET = 10.0
"""Seconds after which a line says that a long step is still running."""

DOING = {
    "Node.js": "Looking for Node.js",
    "npm packages": "Installing npm packages",
    "wheel": "Packing the Python code",
    "Pyodide": "Adding Pyodide",
    "Python packages": "Adding Python packages",
    "snapshot": "Taking the start snapshot",
    "scripts": "Bundling the scripts",
    "pages": "Building the demo's pages",
    "compressed copies": "Compressing with Brotli (the first time: a minute)",
    "manifest": "Writing the manifest",
}
"""The steps of `pycti.bundle.build` in the words of somebody who waits."""


@contextlib.contextmanager
def shown(console: Console) -> Iterator[Progress]:
    """Give a function for `pycti.bundle.build` that shows each step."""
    with _bar(console) if console.is_terminal else _lines(console) as step:
        yield step


@contextlib.contextmanager
def _bar(console: Console) -> Iterator[Progress]:
    columns = (TextColumn("{task.description:<50}"), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Building the bundle", total=None)

        def step(name: str, done: int, total: int) -> None:
            bar.update(task, description=DOING.get(name, name), completed=done, total=total)

        yield step


@contextlib.contextmanager
def _lines(console: Console) -> Iterator[Progress]:
    """Print a line for each step, and one when a step says nothing for `QUIET` seconds."""
    ended = threading.Event()
    news = threading.Event()
    doing = "Building the bundle"

    def step(name: str, done: int, total: int) -> None:
        nonlocal doing
        doing = DOING.get(name, name)
        news.set()
        if done < total:
            console.print(f"{done + 1}/{total} {doing}", markup=False, highlight=False)

    def remind() -> None:
        while not ended.is_set():
            if news.wait(QUIET):
                news.clear()
            else:
                console.print(f"    still: {doing}", markup=False, highlight=False)

    console.print("Building the bundle. The first time, this takes a minute or two.")
    thread = threading.Thread(target=remind, daemon=True)
    thread.start()
    try:
        yield step
    finally:
        ended.set()
        news.set()
        thread.join()
