"""The wheel and the source archive, built once for all tests, as in a release."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bundled import built

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Archives:
    wheel: Path
    sdist: Path


@functools.cache
def archives() -> Archives:
    """Build with ``python -m build`` in a copy of the checkout, from its files only."""
    return _build(
        sources_of_the_checkout(),
        room() / "built",
        umask=0o077,
        TZ="Asia/Kathmandu",
        LC_ALL="C",
        PYTHONHASHSEED="1",
    )


@functools.cache
def archives_again() -> Archives:
    """Build in another directory, from the bundle of ``python -m pycti build``."""
    copy = room() / "a longer name/two"
    shutil.copytree(sources_of_the_checkout(), copy, copy_function=shutil.copyfile)
    shutil.copytree(built(), copy / "web/dist")
    environment = {"TZ": "America/Lima", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"}
    wanted = ("--sdist", "--wheel")
    return _build(copy, room() / "built again", *wanted, umask=0o002, **environment)


@functools.cache
def sources_of_the_checkout() -> Path:
    """Return a copy of the files that are committed or could be."""
    copy = room() / "one"
    listed = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT)
    for relative in filter(None, listed.split("\0")):
        if (ROOT / relative).is_file():
            (copy / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / relative, copy / relative)
    return copy


@functools.cache
def room() -> Path:
    """Return a temporary directory that is deleted after the tests."""
    path = Path(tempfile.mkdtemp(prefix="pycti-archives-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


@functools.cache
def installed() -> Path:
    """Return the Python of a new environment with the wheel and the demo's requirements."""
    home = room() / "environment"
    run([sys.executable, "-m", "venv", str(home)])
    python = home / "bin/python"
    run([str(python), "-m", "pip", "install", "--quiet", f"{archives().wheel}[demo]"])
    return python


def without_node() -> dict[str, str]:
    """Return environment variables with an empty PATH."""
    empty = room() / "no programs"
    empty.mkdir(exist_ok=True)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYCTI_")}
    return kept | {"PATH": str(empty), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}


def run(command: list[str], umask: int = -1, **options: object) -> str:
    """Run a command; if it fails, the test shows its output."""
    settings = {"capture_output": True, "text": True, "umask": umask, **options}
    done = subprocess.run(command, check=False, **settings)
    output = done.stdout + done.stderr
    assert done.returncode == 0, f"{' '.join(command)}\n{output[-6000:]}"
    return done.stdout


def _build(copy: Path, out: Path, *arguments: str, umask: int, **environment: str) -> Archives:
    kept = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    command = [sys.executable, "-m", "build", "--outdir", str(out), *arguments, str(copy)]
    run(command, umask, env=kept | environment)
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return Archives(wheel, sdist)
