"""The optional packages of the bundle: pinned by their hash and downloaded once."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from pycti.bundle import pinned
from pycti.bundle.pinned import WHEELS, Wheel, fetch

ONE = Wheel("one", "1.0", "one-1.0-py3-none-any.whl", hashlib.sha256(b"one").hexdigest())
TWO = Wheel("two", "2.0", "two-2.0-py3-none-any.whl", hashlib.sha256(b"two").hexdigest())


class Pip:
    """Imitates ``pip download`` without a network."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, command: list[str], cwd: Path, what: str, hint: str) -> None:
        requirements = (cwd / "requirements.txt").read_text()
        self.asked += re.findall(r"^(\w+)==", requirements, re.MULTILINE)
        assert "--require-hashes" in command
        for name, version in re.findall(r"^(\w+)==(\S+) --hash=sha256:\w{64}$", requirements, re.M):
            (cwd / f"{name}-{version}-py3-none-any.whl").write_bytes(name.encode())


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    monkeypatch.setattr(pinned, "WHEELS", (ONE, TWO))
    return Pip()


def test_packages_are_downloaded_once(pip: Pip, tmp_path: Path) -> None:
    cache = tmp_path / "wheels"
    paths = fetch(cache, pip)
    assert [path.read_bytes() for path in paths] == [b"one", b"two"]
    assert sorted(path.name for path in cache.iterdir()) == [ONE.file, TWO.file]
    fetch(cache, pip)
    assert pip.asked == ["one", "two"]


def test_a_package_with_a_wrong_hash_is_downloaded_again(pip: Pip, tmp_path: Path) -> None:
    (tmp_path / ONE.file).write_bytes(b"something else")
    (tmp_path / TWO.file).write_bytes(b"two")
    fetch(tmp_path, pip)
    assert pip.asked == ["one"]
    assert (tmp_path / ONE.file).read_bytes() == b"one"


def test_the_extra_for_cpython_requires_the_same_version() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    (requirement,) = project["project"]["optional-dependencies"]["numbers"]
    (wheel,) = [wheel for wheel in WHEELS if wheel.name == "phonenumberslite"]
    assert requirement == f"{wheel.name}=={wheel.version}"
