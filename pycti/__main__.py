"""``python -m pycti``."""

from __future__ import annotations

import importlib.util
import sys

NEEDED = ("aiohttp", "click", "rich")


def main() -> None:
    """Run the command line, or say what has to be installed for it."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(
            f"pycti's commands need {', '.join(missing)}: "
            f"{sys.executable} -m pip install {' '.join(missing)}"
        )
    from pycti.cli.main import cli  # noqa: PLC0415 - needs what was just looked for

    cli(prog_name="python -m pycti")


if __name__ == "__main__":
    main()
