"""Serve the bundle: the demo at ``/``, all files at ``/dist/``."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from aiohttp import hdrs, web

# The names of the assets contain a hash of their content.
_FOR_EVER = "public, max-age=31536000, immutable"
# The scripts that pages include: navigation to the next page does not wait for the answer.
_ASK_LATER = "public, max-age=60, stale-while-revalidate=600"
# The browser revalidates each time and gets 304 if the ETag still matches.
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
    """Serves the files of one directory tree: no listings, no outside files, no hidden files."""

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
        # A cross-origin isolated page loads only frames and workers with the same policies.
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
    # `resolve` follows symbolic links, so a link out of the tree is rejected here.
    return path if inside and path.is_file() else None
