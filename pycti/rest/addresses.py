"""Which servers may be spoken to: those with TLS, and those of this machine."""

from __future__ import annotations

import re

from pycti.errors import InputError, quoted

# Strict on purpose: whatever two parsers could read as two different hosts is not matched.
_URL = re.compile(
    r"(?P<scheme>[A-Za-z]+)://(?P<host>\[[0-9A-Fa-f:.]+\]|[\w\-]+(?:\.[\w\-]+)*\.?)"
    r"(?::[0-9]{1,5})?(?:[/?][^\s\\#]*)?"
)
_LOOPBACK = re.compile(r"127(?:\.[0-9]{1,3}){3}|\[::1\]|(?:[a-z0-9\-]+\.)*localhost")


def is_loopback(host: str) -> bool:
    """Whether a URL's host is this machine: 127.0.0.0/8, ::1, localhost and what lies below it."""
    return _LOOPBACK.fullmatch(host.lower()) is not None


def check_address(url: str, what: str, scheme: str) -> str:
    """Return ``url`` if it may be used. ``scheme`` is ``http`` or ``ws``.

    Raises:
        InputError: BAD_ARGUMENT where it is no such URL, INSECURE_URL where it lacks TLS.
    """
    match = _URL.fullmatch(url) if url.isprintable() else None
    used = match["scheme"].lower() if match else ""
    if match is None or used not in (scheme, f"{scheme}s"):
        words = f"The {what} {quoted(url)} is not a URL that begins with {scheme}s:// and a host."
        raise InputError("BAD_ARGUMENT", words)
    if used == scheme and not is_loopback(match["host"]):
        words = f"The {what} {quoted(url)} would send passwords and calls without encryption."
        raise InputError("INSECURE_URL", words, f"Use {scheme}s:// there.")
    return url
