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


@dataclass(slots=True)
class Expected:
    """What a server has asked for so far: from here on it may not ask for less.

    Whoever gets between could else ask for what is easier to guess from (RFC 8760 §5).
    """

    sha: bool = False
    qop: bool = False
    realms: dict[bool, str] = field(default_factory=dict)
    """By whether a proxy asked: its challenges are its own."""

    def check(self, offered: Iterable[Challenge], chosen: Challenge, proxy: bool) -> None:
        """Take what a response has offered; raises `SipError` where it is less than before."""
        realm, qop = chosen.get("realm"), bool(chosen.get("qop"))
        if self.sha and not _is_sha(chosen):
            _refuse("it asks for MD5, and has offered SHA-256 before")
        if self.qop and not qop:
            _refuse("it offers no quality of protection, and has done so before")
        if self.realms.setdefault(proxy, realm) != realm:
            _refuse("it asks in the name of another realm than before")
        # Also those that cannot be answered here: the server knows better than MD5.
        self.sha = self.sha or any(map(_is_sha, offered))
        self.qop = self.qop or qop


def _is_sha(challenge: Challenge) -> bool:
    return challenge.get("algorithm").upper().startswith("SHA-")


def _refuse(words: str) -> NoReturn:
    raise SipError(401, f"the server's challenge is not answered: {words}", "AUTH_DOWNGRADE")


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

    ``entropy(n)`` returns ``n`` random bytes in hexadecimal; ``expected`` is what this server has
    asked for before.
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
        """Take the challenges of a 401, or of a proxy's 407: the best one is answered from now on.

        Raises:
            SipError: none of them can be answered, or AUTH_DOWNGRADE: they ask for less than this
                server did before.
            MessageError: one is malformed.
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

    def proves(self, info: str, authorization: str, body: str) -> bool:
        """Whether the server knows the password, where its Authentication-Info says so.

        ``authorization`` is what the request had, ``body`` is the response's (RFC 7616 §3.5).

        Raises:
            MessageError: ``info`` is malformed.
        """
        given = parse_params(part for part in split(info, ",") if part).get("rspauth")
        if given is None:
            return True
        if not authorization:
            return False
        used = Credentials.parse(authorization)
        # The same hash as in the request, but without its method.
        proof = response_hash(
            used.get("algorithm"), self.username, used.get("realm"), self.password, "",
            used.get("uri"), used.get("nonce"), used.get("nc"), used.get("cnonce"),
            used.get("qop"), body,
        )  # fmt: skip
        return given.lower() == proof
