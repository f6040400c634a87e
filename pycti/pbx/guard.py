"""Keeps other web sites away from the control API."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from pycti.pbx.answers import Handler, answer, as_json


async def guarded(handler: Handler, request: web.Request) -> web.StreamResponse:
    """Let only tools and this server's own pages in, and word errors as JSON."""
    if not _own_page(request):
        return answer({"message": "Other origins may not control this PBX."}, 403)
    response = await as_json(handler, request)
    response.headers[hdrs.CACHE_CONTROL] = "no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _own_page(request: web.Request) -> bool:
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return False
    own = f"{'https' if request.secure else 'http'}://{request.host}"
    if request.headers.get(hdrs.ORIGIN, own) != own:
        return False
    # A foreign name that was made to resolve to this machine (DNS rebinding) is no address.
    try:
        host = urlsplit(own).hostname or ""
    except ValueError:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return True
