"""A SIP watcher without a network: sends SUBSCRIBEs and reads the answers."""

from __future__ import annotations

import secrets
from xml.etree import ElementTree

from pycti.pbx.accounts import Accounts
from pycti.pbx.demo_directory import demo_directory
from pycti.pbx.digest_server import DigestServer
from pycti.pbx.directory import Kind, Party
from pycti.pbx.legs import Call
from pycti.pbx.notifier import Notifier
from pycti.pbx.phones import Phones
from pycti.pbx.services import Switch
from pycti.pbx.sip_server import SipServer
from pycti.pbx.subscription import SubscriptionLimits
from pycti.sip.digest import DigestClient
from pycti.sip.fields import Headers
from pycti.sip.message import Request, Response, parse_message

from .manual import ManualTimers

NS = {"d": "urn:ietf:params:xml:ns:dialog-info"}


def subscribe_text(
    address: str = "10002@pbx.example",
    *,
    cseq: int = 1,
    to_tag: str = "",
    user: str = "10002",
    call_id: str = "c1",
    from_tag: str = "w1",
    method: str = "SUBSCRIBE",
    drop: tuple[str, ...] = (),
    **changes: str | None,
) -> str:
    """Return a SUBSCRIBE. ``changes`` sets headers (``_`` for ``-``); ``None`` omits one."""
    headers: dict[str, str | None] = {
        "Via": f"SIP/2.0/WS watcher.invalid;branch=z9hG4bK{secrets.token_hex(4)}",
        "From": f"<sip:{user}@pbx.example>;tag={from_tag}",
        "To": f"<sip:{address}>" + (f";tag={to_tag}" if to_tag else ""),
        "Call-ID": call_id,
        "CSeq": f"{cseq} {method}",
        "Max-Forwards": "70",
        "Contact": "<sip:w@watcher.invalid;transport=ws>",
        "Event": "dialog",
        "Accept": "application/dialog-info+xml",
        "Expires": "300",
    }
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    fields = [(name, value) for name, value in headers.items() if value is not None]
    return str(Request(method, f"sip:{address}", Headers(fields)))


class Document:
    """The content of a NOTIFY."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.subscription = request.headers.get("Subscription-State") or ""
        root = ElementTree.fromstring(request.body) if request.body else None
        self.version = None if root is None else int(root.get("version", ""))
        self.full = root is not None and root.get("state") == "full"
        self.entity = "" if root is None else root.get("entity")
        self.states: dict[str, str] = {}
        self.ends: dict[str, tuple[str | None, str | None]] = {}
        for dialog in () if root is None else root.findall("d:dialog", NS):
            state = dialog.find("d:state", NS)
            assert state is not None
            assert state.text is not None
            self.states[dialog.get("id", "")] = state.text
            self.ends[dialog.get("id", "")] = (state.get("event"), state.get("code"))


class FakeConnection:
    """Collects sent messages."""

    def __init__(self, number: int = 1) -> None:
        self.id = number
        self.open = True
        self.sent: list[str] = []

    def send(self, text: str) -> None:
        self.sent.append(text)

    def take(self) -> list[Request | Response]:
        sent, self.sent = self.sent, []
        return [parse_message(text) for text in sent]


class Watched:
    """A PBX's SIP side and its exchange on a manual clock, and one watcher: Anna."""

    def __init__(
        self, limits: SubscriptionLimits | None = None, nonce_lifetime: float = 300.0
    ) -> None:
        self.timers = ManualTimers()
        self.directory = demo_directory()
        self.phones = Phones(self.directory, self.timers)
        self.exchange = Switch(self.directory, self.timers.now, self.phones)
        self.accounts = Accounts(self.directory, self.timers.now)
        self.changes = 0
        self.notifier = Notifier(
            "pbx.example", self.timers, self.exchange.dialogs, limits or SubscriptionLimits(),
            self._changed,
        )  # fmt: skip
        self.exchange.listen(self.notifier.report)
        self.digest = DigestServer(
            "pbx.example", self.timers.now, self.accounts.sip_password, nonce_lifetime
        )
        self.server = SipServer(self.directory, self.digest, self.notifier)
        self.connection = FakeConnection()
        self._clients: dict[str, DigestClient] = {}
        self._cseq = 0
        self.to_tag = ""

    def _changed(self) -> None:
        self.changes += 1

    def ask(self, text: str, connection: FakeConnection | None = None) -> Response:
        """Send one message and return the response; NOTIFYs that follow can be read later."""
        connection = connection or self.connection
        assert self.server.receive(connection, text)
        answer = parse_message(connection.sent.pop(0))
        assert isinstance(answer, Response)
        return answer

    def client(self, user: str) -> DigestClient:
        """Return the digest client of a user, which has received a new challenge."""
        if user not in self._clients:
            password = self.accounts.sip_password(user)
            assert password is not None
            client = DigestClient(user, password, secrets.token_hex)
            client.challenged(value for _, value in self.digest.challenges())
            self._clients[user] = client
        return self._clients[user]

    def subscribe(
        self, address: str = "10002@pbx.example", user: str = "10002", to_tag: str = "",
        connection: FakeConnection | None = None, sip_user: str = "", **changes: str | None,
    ) -> Response:  # fmt: skip
        """Send an authenticated SUBSCRIBE and return its response."""
        self._cseq += 1
        authorization = self.client(user).authorization("SUBSCRIBE", f"sip:{address}")
        headers: dict[str, str | None] = {"CSeq": f"{self._cseq} SUBSCRIBE"}
        headers |= {"Authorization": authorization, **changes}
        text = subscribe_text(address, user=sip_user or user, to_tag=to_tag, **headers)
        return self.ask(text, connection)

    def watch(self, address: str = "10002@pbx.example") -> Document:
        """Subscribe, acknowledge the first document and return it."""
        answer = self.subscribe(address)
        assert answer.status == 200
        self.to_tag = str(answer.headers.get("To")).rpartition("tag=")[2]
        return self.documents()[0]

    def documents(
        self, status: int = 200, connection: FakeConnection | None = None
    ) -> list[Document]:
        """Return the received documents and answer their NOTIFYs."""
        connection = connection or self.connection
        requests = [one for one in connection.take() if isinstance(one, Request)]
        for request in requests if status else []:
            assert request.method == "NOTIFY"
            assert self.server.receive(connection, str(request.response(status)))
        return [Document(request) for request in requests]

    def incoming(self, to: str = "1002", name: str = "Alex Morgan") -> Call:
        caller = Party(Kind.OUTSIDE, "+442036427900", "+442036427900", name)
        return self.exchange.incoming(caller, self.directory.dial(to))
