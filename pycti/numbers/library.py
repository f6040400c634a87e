"""phonenumberslite, which knows the numbering plans, where it is installed."""

from __future__ import annotations

import importlib
import re
from types import ModuleType

from pycti.errors import CtiError, InputError, quoted

_CODE = re.compile(r"[A-Za-z]{2}\Z")


def library() -> ModuleType:
    """Return the module ``phonenumbers``.

    Raises:
        CtiError: NUMBERS_UNAVAILABLE.
    """
    try:
        return importlib.import_module("phonenumbers")
    except ImportError:
        raise CtiError("NUMBERS_UNAVAILABLE", "phonenumberslite is not installed.") from None


def check_country(country: str) -> str:
    """Return an ISO 3166 code of two letters in upper case.

    Raises:
        InputError: BAD_COUNTRY.
    """
    if not isinstance(country, str) or not _CODE.match(country):
        raise InputError("BAD_COUNTRY", f"{quoted(str(country))} is not a country's code.")
    return country.upper()


def known_country(country: str | None) -> str | None:
    """Return a country's code that has a numbering plan, or ``None`` for none.

    Raises:
        InputError: BAD_COUNTRY.
        CtiError: NUMBERS_UNAVAILABLE.
    """
    if country is None:
        return None
    code = check_country(country)
    if code not in library().SUPPORTED_REGIONS:
        raise InputError("BAD_COUNTRY", f"No numbering plan is known for {quoted(country)}.")
    return code


def has_plan(country: str) -> bool:
    """Return whether a numbering plan is known for that country.

    Raises:
        CtiError: NUMBERS_UNAVAILABLE.
    """
    return bool(_CODE.match(country)) and country.upper() in library().SUPPORTED_REGIONS
