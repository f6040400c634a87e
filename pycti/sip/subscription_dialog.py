"""The SIP dialog of a subscription (RFC 3261 §12, RFC 6665 §4.4.1)."""

from __future__ import annotations

from dataclasses import dataclass

from pycti.sip.grammar import split
from pycti.sip.headers import CSeq, NameAddr
from pycti.sip.identity import Identity
from pycti.sip.message import Request, Response
from pycti.sip.notification import Notification


@dataclass(slots=True)
class SubscriptionDialog:
    """Call-ID and tags, the target and route of requests, and the CSeq numbers of both sides."""

    call_id: str
    local_tag: str
    remote_tag: str = ""
    target: str = ""
    route: tuple[str, ...] = ()
    cseq: int = 0
    remote_cseq: int = -1

    def request(self, identity: Identity, uri: str, expires: int) -> Request:
        """Return the next SUBSCRIBE."""
        self.cseq += 1
        return identity.subscribe(
            uri,
            self.target or uri,
            self.route,
            self.call_id,
            self.local_tag,
            self.remote_tag,
            self.cseq,
            expires,
        )

    def sent_last(self, request: Request) -> bool:
        """Return whether ``request`` is the last one that was sent in this dialog."""
        headers = request.headers
        cseq = str(CSeq(self.cseq, request.method))
        return headers.get("Call-ID") == self.call_id and headers.get("CSeq") == cseq

    def learn_from_response(self, response: Response) -> None:
        """Take what a 2xx establishes; raise `MessageError` if it is malformed."""
        headers = response.headers
        tag = NameAddr.parse(headers.require("To")).tag
        # RFC 3261 §12.1.2: the client uses Record-Route in reverse order.
        hops = [hop for line in headers.get_all("Record-Route") for hop in split(line, ",")]
        contact = headers.get("Contact")
        target = str(NameAddr.parse(contact).uri) if contact else self.target
        if not self.remote_tag:
            self.remote_tag, self.route = tag, tuple(reversed(hops))
        self.target = target

    def learn_from_notify(self, notification: Notification) -> None:
        """Take tag and route (RFC 3261 §12.1.1), CSeq and target (§12.2.2) from a NOTIFY."""
        self.remote_cseq = notification.cseq
        self.target = notification.target or self.target
        if not self.remote_tag:
            self.remote_tag, self.route = notification.remote_tag, notification.route


NO_DIALOG = SubscriptionDialog("", "")
"""Placeholder for no dialog; it is never used to send or receive."""
