"""What needs a country's numbering plan: national numbers, and numbers as people write them."""

from __future__ import annotations

from pycti.errors import InputError, quoted
from pycti.numbers.e164 import SHORT, destination, unwrapped
from pycti.numbers.library import known_country, library


def to_e164(text: str, country: str) -> str:
    """Return a number as it is dialled in ``country``: ``+`` and digits, or an extension.

    A national number counts as possible by its length alone: plans change faster than their
    descriptions. What cannot be a national number is taken for one in E.164 form without its
    ``+``.

    Raises:
        InputError: EMPTY_DESTINATION, BAD_NUMBER, BAD_EXTENSION, BAD_TEL_URI or BAD_COUNTRY.
        CtiError: NUMBERS_UNAVAILABLE.
    """
    plans = library()
    region = known_country(country)
    text = unwrapped(text)
    if len(text) <= SHORT:
        return destination(text)
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
            return str(plans.format_number(number, plans.PhoneNumberFormat.E164))
        if reason != plans.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return destination(text)
    raise InputError("BAD_NUMBER", f"{quoted(text)} is not a number in {region}.")


def format_number(number: str, country: str | None = None) -> str:
    """Return a number as people write it, such as ``+44 20 7946 0199``.

    Args:
        number: in E.164 form, or an extension, which stays as it is.
        country: where it is read: a number of that country is written as it is dialled there,
            ``020 7946 0199``.

    Raises:
        InputError: BAD_NUMBER, BAD_EXTENSION, EMPTY_DESTINATION, BAD_TEL_URI or BAD_COUNTRY.
        CtiError: NUMBERS_UNAVAILABLE.
    """
    plans = library()
    region = known_country(country)
    number = destination(number)
    if len(number) <= SHORT:
        return number
    try:
        parsed = plans.parse(number, None)
    except plans.NumberParseException:
        return number  # A country that no plan knows.
    form = plans.PhoneNumberFormat
    at_home = region is not None and plans.country_code_for_region(region) == parsed.country_code
    return str(plans.format_number(parsed, form.NATIONAL if at_home else form.INTERNATIONAL))
