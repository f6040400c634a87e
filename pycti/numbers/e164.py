"""E.164 numbers on their way to servers, and compared (ITU-T E.164)."""

from __future__ import annotations

from pycti.numbers.reading import SHORT


def digits(number: str) -> str:
    """Return the digits of ``number`` alone, to compare numbers however they are written."""
    return "".join(character for character in number if character.isascii() and character.isdigit())


def to_wire(number: str) -> str:
    """Return a destination as the REST API takes it, without the ``+``."""
    return number.removeprefix("+")


def same(one: str, other: str) -> bool:
    """Whether two numbers are the same however they are written, national form included."""
    if one == other or min(len(one), len(other)) <= SHORT:
        return bool(one) and one == other
    short, long = sorted((digits(one).lstrip("0"), digits(other).lstrip("0")), key=len)
    return len(short) > SHORT and long.endswith(short)
