"""What the words around a number say that it is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from pycti.numbers.lazy import Regex
from pycti.numbers.words import (
    ABOUT,
    AT,
    CAPITALS,
    COLUMNS,
    COUNTED,
    FUNCTION,
    GIVEN,
    LETTER,
    OWN,
    POSSESSIVE,
    TOKEN,
    TOLD,
    WANTED,
    Kind,
    kind_of,
)

_REACH = 80
"""How far back a word may be that says what a number is, in characters."""

_PREVIOUS = Regex(r"\d[\d\s().,/–-]{3,}\d(?=\D*\Z)")
_CONNECTOR = Regex(
    r"\s*(?:(?P<listed>[,;/])|[&–-]|and|or|to|y|o|u|e|a|und|oder|bis|bzw\.?|resp\.?|\+)?\s*\Z", re.I
)
# The point of "Dr." or "z. B." ends no sentence.
_BOUNDARY = Regex(r"[;|·•\n]|(?<=\w{4})\.\s+(?=[^\W\d_])|[!?]\s")
_SIGN = Regex("[\u260e\u260f\u2706\u2121\U0001f4de\U0001f4f1\U0001f4f2\U0001f919]\ufe0f?")
_OF = Regex(r"\s+(?:de|del|des|der|of|for|fur|para|von|ihr\w*|sein\w*|mein\w*)\s+\w+(?:\s\w+)?")
# A column of quantities: "(€)", "(ms)", "(km²)".
_UNITS = Regex(r"[€$£%#=]|\((?:[kmµμ]?[smglVWA]|[kmc]?m[²³2]?|[kMGT]?B|min|h|°C|kWh|mm)\)")
_REMARK = Regex(r"\s?[(\[]|\s(?:is|ist|es)\s")
_COMMA = Regex(r"[,–-]\s*\Z")
_PROSE = Regex(r"[^\W\d_A-Z]")
_WORD = Regex(r"\w+")
_AFTER = 14


@dataclass(frozen=True, slots=True)
class _Label:
    kind: Kind
    reach: int
    word: str
    start: int
    end: int


class Verdict(Enum):
    """What is said of a number."""

    TELEPHONE = "telephone"
    OTHER = "other"
    NOTHING = "nothing"


def judge(text: str, start: int, end: int, label: str) -> Verdict:
    """Return what the words around ``text[start:end]`` say, else the label the text stands under.

    ``label`` holds a column's header or the line before, one a line.
    """
    if CAPITALS.match(text, 0, start) and not _WORD.search(text, end):
        return Verdict.OTHER
    verdict, _ = _before(text, start)
    if verdict is Verdict.NOTHING:
        verdict = _after(text[end : end + _AFTER])
    if verdict is not Verdict.NOTHING:
        return verdict
    first = not _PROSE.search(text, 0, start)
    for line in label.split("\n"):
        verdict = _of_label(line)
        # "Order" over a cell says what its only number is, not what "Jo, 020 …" is.
        if verdict is Verdict.TELEPHONE or (verdict is Verdict.OTHER and first):
            return verdict
    return Verdict.NOTHING


def _before(text: str, start: int) -> tuple[Verdict, bool]:
    """Return the verdict of the words before, and whether a colon ends them."""
    window = text[max(0, start - _REACH) : start]
    previous = _PREVIOUS.search(window)
    if previous:
        between = window[previous.end() :]
        connector = _CONNECTOR.match(between)
        if connector and between:
            shift = start - len(window)
            verdict, listed = _before(text, shift + previous.start())
            # "Order 123, 020 …": two things. "Replaces: 123, 020 …": two of one kind.
            if connector["listed"] and verdict is Verdict.OTHER and not listed:
                return Verdict.NOTHING, False
            return verdict, listed
        window = between
    boundary = 0
    for found in _BOUNDARY.finditer(window):
        boundary = found.end()
    window = window[boundary:]
    window = plain(window)
    return _nearest(window), ":" in window


def _nearest(window: str) -> Verdict:
    if LETTER.search(window) or _SIGN.search(window):
        return Verdict.TELEPHONE
    if GIVEN.search(window):
        return Verdict.OTHER
    labels = _labels(window)
    while labels:
        label = labels.pop()
        gap = window[label.end :]
        if label.kind is Kind.TELEPHONE:
            return Verdict.TELEPHONE
        if label.kind is Kind.MARKER:
            verdict = _of_marker(window, label, labels, gap)
        else:
            wanted = WANTED.search(window, 0, label.start)
            near = not wanted and _is_near(gap, label.reach)
            verdict = Verdict.OTHER if near else Verdict.NOTHING
            before = labels[-1] if labels else None
            if before and before.kind is Kind.TELEPHONE and ABOUT.match(window, before.end):
                return Verdict.TELEPHONE
        if verdict is not Verdict.NOTHING:
            return verdict
    return Verdict.TELEPHONE if AT.search(window) else Verdict.NOTHING


def _labels(window: str) -> list[_Label]:
    return [
        _Label(*kind, token[0], token.start(), token.end())
        for token in TOKEN.finditer(window)
        if (kind := kind_of(token[0]))
    ]


def _is_near(gap: str, reach: int) -> bool:
    # "Room 131), 020 …" and "Licence: Ann, 020 …" have had their say.
    if re.search(r"\d\S*[),;:]|[:,;)]\s*(?!(?:e\.? ?g|z\.? ?b|p\.? ?ej))[^\W\d]", gap):
        return False
    words = len(_WORD.findall(FUNCTION.sub("", gap)))
    # "Book a table on 020 …", "Order desk Ann, 020 …"
    return words <= reach and not AT.search(gap) and not (words and _COMMA.search(gap))


def _of_marker(window: str, marker: _Label, labels: list[_Label], gap: str) -> Verdict:
    """Tell "order number" from "my number"."""
    before = window[: marker.start]
    whole = len(marker.word) > 5
    if labels and not _WORD.search(before, labels[-1].end):
        is_telephone = labels[-1].kind is Kind.TELEPHONE
        return Verdict.TELEPHONE if is_telephone else Verdict.OTHER
    of = _OF.match(gap)
    if of:
        return Verdict.TELEPHONE if POSSESSIVE.search(of[0]) else Verdict.OTHER
    if OWN.search(before):
        # "Order: your number is 123" is no telephone number, "your number is 020 …" is.
        kinds = {label.kind for label in labels}
        return Verdict.OTHER if Kind.THING in kinds else Verdict.TELEPHONE
    near = _is_near(gap, 0 if marker.word == "no" else marker.reach)
    if not near or (whole and not _WORD.search(before)):
        return Verdict.NOTHING  # "Number: …", or a mere "no".
    return Verdict.OTHER


def _after(text: str) -> Verdict:
    """ "… (fax)", "… is my mobile", "… visitors"."""
    words = plain(text)
    if COUNTED.match(words) or TOLD.match(words):
        return Verdict.OTHER
    remark = _REMARK.match(words)
    if remark and any(label.kind is Kind.TELEPHONE for label in _labels(words)):
        return Verdict.TELEPHONE
    return Verdict.NOTHING


def _of_label(line: str) -> Verdict:
    if _UNITS.search(line):
        return Verdict.OTHER
    line = plain(line)
    if LETTER.fullmatch(line) or _SIGN.search(line) or line in COLUMNS:
        return Verdict.TELEPHONE
    kinds = {label.kind for label in _labels(line)}
    if Kind.TELEPHONE in kinds:
        return Verdict.TELEPHONE
    return Verdict.OTHER if kinds else Verdict.NOTHING


def plain(text: str) -> str:
    """Return ``text`` in lower case and without accents."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
