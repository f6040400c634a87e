"""The subscriber's identity: its addresses, its credentials and the requests made from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pycti.sip.dialog_info import MEDIA_TYPE
from pycti.sip.digest import DigestClient, Expected
from pycti.sip.fields import Headers
from pycti.sip.headers import NameAddr, Uri
from pycti.sip.message import Request

BRANCH = "z9hG4bK"
"""Every branch starts with this (RFC 3261 §8.1.1.7)."""


@dataclass(slots=True)
class Identity:
    """The account that subscribes.

    ``entropy(n)`` returns ``n`` random bytes in hexadecimal, for tags, branches and Call-IDs.
    ``transport`` is ``WSS`` or ``WS``.
    """

    user: str
    password: str = field(repr=False)
    domain: str
    entropy: Callable[[int], str]
    transport: str = "WSS"
    expected: Expected = field(default_factory=Expected)
    digest: DigestClient = field(init=False)
    _host: str = field(init=False)

    def __post_init__(self) -> None:
        self.renew(self.password)
        # RFC 7118 §5: a page cannot find out its own address, so its host is a random .invalid
        # name.
        self._host = f"{self.entropy(6)}.invalid"

    def renew(self, password: str) -> None:
        """Use another password from now on."""
        self.password = password
        self.digest = DigestClient(self.user, password, self.entropy, self.expected)

    def meet(self, expected: Expected) -> None:
        """Use what the server of the next connection has requested before."""
        self.expected = self.digest.expected = expected

    def chance(self) -> float:
        """Return a random number that is at least 0 and less than 1."""
        return int(self.entropy(4), 16) / 2**32

    def new_dialog(self) -> tuple[str, str]:
        """Return a new Call-ID and a new tag."""
        return self.entropy(12), self.entropy(6)

    def subscribe(
        self,
        uri: str,
        target: str,
        route: tuple[str, ...],
        call_id: str,
        local_tag: str,
        remote_tag: str,
        cseq: int,
        expires: int,
    ) -> Request:
        """Return a SUBSCRIBE for the dialogs of ``uri``, sent to ``target`` through ``route``."""
        sender = Uri("sip", self.user, self.domain)
        to = f"<{uri}>;tag={remote_tag}" if remote_tag else f"<{uri}>"
        headers = Headers(
            [
                ("Via", f"SIP/2.0/{self.transport} {self._host};branch={BRANCH}{self.entropy(8)}"),
                ("Max-Forwards", "70"),
                *(("Route", hop) for hop in route),
                ("From", str(NameAddr(sender).with_tag(local_tag))),
                ("To", to),
                ("Call-ID", call_id),
                ("CSeq", f"{cseq} SUBSCRIBE"),
                ("Contact", f"<sip:{self.user}@{self._host};transport=ws>"),
                ("Event", "dialog"),
                ("Expires", str(expires)),
                ("Accept", MEDIA_TYPE),
                ("User-Agent", "pycti"),
            ]
        )
        authorization = self.digest.authorization("SUBSCRIBE", target)
        if authorization is not None:
            headers.add(self.digest.header, authorization)
        return Request("SUBSCRIBE", target, headers)
