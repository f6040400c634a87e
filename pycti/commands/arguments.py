"""What callers pass: anything at all, as pages are written in JavaScript."""

from __future__ import annotations

from collections.abc import Sequence

from pycti.errors import InputError

MAX_SAFE_INTEGER = 2**53 - 1


def check_count(name: str, arguments: Sequence[object], least: int, most: int) -> None:
    """Raise `InputError` MISSING_ARGUMENT or TOO_MANY_ARGUMENTS where the number is wrong."""
    if len(arguments) < least:
        raise InputError("MISSING_ARGUMENT", f"{name}() needs {least}, got {len(arguments)}.")
    if len(arguments) > most:
        raise InputError("TOO_MANY_ARGUMENTS", f"{name}() takes {most}, got {len(arguments)}.")


def as_text(value: object, what: str) -> str:
    """Return an argument as text; JavaScript callers pass numbers as numbers, too."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError("BAD_ARGUMENT", f"The {what} is not a string.")
    return str(value)


def as_id(value: object, what: str) -> str:
    """Return an id as text: pages put it into their markup, where it may become a number.

    A number that JavaScript cannot hold exactly names something else than what was meant.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and abs(value) > MAX_SAFE_INTEGER:
        raise InputError("BAD_ARGUMENT", f"The {what} is too large a number: pass it as text.")
    return as_text(value, what)


def as_word(value: object, what: str) -> str:
    """Return an argument as text without blanks around it, which must say something."""
    text = as_text(value, what).strip()
    if not text or not text.isprintable():
        raise InputError("BAD_ARGUMENT", f"The {what} is empty or not printable.")
    return text
