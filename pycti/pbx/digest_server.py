"""The server's side of digest authentication (RFC 3261 §22, RFC 7616, RFC 8760)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pycti.errors import MessageError
from pycti.sip.digest import ALGORITHMS, response_hash
from pycti.sip.grammar import quote
from pycti.sip.headers import Credentials, Uri
from pycti.sip.message import Request

_MOST_NONCES = 10_000
_NC = re.compile(r"[0-9A-Fa-f]{8}\Z")


@dataclass(slots=True)
class _Nonce:
    created: float
    last_count: int = 0


class UnauthorizedError(Exception):
    """The request needs new credentials; ``stale``: only the nonce is invalid (RFC 7616 §3.3)."""

    def __init__(self, stale: bool = False) -> None:
        super().__init__("stale nonce" if stale else "no valid credentials")
        self.stale = stale


class DigestServer:
    """Creates challenges and checks credentials. ``lifetime`` of a nonce is in seconds."""

    def __init__(
        self,
        realm: str,
        now: Callable[[], float],
        password_of: Callable[[str], str | None],
        lifetime: float = 300.0,
        algorithms: Sequence[str] = ALGORITHMS,
    ) -> None:
        self._realm = realm
        self._now = now
        self._password_of = password_of
        self._lifetime = lifetime
        self._algorithms = tuple(algorithms)
        self._nonces: dict[str, _Nonce] = {}

    def challenges(self, stale: bool = False) -> list[tuple[str, str]]:
        """Return the WWW-Authenticate headers of a 401, best algorithm first (RFC 8760 §2.3)."""
        self._prune()
        nonce = secrets.token_hex(16)
        self._nonces[nonce] = _Nonce(self._now())
        end = ", stale=true" if stale else ""
        return [
            (
                "WWW-Authenticate",
                f'Digest realm={quote(self._realm)}, nonce="{nonce}", '
                f'algorithm={algorithm}, qop="auth"{end}',
            )
            for algorithm in self._algorithms
        ]

    def check(self, request: Request) -> str:
        """Return the user name of a request's credentials.

        Raises:
            UnauthorizedError: there are none for this realm, or they are wrong, expired or
                replayed.
            MessageError: they are malformed, or belong to another Request-URI.
        """
        for value in request.headers.get_all("Authorization"):
            credentials = Credentials.parse(value)
            if credentials.scheme == "digest" and credentials.get("realm") == self._realm:
                return self._check(credentials, request)
        raise UnauthorizedError

    def _check(self, credentials: Credentials, request: Request) -> str:
        algorithm = (credentials.get("algorithm") or "MD5").upper()
        username, nonce, uri = (credentials.get(name) for name in ("username", "nonce", "uri"))
        count, cnonce, qop = (credentials.get(name) for name in ("nc", "cnonce", "qop"))
        if algorithm not in self._algorithms or qop.lower() != "auth":
            raise UnauthorizedError
        if not _NC.match(count) or not cnonce or not uri:
            raise MessageError("the digest credentials lack nc, cnonce or uri")
        # RFC 7616 §3.4.6: the user has not authorised a request with another target.
        if uri != request.uri and Uri.parse(uri) != Uri.parse(request.uri):
            raise MessageError("the digest credentials are for another Request-URI")
        password = self._password_of(username)
        if password is None:
            raise UnauthorizedError
        expected = response_hash(
            algorithm, username, self._realm, password, request.method, uri, nonce, count, cnonce,
            qop,
        )  # fmt: skip
        given = credentials.get("response").lower().encode("utf-8", "surrogateescape")
        if not secrets.compare_digest(given, expected.encode()):
            raise UnauthorizedError
        self._use(nonce, int(count, 16))
        return username

    def _use(self, nonce: str, count: int) -> None:
        known = self._nonces.get(nonce)
        if known is None or self._now() - known.created >= self._lifetime:
            raise UnauthorizedError(stale=True)
        # RFC 7616 §3.4: a count that does not increase is a replay.
        if count <= known.last_count:
            raise UnauthorizedError(stale=True)
        known.last_count = count

    def _prune(self) -> None:
        now = self._now()
        for nonce in [
            nonce for nonce, known in self._nonces.items() if now - known.created >= self._lifetime
        ]:
            del self._nonces[nonce]
        while len(self._nonces) >= _MOST_NONCES:
            del self._nonces[next(iter(self._nonces))]
