"""The followed nodes, their SIP connection, and the handling of their reports."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Protocol

from pycti.calls.nodes import public_uri, wire_uri
from pycti.calls.presence import Presences
from pycti.calls.table import CallTable
from pycti.common.redaction import redact
from pycti.errors import CtiError, NetworkError, SipError, StateError
from pycti.events import ActivityEvent, Event, EventName
from pycti.platform import Platform
from pycti.rest.addresses import check_address
from pycti.rest.api import Account
from pycti.session.sip_link import SipLink
from pycti.session.states import Input
from pycti.sip.digest import Expected
from pycti.sip.identity import Identity
from pycti.sip.reports import Accepted, DialogsChanged, Failed, Report
from pycti.sip.user_agent import UserAgent

logger = logging.getLogger("pycti")

NOT_FOLLOWED = "not followed any more"
"""The cause if the server no longer reports a call, which may continue."""


class Owner(Protocol):
    """The part of the pump that the SIP side uses."""

    platform: Platform
    calls: CallTable
    presences: Presences

    def emit(self, events: Iterable[Event]) -> None:
        """Emit events, in order."""

    def feed(self, event: Input) -> None:
        """Feed the session an input."""

    def changed(self) -> None:
        """Announce that the session's status has changed."""

    def arm(self) -> None:
        """Set the timer to the next deadline."""


class Subscriptions:
    """The SIP side of a session. ``uris`` maps each accepted node to the URI that pages see.

    ``problem`` is the reason why the last attempt to connect failed.
    """

    def __init__(self, owner: Owner, sip_servers: tuple[str, ...]) -> None:
        self.uris: dict[str, str] = {}
        self.problem: CtiError | None = None
        self._failure: CtiError | None = None
        self._owner = owner
        self._sip_servers = sip_servers
        # The authentication that each server has requested in this session, on all connections.
        self._expected: dict[str, Expected] = {}
        self._turn = 0
        self._account: Account | None = None
        self._link: SipLink | None = None
        self._pending: dict[str, asyncio.Future[ActivityEvent]] = {}

    def take_failure(self) -> CtiError:
        """Return the connection's failure, once: a stored exception keeps its frames alive."""
        error, self._failure = self._failure, None
        return error or NetworkError("NETWORK_ERROR", "The SIP connection failed.")

    def vet(self, account: Account) -> None:
        """Raise `InputError` if the account's SIP server would be used without TLS."""
        if not self._sip_servers:
            try:
                check_address(self.server_of(account), "account's SIP server", "ws")
            except CtiError as error:
                logger.warning("%s", error.message)
                raise

    def adopt(self, account: Account) -> None:
        """Use this account from now on."""
        before, self._account = self._account, account
        if self._link is not None and before is not None and _same_server(before, account):
            self._link.agent.identity.renew(account.sip_password)
            return
        self.close()
        platform = self._owner.platform
        identity = Identity(
            account.user_id, account.sip_password, account.sip_domain, platform.entropy
        )
        self._link = SipLink(
            platform, UserAgent(identity), self._report, self._lost, self._owner.arm
        )

    def server_of(self, account: Account) -> str:
        """Return the URL of the SIP server to connect to."""
        if self._sip_servers:
            return self._sip_servers[self._turn % len(self._sip_servers)]
        return account.sip_url or f"wss://{account.sip_domain}:443"

    def open(self) -> None:
        """Connect and follow all nodes of before, the user's own node first."""
        account, link = self._account, self._link
        if account is None or link is None:
            return
        now = self._owner.platform.now()
        for node in (account.node, *self.uris):
            link.agent.subscribe(node, wire_uri(node, account.sip_domain), now)
        url = self.server_of(account)
        link.agent.identity.transport = "WSS" if url.lower().startswith("wss:") else "WS"
        link.agent.identity.meet(self._expected.setdefault(url, Expected()))
        try:
            link.open(url)
        except NetworkError as error:
            reason = error.message
            self._owner.platform.call_later(0, lambda: self._lost(reason))

    def close(self) -> None:
        """Close the connection."""
        self._owner.calls.lost()
        self._owner.presences.lost()
        if self._link is not None:
            self._link.close()

    def leave(self) -> None:
        """Unsubscribe from all nodes without waiting for the answers."""
        if self._link is not None and self._link.agent.online:
            for node in tuple(self.uris):
                self._link.agent.unsubscribe(node, self._owner.platform.now())
            self._link.flush()

    def clear(self) -> None:
        """Forget everything: the session has ended."""
        self.close()
        self._link = self._account = None
        self._expected.clear()
        self.problem = None
        self.uris.clear()
        for future in self._pending.values():
            if not future.done():
                future.set_exception(StateError("NOT_CONNECTED", "The session has ended."))
        self._pending.clear()

    async def follow(self, node: str) -> ActivityEvent:
        """Follow ``node`` and return SUBSCRIBED; raise `SipError` if the server refuses."""
        link, account = self._link, self._account
        if link is None or account is None:
            raise StateError("NOT_CONNECTED", "Not connected.")
        future = self._pending.get(node)
        if future is None:
            future = self._pending[node] = asyncio.get_running_loop().create_future()
            uri = wire_uri(node, account.sip_domain)
            link.agent.subscribe(node, uri, self._owner.platform.now())
            link.flush()
        return await asyncio.shield(future)

    def unfollow(self, node: str) -> None:
        """Stop following ``node``."""
        self.uris.pop(node, None)
        self._owner.calls.forget(node)
        self._owner.presences.forget(node)
        if self._link is not None:
            self._link.agent.unsubscribe(node, self._owner.platform.now())
            self._link.flush()

    def subscribed(self, node: str) -> ActivityEvent:
        """Return the SUBSCRIBED event of an accepted node."""
        uri = self.uris[node]
        return ActivityEvent(EventName.SUBSCRIBED, f"Following {node}.", uri=uri, node=node)

    def probe(self) -> None:
        """Test the connection and the subscriptions."""
        if self._link is not None:
            self._link.agent.probe(self._owner.platform.now())
            self._link.flush()

    def tick(self, now: float) -> None:
        """Do what is due at ``now``."""
        if self._link is not None:
            self._link.tick(now)

    @property
    def deadline(self) -> float | None:
        """When `tick` is due."""
        return self._link.deadline if self._link is not None else None

    def _lost(self, reason: str) -> None:
        self._turn += 1  # With several servers, try the next one.
        words = f"The SIP connection failed: {redact(reason)}."
        self._fail(NetworkError("NETWORK_ERROR", words, "The connector retries automatically."))
        self._owner.calls.lost()
        self._owner.presences.lost()
        self._owner.feed(Input.LOST)

    def _fail(self, error: CtiError) -> None:
        self._failure = error
        # A copy that is never raised keeps no frames alive.
        self.problem = CtiError(error.code, error.message, error.hint)

    def _report(self, report: Report) -> None:
        match report:
            case DialogsChanged(node, change):
                platform = self._owner.platform
                now, wall = platform.now(), platform.wall()
                self._owner.emit(self._owner.calls.update(node, change, now, wall))
                self._owner.presences.see(node, change.device)
            case Accepted(node):
                self._accepted(node)
            case Failed():
                self._failed(report)

    def _is_users_node(self, node: str) -> bool:
        return self._account is not None and node == self._account.node

    def _accepted(self, node: str) -> None:
        account = self._account
        if account is None:
            return
        if node not in self.uris:
            self.uris[node] = public_uri(node, account.sip_domain)
            event = self.subscribed(node)
            self._owner.emit([event])
            future = self._pending.pop(node, None)
            if future is not None and not future.done():
                future.set_result(event)
        if self._is_users_node(node):
            self.problem = None
            self._owner.feed(Input.ACCEPTED)

    def _failed(self, report: Failed) -> None:
        node = report.node
        status = f" ({report.status})" if report.status else ""
        words = f"Following {node} failed: {redact(report.reason)}{status}."
        error = SipError(report.status, words, report.code)
        if self._is_users_node(node):
            self._fail(error)
            if report.code == "AUTH_DOWNGRADE":
                # A lost connection recovers by itself, but a man in the middle does not go away.
                logger.warning("%s %s", error.message, error.hint)
            if not report.again:
                self._owner.feed(Input.REFUSED)
            else:
                self._owner.feed(Input.DELAYED)
        elif node not in self.uris:
            # Pages may have calls of this node from an earlier worker.
            self._owner.emit(self._owner.calls.abandon(node, NOT_FOLLOWED))
            self.unfollow(node)
            future = self._pending.pop(node, None)
            if future is not None and not future.done():
                future.set_exception(error)
        elif not report.again:
            # No command is pending, so do not emit ERROR.
            logger.warning("%s The node is no longer followed.", error.message)
            del self.uris[node]
            self._owner.emit(self._owner.calls.abandon(node, NOT_FOLLOWED))
            self._owner.presences.forget(node)
            self._owner.changed()
        else:
            logger.info("%s The subscription is retried.", error.message)


def _same_server(before: Account, now: Account) -> bool:
    return (before.user_id, before.sip_domain, before.sip_url) == (
        now.user_id,
        now.sip_domain,
        now.sip_url,
    )
