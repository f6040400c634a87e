"""The wheel of ``python -m build`` contains the bundle, so that no Node.js is needed."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path

import pytest
from bundled import built

from pycti import __version__
from pycti.bundle import licences

from .archives import (
    ROOT,
    archives,
    archives_again,
    installed,
    run,
    sources_of_the_checkout,
    without_node,
)

pytestmark = pytest.mark.timeout(600)

INFO = f"pycti-{__version__}.dist-info"
LIMIT = 20_000_000
"""The size limit of the wheel in bytes. An index accepts 100 MB; users prefer less."""


@pytest.fixture(scope="module")
def wheel() -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(archives().wheel) as archive:
        yield archive


def test_the_wheel_has_the_name_and_metadata_of_the_project(wheel: zipfile.ZipFile) -> None:
    assert archives().wheel.name == f"pycti-{__version__}-py3-none-any.whl"
    metadata = message_from_string(wheel.read(f"{INFO}/METADATA").decode())
    assert metadata["Name"] == "pycti"
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == licences.expression()
    texts = {f"web/licenses/{part.text}.txt" for part in licences.PARTS}
    assert set(metadata.get_all("License-File", [])) == texts | {"LICENSE"}
    required = [line for line in metadata.get_all("Requires-Dist", []) if "extra" not in line]
    assert required == []


def test_the_record_lists_every_file_with_its_hash(wheel: zipfile.ZipFile) -> None:
    rows = list(csv.reader(io.StringIO(wheel.read(f"{INFO}/RECORD").decode())))
    assert sorted(name for name, _, _ in rows) == sorted(wheel.namelist())
    for name, digest, size in rows:
        if name != f"{INFO}/RECORD":
            content = wheel.read(name)
            expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode()
            assert (digest, size) == (f"sha256={expected.rstrip('=')}", str(len(content)))


def test_the_wheel_has_only_the_package_and_the_bundle(wheel: zipfile.ZipFile) -> None:
    package = {
        f"pycti/{path.relative_to(ROOT / 'pycti').as_posix()}"
        for path in (ROOT / "pycti").rglob("*")
        if path.is_file() and path.suffix in (".py", ".typed", ".json")
    }
    pages = {
        f"pycti/dist/{path.relative_to(built()).as_posix()}"
        for path in built().rglob("*")
        if path.is_file() and path.suffix != ".gz"
    }
    found = {name for name in wheel.namelist() if not name.startswith(f"{INFO}/")}
    assert found == package | pages
    assert "pycti/py.typed" in found
    assert archives().wheel.stat().st_size < LIMIT


def test_the_source_archive_has_the_inputs_of_the_wheel() -> None:
    with tarfile.open(archives().sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    expected = {"pyproject.toml", "web/package-lock.json", "web/build/hatch_hook.py", "README.md"}
    assert expected <= names
    generated = ("web/dist/", "web/wheels/", "web/node_modules/", ".venv/", "docs/_build/")
    assert not [name for name in names if name.startswith(generated) or "__pycache__" in name]


def test_two_builds_are_the_same_byte_for_byte() -> None:
    """Two directories, each with its own bundle, and different clocks, umasks and locales."""
    one, two = archives(), archives_again()
    assert digest(one.wheel) == digest(two.wheel)
    assert digest(one.sdist) == digest(two.sdist)


def digest(path: Path) -> tuple[str, str]:
    return path.name, hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def demo() -> Iterator[str]:
    """The URL of a demo that runs from the installed wheel with an empty PATH."""
    environment = without_node()
    assert shutil.which("node", path=environment["PATH"]) is None
    command = [str(installed()), "-m", "pycti", "demo", "--port", "0", "--no-browser"]
    process = subprocess.Popen(
        command,
        cwd="/",
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if match := re.search(r"The demo runs at (http://127\.0\.0\.1:\d+)", line):
            break
    else:
        raise AssertionError("".join(lines))
    yield match[1]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_the_demo_runs_from_the_wheel_without_node(demo: str) -> None:
    manifest = json.loads(fetch(f"{demo}/dist/manifest.json"))
    assert len(manifest["files"]) > 50
    for name, file in manifest["files"].items():
        content = fetch(f"{demo}/dist/{name}")
        found = base64.b64encode(hashlib.sha384(content).digest()).decode()
        assert (name, f"sha384-{found}") == (name, file["integrity"])
    for page in ("", "shop/", "crm/", "wallboard/"):
        assert b"<!doctype html>" in fetch(f"{demo}/{page}").lower()


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.read()


def test_build_copies_the_installed_bundle(tmp_path: Path) -> None:
    command = [str(installed()), "-m", "pycti", "build"]
    environment = without_node()
    said = run([*command, "--out", str(tmp_path / "cti")], env=environment, cwd="/")
    assert "Copied to" in said
    assert said.count('integrity="sha384-') == 2
    copied, expected = files(tmp_path / "cti"), files(built())
    assert set(copied) == set(expected)
    plain = {name for name in expected if not name.endswith(".gz")}
    assert {name: copied[name] for name in plain} == {name: expected[name] for name in plain}

    refused = subprocess.run(
        command, cwd="/", env=environment, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "--out" in refused.stderr


def files(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The source archive, unpacked."""
    with tarfile.open(archives().sdist) as archive:
        archive.extractall(tmp_path / "sources", filter="data")
    (root,) = (tmp_path / "sources").iterdir()
    return root


def test_a_failed_bundle_build_has_a_hint(sources: Path, tmp_path: Path) -> None:
    """All npm packages are damaged, and the error has a hint."""
    lock = sources / "web/package-lock.json"
    lock.write_text(re.sub(r"sha512-[^\"]+", f"sha512-{'A' * 86}==", lock.read_text()))
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(sources)]
    failed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert failed.returncode != 0
    output = failed.stdout + failed.stderr
    assert "npm could not install the packages" in output
    assert "PYCTI_WITHOUT_BUNDLE=1" in output


def test_a_wheel_without_the_bundle_can_be_built(sources: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(sources)]
    run(command, env=os.environ | {"PYCTI_WITHOUT_BUNDLE": "1"})
    (path,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    assert {"pycti/connector.py", "pycti/pbx/server.py"} <= set(names)
    assert not [name for name in names if name.startswith("pycti/dist/")]


def test_pip_installs_a_clone_without_node(tmp_path: Path) -> None:
    """The build tools are installed in the build environment that pip creates."""
    clone, home = tmp_path / "clone", tmp_path / "environment"
    shutil.copytree(sources_of_the_checkout(), clone)
    run([sys.executable, "-m", "venv", str(home)])
    python = str(home / "bin/python")
    run([python, "-m", "pip", "install", "--quiet", str(clone)], env=without_node(), cwd="/")
    said = run([python, "-c", "from pycti import bundle; print(bundle.shipped())"], cwd="/")
    assert (Path(said.strip()) / "cti-connector.js").is_file()
    packages = run([python, "-m", "pip", "list", "--format=freeze"], cwd="/")
    assert "nodejs" not in packages
