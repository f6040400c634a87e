"""The files of a bundle: named after their content, and described."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

from pycti import __version__
from pycti.bundle.sources import files_below

FOLDER = "assets"
"""Everything in it has a hash in its name: a browser may keep it for ever."""


def add_asset(out: Path, source: Path, name: str = "") -> str:
    """Copy ``source`` under a name that changes with its content; return the name."""
    content = source.read_bytes()
    stem, dot, suffix = (name or source.name).rpartition(".")
    hashed = f"{stem}-{hashlib.sha256(content).hexdigest()[:10]}{dot}{suffix}"
    (out / FOLDER).mkdir(exist_ok=True)
    (out / FOLDER / hashed).write_bytes(content)
    return hashed


def write_manifest(out: Path, inputs: str) -> None:
    """Name every file with its size and the value for an ``integrity`` attribute."""
    files = {}
    for path in files_below(out):
        content = path.read_bytes()
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        name = path.relative_to(out).as_posix()
        files[name] = {"size": len(content), "integrity": f"sha384-{digest}"}
    manifest = {"version": __version__, "inputs": inputs, "files": files}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
