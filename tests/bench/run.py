"""Runs the benchmark: ``python tests/bench/run.py --help``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from bench.cli import main  # noqa: E402 - found only now

if __name__ == "__main__":
    main()
