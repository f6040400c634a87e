"""When a call pops up: while it rings, once, and after the lookup of the caller."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pycti.events import Call, CallStatus, Direction
from pycti.pages.screen_pops import LIMIT, PATIENCE, ScreenPops

C = CallStatus
OWN = "user:10002"
CALL = Call("143", "1", OWN, Direction.IN, C.RINGING)


@pytest.fixture
def pops() -> ScreenPops:
    pops = ScreenPops()
    pops.node = OWN
    return pops


def test_a_ringing_call_pops_at_once_without_a_pending_lookup(pops: ScreenPops):
    assert pops.begin(CALL, 0)
    assert pops.due(CALL, 0, known=True)


def test_a_pop_waits_for_the_name_with_a_timeout(pops: ScreenPops):
    pops.begin(CALL, 0)
    assert not pops.due(CALL, PATIENCE - 0.1, known=False)
    assert pops.due(CALL, PATIENCE, known=False)


def test_a_call_that_is_answered_while_waiting_pops_at_once(pops: ScreenPops):
    pops.begin(CALL, 0)
    assert pops.due(replace(CALL, status=C.CONNECTED), 0.5, known=False)


def test_a_call_that_ends_while_waiting_does_not_pop(pops: ScreenPops):
    pops.begin(CALL, 0)
    assert not pops.due(replace(CALL, status=C.HANGUP), 0.5, known=True)


def test_a_call_begins_once_and_pops_once(pops: ScreenPops):
    assert pops.begin(CALL, 0)
    assert not pops.begin(CALL, 1)
    pops.done([CALL.id])
    assert not pops.begin(CALL, 2)
    assert not pops.due(CALL, 9, known=True)


def test_a_call_that_an_earlier_worker_popped_does_not_pop(pops: ScreenPops):
    pops.done(["143"])
    assert not pops.begin(CALL, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"direction": Direction.OUT},
        {"node": "queue:77"},
        {"status": C.CONNECTED},
        {"status": C.HANGUP},
    ],
)
def test_a_call_that_does_not_ring_for_the_user_does_not_pop(
    pops: ScreenPops, changes: dict[str, str]
):
    call = replace(CALL, **changes)
    assert not pops.begin(call, 0)
    assert not pops.due(call, 9, known=True)


def test_the_same_call_seen_from_another_node_does_not_pop(pops: ScreenPops):
    pops.begin(CALL, 0)
    queue = replace(CALL, node="queue:77", status=C.CONNECTED)
    assert not pops.due(queue, 9, known=True)
    pops.drop(queue)
    assert pops.due(CALL, 9, known=True)


def test_a_call_that_no_longer_rings_is_dropped(pops: ScreenPops):
    pops.begin(CALL, 0)
    pops.drop(CALL)
    assert pops.due(CALL, 0, known=True)
    pops.drop(replace(CALL, status=C.CONNECTED))
    assert not pops.due(CALL, 9, known=True)


def test_the_number_of_popped_calls_is_bounded(pops: ScreenPops):
    pops.done(str(number) for number in range(LIMIT + 1))
    assert pops.begin(replace(CALL, id="0"), 0)
    assert not pops.begin(replace(CALL, id="1"), 0)


def test_clear_forgets_all_calls(pops: ScreenPops):
    pops.done(["142"])
    pops.begin(CALL, 0)
    pops.clear()
    assert not pops.due(CALL, 9, known=True)
    assert pops.begin(replace(CALL, id="142"), 0)
