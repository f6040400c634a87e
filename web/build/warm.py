"""Runs one whole session with a scripted server inside Python, before the snapshot is taken.

This imports everything that the worker needs, including modules that are imported on demand, and
fills the interpreter's caches. It must close everything that it opens, because a snapshot cannot
contain timers or sockets.
"""

import asyncio
import itertools
import json
import logging
import traceback
from collections import Counter
from collections.abc import Callable, Mapping

import pycti.platform.browser  # noqa: F401 - imported for the worker, which starts with it
from pycti.errors import CtiError, NetworkError
from pycti.pages.worker import Worker
from pycti.platform import SocketListener
from pycti.sip.message import Request, parse_message

ROUNDS = 60
ACCOUNT = {"id": 7, "sip_password": "none", "sip_domain": "pbx.invalid", "ext": "107"}
ANSWER = {"user_token": "none", "user_id": 7, "data": ACCOUNT}
"""The answer to every request. It has the fields that all of them need."""
DOCUMENT = """<?xml version="1.0"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="{version}" state="{state}"
 entity="sip:7@pbx.invalid"><dialog id="d{dialog}" call-id="c{dialog}" local-tag="l" remote-tag="r"
 direction="recipient"><state>{call}</state>
<local><identity display="Me">sip:7@pbx.invalid</identity><target uri="sip:7@pbx.invalid"/></local>
<remote><identity display="You">sip:+442079460199@pbx.invalid</identity></remote></dialog>
</dialog-info>"""
"""A dialog document (RFC 4235 §4)."""


class Handle:
    """A timer that never fires."""

    def cancel(self) -> None:
        """Do nothing."""


class Server:
    """The platform, the REST API, the SIP server and its socket in one."""

    def __init__(self) -> None:
        self._versions = itertools.count()
        self._chance = itertools.count()
        self.listener: SocketListener | None = None
        self.subscribed: Request | None = None

    def now(self) -> float:
        return 1000.0

    def wall(self) -> int:
        return 1_000_000

    def entropy(self, size: int) -> str:
        return f"{next(self._chance):0{2 * size}x}"

    def call_later(self, delay: float, callback: Callable[[], None]) -> Handle:
        return Handle()

    async def fetch(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None, timeout: float
    ) -> tuple[int, str]:
        if url.endswith("/calls") and method == "POST":
            raise NetworkError("NETWORK_ERROR", "The server cannot be reached.")
        return 200, json.dumps(ANSWER)

    def open_socket(self, url: str, listener: SocketListener) -> "Server":
        self.listener = listener
        asyncio.get_running_loop().call_soon(listener.opened)
        return self

    def close(self) -> None:
        pass

    def send(self, text: str) -> None:
        message = parse_message(text)
        if not isinstance(message, Request) or message.method != "SUBSCRIBE":
            return
        self.subscribed = message
        answer = message.response(200, to_tag="s")
        for name, value in (("Expires", "300"), ("Contact", "<sip:pbx.invalid;transport=ws>")):
            answer.headers.add(name, value)
        self.deliver(str(answer))
        self.notify("full", 0, "early")

    def notify(self, state: str, dialog: int, call: str) -> None:
        request = self.subscribed
        if request is None:
            return
        number = next(self._versions)
        body = DOCUMENT.format(version=number, state=state, dialog=dialog, call=call)
        fields = {
            "Via": f"SIP/2.0/WS pbx.invalid;branch=z9hG4bK{number}",
            "From": request.headers.require("To") + ";tag=s",
            "To": request.headers.require("From"),
            "Call-ID": request.headers.require("Call-ID"),
            "CSeq": f"{number + 1} NOTIFY",
            "Max-Forwards": "70",
            "Event": "dialog",
            "Subscription-State": "active;expires=300",
            "Content-Type": "application/dialog-info+xml",
            "Content-Length": str(len(body)),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.deliver(f"NOTIFY sip:7@pbx.invalid SIP/2.0\r\n{head}\r\n{body}")

    def deliver(self, text: str) -> None:
        if self.listener:
            asyncio.get_running_loop().call_soon(self.listener.received, text)


async def session() -> None:
    """Log in, follow calls, send commands and messages that are refused, and log out."""
    server = Server()
    told: list[str] = []
    worker = Worker(lambda page, text: told.append(text), server)

    async def tell(message: dict[str, object]) -> None:
        worker.receive(1, json.dumps(message))
        for _ in range(20):
            await asyncio.sleep(0)

    options = {"apiEndpoint": "https://pbx.invalid"}
    await tell({"type": "hello", "options": options, "token": None, "nodes": [], "calls": []})
    await tell({"type": "command", "id": 1, "method": "login", "args": ["me", "none"]})
    for number in range(1, ROUNDS):
        for state in ("early", "confirmed", "confirmed", "terminated"):
            server.notify("partial", number, state)
        await asyncio.sleep(0)
    for method, args in (("call", ["+442079460199"]), ("subscribe", ["queue:1"]), ("call", [])):
        await tell({"type": "command", "id": 2, "method": method, "args": args})
    server.deliver("INVITE")
    await tell({"type": "command", "id": 3, "method": "logout", "args": []})
    names = Counter(json.loads(text).get("event", {}).get("name") for text in told)
    expected = {"READY": 1, "HANGUP": ROUNDS - 1, "CANCEL": 1, "ERROR": 1, "LOGGED_OUT": 1}
    if any(names[name] != count for name, count in expected.items()):
        raise RuntimeError(f"the session went wrong: {names}")


def tracebacks() -> None:
    """Format an error, because the first error imports the modules for that."""
    try:
        raise CtiError("INTERNAL_ERROR", "none")
    except CtiError:
        traceback.format_exc()


tracebacks()
logging.disable()
await session()
logging.disable(logging.NOTSET)
