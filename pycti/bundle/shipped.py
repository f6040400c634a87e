"""Find the bundle in an installed wheel, without Node.js, and copy it for hosting."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

from pycti.bundle import sources
from pycti.bundle.place import check_target, swapped
from pycti.bundle.sources import files_below


def shipped() -> Path | None:
    """Return the bundle in the installed package, or ``None`` in a checkout, which builds it."""
    folder = sources.PACKAGE / "dist"
    return folder if (folder / "manifest.json").is_file() else None


def copy_shipped(bundle: Path, out: Path) -> Path:
    """Copy ``bundle`` to ``out`` and add the ``.gz`` copies, which the wheel omits.

    Raises ``BundleError``; then ``out`` is unchanged.
    """
    out = out.absolute()
    check_target(out)
    with swapped(out) as new:
        shutil.copytree(bundle, new, dirs_exist_ok=True)
        for path in files_below(new, "*.br"):
            plain = path.with_suffix("")
            packed = gzip.compress(plain.read_bytes(), 9, mtime=0)
            plain.with_name(f"{plain.name}.gz").write_bytes(packed)
    return out
