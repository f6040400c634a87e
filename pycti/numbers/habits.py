"""Ways of writing numbers that the numbering plans do not describe."""

from __future__ import annotations

from pycti.numbers.lazy import Regex

# Prefixes that Mexico gave up in 2019 and pages still have: 01, 044, 045, and 1 after +52.
_MEXICAN = Regex(
    r"(?<![\d+.,/-])(?<!\d )0(?:1|44|45)(?=[ -]\(?\d{2,3}\)?[ -]\d)|(?<=\+52)[ -]?1(?=[ -]?\(?\d\d)"
)
# "1-800-FLOWERS", "1-888-GO-FEDEX", "(702) 555-AUTO": letters of the keypad, in North America.
_TOLL_FREE = r"(?:8(?:00|33|44|55|66|77|88)|900)"
_WORDS = r"(?:[A-Z]{7,10}|(?=(?:[A-Z]-?){7}(?![A-Z-]))[A-Z]+(?:-[A-Z]+)+|\d{3}[ .-][A-Z]{4})"
_LETTERED = Regex(
    rf"(?<![\w+])(?:\+?1[ .-]{{0,2}}\(?[2-9]\d\d\)?[ .-]?{_WORDS}"
    rf"|\(?{_TOLL_FREE}\)?[ .-]?{_WORDS}"
    r"|\(?[2-9]\d\d\)?[ .-]{0,2}[2-9]\d\d[ .-][A-Z]{4})(?![\w-])"
)
# "(612) XXX-XXXX" and "1-800-555-XXXX" say how a number looks.
_PLACEHOLDER = Regex(r"[^A-Z]*X[^A-WYZ]*\Z")
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_LENGTH = 10
"""Digits of a number in North America; letters beyond them complete the word."""


TRUNK_WRITTEN = frozenset({"AT", "BE", "CH", "DE", "FR", "GB", "LI", "NL"})
"""Countries in which the trunk prefix 0 is always written."""


def without_old_prefixes(text: str, region: str | None) -> str:
    """Return ``text``, as long as it was, with blanks for prefixes that are dialled no more."""
    if region != "MX" and "+52" not in text:
        return text
    return _MEXICAN.sub(lambda found: " " * len(found[0]), text)


def lettered(text: str) -> list[tuple[int, int, str]]:
    """Return the numbers with letters in ``text``: where they are, and the numbers."""
    return [
        (found.start(), found.end(), number)
        for found in _LETTERED.finditer(text)
        if (number := digits_of_letters(found[0]))
    ]


def digits_of_letters(text: str) -> str:
    """Return the number that ``text`` spells with letters of the keypad, ``""`` for none."""
    text = text.strip().upper()
    if not _LETTERED.fullmatch(text) or _PLACEHOLDER.match(text):
        return ""
    digits = "".join(one for one in text.translate(_KEYS) if one.isdigit()).removeprefix("1")
    return f"+1{digits[:_LENGTH]}"
