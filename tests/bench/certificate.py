"""A certificate for the run's host names, made by OpenSSL and thrown away afterwards."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_REQUEST = (
    *("req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
    *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
    *("-addext", "subjectAltName=DNS:*.localhost"),
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where it and its key are. ``pin`` is what tells Chromium to accept it."""

    chain: Path
    key: Path
    pin: str


def make_certificate(folder: Path) -> Certificate:
    """Make one in ``folder``; raises ``RuntimeError`` where there is no OpenSSL."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise RuntimeError("openssl is needed for a certificate; without TLS: --plain")
    chain, key = folder / "chain.pem", folder / "key.pem"
    _run(openssl, *_REQUEST, "-keyout", str(key), "-out", str(chain))
    public = _run(openssl, "pkey", "-in", str(key), "-pubout", "-outform", "DER")
    return Certificate(chain, key, base64.b64encode(hashlib.sha256(public).digest()).decode())


def _run(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout
