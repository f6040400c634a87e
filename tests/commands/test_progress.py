"""What a build says while it works: every step, and that a long one is not dead."""

from __future__ import annotations

import io
import threading

import pytest
from rich.console import Console

from pycti.bundle import STEPS
from pycti.cli import progress


class Output(io.StringIO):
    """What is printed; a test can wait until a text is in it."""

    def __init__(self) -> None:
        super().__init__()
        self._written = threading.Condition()

    def write(self, text: str) -> int:
        with self._written:
            self._written.notify_all()
            return super().write(text)

    def wait_for(self, text: str) -> None:
        with self._written:
            assert self._written.wait_for(lambda: text in self.getvalue(), timeout=30)


def test_every_step_has_words() -> None:
    assert set(progress.DOING) == set(STEPS)


def test_a_pipe_gets_a_line_for_each_step() -> None:
    output = Output()
    with progress.shown(Console(file=output, width=100)) as step:
        for done, name in enumerate(STEPS):
            step(name, done, len(STEPS))
        step("done", len(STEPS), len(STEPS))
    first, *lines = output.getvalue().splitlines()
    assert first.startswith("Building the bundle.")
    words = [progress.DOING[name] for name in STEPS]
    assert lines == [f"{number}/{len(STEPS)} {doing}" for number, doing in enumerate(words, 1)]


def test_a_pipe_is_told_that_a_long_step_still_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "QUIET", 0.01)
    output = Output()
    with progress.shown(Console(file=output, width=100)) as step:
        step("compressed copies", 8, len(STEPS))
        output.wait_for("still: Compressing with Brotli")


def test_a_terminal_gets_a_bar_with_the_step() -> None:
    output = Output()
    console = Console(file=output, force_terminal=True, width=100, color_system=None)
    with progress.shown(console) as step:
        step("snapshot", 5, len(STEPS))
        output.wait_for("Taking the start snapshot")
    assert "1/10" not in output.getvalue()
