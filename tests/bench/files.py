"""What the server hands out: files, compressed once, with the bytes that each visit cost."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.abc import AbstractAccessLogger

from pycti.pbx.pages import Pages

_COMPRESSIBLE = {".js", ".mjs", ".wasm", ".json", ".zip", ".whl", ".css", ".html"}
_TYPES = {".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript",
          ".wasm": "application/wasm", ".json": "application/json"}  # fmt: skip

# What `brotli FILE` does: quality 11, the largest standard window.
_BROTLI = """
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants as c } from "node:zlib";
for (const [from, to] of JSON.parse(process.argv[1])) {
  const params = { [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_LGWIN]: 24 };
  writeFileSync(to, brotliCompressSync(readFileSync(from), { params }));
}
"""


def compress(paths: list[Path], node: list[str]) -> dict[Path, bytes]:
    """Return the brotli form of each file that gets smaller by it and has none beside it.

    They are kept from run to run.
    """
    known = set(paths)
    kept = Path(tempfile.gettempdir()) / "pycti-bench-brotli"
    kept.mkdir(exist_ok=True)
    found = {
        path: kept / hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.suffix in _COMPRESSIBLE and path.with_name(f"{path.name}.br") not in known
    }
    jobs = [(str(path), str(to)) for path, to in found.items() if not to.exists()]
    if jobs:
        command = [*node, "--input-type=module", "--eval", _BROTLI, "--", json.dumps(jobs)]
        subprocess.run(command, check=True)
    return {
        path: content
        for path, to in found.items()
        if len(content := to.read_bytes()) < path.stat().st_size
    }


class Visits:
    """Bytes on the wire by host name and path: all of them, and the content alone."""

    def __init__(self) -> None:
        self._bytes: dict[str, dict[str, list[int]]] = {}

    def add(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Count one answer, when it has been sent."""
        content = (response.content_length or 0) if response.status == 200 else 0
        wire = response.body_length  # aiohttp's name for it; the head is in it.
        if isinstance(response, web.FileResponse):
            wire += content  # The kernel sent the file.
        counted = self._bytes.setdefault(request.host, {}).setdefault(request.path, [0, 0])
        counted[0] += wire
        counted[1] += content

    def take(self, host: str) -> dict[str, list[int]]:
        """Return what ``host`` cost since it was last asked for."""
        return self._bytes.pop(host, {})

    def logger(self) -> type[AbstractAccessLogger]:
        """Return what aiohttp calls when an answer has been sent."""
        add = self.add

        class Counting(AbstractAccessLogger):
            def log(
                self, request: web.BaseRequest, response: web.StreamResponse, time: float
            ) -> None:
                add(request, response)

        return Counting


class Folder:
    """Files that never change, as the best of hosts serves them; only pages are asked for again."""

    def __init__(self, root: Path, compressed: dict[Path, bytes]) -> None:
        self._root = root
        self._compressed = compressed

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """GET one file."""
        path = self._root / request.match_info["path"]
        if not path.is_file():
            raise web.HTTPNotFound
        headers = {
            hdrs.CONTENT_TYPE: _TYPES.get(path.suffix, "application/octet-stream"),
            hdrs.CACHE_CONTROL: "no-cache"
            if path.suffix == ".html"
            else "public, max-age=31536000, immutable",
        }
        return _body(request, path, self._compressed, headers)


class Bundle:
    """``web/dist`` with the headers that ``demo`` and ``pbx`` send, and with brotli."""

    def __init__(self, root: Path, compressed: dict[Path, bytes]) -> None:
        self._root = root
        self._pages = Pages(root)
        self._compressed = compressed

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """GET one file."""
        response = await self._pages.dist(request)
        path = self._root / request.match_info["path"]
        if hdrs.CONTENT_ENCODING in response.headers or path not in self._compressed:
            return response
        headers = {name: response.headers[name] for name in response.headers
                   if name.lower() not in ("content-length", "etag")}  # fmt: skip
        return _body(request, path, self._compressed, headers)


def _body(
    request: web.Request, path: Path, compressed: dict[Path, bytes], headers: dict[str, str]
) -> web.StreamResponse:
    tag = f'"{path.stat().st_mtime_ns:x}"'
    headers |= {hdrs.ETAG: tag, hdrs.VARY: hdrs.ACCEPT_ENCODING}
    if request.headers.get(hdrs.IF_NONE_MATCH) == tag:
        return web.Response(status=304, headers=headers)
    if "br" in request.headers.get(hdrs.ACCEPT_ENCODING, "") and path in compressed:
        body, headers = compressed[path], headers | {hdrs.CONTENT_ENCODING: "br"}
    else:
        body = path.read_bytes()
    return web.Response(body=body, headers=headers)
