"""Answer SIP requests (RFC 3261 §8.2) and authorise them. Text in, text out, no I/O."""

from __future__ import annotations

import logging
import re
import secrets

from pycti.errors import MessageError
from pycti.pbx.digest_server import DigestServer, UnauthorizedError
from pycti.pbx.directory import Directory, Party
from pycti.pbx.documents import MEDIA_TYPE
from pycti.pbx.notifier import EVENT, Notifier
from pycti.pbx.subscription import Connection
from pycti.sip.fields import Headers
from pycti.sip.headers import EventType, MediaType, NameAddr, Uri
from pycti.sip.message import Request, Response, parse_message

log = logging.getLogger("pycti.pbx")

_ALLOW = ("Allow", "SUBSCRIBE, OPTIONS")
_EVENTS = ("Allow-Events", EVENT)
_REQUEST_LINE = re.compile(r"\s*[A-Z]+ \S+ SIP/[0-9.]+\r?\n")
_COPIED = (("Via", "v"), ("From", "f"), ("To", "t"), ("Call-ID", "i"), ("CSeq", "cseq"))


class SipServer:
    """The SIP side of one PBX, for all connections."""

    def __init__(self, directory: Directory, digest: DigestServer, notifier: Notifier) -> None:
        self._directory = directory
        self._digest = digest
        self._notifier = notifier

    def receive(self, connection: Connection, text: str) -> bool:
        """Process one message. Return ``False`` if the connection must be closed."""
        try:
            message = parse_message(text)
            if isinstance(message, Response):
                self._notifier.answered(message)
            elif message.method != "ACK":  # RFC 3261 §17: an ACK is never answered.
                self._request(connection, message)
        except MessageError as error:
            answer = _answer_malformed(text, error)
            if answer is None:
                return False
            # The error's message may quote credentials, so it is not logged.
            log.info("connection %d sent a malformed request: %d", connection.id, error.status)
            connection.send(answer)
        return True

    def _request(self, connection: Connection, request: Request) -> None:
        required = request.headers.get("Require")
        if required:
            connection.send(str(_refuse(request, 420, ("Unsupported", required))))
        elif request.method == "OPTIONS":
            connection.send(str(_refuse(request, 200, _ALLOW, _EVENTS, ("Accept", MEDIA_TYPE))))
        elif request.method == "SUBSCRIBE":
            self._subscribe(connection, request)
        else:
            connection.send(str(_refuse(request, 405, _ALLOW)))

    def _subscribe(self, connection: Connection, request: Request) -> None:
        event = request.headers.get("Event")
        if event is None or EventType.parse(event).value != EVENT:
            connection.send(str(_refuse(request, 489, _EVENTS)))
            return
        if not _accepts(request):
            connection.send(str(_refuse(request, 406, ("Accept", MEDIA_TYPE))))
            return
        try:
            user_id = self._digest.check(request)
        except UnauthorizedError as error:
            connection.send(str(_refuse(request, 401, *self._digest.challenges(error.stale))))
            return
        sender = NameAddr.parse(request.headers.require("From")).uri
        if (sender.user, sender.host) != (user_id, self._directory.domain):
            connection.send(str(_refuse(request, 403)))
            return
        party = self._node(request.uri)
        if party is None:
            connection.send(str(_refuse(request, 404)))
            return
        self._notifier.subscribe(connection, request, user_id, party)

    def _node(self, address: str) -> Party | None:
        uri = Uri.parse(address)
        if uri.scheme not in ("sip", "sips") or uri.host != self._directory.domain:
            return None
        return self._directory.node(uri.user)


def _refuse(request: Request, status: int, *headers: tuple[str, str]) -> Response:
    reason = "Not Acceptable" if status == 406 else None
    return request.response(status, reason, to_tag=secrets.token_hex(8), headers=headers)


def _accepts(request: Request) -> bool:
    accepted = [
        MediaType.parse(part).value
        for value in request.headers.get_all("Accept")
        for part in value.split(",")
        if part.strip()
    ]
    return not accepted or any(one in (MEDIA_TYPE, "application/*", "*/*") for one in accepted)


def _answer_malformed(text: str, error: MessageError) -> str | None:
    """Return the response to a malformed request, if enough of it can be parsed."""
    if not error.status or not _REQUEST_LINE.match(text):
        return None
    head = re.split(r"\r?\n\r?\n", text.lstrip("\r\n"), maxsplit=1)[0]
    lines = [line.partition(":") for line in re.split(r"\r?\n", head)[1:]]
    headers = Headers()
    for name, compact in _COPIED:
        values = [
            value.strip()
            for key, _, value in lines
            if key.strip().lower() in (name.lower(), compact) and value.strip()
        ]
        if not values:
            return None
        for value in values if name == "Via" else values[:1]:
            headers.add(name, value)
    reasons = {413: "Request Entity Too Large", 505: "Version Not Supported"}
    try:
        return str(Response(error.status, reasons.get(error.status, "Bad Request"), headers))
    except ValueError:
        return None  # a header that must be copied contains a control character
