"""State machines as tables: (state, input) → (state, effects), over enums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Generic, TypeAlias, TypeVar

S = TypeVar("S", bound=Enum)
I = TypeVar("I", bound=Enum)  # noqa: E741 - S, I and E are the machine's three alphabets
E = TypeVar("E", bound=Enum)


class Symbol(Enum):
    """A state, an input or an effect. Its identity is its hash: tables are asked all the time."""

    __hash__ = object.__hash__


Table: TypeAlias = Mapping[tuple[S, I], tuple[S, tuple[E, ...]]]


class UnknownTransitionError(Exception):
    """The table has no row for this pair: a defect of the program, not of its input."""


class Machine(Generic[S, I, E]):
    """A state, and the table that says what each input makes of it."""

    __slots__ = ("_table", "state")

    def __init__(self, table: Table[S, I, E], state: S) -> None:
        self._table = table
        self.state = state

    def feed(self, event: I) -> tuple[E, ...]:
        """Take an input: move to the next state and return the effects, in order.

        Raises:
            UnknownTransitionError: the table does not know this input in this state.
        """
        try:
            self.state, effects = self._table[self.state, event]
        except KeyError:
            raise UnknownTransitionError(f"{event} in state {self.state}") from None
        return effects


def stay(states: Iterable[S], inputs: Iterable[I]) -> dict[tuple[S, I], tuple[S, tuple[E, ...]]]:
    """Return rows in which these inputs change nothing in these states."""
    inputs = tuple(inputs)
    return {(state, event): (state, ()) for state in states for event in inputs}
