"""The inputs of the bundle, and their hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pycti.bundle.node import BundleError
from pycti.bundle.wheel import browser_modules

PACKAGE = Path(__file__).parent.parent


def find_web_root() -> Path:
    """Return the ``web`` directory of the checkout that this package runs from.

    Raises ``BundleError`` if there is none, as in an installed wheel.
    """
    root = PACKAGE.parent / "web"
    if (root / "package.json").is_file() and (root / "src").is_dir():
        return root
    raise BundleError(
        f"There are no web sources beside the package ({root}).",
        "Install a wheel that contains the bundle, or build from a checkout: git clone the "
        "repository and `pip install -e .` in it.",
    )


def hash_inputs(web: Path) -> str:
    """Return a hash of all inputs of the build."""
    paths = [PACKAGE / name for name in browser_modules()]
    paths += [*files_below(PACKAGE / "bundle", "*.py"), web / "package.json"]
    paths += [web / "package-lock.json", web.parent / "LICENSE"]
    for folder in ("src", "build", "demo", "package", "licenses"):
        paths += files_below(web / folder)
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        name = path.relative_to(web.parent).as_posix()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def files_below(root: Path, pattern: str = "*") -> list[Path]:
    """Return the files below ``root``, sorted, without hidden ones, such as an editor's."""
    paths = (path for path in root.rglob(pattern) if path.is_file())
    return sorted(
        path
        for path in paths
        if not any(part.startswith(".") for part in path.relative_to(root).parts)
    )
