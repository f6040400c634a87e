"""A host site: a web server that sends files unchanged."""

from __future__ import annotations

from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from .web_server import WebServer


class Site(WebServer):
    """Serves one directory, and records the requests."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.asked: list[str] = []
        super().__init__(_Handler)


class _Handler(SimpleHTTPRequestHandler):
    server: Site
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".whl": "application/zip",
        ".json": "application/json",
        ".simple": "application/vnd.pypi.simple.v1+json",
    }

    def translate_path(self, path: str) -> str:
        path = path.partition("?")[0]
        self.server.asked.append(path)
        # A directory of an index (PEP 691) is answered with its page.
        page = "index.simple" if path.startswith("/simple/") and path.endswith("/") else ""
        return f"{self.server.root}{path}{page}"

    def log_message(self, *args: object) -> None:
        pass
