"""Deadlines: seconds of a monotonic clock, or ``None`` if nothing is pending."""

from __future__ import annotations


def earliest(*deadlines: float | None) -> float | None:
    """Return the earliest deadline, or ``None`` if there is none."""
    first = None
    # A plain loop, for speed: it runs several times for each incoming message.
    for deadline in deadlines:
        if deadline is not None and (first is None or deadline < first):
            first = deadline
    return first
