"""The CPython platform with a recorder on the WebSocket."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pycti.platform import SocketListener
from pycti.platform.native import NativePlatform, NativeSocket
from pycti.sip.headers import NameAddr
from pycti.sip.message import Request, Response, parse_message, top_via


class TappedPlatform(NativePlatform):
    """Records sent and received messages. While ``deaf``, incoming NOTIFYs are lost."""

    def __init__(self) -> None:
        super().__init__()
        self.deaf = False
        self.sent: list[str] = []
        self.received: list[str] = []

    def open_socket(self, url: str, listener: SocketListener) -> NativeSocket:
        return TappedSocket(self, url, listener)

    # The recorded messages

    @property
    def subscribes(self) -> list[tuple[Request, int]]:
        """Return every SUBSCRIBE with a response, and the status of the response."""
        status = {}
        for text in self.received:
            message = parse_message(text)
            if isinstance(message, Response):
                status[top_via(message).branch] = message.status
        requests = [parse_message(text) for text in self.sent if text.startswith("SUBSCRIBE ")]
        return [
            (request, status[top_via(request).branch])
            for request in requests
            if isinstance(request, Request) and top_via(request).branch in status
        ]

    @property
    def refreshes(self) -> list[int]:
        """Return the statuses of the responses to refreshes (RFC 6665 §4.1.2.2)."""
        return [
            status
            for request, status in self.subscribes
            if NameAddr.parse(request.headers.require("To")).tag
        ]

    @property
    def notifies(self) -> list[Request]:
        """Return the received NOTIFYs in order."""
        requests = [parse_message(text) for text in self.received if text.startswith("NOTIFY ")]
        return [request for request in requests if isinstance(request, Request)]

    def view(self, *nodes: str) -> dict[tuple[str, str], tuple[str, str, str]]:
        """Return source, destination and status from the newest document of each node.

        The keys are node and dialog id. It uses a parser of its own, so that the result can be
        compared with that of the connector.
        """
        newest: dict[str, tuple[str, int, str]] = {}
        for request in self.notifies:
            node = "user:" + NameAddr.parse(request.headers.require("From")).uri.user
            call_id = request.headers.require("Call-ID")
            cseq = int(request.headers.require("CSeq").split()[0])
            before = newest.get(node)
            if before is None or before[0] != call_id or before[1] < cseq:
                newest[node] = (call_id, cseq, request.body)
        return {
            (node, dialog): call
            for node, (_, _, body) in newest.items()
            if node in nodes
            for dialog, call in _calls(body)
        }


def _calls(body: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for dialog in re.findall(r"<dialog .*?</dialog>", body, re.DOTALL):
        name = re.search(r' id="([^"]+)"', dialog)
        state = re.search(r"<state>(\w+)</state>", dialog)
        local, remote = (
            re.search(rf"<{side}>.*?sip:(\w+)@.*?</{side}>", dialog, re.DOTALL)
            for side in ("local", "remote")
        )
        if name is None or state is None or local is None or remote is None:
            raise AssertionError(f"no dialog that this test can read: {dialog}")
        incoming = 'direction="recipient"' in dialog
        source, destination = (remote[1], local[1]) if incoming else (local[1], remote[1])
        status = {"early": "RINGING", "confirmed": "CONNECTED"}.get(state[1])
        if status == "CONNECTED" and "+sip.rendering" in dialog:
            status = "ON_HOLD"
        if status:
            yield name[1], (source, destination, status)


class TappedSocket(NativeSocket):
    def __init__(self, platform: TappedPlatform, url: str, listener: SocketListener) -> None:
        self._tap = platform
        super().__init__(platform._client(), url, TappedListener(platform, listener))

    def send(self, text: str) -> None:
        self._tap.sent.append(text)
        super().send(text)


class TappedListener:
    def __init__(self, platform: TappedPlatform, listener: SocketListener) -> None:
        self._tap = platform
        self._listener = listener

    def opened(self) -> None:
        self._listener.opened()

    def closed(self, reason: str) -> None:
        self._listener.closed(reason)

    def received(self, *messages: str | bytes) -> None:
        for data in messages:
            text = data if isinstance(data, str) else data.decode()
            if self._tap.deaf and text.startswith("NOTIFY "):
                continue
            self._tap.received.append(text)
            self._listener.received(data)
