"""National numbers: dialling in a country, and formatting for people."""

from __future__ import annotations

import importlib

import pytest

from pycti import numbers
from pycti.errors import CtiError, InputError
from pycti.numbers import format_number, is_national, to_e164


def code_of(text: str, country: str) -> str:
    with pytest.raises(InputError) as caught:
        to_e164(text, country)
    assert caught.value.hint
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("020 7946 0199", "GB", "+442079460199"),
        ("(020) 7946-0199", "gb", "+442079460199"),
        ("20 7946 0199", "GB", "+442079460199"),
        ("91 123 45 67", "ES", "+34911234567"),
        ("912345678", "ES", "+34912345678"),
        ("030/23125-0", "DE", "+4930231250"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("1-800-555-0199", "US", "+18005550199"),
        ("011 15 2345-6789", "AR", "+5491123456789"),
        ("06 698 12345", "IT", "+390669812345"),
        ("0044 20 7946 0199", "ES", "+442079460199"),
        ("+44 20 7946 0199", "ES", "+442079460199"),
        ("tel:+44-20-7946-0199", "ES", "+442079460199"),
        ("020 7946 0199 ext 12", "GB", "+442079460199"),
        # E.164 form without the plus: too long for Spain, so it is no national number.
        ("442079460199", "ES", "+442079460199"),
        ("442079460199", "GB", "+442079460199"),
        # Plans change faster than their descriptions, so a valid length is enough.
        ("07700 900123", "GB", "+447700900123"),
        ("1003", "GB", "1003"),
    ],
)
def test_a_number_is_dialled_as_in_the_country(text: str, country: str, number: str) -> None:
    assert to_e164(text, country) == number


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("555-0123", "US"),  # The area code is missing.
        ("0800 FLOWERS", "GB"),
        ("anna@example.com", "GB"),
        ("012 34", "GB"),
        ("020 7946", "GB"),
        ("020 7946 0199 5555 6666", "GB"),
        ("------", "GB"),
    ],
)
def test_a_number_that_cannot_be_dialled_in_the_country_is_rejected(
    text: str, country: str
) -> None:
    assert code_of(text, country) in ("BAD_NUMBER", "BAD_EXTENSION")


def test_an_empty_text_is_an_empty_destination() -> None:
    assert code_of(" ", "GB") == "EMPTY_DESTINATION"


@pytest.mark.parametrize("country", ["", "G", "GBR", "12", "ZZ", "XX"])
def test_an_invalid_country_is_rejected(country: str) -> None:
    assert code_of("020 7946 0199", country) == "BAD_COUNTRY"


def test_only_numbers_that_need_a_country_are_national() -> None:
    national = ("020 7946 0199", "442079460199", "912345678", "(020) 79460199")
    others = ("+44 20 7946 0199", "(+44) 20 79460199", "1003", "*97", "", "tel:+442079460199")
    assert all(map(is_national, national))
    assert not any(map(is_national, others))


@pytest.mark.parametrize(
    ("number", "country", "text"),
    [
        ("+442079460199", None, "+44 20 7946 0199"),
        ("+442079460199", "GB", "020 7946 0199"),
        ("+442079460199", "ES", "+44 20 7946 0199"),
        ("+12125550123", "CA", "(212) 555-0123"),
        ("+34912345678", "ES", "912 34 56 78"),
        ("1003", "GB", "1003"),
        ("*97", None, "*97"),
        ("+21012345678", None, "+21012345678"),  # No country has this code.
    ],
)
def test_a_number_is_formatted_for_people(number: str, country: str | None, text: str) -> None:
    assert format_number(number, country) == text


def test_without_the_plans_the_error_says_how_to_install_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", refuse)
    for use in (
        lambda: to_e164("020 7946 0199", "GB"),
        lambda: format_number("+442079460199"),
        lambda: numbers.find_numbers("020 7946 0199", "GB"),
    ):
        with pytest.raises(CtiError) as caught:
            use()
        assert caught.value.code == "NUMBERS_UNAVAILABLE"
        assert "pycti[numbers]" in caught.value.hint
    assert numbers.destination("+44 20 7946 0199") == "+442079460199"
