"""Reads the plain text of a sequence: who takes part, and what is said in which order.

A listing looks like this::

    page, connector, server

    page -> connector: call("+442036427900")
    connector -> page: INITIAL
    == some time later ==
    server: looks for a phone
    connector --> page: call() fulfils

The first line names the participants from left to right. ``->`` is a message, ``-->`` the outcome
of a promise, ``== … ==`` a divider, and a line without an arrow a note on one participant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

TITLES = {
    "page": "Page",
    "connector": "Connector",
    "worker": "Worker",
    "next": "Next worker",
    "server": "Server",
    "phone": "Own phone",
    "other": "Other side",
    "third": "Third party",
}

_ARROW = re.compile(r"(\w+) (--?>) (\w+): (.+)")
_NOTE = re.compile(r"(\w+): (.+)")
_DIVIDER = re.compile(r"== (.+) ==")


@dataclass(frozen=True, slots=True)
class Arrow:
    """``source`` tells ``target`` something; ``outcome`` where it is how a promise ends."""

    source: str
    target: str
    label: str
    outcome: bool = False

    @property
    def words(self) -> str:
        """The step in words, for those who do not see the picture."""
        return f"{TITLES[self.source]} to {TITLES[self.target].lower()}: {self.label}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that one participant does alone."""

    on: str
    label: str

    @property
    def words(self) -> str:
        """The step in words."""
        return f"{TITLES[self.on]}: {self.label}"


@dataclass(frozen=True, slots=True)
class Divider:
    """Time passes, or the scene changes."""

    label: str

    @property
    def words(self) -> str:
        """The step in words."""
        return f"— {self.label} —"


Step = Arrow | Note | Divider


@dataclass(frozen=True, slots=True)
class Listing:
    """A whole sequence."""

    participants: tuple[str, ...]
    steps: tuple[Step, ...]

    def told(self, participant: str = "page") -> list[str]:
        """Return the labels of the messages that reach ``participant``, in order."""
        return [
            step.label
            for step in self.steps
            if isinstance(step, Arrow) and step.target == participant and not step.outcome
        ]


def read_listing(lines: Iterable[str]) -> Listing:
    """Read a listing.

    Raises:
        ValueError: a line is neither a step nor the list of participants.
    """
    first, *rest = [line.strip() for line in lines if line.strip()]
    participants = tuple(name.strip() for name in first.split(","))
    unknown = [name for name in participants if name not in TITLES]
    if unknown:
        raise ValueError(f"unknown participant {unknown[0]!r}")
    return Listing(participants, tuple(_step(line, participants) for line in rest))


def _step(line: str, participants: tuple[str, ...]) -> Step:
    step: Step
    if match := _ARROW.fullmatch(line):
        source, arrow, target, label = match.groups()
        named, step = [source, target], Arrow(source, target, label, outcome=arrow == "-->")
    elif match := _DIVIDER.fullmatch(line):
        named, step = [], Divider(match[1])
    elif match := _NOTE.fullmatch(line):
        named, step = [match[1]], Note(*match.groups())
    else:
        raise ValueError(f"not a step: {line!r}")
    if missing := set(named) - set(participants):
        raise ValueError(f"{missing.pop()!r} takes no part: {line!r}")
    return step
