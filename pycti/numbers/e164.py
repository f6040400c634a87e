"""E.164 numbers, extensions, and what a user may dial (ITU-T E.164)."""

from __future__ import annotations

import re

from pycti.errors import InputError, quoted
from pycti.numbers.tel import TelUri

_SEPARATORS = str.maketrans("", "", "+-.() \t\u00a0\u202f")
_E164 = re.compile(r"[1-9][0-9]{5,16}\Z")
_EXTENSION = re.compile(r"[0-9]{2,5}\Z")
_SHORT = re.compile(r"[0-9*#]{1,5}\Z")

SHORT = 5
"""A destination of up to this many characters is an extension or a service code."""


def digits(number: str) -> str:
    """Return the digits of ``number`` alone, to compare numbers however they are written."""
    return "".join(character for character in number if character.isascii() and character.isdigit())


def is_national(text: str) -> bool:
    """Return whether ``text`` is a number that means something in one country only, if anything.

    That is what has more than `SHORT` characters, no ``+`` and no ``tel:``. Digits alone may be a
    national number or one in E.164 form whose ``+`` was left out: `to_e164` finds out.
    """
    text = unwrapped(text)
    return len(text) > SHORT and not text.lstrip("(\uff08").startswith(("+", "\uff0b"))


def unwrapped(text: str) -> str:
    """Return ``text`` without blanks around it; of a ``tel:`` URI, what is to be dialled.

    Raises:
        InputError: BAD_TEL_URI.
    """
    text = text.strip()
    return TelUri.parse(text).dialled if text[:4].lower() == "tel:" else text


def destination(text: str, *, extension_only: bool = False) -> str:
    """Return ``text`` as the connector dials it: ``+`` and digits, or an extension.

    Args:
        text: an E.164 number, in which ``+ - . ( )`` and blanks do not count; an extension; or a
            ``tel:`` URI with one of them. What ``;ext=`` names is not dialled.
        extension_only: refuse the service codes that a short destination may otherwise be.

    Raises:
        InputError: EMPTY_DESTINATION, BAD_NUMBER, BAD_EXTENSION or BAD_TEL_URI.
    """
    text = unwrapped(text)
    if not text:
        raise InputError("EMPTY_DESTINATION", "There is no number to call.")
    if len(text) <= SHORT:
        if not (_EXTENSION if extension_only else _SHORT).match(text):
            raise InputError("BAD_EXTENSION", f"{quoted(text)} is not an extension.")
        return text
    number = text.translate(_SEPARATORS)
    if not _E164.match(number):
        raise InputError("BAD_NUMBER", f"{quoted(text)} is not a complete phone number.")
    return f"+{number}"


def to_wire(number: str) -> str:
    """Return a destination as the REST API takes it, without the ``+``."""
    return number.removeprefix("+")


def same(one: str, other: str) -> bool:
    """Whether two numbers are the same however they are written, national form included."""
    if one == other or min(len(one), len(other)) <= SHORT:
        return bool(one) and one == other
    short, long = sorted((digits(one).lstrip("0"), digits(other).lstrip("0")), key=len)
    return len(short) > SHORT and long.endswith(short)
