"""Run the soak test: ``python tests/soak/run.py --help``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from browser.engines import ENGINES  # noqa: E402 - found only now
from browser.pbx_server import PbxServer  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from soak.user import User  # noqa: E402


def main() -> int:
    """Perform random actions for the given time and report faults. Returns 1 if there are any."""
    parser = argparse.ArgumentParser(description="Uses three tabs at random, and checks them.")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=list(ENGINES), default="chromium")
    given = parser.parse_args()
    server = PbxServer()
    try:
        with sync_playwright() as playwright:
            engine = ENGINES[given.engine]
            browser = engine.launch(getattr(playwright, engine.name))
            user = User(browser, server, given.seed)
            end = time.monotonic() + given.seconds
            while time.monotonic() < end:
                user.act()
            faults = user.finish()
            browser.close()
    finally:
        server.stop()
    counts = ", ".join(f"{name} {count}" for name, count in sorted(user.done.items()))
    print(f"{given.engine}, seed {given.seed}, {given.seconds:.0f} s: {counts}")
    print(f"{user.told} events in {len(user.lives)} documents, {len(faults)} faults")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
