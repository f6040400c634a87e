"""The wheel and the source archive, built once for all tests, as a maintainer builds them."""

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
    """Built by ``python -m build`` in a copy of the checkout: from nothing but its files."""
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
    """Built in another directory, from the bundle that ``python -m pycti build`` has made."""
    copy = room() / "a longer name/two"
    shutil.copytree(sources_of_the_checkout(), copy, copy_function=shutil.copyfile)
    shutil.copytree(built(), copy / "web/dist")
    environment = {"TZ": "America/Lima", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"}
    wanted = ("--sdist", "--wheel")
    return _build(copy, room() / "built again", *wanted, umask=0o002, **environment)


@functools.cache
def sources_of_the_checkout() -> Path:
    """A copy of the files that are committed, or could be."""
    copy = room() / "one"
    listed = run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT)
    for relative in filter(None, listed.split("\0")):
        if (ROOT / relative).is_file():
            (copy / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / relative, copy / relative)
    return copy


@functools.cache
def room() -> Path:
    """A directory that goes when the tests end."""
    path = Path(tempfile.mkdtemp(prefix="pycti-archives-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


@functools.cache
def installed() -> Path:
    """The Python of a new environment with the wheel in it, and what the demo needs."""
    home = room() / "environment"
    run([sys.executable, "-m", "venv", str(home)])
    python = home / "bin/python"
    run([str(python), "-m", "pip", "install", "--quiet", f"{archives().wheel}[demo]"])
    return python


def without_node() -> dict[str, str]:
    """An environment whose PATH has nothing in it."""
    empty = room() / "no programs"
    empty.mkdir(exist_ok=True)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYCTI_")}
    return kept | {"PATH": str(empty), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}


def run(command: list[str], umask: int = -1, **options: object) -> str:
    """Run a command; where it fails, the test shows what it printed."""
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
