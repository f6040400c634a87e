"""The bundle as an npm package, packed and installed as by its users."""

from __future__ import annotations

import functools
import json
import shutil
from pathlib import Path

from bundled import built

from pycti import bundle
from pycti.bundle.node import find_node

from .archives import room, run

OFFLINE = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]


@functools.cache
def packed() -> Path:
    """Return the result of ``npm pack`` for the bundle."""
    return pack(built(), room() / "npm")


def pack(source: Path, out: Path) -> Path:
    out.mkdir(parents=True)
    _, npm = find_node(lambda _name: None)
    run([*npm, "pack", str(source), "--pack-destination", str(out), *OFFLINE])
    (path,) = out.glob("*.tgz")
    return path


@functools.cache
def project() -> Path:
    """Return a website project with the package installed."""
    root = room() / "site"
    root.mkdir()
    (root / "package.json").write_text(json.dumps({"private": True, "type": "module"}))
    _, npm = find_node(lambda _name: None)
    run([*npm, "install", str(packed()), *OFFLINE], cwd=root)
    return root


def bundled(source: str, public: Path) -> None:
    """Follow the package's README: bundle the page's script and copy the other files."""
    root, web = project(), bundle.find_web_root()
    (root / "app.js").write_text(source)
    node, _ = find_node(lambda _name: None)
    program = (
        'import { build } from "esbuild"; const [from, to] = process.argv.slice(1);'
        "await build({ entryPoints: [from], outfile: to, bundle: true, minify: true,"
        ' format: "iife", logOverride: { "empty-import-meta": "silent" } });'
    )
    command = [*node, "--input-type=module", "--eval", program, "--"]
    run([*command, str(root / "app.js"), str(public / "app.js")], cwd=web)
    (public / "cti").mkdir()
    package = root / "node_modules/pycti"
    shutil.copytree(package / "assets", public / "cti/assets")
    for path in package.glob("cti-*"):
        shutil.copyfile(path, public / "cti" / path.name)
