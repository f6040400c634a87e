"""Control access to the PBX by address, host name and website."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from pycti.pbx.answers import answer

WARNING = (
    "{host} can be reached by other machines. The passwords of this PBX are published: everyone "
    "there can log in, place calls, listen to every event and, where the control API is served, "
    "change what the phones do.{tls} Use it in a network that you trust, and no longer than needed."
)
NO_TLS = " Nothing is encrypted, and the connector on their pages refuses that: see --certfile."


def _is_local(name: str) -> bool:
    """Return whether a host name or address always belongs to this machine."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def warning(host: str, tls: bool) -> str:
    """Return a warning about ``host``, or ``""`` if only this machine can reach it."""
    if _is_local(host.lower()):
        return ""
    return WARNING.format(host=host or "Every address", tls="" if tls else NO_TLS)


class Reach:
    """Accepts or refuses requests by their headers.

    A website whose name resolves to this machine (DNS rebinding) sends its own name in Host, and
    every website sends its origin in Origin.
    """

    def __init__(self, host: str = "127.0.0.1", names: Collection[str] = ()) -> None:
        self._local = _is_local(host.lower())
        self._names = {name.lower() for name in (host, *names)}

    def _known(self, name: str | None) -> bool:
        if not name:
            return False
        name = name.lower()
        if name in self._names or _is_local(name):
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return not self._local  # DNS rebinding needs a name; an IP address is safe.

    def refuse_host(self, request: web.Request) -> web.Response | None:
        """Return a refusal if the request names a foreign host."""
        if self._known(_name(f"//{request.host}")):
            return None
        return answer({"message": "This PBX does not go by that name."}, 421)

    def refuse_origin(self, request: web.Request) -> web.Response | None:
        """Return a refusal if the request is from a foreign website. Tools send no Origin."""
        origin = request.headers.get(hdrs.ORIGIN)
        # Sandboxed pages of all sites have the origin "null".
        name = origin if origin == "null" else _name(origin or "")
        if origin is None or self._known(name):
            return None
        return answer({"message": "Web sites of others may not connect to this PBX."}, 403)


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
