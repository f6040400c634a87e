"""State machines as tables: (state, input) → (state, effects), over enums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Generic, TypeAlias, TypeVar

S = TypeVar("S", bound=Enum)
I = TypeVar("I", bound=Enum)  # noqa: E741 - S, I and E are the machine's three alphabets
E = TypeVar("E", bound=Enum)


class Symbol(Enum):
    """A state, an input or an effect. The hash is the identity, for fast lookups in the tables."""

    __hash__ = object.__hash__


Table: TypeAlias = Mapping[tuple[S, I], tuple[S, tuple[E, ...]]]


class UnknownTransitionError(Exception):
    """The table has no row for this pair. This is a bug in the program, not invalid input."""


class Machine(Generic[S, I, E]):
    """A state, and the table of its transitions."""

    __slots__ = ("_table", "state")

    def __init__(self, table: Table[S, I, E], state: S) -> None:
        self._table = table
        self.state = state

    def feed(self, event: I) -> tuple[E, ...]:
        """Process an input: move to the next state and return the effects, in order.

        Raises:
            UnknownTransitionError: the table has no row for this input in this state.
        """
        try:
            self.state, effects = self._table[self.state, event]
        except KeyError:
            raise UnknownTransitionError(f"{event} in state {self.state}") from None
        return effects


def stay(states: Iterable[S], inputs: Iterable[I]) -> dict[tuple[S, I], tuple[S, tuple[E, ...]]]:
    """Return rows in which ``inputs`` change nothing in ``states``."""
    inputs = tuple(inputs)
    return {(state, event): (state, ()) for state in states for event in inputs}
