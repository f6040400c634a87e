"""The npm package: its contents, and its use with TypeScript and Node.js."""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
import shutil
import tarfile
from pathlib import Path

import pytest
from bundled import built

from pycti import __version__, bundle
from pycti.bundle import licences
from pycti.bundle.node import find_node

from .archives import run
from .npm import pack, packed, project

pytestmark = pytest.mark.timeout(600)

LIMIT = 20_000_000
"""The size limit of the package in bytes."""

CONSUMER = """import Cti, { Connector, EVENT } from "pycti";
import { CtiDialer } from "pycti/dialer";
Connector.scriptUrl = CtiDialer.scriptUrl = "/cti/";
const connector = new Connector({ onMessage: ({ name }) => Cti.log(name) });
connector.on(EVENT.RINGING, ({ call }) => Cti.log(call.sourceName));
// @ts-expect-error there is no such method
connector.dial("+442036427900");
new CtiDialer().connector = connector;
"""

CLASSIC = """/// <reference types="pycti/cti-connector.js" />
/// <reference types="pycti/cti-dialer.js" />
document.querySelector("cti-dialer")?.dial("+442036427900");
const connector = new Cti.Connector((event) => Cti.log(event.name));
// @ts-expect-error not a number
connector.call({});
"""


def files(path: Path) -> dict[str, int]:
    with tarfile.open(path) as archive:
        return {member.name.removeprefix("package/"): member.size for member in archive}


def test_the_package_has_the_bundle_without_the_demo_and_the_wheel() -> None:
    assert packed().name == f"pycti-{__version__}.tgz"
    bundle_files = {
        path.relative_to(built()).as_posix() for path in built().rglob("*") if path.is_file()
    }
    expected = {
        name
        for name in bundle_files
        if not name.startswith(("demo/", "pycti-", "package.json.")) and not name.endswith(".br")
    }
    assert set(files(packed())) == expected
    assert packed().stat().st_size < LIMIT


def test_package_json_names_existing_files_and_has_no_scripts() -> None:
    with tarfile.open(packed()) as archive:
        member = archive.extractfile("package/package.json")
        assert member is not None
        package = json.load(member)
    assert (package["name"], package["version"]) == ("pycti", __version__)
    assert package["license"] == licences.expression()
    assert not {"scripts", "dependencies", "bin"} & set(package)
    named = [package[key] for key in ("main", "module", "types", "unpkg", "jsdelivr")]
    for target in package["exports"].values():
        named += [target] if isinstance(target, str) else target.values()
    there = files(packed())
    for name in named:
        assert name == "./assets/*" or name.removeprefix("./") in there
    for pattern in package["sideEffects"]:
        assert fnmatch.filter(there, pattern.removeprefix("./")), pattern


def test_two_packages_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(built(), copy, copy_function=shutil.copyfile)
    for path in copy.rglob("*"):
        os.utime(path, (1, 1))
    again = pack(copy, tmp_path / "out")
    assert digest(again) == digest(packed())


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("resolution", ["bundler", "node16"])
def test_typescript_finds_the_types(resolution: str) -> None:
    root = project()
    (root / "consumer.ts").write_text(CONSUMER)
    (root / "classic.ts").write_text(CLASSIC)
    node, _ = find_node(lambda _name: None)
    compiler = bundle.development_packages() / "typescript/bin/tsc"
    module = "esnext" if resolution == "bundler" else resolution
    for name in ("consumer.ts", "classic.ts"):
        run([*node, str(compiler), "--noEmit", "--strict", "--target", "es2022", "--types", "",
             "--lib", "es2022,dom", "--module", module, "--moduleResolution", resolution, name],
            cwd=root)  # fmt: skip


def test_node_finds_the_files() -> None:
    node, _ = find_node(lambda _name: None)
    program = (
        'const names = ["pycti", "pycti/dialer", "pycti/cti-connector.js", "pycti/manifest.json"];'
        'console.log(names.map((name) => import.meta.resolve(name)).join(" "));'
    )
    command = [*node, "--input-type=module", "--eval", program]
    found = run(command, cwd=project()).split()
    assert [path.rpartition("/")[2] for path in found] == [
        "cti-connector.mjs",
        "cti-dialer.mjs",
        "cti-connector.js",
        "manifest.json",
    ]
