"""The licences of third-party works are those in their packages."""

from __future__ import annotations

import json
import subprocess
import zipfile

import pytest

from pycti import bundle
from pycti.bundle import licences, node, pinned

PACKAGES = {
    "bootstrap": "bootstrap/LICENSE",
    "esbuild": "esbuild/LICENSE.md",
    "popper": "@popperjs/core/LICENSE.md",
}
WHEELS = {
    "Apache-2.0": ("phonenumberslite", "phonenumberslite-9.0.42.dist-info/licenses/LICENSE"),
    "MPL-2.0": ("micropip", "micropip-0.11.1.dist-info/licenses/LICENSE"),
    "packaging": ("micropip", "micropip/_vendored/packaging/LICENSE.BSD"),
}

MODULES = {
    "_bz2": "bzip2",
    "_ctypes": "libffi",
    "_decimal": "libmpdec",
    "_lzma": "liblzma",
    "_sha2": "HACL*",
    "_sqlite3": "SQLite",
    "_zstd": "Zstandard",
    "pyexpat": "expat",
    "zlib": "zlib",
    "_pyodide_core": "hiwire",
}
"""Modules of the runtime that contain a third-party library, and its name."""

FOREIGN = {"_ssl", "_hashlib", "_curses", "readline", "_tkinter", "_dbm", "_gdbm", "_uuid", "nis"}
"""Modules of CPython that would add a library that is not in the list."""

PROGRAM = """
import { loadPyodide } from "pyodide";
const { runPython } = await loadPyodide();
console.log(runPython("import json, sys; json.dumps(sys.builtin_module_names)"));
"""


@pytest.mark.parametrize("name", PACKAGES)
def test_the_text_is_that_of_the_npm_package(name: str) -> None:
    web = bundle.development_packages().parent
    theirs = (web / "node_modules" / PACKAGES[name]).read_text()
    assert (web / f"licenses/{name}.txt").read_text() == theirs


@pytest.mark.parametrize("name", WHEELS)
def test_the_text_is_that_of_the_python_package(name: str) -> None:
    web = bundle.find_web_root()
    package, path = WHEELS[name]
    (file,) = (wheel.file for wheel in pinned.WHEELS if wheel.name == package)
    pinned.fetch(web / "wheels", node.run)
    with zipfile.ZipFile(web / "wheels" / file) as wheel:
        theirs = wheel.read(path).decode()
    assert (web / f"licenses/{name}.txt").read_text().split() == theirs.split()


def test_each_text_belongs_to_a_part() -> None:
    texts = {path.stem for path in (bundle.find_web_root() / "licenses").glob("*.txt")}
    assert texts == {part.text for part in licences.PARTS}


def test_the_libraries_of_the_runtime_are_in_the_list() -> None:
    web = bundle.development_packages().parent
    program, _ = node.find_node(lambda _name: None)
    command = [*program, "--input-type=module", "--eval", PROGRAM]
    done = subprocess.run(command, cwd=web, capture_output=True, text=True, check=True)
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    listed = {part.name for part in licences.PARTS}
    for module, library in MODULES.items():
        assert module in modules
        assert any(name.startswith(library) for name in listed)
    assert modules & FOREIGN == set()
