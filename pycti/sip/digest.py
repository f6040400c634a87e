"""Digest authentication for SIP (RFC 3261 §22, RFC 8760 for SHA-256, RFC 7616)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NoReturn

from pycti.errors import SipError
from pycti.sip.grammar import parse_params, quote, split
from pycti.sip.headers import Challenge, Credentials

_HASHES: dict[str, Callable[[bytes], str]] = {
    # RFC 8760 §2: SHA-256 is preferred; MD5 remains for servers that support nothing else.
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


@dataclass(slots=True)
class Expected:
    """The strongest authentication that a server has requested; later requests must not be weaker.

    Otherwise a man in the middle could request a response that is easier to attack (RFC 8760 §5).
    """

    sha: bool = False
    qop: bool = False
    realms: dict[bool, str] = field(default_factory=dict)
    """The realm by whether a proxy sent the challenge: a proxy has a realm of its own."""

    def check(self, offered: Iterable[Challenge], chosen: Challenge, proxy: bool) -> None:
        """Record the challenges of a response; raise `SipError` if they are weaker than before."""
        realm, qop = chosen.get("realm"), bool(chosen.get("qop"))
        if self.sha and not _is_sha(chosen):
            _refuse("it requests MD5 but offered SHA-256 before")
        if self.qop and not qop:
            _refuse("it offers no quality of protection (qop) but did before")
        if self.realms.setdefault(proxy, realm) != realm:
            _refuse("it names a different realm than before")
        # Include SHA algorithms that are not supported here: the server has something better than
        # MD5.
        self.sha = self.sha or any(map(_is_sha, offered))
        self.qop = self.qop or qop


def _is_sha(challenge: Challenge) -> bool:
    return challenge.get("algorithm").upper().startswith("SHA-")


def _refuse(reason: str) -> NoReturn:
    raise SipError(401, f"the server's challenge was rejected: {reason}", "AUTH_DOWNGRADE")


def _best(challenges: Iterable[Challenge]) -> tuple[Challenge, str]:
    supported: dict[str, tuple[Challenge, str]] = {}
    for challenge in challenges:
        written = challenge.get("algorithm") or "MD5"
        name = written.upper().removesuffix("-SESS")
        if challenge.scheme == "digest" and name in _HASHES and challenge.get("nonce"):
            supported.setdefault(name, (challenge, written))
    for name in ALGORITHMS:
        if name in supported:
            return supported[name]
    raise SipError(401, "the server requests an unsupported authentication algorithm")


def _choose_qop(offered: str) -> str:
    options = [option.strip().lower() for option in offered.split(",") if option.strip()]
    if not options:
        return ""  # RFC 2069 style, still allowed by RFC 3261 §22.4
    for option in ("auth", "auth-int"):
        if option in options:
            return option
    raise SipError(401, "the server requests an unsupported quality of protection (qop)")


@dataclass(slots=True)
class DigestClient:
    """Answers a server's challenges and reuses a nonce until the server rejects it.

    ``entropy(n)`` returns ``n`` random bytes in hexadecimal; ``expected`` is the strongest
    authentication that this server has requested.
    """

    username: str
    password: str = field(repr=False)
    entropy: Callable[[int], str]
    expected: Expected = field(default_factory=Expected)
    header: str = "Authorization"
    stale: bool = False
    _challenge: Challenge | None = field(default=None, repr=False)
    _algorithm: str = ""
    _qop: str = ""
    _count: int = 0

    def challenged(self, values: Iterable[str], proxy: bool = False) -> None:
        """Choose the best challenge of a 401, or of a proxy's 407, to answer from now on.

        Raises:
            SipError: none of them can be answered; AUTH_DOWNGRADE if they are weaker than before.
            MessageError: a challenge is malformed.
        """
        offered = [Challenge.parse(value) for value in values]
        challenge, algorithm = _best(offered)
        qop = _choose_qop(challenge.get("qop"))
        self.expected.check(offered, challenge, proxy)
        self._qop = qop
        before = self._challenge
        if before is None or before.get("nonce") != challenge.get("nonce"):
            self._count = 0  # RFC 7616 §3.4: nc counts the requests that used this nonce.
        self._challenge, self._algorithm = challenge, algorithm
        self.stale = challenge.get("stale").lower() == "true"
        self.header = "Proxy-Authorization" if proxy else "Authorization"

    def authorization(self, method: str, uri: str, body: str = "") -> str | None:
        """Return the value of `header`, or ``None`` before the first challenge."""
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

    def proves(self, info: str, authorization: str, body: str) -> bool:
        """Return whether Authentication-Info proves that the server knows the password.

        ``authorization`` is the header of the request; ``body`` is the body of the response
        (RFC 7616 §3.5). Without an ``rspauth`` there is nothing to check, so the result is true.

        Raises:
            MessageError: ``info`` is malformed.
        """
        given = parse_params(part for part in split(info, ",") if part).get("rspauth")
        if given is None:
            return True
        if not authorization:
            return False
        used = Credentials.parse(authorization)
        # The hash is computed like that of the request, but without the method.
        proof = response_hash(
            used.get("algorithm"), self.username, used.get("realm"), self.password, "",
            used.get("uri"), used.get("nonce"), used.get("nc"), used.get("cnonce"),
            used.get("qop"), body,
        )  # fmt: skip
        return given.lower() == proof
