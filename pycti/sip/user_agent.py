"""The SIP user agent: messages in, messages and reports out. The only router of SIP messages."""

from __future__ import annotations

import logging

from pycti.common.deadlines import earliest
from pycti.common.redaction import redact
from pycti.errors import MessageError
from pycti.sip.dialog_info import MEDIA_TYPE
from pycti.sip.headers import NameAddr, parse_address
from pycti.sip.identity import Identity
from pycti.sip.incoming import Incoming, Notify
from pycti.sip.keepalive import LATE, PING, PONG, KeepAlive
from pycti.sip.message import Request, Response, top_via
from pycti.sip.notification import Notification
from pycti.sip.reports import Dead, DialogsChanged, Report
from pycti.sip.subscription import RESTART_PAUSE, Subscription
from pycti.sip.subscription_states import State
from pycti.sip.transaction import TIMER_F, ClientTransactions, ServerTransaction

logger = logging.getLogger("pycti.sip")

_ALLOW = ("Allow", "NOTIFY, OPTIONS")
_EXPLANATIONS = {
    # RFC 3261 §21.4.6, §21.4.13 and RFC 6665 §8.3.2 require these headers in these responses.
    405: _ALLOW,
    415: ("Accept", MEDIA_TYPE),
    489: ("Allow-Events", "dialog"),
}


class UserAgent:
    """Subscribes to nodes over one WebSocket at a time, and resubscribes over the next one.

    Feed it with `connected`, `receive`, `tick` and `disconnected`. After each call, send the result
    of `drain`, handle the result of `reports`, and call `tick` at `deadline`. After `receive` these
    steps can wait until a batch of messages is processed, unless there is an ``urgent`` report,
    which may change how the next message is handled. All times are seconds of a monotonic clock.
    """

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.online = self.urgent = False
        self._keepalive = KeepAlive()
        self._transactions: ClientTransactions[Subscription] = ClientTransactions()
        self._by_node: dict[str, Subscription] = {}
        self._by_dialog: dict[tuple[str, str], Subscription] = {}
        # All subscriptions that have not ended, also those that are ending, and their keys in
        # _by_dialog.
        self._live: dict[Subscription, tuple[str, str] | None] = {}
        self._next: float | None = None
        self._refetched = float("-inf")
        self._outgoing: list[str] = []
        self._reports: list[Report] = []

    def subscribe(self, node: str, uri: str, now: float) -> None:
        """Follow ``node``, whose SIP URI is ``uri``, until `unsubscribe`."""
        if node not in self._by_node:
            subscription = self._by_node[node] = Subscription(node, uri, self.identity)
            self._live[subscription] = None
            if self.online:
                subscription.start(now)
                self._collect(subscription, now)

    def unsubscribe(self, node: str, now: float) -> None:
        """Stop following ``node``."""
        subscription = self._by_node.pop(node, None)
        if subscription is not None:
            subscription.stop(now)
            self._collect(subscription, now)

    def connected(self, now: float) -> None:
        """Subscribe to all nodes: a WebSocket is open."""
        self.online = True
        self._keepalive.start(now)
        for subscription in tuple(self._by_node.values()):
            subscription.start(now)
            self._collect(subscription, now)

    def disconnected(self, now: float) -> None:
        """Stop sending: the WebSocket is closed."""
        self.online = False
        self._outgoing.clear()
        self._transactions.clear()
        for subscription in tuple(self._live):
            subscription.lost(now)
            self._collect(subscription, now)

    def probe(self, now: float) -> None:
        """Test the connection and fetch all states, after a sleep or an outage."""
        if self.online:
            self._outgoing.append(self._keepalive.ping(now))
            if now < self._refetched + RESTART_PAUSE:
                return  # Each page of a worker reports that the machine is back.
            self._refetched = now
            for subscription in tuple(self._live):
                subscription.refetch(now)
                self._collect(subscription, now)

    def receive(self, message: Incoming, now: float) -> None:
        """Process one parsed WebSocket message. No content makes this raise."""
        self._keepalive.received(now, pong=message == PONG)
        try:
            if isinstance(message, Notify):
                self._receive_request(message.request, now, message.says)
            elif isinstance(message, Request):
                self._receive_request(message, now)
            elif isinstance(message, Response):
                self._receive_response(message, now)
            elif isinstance(message, MessageError):
                raise message
            elif message == PING:
                self._outgoing.append(PONG)
        except MessageError as error:
            logger.warning("dropped a SIP message: %s", redact(error.message))
            self._refuse(error)

    def tick(self, now: float) -> None:
        """Do what is due at ``now``."""
        due = self._transactions.deadline
        expired = self._transactions.expire(now)
        for subscription, request in expired:
            subscription.timed_out(request, now)
            self._collect(subscription, now)
        if self._next is not None and self._next <= now:
            self._next = None
            for subscription in tuple(self._live):
                subscription.tick(now)
                self._collect(subscription, now)
        if not self.online:
            return
        # A request without an answer, and no other message since it was sent, also means a dead
        # connection, unless the machine slept and could not receive anything.
        silent = bool(expired) and self._keepalive.last <= now - TIMER_F
        slept = due is not None and now > due + LATE
        if self._keepalive.dead(now) or (silent and not slept):
            self._reports.append(Dead())
        elif self._keepalive.due(now):
            self._outgoing.append(self._keepalive.ping(now))

    @property
    def deadline(self) -> float | None:
        """When to call `tick` next, or ``None`` if nothing is pending."""
        keepalive = self._keepalive.deadline if self.online else None
        return earliest(self._next, self._transactions.deadline, keepalive)

    def drain(self) -> list[str]:
        """Remove and return the WebSocket messages to send, in order."""
        outgoing, self._outgoing = self._outgoing, []
        return outgoing

    def reports(self) -> list[Report]:
        """Remove and return the reports, in order."""
        reports, self._reports, self.urgent = self._reports, [], False
        return reports

    def _collect(self, subscription: Subscription, now: float) -> None:
        for request in subscription.outgoing:
            self._transactions.start(request, subscription, now)
            self._write(request)
        subscription.outgoing.clear()
        if subscription.reports:
            self._reports += subscription.reports
            self.urgent = self.urgent or any(map(_is_urgent, subscription.reports))
            subscription.reports.clear()
        self._index(subscription)
        due = subscription.deadline
        if due is not None:
            # Keep the earliest deadline instead of searching it: the cost must not grow with the
            # nodes.
            self._next = earliest(due, self._next)

    def _index(self, subscription: Subscription) -> None:
        key, old = subscription.key, self._live.get(subscription)
        if key != old:
            if old is not None:
                del self._by_dialog[old]
            if key is not None:
                self._by_dialog[key] = subscription
            self._live[subscription] = key
        if subscription.state is State.ENDED:
            self._live.pop(subscription, None)
            if self._by_node.get(subscription.node) is subscription:
                del self._by_node[subscription.node]

    def _receive_response(self, response: Response, now: float) -> None:
        match = self._transactions.receive(response)
        if match is not None:
            subscription, request = match
            try:
                subscription.receive_response(request, response, now)
            finally:
                self._collect(subscription, now)

    def _receive_request(
        self, request: Request, now: float, says: Notification | MessageError | None = None
    ) -> None:
        if request.method == "ACK":
            return
        transaction = ServerTransaction(request)
        required = request.headers.get("Require")
        explanation: tuple[str, str] | None
        if required is not None:
            # RFC 3261 §8.2.2.3: no extension is supported here.
            status, explanation = 420, ("Unsupported", required)
        else:
            status = self._status_for(request, now, says)
            served = status == 200 and request.method == "OPTIONS"
            explanation = _ALLOW if served else _EXPLANATIONS.get(status)
        headers = () if explanation is None else (explanation,)
        self._write(transaction.respond(status, self._new_tag(request), headers))

    def _new_tag(self, request: Request) -> str | None:
        """Return a To tag for the response if ``request`` has none (RFC 3261 §8.2.6.2)."""
        try:
            tagged = parse_address(request.headers.require("To")).tag
        except MessageError:
            tagged = ""
        return None if tagged else self.identity.entropy(4)

    def _status_for(
        self, request: Request, now: float, says: Notification | MessageError | None
    ) -> int:
        try:
            if says is not None:
                return self._receive_notify(request, now, says)
            # Reject malformed requests before unsupported ones (RFC 4475 §3.1.2.1, .6).
            top_via(request)
            for name in ("From", "To"):
                NameAddr.parse(request.headers.require(name))
        except MessageError as error:
            logger.warning("rejected a request: %s", redact(error.message))
            return error.status
        if request.method != "OPTIONS":
            return 405
        # RFC 3261 §8.2.2.1: 416 if the scheme of the Request-URI is not sip or sips.
        return 200 if request.uri.lower().startswith(("sip:", "sips:")) else 416

    def _receive_notify(
        self, request: Request, now: float, says: Notification | MessageError
    ) -> int:
        call_id = request.headers.require("Call-ID")
        tag = parse_address(request.headers.require("To")).tag
        subscription = self._by_dialog.get((call_id, tag))
        if subscription is None:
            return 481
        if isinstance(says, MessageError):
            raise says
        status = subscription.receive_notify(says, now)
        self._collect(subscription, now)
        return status

    def _write(self, message: Request | Response) -> None:
        # Echoed headers may contain bytes that are not UTF-8, which a text frame cannot carry.
        text = str(message)
        self._outgoing.append(text if text.isascii() else text.encode("utf-8", "replace").decode())

    def _refuse(self, error: MessageError) -> None:
        request = error.request
        if not isinstance(request, Request) or request.method == "ACK" or not error.status:
            return
        try:
            tag = self.identity.entropy(4)
            self._write(request.response(error.status, to_tag=tag))
        except (MessageError, ValueError):
            logger.warning("a malformed request cannot be answered")


def _is_urgent(report: Report) -> bool:
    return not isinstance(report, DialogsChanged)
