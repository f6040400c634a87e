"""The steps of a build.

A build finds Node.js, installs the pinned npm packages, writes all files into a new directory
beside the target, and swaps the two at the end. If a build fails, the target is unchanged. The
same inputs produce the same bytes.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pycti.bundle.node as tools
from pycti import __version__
from pycti.bundle import licences, pinned
from pycti.bundle.assets import FOLDER, add_asset, is_whole, read_manifest, write_manifest
from pycti.bundle.parts import PARTS, fill_in, read_parts
from pycti.bundle.place import check_target, locked, swapped
from pycti.bundle.sources import files_below, find_web_root, hash_inputs
from pycti.bundle.wheel import browser_wheel, wheel_name

Progress: TypeAlias = Callable[[str, int, int], None]
"""Receives the name of the step that starts, the number of finished steps, and the total."""

STEPS = (
    "Node.js",
    "npm packages",
    "wheel",
    "Pyodide",
    "Python packages",
    "snapshot",
    "scripts",
    "pages",
    "compressed copies",
    "manifest",
)


COMPRESSED = "node_modules/.cache/pycti"
"""The cache of compressed files, below ``web``; it may be deleted."""

PROFILE = "build/hot-functions.json"
"""The functions of the runtime that run in each session, below ``web``."""

DECLARATIONS = ("cti-connector", "cti-dialer")

FOR_PAGES = ("common/grouped.js",)
"""Modules of ``web/src`` that the demo's pages import, too, from the same place below the demo."""


def build(
    out: Path | None = None, progress: Progress | None = None, *, instrumented: bool = False
) -> Path:
    """Build the bundle into ``out`` (``web/dist`` by default) and return that directory.

    An ``instrumented`` bundle records which functions of the runtime are called.

    An existing directory is replaced at the end, and only if all steps succeeded. Concurrent builds
    wait for each other. Raises ``BundleError``.
    """
    web = find_web_root()
    out = (out or web / "dist").absolute()
    done = 0

    def step(name: str = "") -> None:
        nonlocal done
        if progress:
            progress(name or STEPS[done], done, len(STEPS))
        done += not name

    check_target(out)
    with locked(web), swapped(out) as new:
        step()
        node, npm = tools.find_node(step)
        step()
        tools.install(web, npm, dev=False)
        step()
        inputs = hash_inputs(web)
        wheel = new / wheel_name()
        wheel.write_bytes(browser_wheel())
        step()
        runtime = _add_runtime(web, new)
        step()
        runtime["packages"] = _add_packages(web, new)
        step()
        runtime |= _add_engines(web, new, node, "instrumented" if instrumented else PROFILE)
        step()
        _build_scripts(web, new, node, inputs, runtime)
        step()
        _copy_pages(web, new / "demo")
        versions = _versions(web, runtime["info"])
        _add_package(web, new, versions)
        step()
        if not instrumented:
            _compress(web, new, node)
        step()
        write_manifest(new, inputs, versions)
    if progress:
        progress("done", len(STEPS), len(STEPS))
    return out


def is_stale(out: Path | None = None) -> bool:
    """Return whether ``out`` is missing, incomplete, or older than its sources."""
    web = find_web_root()
    out = out or web / "dist"
    try:
        manifest = read_manifest(out)
        return manifest["inputs"] != hash_inputs(web) or not is_whole(out, manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return True


def development_packages() -> Path:
    """Install all npm packages, including those for tests, and return their directory."""
    web = find_web_root()
    _, npm = tools.find_node(lambda _name: None)
    with locked(web):
        tools.install(web, npm, dev=True)
    return web / "node_modules"


def check_types() -> None:
    """Check the JavaScript with ``tsc``. Raises ``BundleError`` with its findings."""
    web = development_packages().parent
    node, _ = tools.find_node(lambda _name: None)
    for project in ("tsconfig.json", "build/tsconfig.json"):
        command = [*node, "node_modules/typescript/bin/tsc", "--project", project]
        tools.run(command, web, "The type check failed", "Fix the errors that tsc lists.")


def _add_runtime(web: Path, out: Path) -> dict[str, Any]:
    """Add Pyodide and the wheel; return the entries for the worker."""
    pyodide = web / "node_modules/pyodide"
    lock = json.loads((pyodide / "pyodide-lock.json").read_text("utf-8"))
    return {
        "info": lock["info"],
        "library": add_asset(out, pyodide / "python_stdlib.zip"),
        "wheel": add_asset(out, out / wheel_name(), "pycti.zip"),
    }


def _add_packages(web: Path, out: Path) -> dict[str, str]:
    """Add the packages that the worker can install later; return their files by name."""
    for path in pinned.fetch(web / "wheels", tools.run):
        shutil.copyfile(path, out / FOLDER / path.name)
    return {wheel.name: wheel.file for wheel in pinned.WHEELS}


def _add_engines(web: Path, out: Path, node: list[str], profile: str) -> dict[str, object]:
    """Add the engine, in parts and in full, and the snapshot of a started engine's memory."""
    pyodide = web / "node_modules/pyodide"
    hint = "If Pyodide is damaged, delete web/node_modules and build again."
    with tempfile.TemporaryDirectory() as room:
        lean, file = Path(room) / "lean", Path(room) / "snapshot.bin"
        command = [*node, "build/lean.mjs", "node_modules/pyodide", str(lean)]
        tools.run(command, web, "The lean runtime failed", hint)
        command = [*node, "build/halve.mjs", "node_modules/pyodide", str(lean), profile]
        tools.run(command, web, "The runtime could not be cut in two", hint)
        command = [*node, "build/snapshot.mjs", str(lean), str(out / wheel_name()), str(file)]
        printed = tools.run(command, web, "The start snapshot failed", hint)
        return {
            "script": add_asset(out, lean / "pyodide.asm.mjs", "pyodide.lean.mjs"),
            "wasm": add_asset(out, lean / "pyodide.hot.wasm"),
            "cold": add_asset(out, lean / "pyodide.cold.wasm"),
            "full": {
                "script": add_asset(out, pyodide / "pyodide.asm.mjs"),
                "rest": add_asset(out, lean / "pyodide.full.bin"),
            },
            "snapshot": add_asset(out, file),
            "memory": int(json.loads(printed.splitlines()[-1])["memory"]),
        }


def _build_scripts(
    web: Path, out: Path, node: list[str], inputs: str, runtime: Mapping[str, object]
) -> None:
    """Bundle the worker's script first, because the page's scripts contain its name."""
    common = {
        "bundle": True,
        "minify": True,
        "sourcemap": True,
        "target": "es2022",
        "legalComments": "none",
        "logLevel": "warning",
    }
    constants: dict[str, object] = {"PYCTI_BUILD": f"{__version__}+{inputs[:8]}"}

    def bundle(source: str, name: str, kind: str, folder: str = "") -> None:
        job = common | {
            "entryPoints": {name.partition(".")[0]: f"src/{source}"},
            "entryNames": "[name]-[hash]" if folder else "[name]",
            "outExtension": {".js": "." + name.partition(".")[2]},
            "outdir": "dist",
            "format": kind,
            # A classic script uses the page's encoding, which may be any; a module is always UTF-8.
            "charset": "ascii" if kind == "iife" else "utf8",
            "external": ["node:*", "ws"],
            "define": {key: json.dumps(value) for key, value in constants.items()},
        }
        command = [*node, "build/esbuild.mjs", str(out / folder)]
        hint = "If esbuild itself is missing, delete web/node_modules and build again."
        tools.run([*command, json.dumps(job)], web, "esbuild failed", hint)

    constants["PYCTI_RUNTIME"] = dict(runtime)
    bundle("worker/worker.js", "cti-worker.mjs", "esm", FOLDER)
    (worker,) = (out / FOLDER).glob("cti-worker-*.mjs")
    constants["PYCTI_WORKER"] = f"{FOLDER}/{worker.name}"
    # The worker file on a page's own origin imports this file, so its name must not change.
    (out / "cti-worker.mjs").write_text(f'import "./{FOLDER}/{worker.name}";\n', "utf-8")
    constants["PYCTI_FRAME"] = _add_frame(web, out, bundle)
    bundle("link/frame-link.js", "cti-frame-link.mjs", "esm", FOLDER)
    (link,) = (out / FOLDER).glob("cti-frame-link-*.mjs")
    constants["PYCTI_FRAME_LINK"] = f"{FOLDER}/{link.name}"
    bundle("detect/detect.js", "cti-detect.mjs", "esm", FOLDER)
    (detect,) = (out / FOLDER).glob("cti-detect-*.mjs")
    constants["PYCTI_DETECT"] = f"{FOLDER}/{detect.name}"
    bundle("page/classic.js", "cti-connector.js", "iife")
    bundle("page/module.js", "cti-connector.mjs", "esm")
    # English is part of the dialer; other languages are loaded on demand.
    words = (web / "src/dialer/words").glob("*.js")
    languages = sorted(path.stem for path in words if path.stem != "en")
    for name in languages:
        bundle(f"dialer/words/{name}.js", f"cti-words-{name}.mjs", "esm", FOLDER)
    constants["PYCTI_LANGUAGES"] = {
        name: f"{FOLDER}/{path.name}"
        for name in languages
        for path in (out / FOLDER).glob(f"cti-words-{name}-*.mjs")
    }
    bundle("dialer/classic.js", "cti-dialer.js", "iife")
    bundle("dialer/module.js", "cti-dialer.mjs", "esm")
    # TypeScript expects the declarations beside the script, with the matching suffix.
    for name in DECLARATIONS:
        for kind in (".d.ts", ".d.mts"):
            shutil.copyfile(web / f"src/{name}.d.ts", out / f"{name}{kind}")


def _add_frame(web: Path, out: Path, bundle: Callable[[str, str, str, str], None]) -> str:
    """Add the document for pages of other origins; return its name."""
    bundle("link/frame.js", "cti-frame.mjs", "esm", FOLDER)
    (script,) = (out / FOLDER).glob("cti-frame-*.mjs")
    page = out / "cti-frame.html"
    page.write_text((web / "src/link/frame.html").read_text("utf-8").replace("SCRIPT", script.name))
    name = add_asset(out, page)
    page.unlink()
    return name


def _copy_pages(web: Path, demo: Path) -> None:
    """Copy the demo pages, with the parts that they share, and what they use of Bootstrap."""
    demo.mkdir()
    used = ["bootstrap.min.css"]
    parts = read_parts(web / "demo")
    for path in files_below(web / "demo"):
        page = path.relative_to(web / "demo")
        if path.name.endswith(".d.ts") or page == PARTS:
            continue
        target = demo / page
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix != ".html":
            shutil.copyfile(path, target)
            continue
        text = fill_in(page, path.read_text("utf-8"), parts)
        target.write_text(text, "utf-8", newline="\n")
        if "bootstrap.bundle.min.js" in text:
            used.append("bootstrap.bundle.min.js")
    for shared in FOR_PAGES:
        (demo / shared).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(web / "src" / shared, demo / shared)
    for name in used:
        folder = Path(name).suffix.removeprefix(".")
        shutil.copyfile(web / "node_modules/bootstrap/dist" / folder / name, demo / name)


def _versions(web: Path, info: Mapping[str, str]) -> dict[str, str]:
    """Return the versions of the bundle's parts; ``info`` is from Pyodide's lock file."""
    package = json.loads((web / "package.json").read_text("utf-8"))
    wheels = {wheel.name: wheel.version for wheel in pinned.WHEELS}
    emscripten = info["platform"].removeprefix("emscripten_").replace("_", ".")
    runtime = {"python": info["python"], "emscripten": emscripten}
    return {**package["dependencies"], **wheels, **runtime}


def _add_package(web: Path, out: Path, versions: Mapping[str, str]) -> None:
    """Add the files of an npm package, with the list of licences."""
    package = json.loads((web / "package/package.json").read_text("utf-8"))
    package |= {"version": __version__, "license": licences.expression()}
    (out / "package.json").write_text(json.dumps(package, indent=2) + "\n", "utf-8")
    shutil.copyfile(web / "package/README.md", out / "README.md")
    shutil.copyfile(web.parent / "LICENSE", out / "LICENSE")
    licences.write_list(web, out, versions)


def _compress(web: Path, out: Path, node: list[str]) -> None:
    """Add compressed copies of the files, for servers that can send them."""
    command = [*node, "build/compress.mjs", str(out), str(web / COMPRESSED)]
    tools.run(command, web, "The files could not be compressed", "Build again.")
