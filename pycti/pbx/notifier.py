"""The notifier of the dialog event package (RFC 6665 §4.2, RFC 4235): subscriptions and NOTIFYs."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Sequence

from pycti.errors import MessageError
from pycti.pbx.directory import Party
from pycti.pbx.documents import MEDIA_TYPE, dialog_info
from pycti.pbx.legs import Leg
from pycti.pbx.subscription import Connection, Subscription, SubscriptionLimits
from pycti.pbx.timers import Timers
from pycti.sip.fields import Headers
from pycti.sip.grammar import parse_number
from pycti.sip.headers import CSeq, EventType, NameAddr
from pycti.sip.message import Request, Response, top_via

log = logging.getLogger("pycti.pbx")

EVENT = "dialog"
# RFC 6665 §4.2.2: the responses to a NOTIFY that end the subscription.
_FATAL = {404, 405, 410, 416, *range(480, 486), 489, 501, 604}


class Notifier:
    """All subscriptions of one PBX.

    ``dialogs`` returns the live legs of a node, ``device`` the state of its phone (`dialog_info`).
    """

    def __init__(
        self,
        domain: str,
        timers: Timers,
        dialogs: Callable[[str], Sequence[Leg]],
        limits: SubscriptionLimits,
        changed: Callable[[], None],
        device: Callable[[str], str] = lambda _node: "",
    ) -> None:
        self._domain = domain
        self._timers = timers
        self._dialogs = dialogs
        self._limits = limits
        self._changed = changed
        self._device = device
        self._subscriptions: dict[tuple[str, str], Subscription] = {}
        self._transactions: dict[str, Subscription] = {}

    @property
    def subscriptions(self) -> list[Subscription]:
        """The live subscriptions, oldest first."""
        return list(self._subscriptions.values())

    # Messages of watchers

    def subscribe(
        self, connection: Connection, request: Request, user_id: str, party: Party
    ) -> None:
        """Answer an authenticated SUBSCRIBE and send the NOTIFY that follows it.

        Raises:
            MessageError: a header is malformed or missing; nothing was sent.
        """
        headers = request.headers
        cseq = CSeq.parse(headers.require("CSeq")).number
        contact = NameAddr.parse_many(headers.require("Contact"))[0]
        if contact.uri.scheme not in ("sip", "sips"):
            raise MessageError("the Contact is not a SIP URI")
        asked = parse_number(headers.get("Expires") or str(self._limits.max_expires), "Expires")
        to = NameAddr.parse(headers.require("To"))
        subscription = None
        if to.tag:
            subscription = self._subscriptions.get((headers.require("Call-ID"), to.tag))
            refusal = self._refusal(subscription, request, user_id, party, cseq)
            if refusal is not None:
                connection.send(str(refusal))
                return
        if 0 < asked < self._limits.min_expires:
            least = ("Min-Expires", str(self._limits.min_expires))
            connection.send(
                str(request.response(423, to_tag=secrets.token_hex(8), headers=[least]))
            )
            return
        if subscription is None:
            subscription = self._new(connection, request, user_id, party)
        subscription.connection = connection  # RFC 7118 §5: a new connection takes over
        subscription.remote_cseq = cseq
        subscription.target = str(contact.uri)
        self._accept(subscription, request, min(asked, self._limits.max_expires))

    def answered(self, response: Response) -> None:
        """Process the response to a NOTIFY."""
        if response.status < 200:
            return
        branch = top_via(response).branch
        subscription = self._transactions.pop(branch, None)
        if subscription is None or subscription.ended:
            return
        subscription.pending.discard(branch)
        if response.status in _FATAL:
            log.info("the watcher of %s answered %d", subscription.party.node, response.status)
            self._end(subscription)
            return
        subscription.acknowledged += 1
        self._arm_deadline(subscription)
        if not subscription.pending and subscription.when_idle:
            subscription.when_idle()

    # Reports of the exchange

    def report(self, legs: Sequence[Leg]) -> None:
        """Send a partial document to every watcher of a node whose legs changed."""
        by_node: dict[str, list[Leg]] = {}
        for leg in legs:
            if leg.shown and leg.party.node:
                by_node.setdefault(leg.party.node, []).append(leg)
        for subscription in self.subscriptions:
            changed = by_node.get(subscription.party.node)
            if changed:
                self.notify(subscription, changed)

    def device_changed(self, node: str) -> None:
        """Tell every watcher of ``node`` that its phone is reached otherwise than before."""
        for subscription in self.subscriptions:
            if subscription.party.node == node:
                self.notify(subscription, ())

    def notify(self, subscription: Subscription, legs: Iterable[Leg]) -> None:
        """Send a partial document about ``legs``."""
        left = max(0, round(subscription.expires_at - self._timers.now()))
        self._send(subscription, f"active;expires={left}", self._document(subscription, legs))

    def forget_all(self) -> None:
        """Delete all subscriptions silently, as after a crash."""
        for subscription in self.subscriptions:
            self._end(subscription)

    # Internals

    def _refusal(
        self,
        subscription: Subscription | None,
        request: Request,
        user_id: str,
        party: Party,
        cseq: int,
    ) -> Response | None:
        from_tag = NameAddr.parse(request.headers.require("From")).tag
        if (
            subscription is None
            or subscription.remote_tag != from_tag
            or subscription.party != party
        ):
            return request.response(481)
        if subscription.user_id != user_id:
            return request.response(403)
        if cseq <= subscription.remote_cseq:
            # RFC 3261 §12.2.2: a request that arrives out of order is rejected with 500.
            return request.response(500, "CSeq Out Of Order")
        return None

    def _new(
        self, connection: Connection, request: Request, user_id: str, party: Party
    ) -> Subscription:
        headers = request.headers
        sender, tag = NameAddr.parse(headers.require("From")), secrets.token_hex(8)
        event = EventType.parse(headers.require("Event"))
        event_id = event.params.get("id")
        subscription = Subscription(
            party=party,
            user_id=user_id,
            call_id=headers.require("Call-ID"),
            local_tag=tag,
            local=str(NameAddr.parse(headers.require("To")).with_tag(tag)),
            remote=str(sender),
            remote_tag=sender.tag,
            target="",
            event=str(EventType(EVENT, {"id": event_id} if event_id else {})),
            connection=connection,
            remote_cseq=0,
        )
        self._subscriptions[subscription.call_id, tag] = subscription
        return subscription

    def _accept(self, subscription: Subscription, request: Request, expires: int) -> None:
        subscription.expires_at = self._timers.now() + expires
        subscription.cancel_expiry()
        response = request.response(
            200,
            to_tag=subscription.local_tag,
            headers=[("Expires", str(expires)), ("Contact", self._contact(subscription))],
        )
        subscription.connection.send(str(response))
        document = self._document(subscription, None)
        if expires == 0:
            # RFC 6665 §4.4.1: a NOTIFY reports the end of a subscription with the last state.
            self._send(subscription, "terminated;reason=timeout", document)
            self._end(subscription)
            return
        subscription.cancel_expiry = self._timers.call_later(
            expires, lambda: self._expire(subscription)
        )
        self._send(subscription, f"active;expires={expires}", document)
        self._changed()

    def _expire(self, subscription: Subscription) -> None:
        if not subscription.ended:
            self._send(subscription, "terminated;reason=timeout", "")
            self._end(subscription)

    def _document(self, subscription: Subscription, legs: Iterable[Leg] | None) -> str:
        full = legs is None
        shown = self._dialogs(subscription.party.node) if legs is None else legs
        entity = f"sip:{subscription.party.wire}@{self._domain}"
        version, subscription.version = subscription.version, subscription.version + 1
        device = self._device(subscription.party.node)
        return dialog_info(entity, self._domain, version, shown, full=full, device=device)

    def _contact(self, subscription: Subscription) -> str:
        return f"<sip:{subscription.party.wire}@{self._domain};transport=ws>"

    def _send(self, subscription: Subscription, state: str, document: str) -> None:
        if subscription.ended:
            return
        if not subscription.connection.open:
            # RFC 7118 §5.2: a watcher whose connection is closed cannot be reached.
            self._end(subscription)
            return
        subscription.local_cseq += 1
        branch = f"z9hG4bK{secrets.token_hex(12)}"
        headers = Headers(
            [
                ("Via", f"SIP/2.0/WS {self._domain};branch={branch}"),
                ("Max-Forwards", "70"),
                ("From", subscription.local),
                ("To", subscription.remote),
                ("Call-ID", subscription.call_id),
                ("CSeq", f"{subscription.local_cseq} NOTIFY"),
                ("Contact", self._contact(subscription)),
                ("Event", subscription.event),
                ("Subscription-State", state),
            ]
        )
        if document:
            headers.add("Content-Type", MEDIA_TYPE)
        self._transactions[branch] = subscription
        subscription.pending.add(branch)
        subscription.connection.send(str(Request("NOTIFY", subscription.target, headers, document)))
        if subscription.cancel_deadline is None:
            self._arm_deadline(subscription)

    def _arm_deadline(self, subscription: Subscription) -> None:
        # A watcher that answers slowly is kept; one that stops answering for this long is dropped.
        if subscription.cancel_deadline is not None:
            subscription.cancel_deadline()
            subscription.cancel_deadline = None
        if subscription.pending:
            subscription.cancel_deadline = self._timers.call_later(
                self._limits.answer_timeout, lambda: self._end(subscription)
            )

    def _end(self, subscription: Subscription) -> None:
        if subscription.ended:
            return
        subscription.ended = True
        subscription.cancel_expiry()
        if subscription.cancel_deadline is not None:
            subscription.cancel_deadline()
        for branch in subscription.pending:
            self._transactions.pop(branch, None)
        self._subscriptions.pop((subscription.call_id, subscription.local_tag), None)
        if subscription.when_idle:
            subscription.when_idle()
        self._changed()
