"""The table of a subscription: every pair, and every state can be reached and left."""

from __future__ import annotations

import itertools

import pytest

from pycti.common.machine import Machine
from pycti.sip.subscription_states import REASONS, TABLE, Effect, Input, State

S, I, E = State, Input, Effect
SUBSCRIBED = (S.SUBSCRIBING, S.NOTIFY_WAIT, S.ACTIVE, S.REFRESHING, S.WAITING)

# The pairs with a transition; every other pair changes nothing.
ROWS: dict[tuple[State, Input], tuple[State, tuple[Effect, ...]]] = {
    **{(s, I.LOST): (S.IDLE, (E.FORGET,)) for s in SUBSCRIBED},
    **{(s, I.REFUSED): (S.ENDED, (E.REFUSE, E.FORGET)) for s in SUBSCRIBED},
    **{(s, I.LATER): (S.WAITING, (E.WAIT,)) for s in SUBSCRIBED},
    **{(s, I.STOP): (S.LEAVING, (E.SEND_LEAVE,)) for s in SUBSCRIBED},
    **{(s, I.RESTART): (S.SUBSCRIBING, (E.SEND_INITIAL,)) for s in SUBSCRIBED},
    **{
        (S.LEAVING, event): (S.ENDED, (E.FORGET,))
        for event in (I.LOST, I.RESTART, I.LATER, I.REFUSED, I.DUE)
    },
    (S.LEAVING, I.AGAIN): (S.LEAVING, (E.SEND_AGAIN,)),
    (S.IDLE, I.START): (S.SUBSCRIBING, (E.SEND_INITIAL,)),
    (S.IDLE, I.STOP): (S.ENDED, ()),
    (S.SUBSCRIBING, I.ACCEPTED): (S.NOTIFY_WAIT, (E.ACCEPT,)),
    (S.SUBSCRIBING, I.AGAIN): (S.SUBSCRIBING, (E.SEND_AGAIN,)),
    (S.SUBSCRIBING, I.NOTIFIED): (S.ACTIVE, (E.ACCEPT,)),
    (S.SUBSCRIBING, I.LATER): (S.WAITING, (E.WAIT, E.FAIL)),
    (S.SUBSCRIBING, I.STOP): (S.ENDED, (E.FORGET,)),
    (S.NOTIFY_WAIT, I.NOTIFIED): (S.ACTIVE, ()),
    (S.NOTIFY_WAIT, I.DUE): (S.SUBSCRIBING, (E.SEND_INITIAL,)),
    (S.ACTIVE, I.DUE): (S.REFRESHING, (E.SEND_REFRESH,)),
    (S.ACTIVE, I.GAP): (S.REFRESHING, (E.SEND_REFRESH,)),
    (S.REFRESHING, I.ACCEPTED): (S.ACTIVE, ()),
    (S.REFRESHING, I.AGAIN): (S.REFRESHING, (E.SEND_AGAIN,)),
    (S.WAITING, I.DUE): (S.SUBSCRIBING, (E.SEND_INITIAL,)),
    (S.WAITING, I.RESTART): (S.WAITING, ()),
    (S.WAITING, I.LATER): (S.WAITING, ()),
    (S.WAITING, I.STOP): (S.ENDED, (E.FORGET,)),
}


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, Input)))
def test_every_pair(state, event):
    """A network can cause any order of inputs, so there is no unknown pair."""
    machine = Machine(TABLE, state)
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
    assert reachable(State.IDLE) == set(State)


@pytest.mark.parametrize("state", State)
def test_no_state_is_a_trap(state):
    assert State.ENDED in reachable(state)


def test_every_effect_is_used():
    assert {effect for _, effects in TABLE.values() for effect in effects} == set(Effect)


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        ("deactivated", Input.RESTART),
        ("timeout", Input.RESTART),
        ("probation", Input.LATER),
        ("giveup", Input.LATER),
        ("rejected", Input.REFUSED),
        ("noresource", Input.REFUSED),
        ("invariant", Input.REFUSED),
    ],
)
def test_each_reason_has_its_input(reason, verdict):
    """RFC 6665 §4.1.3."""
    assert REASONS[reason] is verdict
    assert len(REASONS) == 7
