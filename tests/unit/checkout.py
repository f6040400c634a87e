"""A small checkout with fake tools, to build a bundle without npm and Node."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from pycti.bundle import (
    find_web_root,
    licences,
    node,
    pinned,
    sources,
)
from pycti.bundle import wheel as slim_wheel

VERSIONS = {"esbuild": "1.0.0", "pyodide": "2.0.0", "bootstrap": "3.0.0"}
INFO = {"python": "3.14.2", "platform": "emscripten_5_0_3"}
PYODIDE_FILES = ("pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")


def make_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a small checkout with a fake Node.js, which needs no network and no tools."""
    root = tmp_path / "checkout"
    web = root / "web"
    shutil.copytree(
        find_web_root().parent / "pycti",
        root / "pycti",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    texts = {
        "package.json": json.dumps({"dependencies": VERSIONS, "devDependencies": {}}),
        "package/package.json": '{"name": "pycti", "version": ""}',
        "package/README.md": "# pycti",
        "../LICENSE": "MIT",
        "package-lock.json": "{}",
        "src/page/classic.js": "1",
        "src/link/frame.html": "SCRIPT",
        "src/common/grouped.js": "export {};",
        "src/cti-connector.d.ts": "export {};",
        "src/cti-dialer.d.ts": "export {};",
        "build/snapshot.mjs": "1",
        "demo/index.html": "<!doctype html>",
        "demo/shop/page.html": "<script src='../bootstrap.bundle.min.js'></script>",
        "demo/.page.html.swp": "an editor's",
        "node_modules/bootstrap/dist/css/bootstrap.min.css": "css",
        "node_modules/bootstrap/dist/js/bootstrap.bundle.min.js": "js",
        "node_modules/.package-lock.json": json.dumps(
            {"packages": {f"node_modules/{name}": {"version": VERSIONS[name]} for name in VERSIONS}}
        ),
        "node_modules/pyodide/pyodide-lock.json": json.dumps({"info": INFO}),
    } | {f"node_modules/pyodide/{name}": name for name in PYODIDE_FILES}
    texts |= {f"licenses/{part.text}.txt": f"Licence {part.text}" for part in licences.PARTS}
    for name, text in texts.items():
        (web / name).parent.mkdir(parents=True, exist_ok=True)
        (web / name).write_text(text)

    for module in (sources, slim_wheel):
        name = "PACKAGE" if module is sources else "_PACKAGE"
        monkeypatch.setattr(module, name, root / "pycti")
    wheel = pinned.Wheel(
        "micropip", "1.0", "micropip-1.0-py3-none-any.whl", hashlib.sha256(b"1").hexdigest()
    )
    monkeypatch.setattr(pinned, "WHEELS", (wheel,))
    (web / "wheels").mkdir()
    (web / "wheels" / wheel.file).write_bytes(b"1")
    monkeypatch.setattr(node, "find_node", lambda step: (["node"], ["npm"]))
    monkeypatch.setattr(node, "run", run_no_tool)
    return root


def run_no_tool(command: list[str], cwd: Path, what: str, hint: str) -> str:
    """Write files that depend on the command, like the real tools."""
    match command:
        case ["node", "build/lean.mjs", pyodide, out]:
            shutil.copytree(cwd / pyodide, out)
            for name in PYODIDE_FILES[:2]:
                (Path(out) / name).write_text(f"lean {name}")
        case ["node", "build/halve.mjs", _, lean, profile]:
            for name in ("hot.wasm", "cold.wasm", "full.bin"):
                (Path(lean) / f"pyodide.{name}").write_text(f"{name} of {profile}")
        case ["node", "build/snapshot.mjs", _, wheel, out]:
            Path(out).write_bytes(b"memory of " + Path(wheel).read_bytes()[:20])
            return 'a warning\n{"memory": 31457280}\n'
        case ["node", "build/esbuild.mjs", folder, job]:
            options = json.loads(job)
            ((name, _),) = options["entryPoints"].items()
            hashed = "-ABCDEFGH" if "[hash]" in options["entryNames"] else ""
            text = json.dumps(options["define"])
            (Path(folder) / f"{name}{hashed}{options['outExtension']['.js']}").write_text(text)
        case ["node", "build/compress.mjs", folder, _]:
            (Path(folder) / "cti-connector.js.br").write_text("small")
        case _:
            raise AssertionError(command)
    return ""


def contents(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}
