"""A web server for the tests."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class WebServer(ThreadingHTTPServer):
    """Serves on a free port of the loopback interface, in its own thread, once constructed."""

    daemon_threads = True
    # A browser opens many connections at once.
    request_queue_size = 64

    def __init__(self, handler: type[BaseHTTPRequestHandler], name: str = "127.0.0.1") -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.url = f"http://{name}:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()

    def handle_error(self, request: object, client_address: object) -> None:
        """Log nothing: the browser cancels requests that it does not need any more."""

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
