"""The states of a leg."""

import pytest

from pycti.errors import StateError
from pycti.pbx.directory import Kind, Party
from pycti.pbx.legs import EVENTS, TRANSITIONS, Input, Leg, State, Way

PARTY = Party(Kind.USER, "10002", "1002", "Anna Bell")


def leg(state: State) -> Leg:
    return Leg("1790000000000", 1, PARTY, PARTY, Way.INITIATOR, 0.0, "internal", state=state)


@pytest.mark.parametrize("what", Input)
@pytest.mark.parametrize("state", State)
def test_every_pair_is_a_transition_or_an_error_with_its_name(state, what):
    one = leg(state)
    after = TRANSITIONS.get((state, what))
    if after is None:
        with pytest.raises(StateError, match=rf"\b{state}\b.*\b{what}\b"):
            one.take(what, 5.0)
        assert one.state is state
    else:
        one.take(what, 5.0, 486)
        assert one.state is after


def test_a_terminated_leg_accepts_no_input():
    assert not [state for state, _ in TRANSITIONS if state is State.TERMINATED]


def test_every_reason_of_an_end_has_an_rfc_4235_event():
    ways = {what for (_, what), after in TRANSITIONS.items() if after is State.TERMINATED}
    assert ways == set(EVENTS)
    assert set(EVENTS.values()) == {
        "cancelled", "rejected", "replaced", "local-bye", "remote-bye", "timeout",
    }  # fmt: skip


def test_a_leg_that_never_rang_is_not_reported():
    one = leg(State.TRYING)
    one.take(Input.REJECT, 1.0, 486)
    assert not one.shown


def test_a_leg_that_rang_stays_reported():
    one = leg(State.TRYING)
    one.take(Input.ALERT, 1.0)
    one.take(Input.CANCEL, 2.0, 487)
    assert one.shown
    assert (one.event, one.code) == ("cancelled", 487)


def test_the_answer_time_is_kept():
    one = leg(State.EARLY)
    one.take(Input.ANSWER, 7.0)
    assert one.answered == 7.0
