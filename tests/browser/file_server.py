"""A web server of a bundle's files, as a simple host has it: it does not compress them."""

from __future__ import annotations

from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from .web_server import WebServer


class FileHandler(SimpleHTTPRequestHandler):
    """Serves the files to pages of any origin, and records the names that were requested."""

    server: FileServer
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript"}

    def translate_path(self, path: str) -> str:
        self.server.asked.append(path.rpartition("/")[2])
        return str(self.server.root) + path

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, *args: object) -> None:
        pass


class FileServer(WebServer):
    """``asked``: the names of the requested files, in order."""

    def __init__(self, root: Path, handler: type[FileHandler] = FileHandler) -> None:
        self.root = root
        self.asked: list[str] = []
        super().__init__(handler)
