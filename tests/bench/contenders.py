"""Who takes part: where each page lies, and the files that it needs."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pycti import bundle
from pycti.bundle.node import find_node

HERE = Path(__file__).parent / "contenders"

# Bundled as our own scripts are, by the same esbuild.
_ESBUILD = """
import { build } from "esbuild";
const [out, ...entryPoints] = process.argv.slice(1);
await build({ entryPoints, outdir: out, bundle: true, minify: true, format: "iife",
              target: "es2022", legalComments: "none", logLevel: "warning" });
"""
_BUNDLED = ("jssip.js", "sipjs.js")
_PLAIN = ("ceiling.js", "ceiling-worker.js")


@dataclass(frozen=True, slots=True)
class Contender:
    """One that is measured. ``page`` is a path on the server, or a whole URL."""

    name: str
    title: str
    page: str
    events: bool = True
    """Whether it follows calls; without, it is there for its start alone."""


PYCTI = Contender("pycti", "this connector", "/pages/pycti.html")
JSSIP = Contender("jssip", "JsSIP", "/pages/jssip.html")
SIPJS = Contender("sipjs", "SIP.js", "/pages/sipjs.html")
CEILING = Contender("ceiling", "ceiling", "/pages/ceiling.html")
PYODIDE = Contender("pyodide", "loadPyodide()", "/pages/pyodide.html", events=False)
BLANK = Contender("blank", "empty page", "/pages/blank.html", events=False)
ALL = (PYCTI, JSSIP, SIPJS, CEILING, PYODIDE, BLANK)


def peer(name: str, place: str) -> tuple[Contender, dict[str, Path]]:
    """Return a contender of somebody else's, and the folder to serve where it is a file."""
    if "://" in place:
        return Contender(name, name, place), {}
    path = Path(place).resolve()
    if not path.is_file():
        raise FileNotFoundError(f"{place}: there is no such page")
    return Contender(name, name, f"/peer-{name}/{path.name}"), {f"peer-{name}": path.parent}


def node_command() -> list[str]:
    """Return what runs Node.js, as the build finds it."""
    return find_node(lambda _name: None)[0]


@contextmanager
def files(dist: Path) -> Iterator[dict[str, Path]]:
    """Prepare what the pages need; gives the folders by the name that they are served at.

    The plain Pyodide page imports the wheel of ``dist``.
    """
    node, npm = find_node(lambda _name: None)
    web = bundle.find_web_root()
    wheel = next(dist.glob("*.whl"))
    _install(node, npm)
    with tempfile.TemporaryDirectory(prefix="pycti-bench-") as kept:
        out = Path(kept) / "files"
        out.mkdir()
        _run([*node, "--input-type=module", "--eval", _ESBUILD, "--", str(out),
              *(str(HERE / name) for name in _BUNDLED)], web)  # fmt: skip
        for name in _PLAIN:
            shutil.copyfile(HERE / name, out / name)
        shutil.copyfile(wheel, out / wheel.name)
        pages = Path(kept) / "pages"
        shutil.copytree(HERE / "pages", pages)
        shutil.copyfile(HERE / "harness.js", pages / "harness.js")
        plain = pages / "pyodide.html"
        plain.write_text(plain.read_text("utf-8").replace("WHEEL", wheel.name), "utf-8")
        yield {"pages": pages, "files": out, "pyodide": web / "node_modules/pyodide"}


def versions() -> dict[str, str]:
    """Return the versions of the npm packages that take part."""
    package = json.loads((HERE / "package.json").read_text("utf-8"))
    return dict(package["dependencies"])


def _install(node: list[str], npm: list[str]) -> None:
    lock = HERE / "node_modules/.package-lock.json"
    if lock.exists() and lock.stat().st_mtime >= (HERE / "package-lock.json").stat().st_mtime:
        return
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], HERE)


def _run(command: list[str], cwd: Path) -> None:
    subprocess.run(command, cwd=cwd, check=True)
