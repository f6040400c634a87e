"""Web servers for the tests: one with host pages, one with the bundle, like a CDN."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

from browser.web_server import WebServer

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
"""The headers that docs/hosting.rst requires for every file of the bundle."""

PASSED = ("Content-Type", "X-Auth-Token")


@dataclass
class Answer:
    body: str
    kind: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)


class Site(WebServer):
    """An origin. ``answers`` are its own pages. The bundle is below ``/cti/``."""

    def __init__(self, bundle: Path, name: str = "127.0.0.1") -> None:
        self.bundle = bundle
        self.answers: dict[str, Answer] = {}
        self.headers: Callable[[str], Mapping[str, str]] = lambda _name: OPEN
        """The headers of each file of the bundle, in addition to its type."""
        self.api = ""
        """The server whose REST API is also available on this origin."""
        super().__init__(Handler, name)


class Handler(BaseHTTPRequestHandler):
    server: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        answer = self.server.answers.get(path)
        if self.server.api and path.startswith("/v1.2/"):
            self.do_POST()
        elif answer is not None:
            self._send(answer.body.encode(), answer.kind, answer.headers)
        elif path.startswith("/cti/"):
            self._send_file(path.removeprefix("/cti/"))
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """Forward a request for the API."""
        length = int(self.headers.get("Content-Length") or 0)
        passed = {name: self.headers[name] for name in PASSED if self.headers[name]}
        asked = Request(self.server.api + self.path, self.rfile.read(length) or None, passed,
                        method=self.command)  # fmt: skip
        with urlopen(asked, timeout=60) as answer:
            self._send(answer.read(), "application/json", {})

    do_DELETE = do_POST  # noqa: N815

    def _send_file(self, name: str) -> None:
        file = self.server.bundle / name
        if not file.is_file():
            self.send_error(404)
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if file.suffix in (".js", ".mjs"):
            kind = "text/javascript"
        self._send(file.read_bytes(), kind, self.server.headers(name))

    def _send(self, body: bytes, kind: str, headers: Mapping[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass
