"""Numbers as people write them."""

from __future__ import annotations

from pycti.numbers.library import known_country, library
from pycti.numbers.reading import SHORT, destination


def format_number(number: str, country: str | None = None) -> str:
    """Return a number as people write it, such as ``+44 20 7946 0199``.

    Args:
        number: in E.164 form, or an extension, which stays as it is.
        country: where it is read: a number of that country is written as it is dialled there,
            ``020 7946 0199``.

    Raises:
        InputError: BAD_NUMBER, BAD_EXTENSION, EMPTY_DESTINATION or BAD_COUNTRY.
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
