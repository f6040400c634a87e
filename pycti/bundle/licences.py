"""The authors and licences of the bundle's parts. Every file must have one.

Pyodide's runtime contains many libraries in one file. Their list follows its build files
(`cpython/Makefile`, `Makefile.envs`); check it when the pinned version changes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pycti.bundle.node import BundleError
from pycti.bundle.sources import files_below

LIST = "LICENSES.txt"

OURS = "MIT"


@dataclass(frozen=True, slots=True)
class Part:
    """A work, its SPDX licence, the URL of its source, and the files that contain it."""

    name: str
    licence: str
    source: str
    text: str
    """The file in `web/licenses` with the text of the licence."""
    files: tuple[str, ...]


_WASM = ("assets/pyodide.hot-*.wasm", "assets/pyodide.cold-*.wasm", "assets/pyodide.full-*.bin")
# The memory of a started Python contains the runtime and the standard library.
_MEMORY = "assets/snapshot-*.bin"
_RUNTIME = (*_WASM, _MEMORY, "assets/pyodide.asm-*.mjs", "assets/pyodide.lean-*.mjs")
_WORKER = ("assets/cti-worker-*.mjs*",)
_PYTHON = (*_WASM, _MEMORY, "assets/python_stdlib-*.zip")
_MICROPIP = ("assets/micropip-*.whl",)

PARTS = (
    Part("Pyodide {pyodide}", "MPL-2.0", "https://github.com/pyodide/pyodide",
         "MPL-2.0", (*_RUNTIME, *_WORKER, "assets/python_stdlib-*.zip")),
    Part("stackframe, error-stack-parser", "MIT", "https://github.com/stacktracejs",
         "stackframe", _WORKER),
    Part("CPython {python}", "PSF-2.0", "https://github.com/python/cpython", "cpython", _PYTHON),
    Part("HACL*", "MIT", "https://github.com/hacl-star/hacl-star", "hacl", _WASM),
    Part("expat", "MIT", "https://github.com/libexpat/libexpat", "expat", _WASM),
    Part("libmpdec", "BSD-2-Clause", "https://www.bytereef.org/mpdecimal", "libmpdec", _WASM),
    Part("hiwire", "MPL-2.0", "https://github.com/hoodmane/hiwire", "MPL-2.0", _RUNTIME),
    Part("libffi", "MIT", "https://github.com/libffi/libffi", "libffi", _WASM),
    Part("zlib", "Zlib", "https://github.com/madler/zlib", "zlib", _WASM),
    Part("bzip2", "bzip2-1.0.6", "https://sourceware.org/bzip2", "bzip2", _WASM),
    Part("liblzma", "LicenseRef-public-domain", "https://tukaani.org/xz", "xz", _WASM),
    Part("Zstandard", "BSD-3-Clause", "https://github.com/facebook/zstd", "zstd", _WASM),
    Part("SQLite", "blessing", "https://www.sqlite.org", "sqlite", _WASM),
    Part("Emscripten {emscripten}", "MIT", "https://github.com/emscripten-core/emscripten",
         "emscripten", _RUNTIME),
    Part("musl", "MIT", "https://musl.libc.org", "musl", _WASM),
    Part("LLVM's run-time libraries", "Apache-2.0 WITH LLVM-exception",
         "https://github.com/llvm/llvm-project", "llvm", _WASM),
    Part("micropip {micropip}", "MPL-2.0", "https://github.com/pyodide/micropip",
         "MPL-2.0", _MICROPIP),
    Part("packaging", "BSD-2-Clause", "https://github.com/pypa/packaging", "packaging", _MICROPIP),
    Part("mousebender", "BSD-3-Clause", "https://github.com/brettcannon/mousebender",
         "mousebender", _MICROPIP),
    Part("phonenumberslite {phonenumberslite}, and the data of libphonenumber", "Apache-2.0",
         "https://github.com/daviddrysdale/python-phonenumbers", "Apache-2.0",
         ("assets/phonenumberslite-*.whl",)),
    Part("Bootstrap {bootstrap}", "MIT", "https://github.com/twbs/bootstrap", "bootstrap",
         ("demo/bootstrap.*",)),
    Part("Popper", "MIT", "https://github.com/floating-ui/floating-ui", "popper",
         ("demo/bootstrap.bundle.*",)),
    Part("the helper functions of esbuild {esbuild}", "MIT", "https://github.com/evanw/esbuild",
         "esbuild", ("cti-*.js*", "cti-*.mjs*", "assets/cti-*.mjs*")),
)  # fmt: skip

OUR_FILES = (
    "cti-*.js*", "cti-*.mjs*", "cti-*.d.*ts", "assets/cti-*.mjs*", "assets/cti-*.html*",
    "assets/pycti-*.zip", _MEMORY,
    "pycti-*.whl", "demo/*.html", "demo/*.js", "demo/*.css", "demo/*.svg",
    "package.json", "README.md", "LICENSE", LIST, "manifest.json",
)  # fmt: skip
"""`demo/` is ours, except for the files of a part."""


def expression() -> str:
    """Return the SPDX expression for the whole bundle."""
    others = sorted({part.licence for part in PARTS} - {OURS})
    return " AND ".join([OURS, *others])


def claims(name: str) -> list[Part]:
    """Return the parts that are in the file ``name`` of the bundle."""
    return [part for part in PARTS if any(fnmatchcase(name, one) for one in part.files)]


def write_list(web: Path, out: Path, versions: Mapping[str, object]) -> None:
    """Write the list of all parts in the bundle, with the text of each licence.

    Raises ``BundleError`` for a file that belongs to no part.
    """
    found: dict[Part, list[str]] = {}
    for name in (path.relative_to(out).as_posix() for path in files_below(out)):
        parts = claims(name)
        if not parts and not any(fnmatchcase(name, one) for one in OUR_FILES):
            raise BundleError(f"The licence of {name} is unknown.", "Add it to PARTS.")
        for part in parts:
            found.setdefault(part, []).append(name)
    texts: dict[str, list[str]] = {}
    lines = ["The work of others in this directory", "=" * 36, ""]
    for part in (part for part in PARTS if part in found):
        title = part.name.format_map(versions)
        lines += [title, f"  Licence: {part.licence}", f"  Source:  {part.source}"]
        lines += [f"  In:      {found[part][0]}"]
        lines += [*(f"           {name}" for name in found[part][1:]), ""]
        texts.setdefault(part.text, []).append(title)
    lines += ["Everything else is pycti's own, under the licence in LICENSE.", ""]
    for name, titles in texts.items():
        text = (web / "licenses" / f"{name}.txt").read_text("utf-8").rstrip()
        lines += ["", "=" * 80, *textwrap.wrap("; ".join(titles), 80), "=" * 80, "", text, ""]
    (out / LIST).write_text("\n".join(lines), "utf-8", newline="\n")
