"""Who a number belongs to: what the user's own directory has answered in this session."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TypeAlias

from pycti import numbers
from pycti.events import Call, Direction
from pycti.rest.api import Json

Contact: TypeAlias = dict[str, Json]
"""What a directory knows of a number: a ``name``, and whatever else is of use to the page."""

LIMIT = 500
"""So many numbers are remembered; the oldest goes first."""

LENGTH = 65_536
"""A contact whose JSON is longer than this is refused."""

AGAIN = 60.0
"""Seconds until a number that nobody knew is asked for again."""


def read_contact(value: object) -> Contact | None:
    """Return a copy of what a directory has answered, ``None`` where that is no contact."""
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return None
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return None
    contact: Contact = json.loads(text)
    return contact if len(text) <= LENGTH else None


def key_of(number: str) -> str:
    """Return what is the same for one number in several spellings, ``""`` where there is none."""
    return numbers.digits(number)


class Contacts:
    """The answers so far. ``now`` is in seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Contact | None, float]] = {}

    @property
    def empty(self) -> bool:
        """Whether there is no answer yet."""
        return not self._known

    def learn(self, key: str, contact: Contact | None, now: float) -> None:
        """Keep an answer; ``None`` says that nobody knows the number, or that nobody answered."""
        self._known.pop(key, None)
        self._known[key] = (contact, now)
        if len(self._known) > LIMIT:
            del self._known[next(iter(self._known))]

    def settled(self, key: str, now: float) -> bool:
        """Whether there is no need to ask for this number."""
        if key not in self._known:
            return False
        contact, since = self._known[key]
        return contact is not None or now < since + AGAIN

    def of(self, call: Call) -> Contact | None:
        """Return the other side of a call, where it is known."""
        contact, _ = self._known.get(key_of(call.other_number), (None, 0.0))
        return contact

    def named(self, call: Call) -> Call:
        """Return the call with the contact's name, where the network tells none."""
        contact = self.of(call)
        if contact is None or not _is_nameless(call):
            return call
        name = str(contact["name"])
        if call.direction is Direction.IN:
            return replace(call, source_name=name)
        return replace(call, destination_name=name)

    def clear(self) -> None:
        """Forget every answer."""
        self._known.clear()


def _is_nameless(call: Call) -> bool:
    """Whether the network tells no name, or only the number in its place."""
    name, number = call.other_name, call.other_number
    if not name:
        return True
    spelt = any(character.isalpha() for character in name)
    return not spelt and (key_of(name) == key_of(number) or numbers.same(name, number))
