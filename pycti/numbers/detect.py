"""Telephone numbers in running text: what a person would call one, and nothing else.

phonenumberslite finds what can be a number; its form and the words around it decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pycti.numbers.evidence import Verdict, judge
from pycti.numbers.habits import lettered, without_old_prefixes
from pycti.numbers.lazy import Regex
from pycti.numbers.library import known_country, library
from pycti.numbers.traps import QUANTITY_END, hide

_TRIES = 1_000
"""How often the matcher may try in vain, so that a page of figures costs no more than it should."""

# A code of a country or, in brackets, of an area: nothing else is written like that.
_CERTAIN = Regex(r"\(?\+|\(\d+\)")
_FIGURE = Regex(r"\d{1,2}(?P<point>[ .])\d{3}(?:(?P=point)\d{3})+\Z")
_NAMED = Regex(r"\b[^\W\d_a-z]\w+(?:, | ?\()\Z")
_JOINED_BEFORE = Regex(r"(?:\d[.,: ]|\w[-_/=]|[#=±€$£<>*])\Z")
_JOINED_AFTER = Regex(r"[-–—_] ?\d{2,}|[.,:]\d|/\d{5,}|[-_=]\w|\w|°")

_SPACES = Regex(r"\s+")
_EXTENSION = Regex(
    r"[ ,;]{0,3}(?:\(\s?)?"
    r"(?:e?xt(?:ensi[oó]n|ension)?n?|anexo|int(?:erno?|\.)|dw|durchwahl|klappe|kl|nebenstelle|nst|"
    r"poste|apparat|app|x|#)\s?[.:]?\s?(\d{1,5})\b\)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text: ``text[start:end]``, in E.164 form, and its extension or ``""``."""

    start: int
    end: int
    number: str
    extension: str = ""


def find_numbers(text: str, country: str | None = None, label: str = "") -> list[Found]:
    """Return the telephone numbers in ``text``, in order.

    Args:
        text: plain text, of a paragraph or of a cell of a table. No number goes across a line
            break.
        country: whose national numbers count (ISO 3166); without it, only numbers that begin
            with ``+``.
        label: what the text stands under, such as the header of its column.

    Raises:
        InputError: BAD_COUNTRY.
        CtiError: NUMBERS_UNAVAILABLE.
    """
    plans = library()
    region = known_country(country)
    text, places = _single_spaced(text)
    hidden = hide(without_old_prefixes(text, region))
    found = []
    for match in plans.PhoneNumberMatcher(hidden, region, max_tries=_TRIES):
        start, end, extension = match.start, match.end, match.number.extension or ""
        raw = match.raw_string
        if raw.startswith("(") and ")" not in raw:
            start += 1
        if _is_inside(hidden, start, end) or not _is_meant(text, start, end, label):
            continue
        if not extension and (more := _EXTENSION.match(text, end)):
            end, extension = more.end(), more[1]
        number = plans.format_number(match.number, plans.PhoneNumberFormat.E164)
        found.append(Found(places[start], places[end - 1] + 1, number, extension))
    if region and plans.country_code_for_region(region) == 1:
        for start, end, digits in lettered(text):
            number = plans.parse(digits, region)
            if plans.is_valid_number(number) and _is_meant(text, start, end, label):
                e164 = plans.format_number(number, plans.PhoneNumberFormat.E164)
                found.append(Found(places[start], places[end - 1] + 1, e164))
        found.sort(key=lambda one: one.start)
    return found


def _single_spaced(text: str) -> tuple[str, list[int]]:
    """Return ``text`` with single blanks or line breaks, and where each character was."""
    places: list[int] = []
    parts: list[str] = []
    last = 0
    for space in _SPACES.finditer(text):
        places.extend(range(last, space.start() + 1))
        parts += text[last : space.start()], "\n" if "\n" in space[0] else " "
        last = space.end()
    places.extend(range(last, len(text)))
    return "".join(parts) + text[last:], places


def _is_meant(text: str, start: int, end: int, label: str) -> bool:
    raw = text[start:end]
    if _CERTAIN.match(raw):
        return True
    verdict = judge(text, start, end, label)
    if verdict is Verdict.NOTHING:
        if not raw.isdigit():
            return not _FIGURE.match(raw)
        # "Ann Lee, 600123456" and "Ann Lee (600123456)" name whose it is.
        return bool(_NAMED.search(text[max(0, start - 30) : start]))
    return verdict is Verdict.TELEPHONE


def _is_inside(text: str, start: int, end: int) -> bool:
    """Whether the number is a part of something longer, or a quantity."""
    return bool(
        _JOINED_BEFORE.search(text[max(0, start - 2) : start])
        or _JOINED_AFTER.match(text, end)
        or QUANTITY_END.match(text, end)
    )
