"""Digest authentication for SIP (RFC 3261 §22, RFC 8760 for SHA-256, RFC 7616)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pycti.errors import SipError
from pycti.sip.grammar import quote
from pycti.sip.headers import Challenge

_HASHES: dict[str, Callable[[bytes], str]] = {
    # RFC 8760 §2: SHA-256 is preferred; MD5 stays for servers that know nothing else.
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
}
ALGORITHMS = tuple(_HASHES)
"""The algorithms, best first."""


def response_hash(
    algorithm: str,
    username: str,
    realm: str,
    password: str,
    method: str,
    uri: str,
    nonce: str,
    nc: str = "",
    cnonce: str = "",
    qop: str = "",
    body: str = "",
) -> str:
    """Return the ``response`` of RFC 7616 §3.4.1, in hexadecimal.

    ``algorithm`` is one of `ALGORITHMS`, with ``-sess`` or without; ``qop`` is ``""``, ``auth``
    or ``auth-int``.
    """
    digest = _HASHES[algorithm.upper().removesuffix("-SESS")]

    def h(text: str) -> str:
        return digest(text.encode("utf-8", "surrogateescape"))

    ha1 = h(f"{username}:{realm}:{password}")
    if algorithm.upper().endswith("-SESS"):
        ha1 = h(f"{ha1}:{nonce}:{cnonce}")
    ha2 = h(f"{method}:{uri}:{h(body)}" if qop == "auth-int" else f"{method}:{uri}")
    if qop:
        return h(f"{ha1}:{nonce}:{nc}:{cnonce}:{qop}:{ha2}")
    return h(f"{ha1}:{nonce}:{ha2}")


def _best(challenges: Iterable[Challenge]) -> tuple[Challenge, str]:
    known: dict[str, tuple[Challenge, str]] = {}
    for challenge in challenges:
        written = challenge.get("algorithm") or "MD5"
        name = written.upper().removesuffix("-SESS")
        if challenge.scheme == "digest" and name in _HASHES and challenge.get("nonce"):
            known.setdefault(name, (challenge, written))
    for name in ALGORITHMS:
        if name in known:
            return known[name]
    raise SipError(401, "the server asks for an authentication that is not known here")


def _choose_qop(offered: str) -> str:
    options = [option.strip().lower() for option in offered.split(",") if option.strip()]
    if not options:
        return ""  # RFC 2069 style, still allowed by RFC 3261 §22.4
    for option in ("auth", "auth-int"):
        if option in options:
            return option
    raise SipError(401, "the server asks for a quality of protection that is not known here")


@dataclass(slots=True)
class DigestClient:
    """Answers a server's challenges, and reuses a nonce until the server refuses it.

    ``entropy(n)`` returns ``n`` random bytes in hexadecimal.
    """

    username: str
    password: str = field(repr=False)
    entropy: Callable[[int], str]
    header: str = "Authorization"
    stale: bool = False
    _challenge: Challenge | None = field(default=None, repr=False)
    _algorithm: str = ""
    _qop: str = ""
    _count: int = 0

    def challenged(self, values: Iterable[str], proxy: bool = False) -> None:
        """Take the challenges of a 401, or of a proxy's 407: the best one is answered from now on.

        Raises:
            SipError: none of them can be answered.
            MessageError: one is malformed.
        """
        challenge, algorithm = _best(Challenge.parse(value) for value in values)
        self._qop = _choose_qop(challenge.get("qop"))
        before = self._challenge
        if before is None or before.get("nonce") != challenge.get("nonce"):
            self._count = 0  # RFC 7616 §3.4: nc counts the requests that used this nonce.
        self._challenge, self._algorithm = challenge, algorithm
        self.stale = challenge.get("stale").lower() == "true"
        self.header = "Proxy-Authorization" if proxy else "Authorization"

    def authorization(self, method: str, uri: str, body: str = "") -> str | None:
        """Return the value of `header`, ``None`` before the first challenge."""
        challenge = self._challenge
        if challenge is None:
            return None
        self._count += 1
        realm, nonce = challenge.get("realm"), challenge.get("nonce")
        session = self._algorithm.upper().endswith("-SESS")
        nc = f"{self._count:08x}" if self._qop else ""
        cnonce = self.entropy(8) if self._qop or session else ""
        response = response_hash(
            self._algorithm, self.username, realm, self.password, method, uri, nonce, nc, cnonce,
            self._qop, body,
        )  # fmt: skip
        fields = [
            f"username={quote(self.username)}",
            f"realm={quote(realm)}",
            f"nonce={quote(nonce)}",
            f"uri={quote(uri)}",
            f'response="{response}"',
            f"algorithm={self._algorithm}",
        ]
        if self._qop:
            fields += [f"qop={self._qop}", f"nc={nc}"]
        if cnonce:
            fields.append(f'cnonce="{cnonce}"')
        if challenge.get("opaque"):
            fields.append(f"opaque={quote(challenge.get('opaque'))}")
        return "Digest " + ", ".join(fields)
