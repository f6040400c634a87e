"""Ways of writing numbers that the numbering plans do not describe."""

from __future__ import annotations

from pycti.numbers.lazy import Regex

# Prefixes that Mexico gave up in 2019 and pages still have: 01, 044, 045, and 1 after +52.
_MEXICAN = Regex(
    r"(?<![\d+.,/-])(?<!\d )0(?:1|44|45)(?=[ -]\(?\d{2,3}\)?[ -]\d)|(?<=\+52)[ -]?1(?=[ -]?\(?\d\d)"
)
# "1-800-FLOWERS", "408-555-HELP": letters of the keypad, in North America.
_LETTERED = Regex(
    r"(?<![\w+])(?:\+?1[ .-]?)?\(?[2-9]\d\d\)?[ .-]?"
    r"(?:[A-Z]{7}|[A-Z]{3}-[A-Z]{4}|\d{3}[ .-][A-Z]{4})(?![\w-])"
)
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")


def without_old_prefixes(text: str, region: str | None) -> str:
    """Return ``text``, as long as it was, with blanks for prefixes that are dialled no more."""
    if region != "MX" and "+52" not in text:
        return text
    return _MEXICAN.sub(lambda found: " " * len(found[0]), text)


def lettered(text: str) -> list[tuple[int, int, str]]:
    """Return the numbers with letters in ``text``: where they are, and their digits."""
    return [
        (found.start(), found.end(), found[0].translate(_KEYS))
        for found in _LETTERED.finditer(text)
    ]
