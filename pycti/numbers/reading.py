"""One reader of numbers, wherever they come from: a link, an attribute, a field, a call, a text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import unquote

from pycti.errors import InputError, quoted
from pycti.numbers.habits import digits_of_letters, without_old_prefixes
from pycti.numbers.lazy import Regex
from pycti.numbers.library import check_country, known_country, library
from pycti.numbers.trunk import without_bracketed_zero, without_trunk_zero

SHORT = 5
"""A destination of up to this many characters is an extension or a service code."""

_LONGEST = 500
# Pages write "tel:tel:+44…" and "callto://+44…", too.
_SCHEMES = Regex(r"(?:\s*(?:tel|callto|sips?):(?:\s*//)?\s*)+", re.I)
_SIP = Regex(r"\s*sips?:", re.I)
_LABEL = Regex(r"[^\d+*#]*[^\W\d_][^\d+*#]*[:.\s](?=[(\[]?[+(\[\d])")
_PAUSED = Regex(r"(?<=\d)\s*[,pw]+[\d,pw*#]*\Z", re.I)
_COMPLETE = 9
"""Digits before brackets that hold an extension: with fewer, they hold a part of the number."""

_E164 = re.compile(r"[1-9][0-9]{5,16}\Z")
_SHORT_NUMBER = re.compile(r"[0-9]{2,5}\Z")
_SERVICE_CODE = re.compile(r"[0-9*#]{1,5}\Z")
_SEPARATOR = re.compile(r"[\s.()\[\]/~\u2212]")
_PLUS = re.compile(r"[\s(\[]*\+")

EXTENSION = Regex(
    r"[ ,;]{0,3}(?:\(\s?)?(?<![A-Za-z])"
    r"(?:e?xt(?:ensi[oó]n|ension)?n?|anexo|int(?:erno?|\.)|dw|durchwahl|klappe|kl|nebenstelle|nst|"
    r"poste|apparat|app|x|#)\s?[.:]?\s?(\d{1,5})\b\)?",
    re.I,
)
"""An extension behind a number, as people write it."""

BRACKETED_EXTENSION = Regex(r"\s?\((?!(?:19|20)\d\d\))(\d{2,5})\)")
"""One in brackets that hold nothing else, and no year."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A number that was read: ``+`` and digits, or an extension; and the extension behind it."""

    number: str
    extension: str = ""


def read_number(text: str, country: str | None = None, *, extension_only: bool = False) -> Reading:
    """Return the number that ``text`` means, wherever it comes from.

    Args:
        text: a number as people write it, in E.164 form, national or with letters of the keypad; an
            extension; or a URI (``tel:``, ``callto:``, ``sip:``) that holds one of them. A label in
            front, "(0)" and a trunk 0 behind a country's code, what is dialled after the answer,
            and an extension behind the number are no part of it.
        country: whose national numbers count. What cannot be a national number there is taken for
            one in E.164 form without its ``+``.
        extension_only: refuse the service codes that a short destination may otherwise be.

    Raises:
        InputError: EMPTY_DESTINATION, BAD_NUMBER, BAD_EXTENSION or BAD_COUNTRY.
        CtiError: NUMBERS_UNAVAILABLE, for a national number only.
    """
    written = _take_apart(text)
    if not written.number:
        raise InputError("EMPTY_DESTINATION", "The destination is empty.")
    if len(written.number) <= SHORT:
        if not (_SHORT_NUMBER if extension_only else _SERVICE_CODE).match(written.number):
            raise InputError("BAD_EXTENSION", f"{quoted(written.number)} is not an extension.")
        return written
    lettered = digits_of_letters(written.number)
    if lettered:
        return replace(written, number=lettered)
    if country is not None and not _PLUS.match(written.number):
        return _national(written, country)
    return replace(written, number=_international(written.number))


def destination(text: str, *, extension_only: bool = False) -> str:
    """Return what is dialled where no country is known; `read_number` says how it is read."""
    return read_number(text, extension_only=extension_only).number


def to_e164(text: str, country: str) -> str:
    """Return what is dialled in ``country``; `read_number` says how it is read."""
    known_country(country)
    return read_number(text, country).number


def is_national(text: str) -> bool:
    """Return whether ``text`` is a number that means something in one country only, if anything.

    That is what has more than `SHORT` characters and no ``+``. Digits alone may be a national
    number or one in E.164 form whose ``+`` was left out: `read_number` finds out.
    """
    number = _take_apart(text).number
    return len(number) > SHORT and not _PLUS.match(number) and not digits_of_letters(number)


def _take_apart(text: str) -> Reading:
    """Return what is left of ``text`` without scheme, label and parameters, and the extension."""
    schemes = _SCHEMES.match(text)
    if schemes:
        text = unquote(text[schemes.end() : _LONGEST].partition("?")[0])
        if _SIP.match(schemes[0]):
            text = text.partition("@")[0].partition(":")[0]
    text = "".join(one for one in text if unicodedata.category(one) != "Cf").replace("\uff0b", "+")
    text, *parameters = text.strip().split(";")
    extension = context = ""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "ext":
            extension = _joined(value)
        elif name.strip().lower() == "phone-context" and value.strip().startswith("+"):
            context = value.strip()
    text, extension = _without_extension(text.strip(), extension)
    if (label := _LABEL.match(text)) and not digits_of_letters(text):
        text = text[label.end() :].strip()
    if context and not text.startswith("+"):
        text = context + text
    if schemes and _SERVICE_CODE.match(_joined(text)):
        text = _joined(text)  # RFC 3966 allows visual separators in a short number, too.
    return Reading(text, extension)


def _without_extension(text: str, extension: str) -> tuple[str, str]:
    for found in EXTENSION.finditer(text):
        if found.end() == len(text) and sum(map(str.isdigit, text[: found.start()])) > SHORT:
            return text[: found.start()].rstrip(), extension or found[1]
    for found in BRACKETED_EXTENSION.finditer(text):
        if found.end() == len(text) and sum(map(str.isdigit, text[: found.start()])) >= _COMPLETE:
            return text[: found.start()], extension or found[1]
    return _PAUSED.sub("", text), extension


def _joined(text: str) -> str:
    """Return ``text`` without blanks and signs that only group the digits."""
    text = _SEPARATOR.sub("", text)
    return "".join(one for one in text if unicodedata.category(one) != "Pd")


def _international(text: str) -> str:
    digits = _joined(without_bracketed_zero(without_old_prefixes(text, None)))
    digits = without_trunk_zero(digits.removeprefix("+"))
    if not _E164.match(digits):
        raise InputError("BAD_NUMBER", f"{quoted(text)} is not a number in E.164 form.")
    return f"+{digits}"


def _national(written: Reading, country: str) -> Reading:
    plans = library()
    region = known_country(check_country(country))
    text = without_bracketed_zero(without_old_prefixes(written.number, region))
    try:
        number = plans.parse(text, region)
    except plans.NumberParseException:
        number = None
    # Letters stand for digits ("0800 FLOWERS") less often than for a slip of the hand.
    if number is not None and (number.extension or not any(map(str.isalpha, text))):
        reason = plans.is_possible_number_with_reason(number)
        if number.italian_leading_zero and not plans.is_valid_number(number):
            # The trunk prefix was kept: without it, the number would be too short.
            reason = plans.ValidationResult.IS_POSSIBLE_LOCAL_ONLY
        if reason == plans.ValidationResult.IS_POSSIBLE:
            # Plans change faster than their descriptions: the length is enough.
            e164 = str(plans.format_number(number, plans.PhoneNumberFormat.E164))
            return Reading(e164, written.extension or number.extension or "")
        if reason != plans.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return replace(written, number=_international(text))
    raise InputError("BAD_NUMBER", f"{quoted(written.number)} is not a number in {region}.")
