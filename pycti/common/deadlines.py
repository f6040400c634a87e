"""Deadlines: seconds of a clock that never goes back, ``None`` where nothing waits."""

from __future__ import annotations


def earliest(*deadlines: float | None) -> float | None:
    """Return the first of these, ``None`` where nothing waits."""
    first = None
    # A plain loop: it runs several times for each message that comes in.
    for deadline in deadlines:
        if deadline is not None and (first is None or deadline < first):
            first = deadline
    return first
