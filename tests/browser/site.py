"""A site of someone else's: a web server that sends files as they are, and nothing more."""

from __future__ import annotations

import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Site(ThreadingHTTPServer):
    """Serves one directory, and knows what it was asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: the browser breaks off what it does not want any more."""

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


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
        self.server.asked.append(path)
        # A directory of an index (PEP 691) is its page.
        page = "index.simple" if path.startswith("/simple/") and path.endswith("/") else ""
        return f"{self.server.root}{path}{page}"

    def log_message(self, *args: object) -> None:
        pass
