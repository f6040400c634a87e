"""The contacts that the user's directory has returned in this session, by number."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TypeAlias

from pycti import numbers
from pycti.events import Call, Direction
from pycti.rest.api import Json

Contact: TypeAlias = dict[str, Json]
"""A directory entry: a ``name``, and any other fields that the page uses."""

LIMIT = 500
"""The number of answers that are stored; the oldest is dropped first."""

LENGTH = 65_536
"""A contact whose JSON is longer than this is rejected."""

AGAIN = 60.0
"""Seconds until a number without a contact is looked up again."""


def read_contact(value: object) -> Contact | None:
    """Return a copy of a directory's answer, or ``None`` if it is not a valid contact."""
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return None
    try:
        text = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return None
    contact: Contact = json.loads(text)
    return contact if len(text) <= LENGTH else None


def key_of(number: str) -> str:
    """Return a key that is the same for all spellings of a number; ``""`` without a number."""
    return numbers.digits(number)


class Contacts:
    """The answers so far. ``now`` is in seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._answers: dict[str, tuple[Contact | None, float]] = {}

    @property
    def empty(self) -> bool:
        """Whether there is no answer yet."""
        return not self._answers

    def learn(self, key: str, contact: Contact | None, now: float) -> None:
        """Store an answer. ``None``: the directory has no contact, or did not answer."""
        self._answers.pop(key, None)
        self._answers[key] = (contact, now)
        if len(self._answers) > LIMIT:
            del self._answers[next(iter(self._answers))]

    def settled(self, key: str, now: float) -> bool:
        """Return whether the number needs no lookup now."""
        if key not in self._answers:
            return False
        contact, since = self._answers[key]
        return contact is not None or now < since + AGAIN

    def of(self, call: Call) -> Contact | None:
        """Return the contact of the other party, if it is known."""
        contact, _ = self._answers.get(key_of(call.other_number), (None, 0.0))
        return contact

    def named(self, call: Call) -> Call:
        """Return the call with the contact's name if the network sends none."""
        contact = self.of(call)
        if contact is None or not _is_nameless(call):
            return call
        name = str(contact["name"])
        if call.direction is Direction.IN:
            return replace(call, source_name=name)
        return replace(call, destination_name=name)

    def clear(self) -> None:
        """Forget all answers."""
        self._answers.clear()


def _is_nameless(call: Call) -> bool:
    """Return whether the network sends no name, or the number instead of a name."""
    name, number = call.other_name, call.other_number
    if not name:
        return True
    spelt = any(character.isalpha() for character in name)
    return not spelt and (key_of(name) == key_of(number) or numbers.same(name, number))
