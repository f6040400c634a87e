"""Serves the built pages: the demo at ``/``, everything at ``/dist/``."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from aiohttp import hdrs, web

# The names of the assets change with their content.
_FOR_EVER = "public, max-age=31536000, immutable"
# What pages include: a page on the way to the next one does not wait for the answer.
_ASK_LATER = "public, max-age=60, stale-while-revalidate=600"
# The browser asks each time and gets 304 where its ETag is still right.
_ASK_FIRST = "no-cache"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".bin": "application/octet-stream",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".zip": "application/zip",
}


class Pages:
    """Files of one directory tree. No listings, nothing outside of it, nothing hidden."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def demo(self, request: web.Request) -> web.StreamResponse:
        """GET / and below."""
        return self._file(self._root / "demo", request.match_info.get("path", ""))

    async def dist(self, request: web.Request) -> web.StreamResponse:
        """GET /dist/ and below; pages of other origins may load it, as from a CDN."""
        response = self._file(self._root, request.match_info.get("path", ""))
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = hdrs.CONTENT_ENCODING
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        # A page that is isolated takes frames and workers only with the same promise.
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
        return response

    def _file(self, root: Path, relative: str) -> web.StreamResponse:
        if relative == "" or relative.endswith("/"):
            relative += "index.html"
        path = _find(root, relative)
        if path is None:
            raise web.HTTPNotFound(text="There is no such page.\n")
        kind = _TYPES.get(path.suffix.lower())
        headers = {
            hdrs.CONTENT_TYPE: kind
            or mimetypes.guess_type(path.name)[0]
            or "application/octet-stream",
            hdrs.VARY: hdrs.ACCEPT_ENCODING,
            hdrs.CACHE_CONTROL: self._caching(path),
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(path, headers=headers)

    def _caching(self, path: Path) -> str:
        root = self._root.resolve()
        if path.parent == root / "assets":
            return _FOR_EVER
        included = path.parent == root and path.suffix in (".js", ".mjs")
        return _ASK_LATER if included else _ASK_FIRST


def _find(root: Path, relative: str) -> Path | None:
    parts = relative.split("/")
    if (
        "\0" in relative
        or "\\" in relative
        or any(part.startswith(".") or not part for part in parts)
    ):
        return None
    try:
        path = root.joinpath(*parts).resolve(strict=True)
        inside = path.is_relative_to(root.resolve(strict=True))
    except (OSError, RuntimeError):
        return None
    # `resolve` follows symbolic links: one that leads out of the tree is refused here.
    return path if inside and path.is_file() else None
