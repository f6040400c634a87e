"""Telephone numbers in running text: what a person would call one, and nothing else.

phonenumberslite finds what can be a number; its form and the words around it decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pycti.errors import InputError
from pycti.numbers.evidence import Verdict, judge
from pycti.numbers.habits import TRUNK_WRITTEN, lettered, without_old_prefixes
from pycti.numbers.lazy import Regex
from pycti.numbers.library import known_country, library
from pycti.numbers.reading import BRACKETED_EXTENSION, EXTENSION, read_number
from pycti.numbers.traps import QUANTITY_END, hide

_TRIES = 1_000
"""How often the matcher may try in vain, so that a page of figures costs no more than it should."""

# A code of a country or, in brackets, of an area: nothing else is written like that.
_CERTAIN = Regex(r"\(?\+|\(\d+\)")
_FIGURE = Regex(r"\d{1,2}(?P<point>[ .])\d{3}(?:(?P=point)\d{3})+\Z")
_NAMED = Regex(r"\b[^\W\d_a-z]\w+(?:, | ?\()\Z")
_JOINED_BEFORE = Regex(r"(?:\w[-_/=]|[#=±€$£<>*])\Z")
# … but for a number with a country's code, which begins something new.
_GOES_ON = Regex(r"\d[.,: ]\Z")
_JOINED_AFTER = Regex(r"[-–—_] ?\d{2,}|[.,:]\d|/\d{5,}|[-_=]\w|\w|°")

_SPACES = Regex(r"\s+")


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
        if _is_inside(hidden, start, end) or not _is_meant(text, start, end, label, region):
            continue
        more = EXTENSION.match(text, end) or BRACKETED_EXTENSION.match(text, end)
        if more and not extension:
            end, extension = more.end(), more[1]
        number = _read(plans, match, region)
        found.append(Found(places[start], places[end - 1] + 1, number, extension))
    if region and plans.country_code_for_region(region) == 1:
        for start, end, number in lettered(text):
            exists = plans.is_valid_number(plans.parse(number, region))
            if exists and _is_meant(text, start, end, label, region):
                found.append(Found(places[start], places[end - 1] + 1, number))
        found.sort(key=lambda one: one.start)
    return found


def _read(plans: Any, match: Any, region: str | None) -> str:
    try:
        return read_number(match.raw_string, region).number
    except InputError:
        # Digits of other scripts are read in text only.
        return str(plans.format_number(match.number, plans.PhoneNumberFormat.E164))


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


def _is_meant(text: str, start: int, end: int, label: str, region: str | None) -> bool:
    raw = text[start:end]
    # "34 (2003), 333 – 337": without its 0, a number needs a word that says what it is.
    lacks_zero = region in TRUNK_WRITTEN and not raw.lstrip("(").startswith(("0", "+"))
    if _CERTAIN.match(raw) and not lacks_zero:
        return True
    verdict = judge(text, start, end, label)
    if verdict is Verdict.NOTHING and lacks_zero:
        return False
    if verdict is Verdict.NOTHING:
        if not raw.isdigit():
            return not _FIGURE.match(raw)
        # "Ann Lee, 600123456" and "Ann Lee (600123456)" name whose it is.
        return bool(_NAMED.search(text[max(0, start - 30) : start]))
    return verdict is Verdict.TELEPHONE


def _is_inside(text: str, start: int, end: int) -> bool:
    """Whether the number is a part of something longer, or a quantity."""
    before = text[max(0, start - 2) : start]
    is_new = text[start:end].lstrip("(").startswith("+")
    return bool(
        _JOINED_BEFORE.search(before)
        or (_GOES_ON.search(before) and not is_new)
        or _JOINED_AFTER.match(text, end)
        or QUANTITY_END.match(text, end)
    )
