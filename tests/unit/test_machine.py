"""The table-driven state machine."""

from __future__ import annotations

from enum import Enum, auto

import pytest

from pycti.common.machine import Machine, UnknownTransitionError, stay


class Door(Enum):
    OPEN = auto()
    SHUT = auto()


class Hand(Enum):
    PUSH = auto()
    PULL = auto()


class Sound(Enum):
    CREAK = auto()
    SLAM = auto()


TABLE = {
    (Door.OPEN, Hand.PUSH): (Door.SHUT, (Sound.CREAK, Sound.SLAM)),
    (Door.SHUT, Hand.PULL): (Door.OPEN, (Sound.CREAK,)),
}


def test_an_input_moves_to_the_next_state_and_returns_the_effects_in_order():
    machine = Machine(TABLE, Door.OPEN)
    assert machine.feed(Hand.PUSH) == (Sound.CREAK, Sound.SLAM)
    assert machine.state is Door.SHUT


def test_an_unknown_pair_names_the_input_and_the_state():
    machine = Machine(TABLE, Door.OPEN)
    with pytest.raises(UnknownTransitionError, match=r"Hand\.PULL in state Door\.OPEN"):
        machine.feed(Hand.PULL)


def test_an_unknown_pair_leaves_the_state_as_it_was():
    machine = Machine(TABLE, Door.OPEN)
    with pytest.raises(UnknownTransitionError):
        machine.feed(Hand.PULL)
    assert machine.state is Door.OPEN


def test_two_machines_of_one_table_share_nothing():
    one, other = Machine(TABLE, Door.OPEN), Machine(TABLE, Door.OPEN)
    one.feed(Hand.PUSH)
    assert other.state is Door.OPEN


def test_stay_makes_a_row_for_every_pair_even_of_iterators():
    rows = stay(iter(Door), iter(Hand))
    assert rows == {(door, hand): (door, ()) for door in Door for hand in Hand}
