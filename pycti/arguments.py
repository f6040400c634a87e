"""What callers pass: anything at all, as pages are written in JavaScript."""

from __future__ import annotations

from collections.abc import Sequence

from pycti.errors import InputError


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


def as_word(value: object, what: str) -> str:
    """Return an argument as text without blanks around it, which must say something."""
    text = as_text(value, what).strip()
    if not text or not text.isprintable():
        raise InputError("BAD_ARGUMENT", f"The {what} is empty or not printable.")
    return text
