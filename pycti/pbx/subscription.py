"""The subscription of one watcher to one node, and its limits (RFC 6665)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from pycti.pbx.directory import Party


class Connection(Protocol):
    """The connection to a watcher."""

    @property
    def id(self) -> int:
        """A number that identifies the connection."""
        ...

    @property
    def open(self) -> bool:
        """Whether messages can still be sent."""
        ...

    def send(self, text: str) -> None:
        """Send one SIP message."""
        ...


@dataclass(frozen=True, slots=True)
class SubscriptionLimits:
    """Limits in seconds: the expiry of a SUBSCRIBE, and the timeout of a NOTIFY."""

    min_expires: int = 60
    max_expires: int = 300
    answer_timeout: float = 5.0


@dataclass(slots=True, eq=False)
class Subscription:
    """One watcher's subscription. ``local`` and ``remote`` are From and To of its NOTIFYs."""

    party: Party
    user_id: str
    call_id: str
    local_tag: str
    local: str
    remote: str
    remote_tag: str
    target: str
    event: str
    connection: Connection
    remote_cseq: int
    expires_at: float = 0.0
    local_cseq: int = 0
    version: int = 0
    acknowledged: int = 0
    ended: bool = False
    pending: set[str] = field(default_factory=set)
    cancel_expiry: Callable[[], object] = lambda: None
    cancel_deadline: Callable[[], object] | None = None
    when_idle: Callable[[], None] | None = None
