"""A cache for parsed texts: within one dialog most header values never change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")

LONGEST = 256
"""Texts with more characters than this are not cached."""


class Memory(dict[str, Value], Generic[Value]):
    """``memory[text]`` is ``read(text)``. An exception of ``read`` is passed on and not cached.

    Network input must not fill the memory, so the cache holds at most ``size`` texts and as many
    older ones. Whenever it is full, it drops the older texts that were not used since the time
    before. It is a ``dict``, so that a hit needs no call of a Python function.
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
    """Return ``read`` with a cache."""
    return Memory(read, size).__getitem__
