"""The session: login, second factor, keep-alive and reconnection as one transition table."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import auto

from pycti.common.deadlines import earliest
from pycti.common.machine import Machine, Symbol, Table, stay
from pycti.events import Status
from pycti.rest.api import Account

PING_INTERVAL = 300.0
"""Seconds between two ``GET /ping``; a token expires after 15 to 30 minutes of inactivity."""

SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 30.0


class State(Symbol):
    """The states of the session."""

    LOGGED_OUT = auto()
    AUTHENTICATING = auto()
    """The credentials or the code have been sent."""
    CHALLENGED = auto()
    """The server requests a second factor."""
    LOADING = auto()
    """The login has a token; the account is being read."""
    RELOADING = auto()
    """The account of a running session is being read again."""
    RELOAD_WAIT = auto()
    """The account could not be read; the request is retried."""
    CONNECTING = auto()
    """The first SIP connection after a login is being made."""
    READY = auto()
    WAITING = auto()
    """The SIP connection is lost; a pause before the next attempt."""
    RECONNECTING = auto()
    LOGGING_OUT = auto()


class Input(Symbol):
    """The inputs of the session."""

    LOGIN = auto()
    CODE = auto()
    KEY = auto()
    RESTORE = auto()
    TOKEN = auto()
    NONCE = auto()
    ACCOUNT = auto()
    FAILED = auto()
    """A login step failed: the server refused it or did not answer."""
    UNREACHABLE = auto()
    """The account cannot be read at the moment."""
    UNAUTHORIZED = auto()
    ACCEPTED = auto()
    """The server has accepted the subscription to the user's own calls."""
    REFUSED = auto()
    """The server has permanently refused that subscription."""
    DELAYED = auto()
    """The server has temporarily refused that subscription; it is retried on this connection."""
    LOST = auto()
    RETRY = auto()
    LOGOUT = auto()
    LOGOUT_DONE = auto()
    ENDED = auto()
    """Another worker of the same user has ended the session."""


class Effect(Symbol):
    """The effects of a transition."""

    POST_LOGIN = auto()
    POST_CODE = auto()
    POST_LOGOUT = auto()
    GET_ACCOUNT = auto()
    PING = auto()
    OPEN = auto()
    LEAVE = auto()
    """Unsubscribe from everything."""
    CLOSE = auto()
    SCHEDULE = auto()
    REMEMBER = auto()
    FORGET = auto()
    ASK_CODE = auto()
    FAIL_LOGIN = auto()
    FAIL_CONNECTION = auto()
    ANNOUNCE_LOGIN = auto()
    ANNOUNCE_READY = auto()
    ANNOUNCE_EXPIRY = auto()
    ANNOUNCE_LOGOUT = auto()
    ANNOUNCE_END = auto()


def _table() -> Table[State, Input, Effect]:
    s, i, e = State, Input, Effect
    table: dict[tuple[State, Input], tuple[State, tuple[Effect, ...]]] = {}
    # Answers and timers can arrive when they are no longer needed; commands cannot.
    late = (i.TOKEN, i.NONCE, i.ACCOUNT, i.FAILED, i.UNREACHABLE, i.UNAUTHORIZED, i.ACCEPTED)
    table |= stay(s, (*late, i.REFUSED, i.DELAYED, i.LOST, i.RETRY, i.LOGOUT_DONE, i.ENDED))
    for state in (s.LOGGED_OUT, s.CHALLENGED, s.RELOAD_WAIT):
        table[state, i.LOGIN] = (s.AUTHENTICATING, (e.POST_LOGIN,))
        table[state, i.CODE] = (s.AUTHENTICATING, (e.POST_CODE,))
        table[state, i.KEY] = (s.LOADING, (e.GET_ACCOUNT,))
    table[s.LOGGED_OUT, i.RESTORE] = (s.RELOADING, (e.GET_ACCOUNT,))
    for state in (s.RELOADING, s.RELOAD_WAIT, s.CONNECTING, s.READY, s.WAITING, s.RECONNECTING):
        table[state, i.UNAUTHORIZED] = (s.LOGGED_OUT, (e.CLOSE, e.FORGET, e.ANNOUNCE_EXPIRY))
        table[state, i.LOGOUT] = (s.LOGGING_OUT, (e.POST_LOGOUT,))
        table[state, i.ENDED] = (s.LOGGED_OUT, (e.LEAVE, e.CLOSE, e.FORGET, e.ANNOUNCE_END))
    for state in (s.AUTHENTICATING, s.CHALLENGED, s.LOADING):
        table[state, i.LOGOUT] = (s.LOGGED_OUT, (e.FORGET, e.ANNOUNCE_LOGOUT))
    for state in (s.AUTHENTICATING, s.LOADING):
        table[state, i.FAILED] = (s.LOGGED_OUT, (e.FORGET, e.FAIL_LOGIN))
    # A refused SIP password may have been changed, so the account is read again.
    table |= {
        (s.AUTHENTICATING, i.TOKEN): (s.LOADING, (e.GET_ACCOUNT,)),
        (s.AUTHENTICATING, i.NONCE): (s.CHALLENGED, (e.ASK_CODE,)),
        (s.LOADING, i.ACCOUNT): (s.CONNECTING, (e.REMEMBER, e.ANNOUNCE_LOGIN, e.OPEN)),
        (s.RELOADING, i.ACCOUNT): (s.CONNECTING, (e.REMEMBER, e.ANNOUNCE_LOGIN, e.OPEN)),
        (s.RELOADING, i.UNREACHABLE): (s.RELOAD_WAIT, (e.SCHEDULE,)),
        (s.RELOAD_WAIT, i.RETRY): (s.RELOADING, (e.GET_ACCOUNT,)),
        (s.CONNECTING, i.ACCEPTED): (s.READY, (e.ANNOUNCE_READY,)),
        (s.CONNECTING, i.DELAYED): (s.RECONNECTING, (e.FAIL_CONNECTION,)),
        (s.CONNECTING, i.LOST): (s.WAITING, (e.FAIL_CONNECTION, e.SCHEDULE)),
        (s.CONNECTING, i.REFUSED): (s.RELOAD_WAIT, (e.CLOSE, e.FAIL_CONNECTION, e.SCHEDULE)),
        (s.READY, i.LOST): (s.WAITING, (e.SCHEDULE,)),
        (s.READY, i.REFUSED): (s.RELOAD_WAIT, (e.CLOSE, e.SCHEDULE)),
        (s.WAITING, i.RETRY): (s.RECONNECTING, (e.OPEN, e.PING)),
        (s.RECONNECTING, i.ACCEPTED): (s.READY, (e.ANNOUNCE_READY,)),
        (s.RECONNECTING, i.LOST): (s.WAITING, (e.SCHEDULE,)),
        (s.RECONNECTING, i.REFUSED): (s.RELOAD_WAIT, (e.CLOSE, e.SCHEDULE)),
        (s.LOGGING_OUT, i.LOGOUT_DONE): (
            s.LOGGED_OUT,
            (e.LEAVE, e.CLOSE, e.FORGET, e.ANNOUNCE_LOGOUT),
        ),
    }
    return table


TABLE = _table()

LOGIN_UNDER_WAY = frozenset(
    (
        State.AUTHENTICATING,
        State.LOADING,
        State.RELOADING,
        State.CONNECTING,
        State.LOGGING_OUT,
    )
)
"""States that end soon: a command that needs a session waits for the outcome."""

_NO_SESSION = frozenset((State.LOGGED_OUT, State.AUTHENTICATING, State.CHALLENGED, State.LOADING))


@dataclass(slots=True)
class Session:
    """The state, the account, and the two timers.

    Times are seconds of a monotonic clock; ``deadline`` is when `tick` is due.
    """

    token: str | None = field(default=None, repr=False)
    account: Account | None = None
    _machine: Machine[State, Input, Effect] = field(
        default_factory=lambda: Machine(TABLE, State.LOGGED_OUT)
    )
    _failures: int = 0
    _retry_at: float | None = None
    _ping_at: float | None = None

    @property
    def state(self) -> State:
        """The present state."""
        return self._machine.state

    @property
    def connected(self) -> bool:
        """``isConnected()``: logged in, with a SIP connection."""
        return self.state is State.READY

    @property
    def status(self) -> Status:
        """The status to display."""
        if self.connected:
            return Status.READY
        return Status.CONNECTING if self.open else Status.LOGGED_OUT

    @property
    def open(self) -> bool:
        """Whether there is a session that a logout would end."""
        return self.state not in _NO_SESSION

    def feed(self, event: Input) -> tuple[Effect, ...]:
        """Process an input and return the effects; may raise `UnknownTransitionError`."""
        effects = self._machine.feed(event)
        if self.state is not State.WAITING and self.state is not State.RELOAD_WAIT:
            self._retry_at = None
        if self.state is State.READY:
            self._failures = 0
        if self.state is State.LOGGED_OUT:
            self._failures, self._ping_at = 0, None
        return effects

    def schedule(self, now: float, chance: float) -> float:
        """Set the time of the next attempt and return the pause, in seconds.

        The pause grows and is random over its whole length (full jitter), so that the clients of a
        server that comes back do not all reconnect at once. ``chance`` is from 0 to 1.
        """
        self._failures = min(self._failures + 1, 10)
        longest = min(LONGEST_PAUSE, 2.0**self._failures)
        pause = SHORTEST_PAUSE + chance * (longest - SHORTEST_PAUSE)
        self._retry_at = now + pause
        return pause

    def hurry(self, now: float) -> None:
        """Retry and ping at once: the network or the machine is back."""
        if self._retry_at is not None:
            self._retry_at = now
        if self._ping_at is not None:
            self._ping_at = now

    def pinged(self, now: float) -> None:
        """Postpone the next ping: a request with the token has just been made."""
        self._ping_at = now + PING_INTERVAL

    def tick(self, now: float) -> tuple[Effect, ...]:
        """Do what is due at ``now`` and return the effects."""
        if self._retry_at is not None and self._retry_at <= now:
            return self.feed(Input.RETRY)
        if self._ping_at is not None and self._ping_at <= now:
            self.pinged(now)
            return (Effect.PING,)
        return ()

    @property
    def deadline(self) -> float | None:
        """When `tick` is due, or ``None`` if nothing is pending."""
        return earliest(self._retry_at, self._ping_at)
