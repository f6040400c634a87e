"""The files of a bundle, with hashed names, and the manifest that describes them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pycti import __version__
from pycti.bundle.sources import files_below

MANIFEST = "manifest.json"

COPIES = {".br": "brotli", ".gz": "gzip"}
"""The suffixes of a file's compressed copies, and the names of their sizes in the manifest."""

FOLDER = "assets"
"""All files in it have a hash in their names, so browsers may cache them without limit."""


def add_asset(out: Path, source: Path, name: str = "") -> str:
    """Copy ``source`` to a name that contains a hash of its content; return the name."""
    content = source.read_bytes()
    stem, dot, suffix = (name or source.name).rpartition(".")
    hashed = f"{stem}-{hashlib.sha256(content).hexdigest()[:10]}{dot}{suffix}"
    (out / FOLDER).mkdir(exist_ok=True)
    (out / FOLDER / hashed).write_bytes(content)
    return hashed


def write_manifest(out: Path, inputs: str, versions: Mapping[str, str]) -> None:
    """Write each file's name, size, ``integrity`` attribute and compressed copies."""
    files = {}
    for path in files_below(out):
        if path.suffix in COPIES:
            continue
        content = path.read_bytes()
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        file: dict[str, object] = {"size": len(content), "integrity": f"sha384-{digest}"}
        for suffix, name in COPIES.items():
            copy = path.with_name(path.name + suffix)
            if copy.is_file():
                file[name] = copy.stat().st_size
        files[path.relative_to(out).as_posix()] = file
    runtime = {name: versions[name] for name in ("pyodide", "python")}
    manifest = {"version": __version__, **runtime, "inputs": inputs, "files": files}
    (out / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def read_manifest(out: Path) -> dict[str, Any]:
    """Return the manifest; raise ``OSError`` or ``ValueError`` if there is none."""
    manifest: dict[str, Any] = json.loads((out / MANIFEST).read_text("utf-8"))
    return manifest


def is_whole(out: Path, manifest: Mapping[str, Any]) -> bool:
    """Return whether all files and compressed copies exist and have the right size."""
    for name, file in manifest["files"].items():
        sizes = {"": file["size"]}
        sizes |= {suffix: file[key] for suffix, key in COPIES.items() if key in file}
        if any((out / f"{name}{suffix}").stat().st_size != sizes[suffix] for suffix in sizes):
            return False
    return True


def integrity_lines(out: Path, url: str = "/cti") -> list[str]:
    """Return the tags of the classic scripts with their ``integrity``, for a site at ``url``."""
    files = read_manifest(out)["files"]
    return [
        f'<script src="{url}/{name}" integrity="{files[name]["integrity"]}"'
        ' crossorigin="anonymous"></script>'
        for name in ("cti-connector.js", "cti-dialer.js")
    ]
