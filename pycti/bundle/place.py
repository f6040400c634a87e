"""Replace the target directory: completely or not at all, and one build at a time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pycti.bundle.node import BundleError


def check_target(out: Path) -> None:
    """Refuse to replace a directory that is not a bundle: a wrong path must not delete files."""
    if out.is_dir() and any(out.iterdir()) and not (out / "manifest.json").is_file():
        raise BundleError(f"{out} exists and is not a bundle.", "Choose another directory.")
    if out.exists() and not out.is_dir():
        raise BundleError(f"{out} is a file.", "Choose another directory.")


@contextlib.contextmanager
def swapped(out: Path) -> Iterator[Path]:
    """Yield a new directory that replaces ``out`` if the block succeeds."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise BundleError(f"{out.parent} cannot be written: {error}", "Choose another.") from None
    new, old = room / "new", room / "old"
    try:
        new.mkdir()
        yield new
        if out.exists():
            out.rename(old)
        try:
            new.rename(out)
        except OSError:
            if old.exists():
                old.rename(out)
            raise
    except OSError as error:
        hint = "Check the disk; if a file is missing, delete web/node_modules. Then build again."
        raise BundleError(f"The bundle could not be written: {error}", hint) from error
    finally:
        shutil.rmtree(room, ignore_errors=True)


@contextlib.contextmanager
def locked(web: Path) -> Iterator[None]:
    """Allow one build at a time in ``web``; the system releases the lock of a killed one."""
    key = hashlib.sha256(str(web.resolve()).encode()).hexdigest()[:16]
    user = os.getuid() if hasattr(os, "getuid") else 0
    with (Path(tempfile.gettempdir()) / f"pycti-{user}-{key}.lock").open("a") as file:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - Windows only

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - POSIX only

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
