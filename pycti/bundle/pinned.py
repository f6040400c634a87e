"""The optional Python packages in the bundle: pinned, and verified during the build."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

Run: TypeAlias = Callable[[list[str], Path, str, str], object]
"""Runs a command in a directory; the other arguments are the error message and the hint."""

PYTHON = "3.14"
"""The Python version of the bundle's runtime."""

ABI = "2026_0"
"""The platform of the wheels for this runtime (PEP 783)."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel on PyPI."""

    name: str
    version: str
    file: str
    sha256: str


WHEELS = (
    Wheel(
        "micropip",
        "0.11.1",
        "micropip-0.11.1-py3-none-any.whl",
        "768de165adb8e66906039d8fec4127a57f522dfdf8e6fbff877a4616941ecfd3",
    ),
    Wheel(
        "phonenumberslite",
        "9.0.42",
        "phonenumberslite-9.0.42-py2.py3-none-any.whl",
        "7ae0a97b12e9f0749e7bed2c9c3da4df43648ea5ba021de86b36088d98a0915e",
    ),
)


NUMBERS = f"{WHEELS[1].name}=={WHEELS[1].version}"
"""The requirement of the extra ``numbers``."""


def fetch(cache: Path, run: Run) -> list[Path]:
    """Return the wheels in ``cache``; download the missing ones with pip."""
    missing = [wheel for wheel in WHEELS if not _is_whole(cache / wheel.file, wheel)]
    if missing:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as room:
            _download(missing, Path(room), run)
            for wheel in missing:
                (Path(room) / wheel.file).replace(cache / wheel.file)
    return [cache / wheel.file for wheel in WHEELS]


def _is_whole(path: Path, wheel: Wheel) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == wheel.sha256


def _download(wheels: list[Wheel], room: Path, run: Run) -> None:
    pins = "".join(f"{one.name}=={one.version} --hash=sha256:{one.sha256}\n" for one in wheels)
    (room / "requirements.txt").write_text(pins, "utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
               "--require-hashes", "--no-deps", "--only-binary=:all:",
               "--python-version", PYTHON, "--dest", str(room),
               "-r", str(room / "requirements.txt")]  # fmt: skip
    hint = "Check the network and pip (python -m pip --version), then build again."
    run(command, room, "pip could not download the packages for the browser", hint)
