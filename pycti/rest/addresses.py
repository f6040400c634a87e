"""Check server addresses: only TLS, or a server on this machine, is allowed."""

from __future__ import annotations

import re

from pycti.errors import InputError, quoted

# Strict on purpose: a URL in which two parsers could find different hosts does not match.
_URL = re.compile(
    r"(?P<scheme>[A-Za-z]+)://(?P<host>\[[0-9A-Fa-f:.]+\]|[\w\-]+(?:\.[\w\-]+)*\.?)"
    r"(?::[0-9]{1,5})?(?:[/?][^\s\\#]*)?"
)
_LOOPBACK = re.compile(r"127(?:\.[0-9]{1,3}){3}|\[::1\]|(?:[a-z0-9\-]+\.)*localhost")


def is_loopback(host: str) -> bool:
    """Return whether ``host`` is this machine: 127.0.0.0/8, ::1, localhost or a subdomain of it."""
    return _LOOPBACK.fullmatch(host.lower()) is not None


def check_address(url: str, what: str, scheme: str) -> str:
    """Return ``url`` if it may be used. ``scheme`` is ``http`` or ``ws``.

    Raises:
        InputError: BAD_ARGUMENT if it is not such a URL, INSECURE_URL if it does not use TLS.
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
