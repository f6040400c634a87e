"""A memory for what is read again and again: in one dialog most header values never change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

LONGEST = 256
"""Longer texts are not kept, in characters."""


class Memory(dict[str, Value], Generic[Value]):
    """``memory[text]`` is ``read(text)``; what ``read`` raises is raised, and nothing is kept.

    What comes from the network must not fill the memory, so it holds ``size`` texts and as many
    older ones: what was not asked for since it was full the time before is forgotten. A plain
    ``dict`` answers for what is known, without a call to Python.
    """

    def __init__(self, read: Callable[[str], Value], size: int = 4096) -> None:
        super().__init__()
        self._read = read
        self._size = size
        self._older: dict[str, Value] = {}

    def __missing__(self, text: str) -> Value:
        value = self._older[text] if text in self._older else self._read(text)
        if len(text) < LONGEST:
            if len(self) >= self._size:
                self._older = dict(self)
                self.clear()
            self[text] = value
        return value


def remember(read: Callable[[str], Value], size: int = 4096) -> Callable[[str], Value]:
    """Return ``read`` with a memory."""
    return Memory(read, size).__getitem__
