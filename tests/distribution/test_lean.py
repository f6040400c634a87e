"""The lean runtime: Pyodide without the exports that only dynamic libraries use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bundled import built

from pycti.bundle import BundleError, find_web_root, node, wheel_name

pytestmark = pytest.mark.timeout(600)


def run_node(*arguments: str) -> str:
    program, _ = node.find_node(lambda _name: None)
    return node.run([*program, *arguments], find_web_root(), "Node.js failed", "")


# The real runtime


def test_the_memory_of_python_is_the_same_with_the_full_runtime(tmp_path: Path) -> None:
    """A whole session runs in the lean runtime before the snapshot is taken."""
    wheel, file = str(built() / wheel_name()), tmp_path / "snapshot.bin"
    run_node("build/snapshot.mjs", "node_modules/pyodide", wheel, str(file))
    (snapshot,) = (built() / "assets").glob("snapshot-*.bin")
    assert file.read_bytes() == snapshot.read_bytes()


def test_only_the_exports_of_the_module_are_fewer(tmp_path: Path) -> None:
    pyodide = find_web_root() / "node_modules/pyodide"
    run_node("build/lean.mjs", str(pyodide), str(tmp_path / "lean"))
    modules = (folder / "pyodide.asm.wasm" for folder in (pyodide, tmp_path / "lean"))
    full, lean = (dict(sections(path.read_bytes())) for path in modules)
    exports = (full.pop(7), lean.pop(7))
    assert full == lean
    assert number(exports[0])[0] > 8_000
    assert number(exports[1])[0] < 300


def sections(wasm: bytes) -> Iterator[tuple[int, bytes]]:
    at = 8
    while at < len(wasm):
        identity = wasm[at]
        size, at = number(wasm, at + 1)
        yield identity, wasm[at : at + size]
        at += size


def number(content: bytes, at: int = 0) -> tuple[int, int]:
    """Return an unsigned LEB128 number and its end."""
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


# A small runtime

SCRIPT = """async function _createPyodideModule(moduleArg={}){var moduleRtn;var Module=moduleArg;\
var weakImports=new Set;var rtn={};if(!weakImports.has(symName)){rtn.required=true}\
function _hello(){return _used()}_hello.sig="i";function _painted(){return"canvas"}\
_painted.sig="i";function _told(){return"told"}_told.sig="v";\
Module["painted"]=painted;Module["asked"]=asked;function painted(){return"brush"}\
function asked(){return eval("6*7")}var symName;\
var _used,_unused,_seen;function assignWasmExports(wasmExports){\
_used=Module["_used"]=wasmExports["used"];_unused=Module["_unused"]=wasmExports["unused"];\
_seen=Module["_seen"]=wasmExports["seen"].value>>>0}\
var wasmImports={hello:_hello,painted:_painted,told:_told};\
assignWasmExports(Module.exports);Module.imports=wasmImports;moduleRtn=Module
;return moduleRtn}export default _createPyodideModule;
"""

PAGE = """
import create from "./pyodide.asm.mjs";
import { readFileSync } from "node:fs";

const wasm = await WebAssembly.compile(readFileSync(new URL("pyodide.asm.wasm", import.meta.url)));
const exports = { used: () => 1, seen: { value: 2 } };
const module = await create({ exports });
console.log(JSON.stringify({
  exports: WebAssembly.Module.exports(wasm).map(({ name }) => name),
  imports: Object.keys(module.imports),
  signature: module.imports.told.sig,
  required: Object.keys(module),
  seen: module._seen,
  asked: module.asked(),
}));
"""


def text(name: str) -> bytes:
    return bytes([len(name)]) + name.encode()


def section(identity: int, *entries: bytes) -> bytes:
    content = bytes([len(entries)]) + b"".join(entries)
    return bytes([identity, len(content)]) + content


WASM = b"\0asm\1\0\0\0" + b"".join(
    [
        section(1, b"\x60\0\0"),
        section(
            2,
            text("env") + text("hello") + b"\0\0",
            text("GOT.func") + text("told") + b"\3\x7f\1",
            text("GOT.func") + text("emscripten_glPaint") + b"\3\x7f\1",
        ),
        section(
            7,
            text("used") + b"\0\0",
            text("unused") + b"\0\0",
            text("seen") + b"\3\0",
        ),
    ]
)


@pytest.fixture
def pyodide(tmp_path: Path) -> Path:
    folder = tmp_path / "pyodide"
    folder.mkdir()
    (folder / "pyodide.asm.mjs").write_text(SCRIPT)
    (folder / "pyodide.asm.wasm").write_bytes(WASM)
    (folder / "pyodide.mjs").write_text("export let it = (module) => [module.asked, module._seen];")
    return folder


def lean(pyodide: Path) -> Path:
    out = pyodide.with_name("lean")
    run_node("build/lean.mjs", str(pyodide), str(out))
    return out


def test_mentioned_exports_stay_and_work(pyodide: Path) -> None:
    out = lean(pyodide)
    (out / "page.mjs").write_text(PAGE)
    assert json.loads(run_node(str(out / "page.mjs"))) == {
        "exports": ["used", "seen"],
        "imports": ["hello", "told"],
        "signature": "v",
        "required": ["exports", "asked", "_used", "_seen", "imports"],
        "seen": 2,
        "asked": 42,
    }


def test_unused_exports_are_removed(pyodide: Path) -> None:
    script = (lean(pyodide) / "pyodide.asm.mjs").read_text()
    for name in ("unused", "canvas", "brush"):
        assert name in SCRIPT
        assert name not in script


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("var wasmImports={", "const wasmImports={", "no table of imports"),
        ("_used=Module", "_used??=Module", "unknown assignment"),
        ("assignWasmExports(wasmExports){", "assignAll(wasmExports){", "assign exports"),
        ("rtn.required=true", "rtn.required=1", "not one of this"),
        ("export default _create", "export default await _create", "not one function"),
    ],
)
def test_an_unknown_version_of_the_script_fails_the_build(
    pyodide: Path, old: str, new: str, said: str
) -> None:
    assert SCRIPT.count(old) == 1
    (pyodide / "pyodide.asm.mjs").write_text(SCRIPT.replace(old, new))
    with pytest.raises(BundleError, match=said):
        lean(pyodide)


@pytest.mark.parametrize(
    ("content", "said"), [(b"<!doctype html>", "no WebAssembly"), (WASM[:-3], "cut off")]
)
def test_a_damaged_module_fails_the_build(pyodide: Path, content: bytes, said: str) -> None:
    (pyodide / "pyodide.asm.wasm").write_bytes(content)
    with pytest.raises(BundleError, match=said):
        lean(pyodide)
