"""Logins: passwords, second factors, tokens and API keys."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from pycti.errors import ApiError
from pycti.pbx.directory import Directory, Person

IDLE_LIFETIME = 30 * 60.0
"""Seconds without a request after which a token expires."""
NONCE_LIFETIME = 5 * 60.0
"""Seconds within which the second factor must arrive."""
_TRIES = 5

FEATURES = (
    "answer", "terminate", "transfer", "hold", "digits", "consult", "deflect", "pickup", "park",
    "dnd", "history",
)  # fmt: skip
"""What this PBX offers, as ``GET /me`` lists it."""


@dataclass(slots=True)
class _Nonce:
    user_id: str
    created: float
    tries: int = _TRIES


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded:
    """The password was correct; the client must send ``nonce`` with the code."""

    nonce: str


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session."""

    user_id: str
    token: str


def _same(given: str, known: str) -> bool:
    return bool(known) and secrets.compare_digest(
        given.encode("utf-8", "surrogatepass"), known.encode("utf-8")
    )


class Accounts:
    """The sessions of one PBX. SIP passwords are generated at each start."""

    def __init__(self, directory: Directory, now: Callable[[], float]) -> None:
        self._directory = directory
        self._now = now
        self.features: tuple[str, ...] | None = FEATURES
        self._tokens: dict[str, tuple[str, float]] = {}
        self._nonces: dict[str, _Nonce] = {}
        self._sip_passwords = {person.id: secrets.token_hex(16) for person in directory.people}

    def sip_password(self, user_id: str) -> str | None:
        """Return the password for SIP digest authentication."""
        return self._sip_passwords.get(user_id)

    def login(self, email: str, password: str) -> LoggedIn | SecondFactorNeeded:
        """Check an e-mail address and a password.

        Raises:
            ApiError: 401, one of them is wrong.
        """
        self._prune()
        for person in self._directory.people:
            if person.email.lower() == email.strip().lower() and _same(password, person.password):
                if not person.second_factor:
                    return self._start(person)
                nonce = secrets.token_urlsafe(24)
                self._nonces[nonce] = _Nonce(person.id, self._now())
                return SecondFactorNeeded(nonce)
        raise ApiError(401, "Invalid email and/or password.")

    def second_factor(self, code: str, nonce: str) -> LoggedIn:
        """Check the code that belongs to ``nonce``.

        Raises:
            ApiError: 401, the code is wrong, or the nonce is unknown, used or expired.
        """
        self._prune()
        waiting = self._nonces.get(nonce)
        person = self._directory.person(waiting.user_id) if waiting else None
        if waiting is None or person is None:
            raise ApiError(401, "The login has expired, please start again.")
        if not _same(code.strip(), person.second_factor):
            waiting.tries -= 1
            if waiting.tries <= 0:
                del self._nonces[nonce]
            raise ApiError(401, "Invalid authentication code.")
        del self._nonces[nonce]
        return self._start(person)

    def user(self, credential: str) -> Person:
        """Return the user of an ``X-Auth-Token``, and keep the token alive.

        Raises:
            ApiError: 401, it is neither a valid token nor an API key.
        """
        self._prune()
        known = self._tokens.get(credential)
        if known is not None:
            self._tokens[credential] = (known[0], self._now())
            person = self._directory.person(known[0])
            if person is not None:
                return person
        user_id, colon, key = credential.partition(":")
        for person in self._directory.people:
            if colon and person.id != user_id:
                continue
            if any(_same(key if colon else credential, one) for one in person.api_keys):
                return person
        raise ApiError(401, "Invalid or expired authentication token.")

    def logout(self, credential: str) -> None:
        """End the session of a token. An API key stays valid."""
        self._tokens.pop(credential, None)

    def expire(self) -> int:
        """End all sessions and return their number. API keys stay valid."""
        self._prune()
        count = len(self._tokens)
        self._tokens.clear()
        self._nonces.clear()
        return count

    def _start(self, person: Person) -> LoggedIn:
        token = secrets.token_urlsafe(32)
        self._tokens[token] = (person.id, self._now())
        return LoggedIn(person.id, token)

    def _prune(self) -> None:
        now = self._now()
        self._tokens = {
            token: (user_id, used)
            for token, (user_id, used) in self._tokens.items()
            if now - used < IDLE_LIFETIME
        }
        self._nonces = {
            nonce: waiting
            for nonce, waiting in self._nonces.items()
            if now - waiting.created < NONCE_LIFETIME
        }
