"""A SIP server that accepts pages of any origin, as a service does. The PBX behind it does not."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit

OPAQUE = b"Origin: null"


class AnyOrigin:
    """Forwards connections. A page without an origin gets the server's own origin."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._peer = (parts.hostname or "", parts.port or 80)
        self._own = b"Origin: " + server.encode()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self._listener.getsockname()[1]}/sip"
        self.opaque = 0
        """The connections of pages without an origin, which the PBX would have refused."""
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                page, _ = self._listener.accept()
                peer = socket.create_connection(self._peer)
                # A browser sends the header of a handshake at once.
                head = page.recv(65536)
                self.opaque += OPAQUE in head
                peer.sendall(head.replace(OPAQUE, self._own))
                for pair in ((page, peer), (peer, page)):
                    threading.Thread(target=_carry, args=pair, daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
