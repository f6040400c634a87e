"""The contents of the bundle, and the state after a failed build."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pycti import __version__, bundle
from pycti.bundle import (
    BundleError,
    browser_wheel,
    build,
    copy_shipped,
    integrity_lines,
    is_stale,
    licences,
    node,
    pinned,
    shipped,
    wheel_name,
)

from .checkout import INFO, contents

# The wheel


def test_the_wheel_contains_only_the_browser_modules() -> None:
    names = zipfile.ZipFile(io.BytesIO(browser_wheel())).namelist()
    assert {"pycti/__init__.py", "pycti/events.py", "pycti/sip/message.py"} <= set(names)
    for unwanted in ("/pbx/", "/cli.py", "/bundle/", "/__main__.py", "/native.py", "__pycache__"):
        assert not [name for name in names if unwanted in name]


def test_the_wheel_record_lists_every_file_with_its_hash() -> None:
    wheel = zipfile.ZipFile(io.BytesIO(browser_wheel()))
    info = f"pycti-{__version__}.dist-info"
    rows = [line.split(",") for line in wheel.read(f"{info}/RECORD").decode().splitlines()]
    assert [name for name, _, _ in rows] == wheel.namelist()
    assert rows[-1] == [f"{info}/RECORD", "", ""]
    for name, digest, size in rows[:-1]:
        content = wheel.read(name)
        expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode()
        assert (digest, size) == (f"sha256={expected.rstrip('=')}", str(len(content)))
    assert f"Version: {__version__}\n" in wheel.read(f"{info}/METADATA").decode()
    assert (
        f"Tag: py3-none-pyemscripten_{pinned.ABI}_wasm32\n" in wheel.read(f"{info}/WHEEL").decode()
    )
    assert wheel_name().endswith(f"-py3-none-pyemscripten_{pinned.ABI}_wasm32.whl")


def test_the_wheel_is_reproducible_and_contains_no_dates() -> None:
    assert browser_wheel() == browser_wheel()
    entries = zipfile.ZipFile(io.BytesIO(browser_wheel())).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_the_wheel_can_be_imported_without_dependencies(tmp_path: Path) -> None:
    wheel = tmp_path / wheel_name()
    wheel.write_bytes(browser_wheel())
    script = f"import sys; sys.path.insert(0, {str(wheel)!r}); import pycti; print(pycti.__file__)"
    command = [sys.executable, "-I", "-S", "-c", script]
    result = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert result.stdout.startswith(str(wheel))


# The whole bundle


def hashed(name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"assets/{stem}-{hashlib.sha256(content).hexdigest()[:10]}.{suffix}"


def test_a_bundle_has_all_its_files(checkout: Path) -> None:
    out = build()
    files = contents(out)
    wheel = files[wheel_name()]
    assert out == checkout / "web/dist"
    assert set(files) == {
        "cti-connector.js",
        "cti-connector.js.br",
        "cti-connector.mjs",
        "cti-connector.d.ts",
        "cti-connector.d.mts",
        "cti-dialer.js",
        "cti-dialer.mjs",
        "cti-dialer.d.ts",
        "cti-dialer.d.mts",
        "assets/cti-worker-ABCDEFGH.mjs",
        "assets/cti-detect-ABCDEFGH.mjs",
        "assets/cti-frame-ABCDEFGH.mjs",
        "assets/cti-frame-link-ABCDEFGH.mjs",
        hashed("cti-frame.html", b"cti-frame-ABCDEFGH.mjs"),
        "cti-worker.mjs",
        "assets/micropip-1.0-py3-none-any.whl",
        hashed("pyodide.asm.mjs", b"pyodide.asm.mjs"),
        hashed("pyodide.cold.wasm", b"cold.wasm of build/hot-functions.json"),
        hashed("pyodide.full.bin", b"full.bin of build/hot-functions.json"),
        hashed("pyodide.hot.wasm", b"hot.wasm of build/hot-functions.json"),
        hashed("pyodide.lean.mjs", b"lean pyodide.asm.mjs"),
        hashed("python_stdlib.zip", b"python_stdlib.zip"),
        hashed("pycti.zip", wheel),
        hashed("snapshot.bin", b"memory of " + wheel[:20]),
        wheel_name(),
        "package.json",
        "README.md",
        "LICENSE",
        "LICENSES.txt",
        "manifest.json",
        "demo/index.html",
        "demo/shop/page.html",
        "demo/common/grouped.js",
        "demo/bootstrap.min.css",
        "demo/bootstrap.bundle.min.js",
    }


def test_the_scripts_refer_to_the_files_of_the_same_build(checkout: Path) -> None:
    files = contents(build())
    page = json.loads(files["cti-connector.js"])
    worker = json.loads(files["assets/cti-worker-ABCDEFGH.mjs"])
    assert json.loads(page["PYCTI_WORKER"]) == "assets/cti-worker-ABCDEFGH.mjs"
    assert page["PYCTI_BUILD"] == worker["PYCTI_BUILD"]
    runtime = json.loads(worker["PYCTI_RUNTIME"])
    assert runtime.pop("memory") == 31457280
    assert runtime.pop("info") == INFO
    assert runtime.pop("packages") == {"micropip": "micropip-1.0-py3-none-any.whl"}
    full = runtime.pop("full")
    assert set(full) == {"script", "rest"}
    assert {f"assets/{name}" for name in (*full.values(), *runtime.values())} < set(files)
    assert set(runtime) == {"script", "wasm", "cold", "library", "wheel", "snapshot"}
    assert runtime["script"].startswith("pyodide.lean-")
    assert runtime["wasm"].startswith("pyodide.hot-")


def test_a_changed_package_changes_the_names_of_dependent_files(checkout: Path) -> None:
    before = set(contents(build()))
    (checkout / "pycti/events.py").write_text("changed = True\n")
    changed = {name.split("-")[0] for name in before - set(contents(build()))}
    assert changed == {"assets/pycti"}


def test_the_bootstrap_script_is_omitted_if_no_page_uses_it(checkout: Path) -> None:
    (checkout / "web/demo/shop/page.html").unlink()
    assert "demo/bootstrap.bundle.min.js" not in contents(build())


def test_the_manifest_lists_size_and_integrity(checkout: Path) -> None:
    files = contents(build())
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["version"] == __version__
    assert (manifest["pyodide"], manifest["python"]) == ("2.0.0", "3.14.2")
    copy = files.pop("cti-connector.js.br")
    assert manifest["files"].pop("cti-connector.js") == {
        **described(files.pop("cti-connector.js")),
        "brotli": len(copy),
    }
    assert manifest["files"] == {name: described(content) for name, content in files.items()}


def described(content: bytes) -> dict[str, Any]:
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return {"size": len(content), "integrity": f"sha384-{digest}"}


def test_the_tags_of_the_scripts_have_their_integrity(checkout: Path) -> None:
    out = build()
    first, second = integrity_lines(out, "/phone")
    value = described((out / "cti-connector.js").read_bytes())["integrity"]
    source = 'src="/phone/cti-connector.js"'
    assert first == f'<script {source} integrity="{value}" crossorigin="anonymous"></script>'
    assert 'src="/phone/cti-dialer.js"' in second


# Licences and the npm package


def test_every_third_party_file_is_in_the_list_of_licences(checkout: Path) -> None:
    out = build()
    listed = (out / "LICENSES.txt").read_text()
    for name in contents(out):
        assert all(part.licence in listed for part in licences.claims(name))
        if (
            "pyodide.asm" in name
            or "pyodide.lean" in name
            or "pyodide.hot" in name
            or "pyodide.cold" in name
            or "pyodide.full" in name
            or "demo/bootstrap" in name
            or "assets/micropip" in name
        ):
            assert licences.claims(name)
            assert name in listed
    assert "Pyodide 2.0.0" in listed
    assert "Emscripten 5.0.3" in listed
    assert "Licence MPL-2.0" in listed


def test_a_part_that_is_not_in_the_bundle_is_not_listed(checkout: Path) -> None:
    assert "Popper" in (build() / "LICENSES.txt").read_text()
    (checkout / "web/demo/shop/page.html").unlink()
    assert "Popper" not in (build() / "LICENSES.txt").read_text()


def test_a_file_with_an_unknown_licence_fails_the_build(checkout: Path) -> None:
    (checkout / "web/demo/font.woff2").write_text("a font")
    with pytest.raises(BundleError, match=r"licence of demo/font\.woff2"):
        build()


def test_the_npm_package_has_the_version_and_the_licences(checkout: Path) -> None:
    package = json.loads((build() / "package.json").read_text())
    assert package == {"name": "pycti", "version": __version__, "license": licences.expression()}


# The bundle of an installed wheel


def test_a_checkout_contains_no_installed_bundle(checkout: Path) -> None:
    assert shipped() is None


def test_the_bundle_of_an_installed_package_is_copied_with_its_gzip_copies(
    checkout: Path, tmp_path: Path
) -> None:
    shutil.copytree(build(), checkout / "pycti/dist")
    carried = shipped()
    assert carried == checkout / "pycti/dist"
    out = copy_shipped(carried, tmp_path / "site/cti")
    copied = contents(out)
    assert gzip.decompress(copied.pop("cti-connector.js.gz")) == copied["cti-connector.js"]
    assert copied == contents(carried)


def test_copying_does_not_replace_another_directory(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(BundleError, match="not a bundle"):
        copy_shipped(build(), tmp_path)


def test_two_builds_produce_the_same_bytes(checkout: Path, tmp_path: Path) -> None:
    assert contents(build(tmp_path / "one")) == contents(build(tmp_path / "two"))


@pytest.mark.timeout(600)
def test_two_real_builds_produce_the_same_bytes(tmp_path: Path) -> None:
    one, two = build(tmp_path / "one"), build(tmp_path / "deeper/two")
    assert contents(one) == contents(two)
    assert not any(str(tmp_path).encode() in content for content in contents(one).values())


def test_progress_names_each_step_once(checkout: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    build(progress=lambda *step: steps.append(step))
    assert [name for name, _, _ in steps] == [*bundle.STEPS, "done"]
    assert [done for _, done, _ in steps] == list(range(len(bundle.STEPS) + 1))


def test_a_build_replaces_the_previous_one_and_leaves_no_other_files(checkout: Path) -> None:
    out = build()
    (out / "old.txt").write_text("old")
    build()
    assert not (out / "old.txt").exists()
    assert [path.name for path in out.parent.glob(".dist-*")] == []


def test_a_failed_build_keeps_the_previous_one(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(build())

    def fail(*_: Any) -> None:
        raise BundleError("esbuild failed", "Mend it.")

    monkeypatch.setattr(node, "run", fail)
    with pytest.raises(BundleError):
        build()
    assert contents(checkout / "web/dist") == before
    assert list((checkout / "web").glob(".dist-*")) == []


def test_a_missing_file_is_a_bundle_error(checkout: Path) -> None:
    (checkout / "web/node_modules/pyodide/python_stdlib.zip").unlink()
    with pytest.raises(BundleError, match=r"python_stdlib\.zip"):
        build()


def test_a_directory_with_other_files_is_never_replaced(checkout: Path, tmp_path: Path) -> None:
    precious = tmp_path / "home"
    precious.mkdir()
    (precious / "letter.txt").write_text("dear")
    with pytest.raises(BundleError, match="not a bundle"):
        build(precious)
    assert (precious / "letter.txt").read_text() == "dear"


def test_builds_at_the_same_time_do_not_disturb_each_other(checkout: Path) -> None:
    errors: list[BaseException] = []

    def work() -> None:
        try:
            build()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert not is_stale()
