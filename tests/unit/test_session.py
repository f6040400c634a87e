"""The session's transition table and its two timers."""

from __future__ import annotations

import itertools

import pytest

from pycti.common.machine import Machine, UnknownTransitionError
from pycti.session.states import PING_INTERVAL, TABLE, Effect, Input, Session, State

S, I, E = State, Input, Effect
FREE = (S.LOGGED_OUT, S.CHALLENGED, S.RELOAD_WAIT)
RUNNING = (S.RELOADING, S.RELOAD_WAIT, S.CONNECTING, S.READY, S.WAITING, S.RECONNECTING)
COMMANDS = (I.LOGIN, I.CODE, I.KEY, I.RESTORE, I.LOGOUT)

# The pairs with a transition. For other pairs a command is a bug, and anything else is late.
ROWS: dict[tuple[State, Input], tuple[State, tuple[Effect, ...]]] = {
    **{(s, I.LOGIN): (S.AUTHENTICATING, (E.POST_LOGIN,)) for s in FREE},
    **{(s, I.CODE): (S.AUTHENTICATING, (E.POST_CODE,)) for s in FREE},
    **{(s, I.KEY): (S.LOADING, (E.GET_ACCOUNT,)) for s in FREE},
    **{
        (s, I.UNAUTHORIZED): (S.LOGGED_OUT, (E.CLOSE, E.FORGET, E.ANNOUNCE_EXPIRY)) for s in RUNNING
    },
    **{(s, I.LOGOUT): (S.LOGGING_OUT, (E.POST_LOGOUT,)) for s in RUNNING},
    **{(s, I.ENDED): (S.LOGGED_OUT, (E.LEAVE, E.CLOSE, E.FORGET, E.ANNOUNCE_END)) for s in RUNNING},
    **{
        (s, I.LOGOUT): (S.LOGGED_OUT, (E.FORGET, E.ANNOUNCE_LOGOUT))
        for s in (S.AUTHENTICATING, S.CHALLENGED, S.LOADING)
    },
    **{
        (s, I.FAILED): (S.LOGGED_OUT, (E.FORGET, E.FAIL_LOGIN))
        for s in (S.AUTHENTICATING, S.LOADING)
    },
    **{
        (s, I.ACCOUNT): (S.CONNECTING, (E.REMEMBER, E.ANNOUNCE_LOGIN, E.OPEN))
        for s in (S.LOADING, S.RELOADING)
    },
    (S.LOGGED_OUT, I.RESTORE): (S.RELOADING, (E.GET_ACCOUNT,)),
    (S.AUTHENTICATING, I.TOKEN): (S.LOADING, (E.GET_ACCOUNT,)),
    (S.AUTHENTICATING, I.NONCE): (S.CHALLENGED, (E.ASK_CODE,)),
    (S.RELOADING, I.UNREACHABLE): (S.RELOAD_WAIT, (E.SCHEDULE,)),
    (S.RELOAD_WAIT, I.RETRY): (S.RELOADING, (E.GET_ACCOUNT,)),
    (S.CONNECTING, I.ACCEPTED): (S.READY, (E.ANNOUNCE_READY,)),
    (S.CONNECTING, I.DELAYED): (S.RECONNECTING, (E.FAIL_CONNECTION,)),
    (S.CONNECTING, I.LOST): (S.WAITING, (E.FAIL_CONNECTION, E.SCHEDULE)),
    (S.CONNECTING, I.REFUSED): (S.RELOAD_WAIT, (E.CLOSE, E.FAIL_CONNECTION, E.SCHEDULE)),
    (S.READY, I.LOST): (S.WAITING, (E.SCHEDULE,)),
    (S.READY, I.REFUSED): (S.RELOAD_WAIT, (E.CLOSE, E.SCHEDULE)),
    (S.WAITING, I.RETRY): (S.RECONNECTING, (E.OPEN, E.PING)),
    (S.RECONNECTING, I.ACCEPTED): (S.READY, (E.ANNOUNCE_READY,)),
    (S.RECONNECTING, I.LOST): (S.WAITING, (E.SCHEDULE,)),
    (S.RECONNECTING, I.REFUSED): (S.RELOAD_WAIT, (E.CLOSE, E.SCHEDULE)),
    (S.LOGGING_OUT, I.LOGOUT_DONE): (
        S.LOGGED_OUT,
        (E.LEAVE, E.CLOSE, E.FORGET, E.ANNOUNCE_LOGOUT),
    ),
}


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, Input)))
def test_every_pair(state, event):
    machine = Machine(TABLE, state)
    if (state, event) not in ROWS and event in COMMANDS:
        with pytest.raises(UnknownTransitionError, match=rf"{event} in state {state}"):
            machine.feed(event)
    else:
        effects = machine.feed(event)
        assert (machine.state, effects) == ROWS.get((state, event), (state, ()))


def reachable(start: State) -> set[State]:
    found, fresh = {start}, [start]
    while fresh:
        state = fresh.pop()
        nexts = {TABLE[state, event][0] for event in Input if (state, event) in TABLE}
        fresh += nexts - found
        found |= nexts
    return found


def test_every_state_can_be_reached():
    assert reachable(State.LOGGED_OUT) == set(State)


@pytest.mark.parametrize("state", State)
def test_no_state_is_a_trap(state):
    assert {State.LOGGED_OUT, State.READY} <= reachable(state)


def test_only_the_server_or_the_user_ends_a_session():
    """Rule 1: a network failure is not a logout."""
    for state in RUNNING:
        for event in (I.LOST, I.FAILED, I.UNREACHABLE, I.REFUSED, I.DELAYED):
            assert TABLE[state, event][0] is not State.LOGGED_OUT


def in_state(*inputs: Input) -> Session:
    session = Session()
    for event in inputs:
        session.feed(event)
    return session


LOGGED_IN = (I.KEY, I.ACCOUNT, I.ACCEPTED)


class TestWhatIsKnown:
    def test_connected_only_while_ready(self):
        """`isConnected()`: logged in and SIP connection open."""
        session = in_state(*LOGGED_IN)
        assert session.connected
        session.feed(I.LOST)
        assert not session.connected

    def test_a_session_that_lost_its_connection_is_still_open(self):
        assert in_state(*LOGGED_IN, I.LOST).open

    @pytest.mark.parametrize("inputs", [(), (I.LOGIN,), (I.LOGIN, I.NONCE), (I.KEY,)])
    def test_without_an_account_no_session_is_open(self, inputs):
        assert not in_state(*inputs).open

    def test_repr_contains_no_secret(self):
        session = Session(token="s3cret")
        assert "s3cret" not in repr(session)


class TestRetries:
    def test_the_first_pause_is_one_to_two_seconds(self):
        assert in_state(*LOGGED_IN, I.LOST).schedule(100.0, 0.0) == 1.0
        assert in_state(*LOGGED_IN, I.LOST).schedule(100.0, 1.0) == 2.0

    def test_pauses_grow_from_1_to_30_seconds(self):
        """Rule 2: growing, randomised delays (1 s to 30 s)."""
        session = in_state(*LOGGED_IN, I.LOST)
        longest = []
        for _ in range(2000):
            longest.append(session.schedule(0.0, 1.0))
            session.feed(I.RETRY)
            session.feed(I.LOST)
        assert longest[:6] == [2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
        assert max(longest) == 30.0

    def test_after_a_success_the_pauses_start_over(self):
        session = in_state(*LOGGED_IN, I.LOST)
        session.schedule(0.0, 1.0)
        for event in (I.RETRY, I.LOST):
            session.feed(event)
        session.schedule(0.0, 1.0)
        for event in (I.RETRY, I.ACCEPTED, I.LOST):
            session.feed(event)
        assert session.schedule(0.0, 1.0) == 2.0

    def test_the_attempt_is_made_when_it_is_due(self):
        session = in_state(*LOGGED_IN, I.LOST)
        session.schedule(100.0, 0.0)
        assert session.deadline == 101.0
        assert session.tick(100.9) == ()
        assert session.tick(101.0) == (E.OPEN, E.PING)
        assert session.state is State.RECONNECTING
        assert session.deadline is None

    def test_the_browsers_online_ends_the_pause(self):
        session = in_state(*LOGGED_IN, I.LOST)
        session.schedule(100.0, 1.0)
        session.hurry(100.5)
        assert session.tick(100.5) == (E.OPEN, E.PING)

    def test_online_without_a_pause_changes_nothing(self):
        session = in_state(*LOGGED_IN)
        session.hurry(1.0)
        assert session.deadline is None

    def test_a_logout_ends_the_pause(self):
        session = in_state(*LOGGED_IN, I.LOST)
        session.schedule(100.0, 1.0)
        session.feed(I.LOGOUT)
        assert session.deadline is None


class TestPing:
    def test_the_token_is_kept_alive_every_five_minutes(self):
        session = in_state(*LOGGED_IN)
        session.pinged(100.0)
        assert session.deadline == 100.0 + PING_INTERVAL
        assert session.tick(399.0) == ()
        assert session.tick(400.0) == (E.PING,)
        assert session.deadline == 700.0

    def test_the_earlier_of_the_two_timers_is_next(self):
        session = in_state(*LOGGED_IN, I.LOST)
        session.pinged(100.0)
        session.schedule(150.0, 0.0)
        assert session.deadline == 151.0

    def test_a_session_that_ended_is_not_kept_alive(self):
        session = in_state(*LOGGED_IN)
        session.pinged(100.0)
        session.feed(I.UNAUTHORIZED)
        assert session.deadline is None
