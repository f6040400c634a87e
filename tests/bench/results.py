"""The samples of a run, and what follows from them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(slots=True)
class Results:
    """Samples by measure and contender, in the order of the rounds. ``facts`` tell of the run."""

    facts: dict[str, Any] = field(default_factory=dict)
    samples: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, measure: str, contender: str, value: float) -> None:
        """Note one sample."""
        self.samples.setdefault(measure, {}).setdefault(contender, []).append(round(value, 3))

    def median(self, measure: str, contender: str) -> float | None:
        """Return the median, ``None`` where nothing was measured."""
        values = self.samples.get(measure, {}).get(contender)
        return median(values) if values else None

    def ratio(
        self, measure: str, contender: str, other: str, *, instead: str | None = None
    ) -> float | None:
        """Return the quotient of two medians, of another measure below the line if ``instead``."""
        above, below = self.median(measure, contender), self.median(instead or measure, other)
        return above / below if above is not None and below else None

    def spread(self, measure: str, contender: str) -> tuple[float, float] | None:
        """Return the smallest and the largest sample."""
        values = self.samples.get(measure, {}).get(contender)
        return (min(values), max(values)) if values else None

    def save(self, path: Path) -> None:
        """Write everything as JSON."""
        document = {"facts": self.facts, "samples": self.samples}
        path.write_text(json.dumps(document, indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, path: Path) -> Results:
        """Read what `save` wrote."""
        document = json.loads(path.read_text("utf-8"))
        return cls(document["facts"], document["samples"])
