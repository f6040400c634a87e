"""Build the small wheel for the browser."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile
from pathlib import Path

from pycti import __version__
from pycti.bundle.pinned import ABI, NUMBERS

NOT_IN_BROWSER = (
    "pbx/",
    "bundle/",
    "cli/",
    "__main__.py",
    "platform/native.py",
)

_PACKAGE = Path(__file__).parent.parent
# The earliest date that a zip archive can hold.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


TAG = f"py3-none-pyemscripten_{ABI}_wasm32"
"""The tag for Pyodide (PEP 783). An index can hold this wheel beside the full one for `any`.

micropip installs this one, pip the full one.
"""


def wheel_name() -> str:
    """Return the file name of the browser's wheel."""
    return f"pycti-{__version__}-{TAG}.whl"


def browser_wheel() -> bytes:
    """Return the wheel that runs in the browser: no PBX, no terminal, no CPython network code.

    This does not use a build tool, because its wheel would contain dates and the whole package.
    """
    info = f"pycti-{__version__}.dist-info"
    files = {f"pycti/{name}": (_PACKAGE / name).read_bytes() for name in browser_modules()}
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.4\nName: pycti\nVersion: {__version__}\n"
        "Summary: A CTI connector for any web page: the part that runs in the browser.\n"
        "License-Expression: MIT\nLicense-File: LICENSE\nRequires-Python: >=3.11\n"
        f"Provides-Extra: numbers\nRequires-Dist: {NUMBERS} ; extra == 'numbers'\n"
    ).encode()
    files[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: pycti\nRoot-Is-Purelib: true\nTag: {TAG}\n"
    ).encode()
    files[f"{info}/licenses/LICENSE"] = (_PACKAGE.parent / "LICENSE").read_bytes()
    record = io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
        rows.writerow((name, f"sha256={digest.decode()}", len(content)))
    rows.writerow((f"{info}/RECORD", "", ""))
    files[f"{info}/RECORD"] = record.getvalue().encode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as wheel:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            wheel.writestr(entry, content, compresslevel=9)
    return archive.getvalue()


def browser_modules() -> list[str]:
    """Return the paths of the browser's modules below the package, sorted."""
    names = (path.relative_to(_PACKAGE).as_posix() for path in _PACKAGE.rglob("*.py"))
    return sorted(name for name in names if not name.startswith(NOT_IN_BROWSER))
