"""Block other websites from the control API; `reach` blocks foreign host names everywhere."""

from __future__ import annotations

from aiohttp import hdrs, web

from pycti.pbx.answers import Handler, answer, as_json


async def guarded(handler: Handler, request: web.Request) -> web.StreamResponse:
    """Allow only tools and this server's own pages, and return errors as JSON."""
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
    return request.headers.get(hdrs.ORIGIN, own) == own
