"""Fuzz all parsers of network input: ``python tests/conformance/fuzz.py``."""

from __future__ import annotations

import argparse
import logging
import random
import resource
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).parents[1]))

from conformance.corpus import (
    CHALLENGES,
    STATES,
    STATUS_LINES,
    conversation,
    documents,
    recorded_messages,
    torture,
)
from conformance.invariants import Target, judge_document, judge_values
from conformance.mutation import mutate

SLOWEST = 2.0
"""The maximum time for one input, in seconds."""

GROWTH = 24_000
"""The maximum growth of memory in the second half of a long run, in kilobytes."""


@dataclass(slots=True)
class Run:
    """The figures of one run. ``memory`` is the peak in kB after each tenth."""

    seed: int
    inputs: int = 0
    slowest: float = 0.0
    slowest_input: bytes = b""
    documents: int = 0
    memory: list[int] = field(default_factory=list)
    target: Target = field(default_factory=Target)
    last: bytes = b""

    def __str__(self) -> str:
        counts = dict(sorted(self.target.counts.items()))
        return (
            f"seed {self.seed}: {self.inputs} inputs, {counts}, {self.documents} documents read, "
            f"slowest {self.slowest:.4f} s ({len(self.slowest_input)} bytes: "
            f"{self.slowest_input[:60]!r}), peak memory in kB {self.memory}"
        )


def fuzz(run: Run, inputs: int, seconds: float = float("inf")) -> Run:
    """Feed ``inputs`` damaged messages. Exceptions are passed on; ``run.last`` is their input."""
    r = random.Random(run.seed)
    bodies, target = documents(), run.target
    fixed = [*torture().values(), *recorded_messages()]
    fixed += [b"A: b\r\nWWW-Authenticate: " + text.encode() + b"\r\n" for text in CHALLENGES]
    coded = [body.encode() for body in bodies]
    end = time.monotonic() + seconds
    for number in range(inputs):
        if number % 256 == 0 and time.monotonic() > end:
            break
        target.renew()
        live = conversation(
            r.choice(target.asked), 2 + run.inputs, r.choice(bodies), r.choice(STATES),
            r.choice(STATUS_LINES),
        )  # fmt: skip
        base = r.choice(live) if r.random() < 0.7 else r.choice(fixed)
        data = run.last = mutate(r, base, live + fixed[:8])
        start = time.perf_counter()
        target.feed(data if number % 3 else data.decode("utf-8", "replace"))
        if number % 8 == 0:
            judge_values(data)
        if number % 4 == 0:
            run.last = mutate(r, r.choice(coded), coded)
            run.documents += judge_document(run.last)
        took = time.perf_counter() - start
        if number % 16 == 0:
            target.tick(40.0)
        run.inputs += 1
        if took > run.slowest:
            run.slowest, run.slowest_input = took, data
        if took > SLOWEST:
            raise TimeoutError(f"an input took {took:.2f} s")
        if run.inputs % max(1, inputs // 10) == 0:
            run.memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    run, start = Run(options.seed), time.monotonic()
    try:
        fuzz(run, options.inputs, options.seconds)
    except Exception as error:
        print(f"seed {run.seed}, input {run.inputs}: {type(error).__name__}: {error}")
        print(repr(run.last))
        if not isinstance(error, TimeoutError):
            raise SystemExit(1) from error
        return 1
    print(f"{run}, {time.monotonic() - start:.0f} s")
    half = run.memory[len(run.memory) // 2 :]
    if len(half) > 1 and run.inputs >= 100_000 and half[-1] - half[0] > GROWTH:
        print(f"memory grows: {run.memory}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
