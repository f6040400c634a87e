"""Numbers: valid destinations, and the comparison of two numbers."""

from __future__ import annotations

import pytest

from pycti import numbers
from pycti.errors import InputError


def code_of(text: str, *, extension_only: bool = False) -> str:
    with pytest.raises(InputError) as caught:
        numbers.destination(text, extension_only=extension_only)
    assert caught.value.hint
    return caught.value.code


class TestDestination:
    @pytest.mark.parametrize(
        ("typed", "dialled"),
        [
            ("+442036427900", "+442036427900"),
            ("442036427900", "+442036427900"),
            ("+44 (20) 3642-7900", "+442036427900"),
            ("+44.20.3642.7900", "+442036427900"),
            ("\u00a0+44\u00a020\u202f36427900\t", "+442036427900"),
            ("123456", "+123456"),
            ("12345678901234567", "+12345678901234567"),
        ],
    )
    def test_an_e164_number_is_normalised(self, typed, dialled):
        assert numbers.destination(typed) == dialled

    @pytest.mark.parametrize("short", ["10", "100", "10003", " 10003 ", "1", "*97", "#1", "112"])
    def test_up_to_five_characters_are_dialled_as_they_are(self, short):
        assert numbers.destination(short) == short.strip()

    @pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
    def test_an_empty_text_is_an_empty_destination(self, blank):
        assert code_of(blank) == "EMPTY_DESTINATION"

    @pytest.mark.parametrize(
        "wrong",
        [
            "044203642",
            "+0442036427900",
            "123456789012345678",
            "+44 20 3642 790x",
            "anna@example.com",
            "sip:anna.lee@pbx.test",
            "+44203642\r\nX: y",
            "\u0664\u0664\u0662\u0660\u0663\u0666\u0664",
            "------",
        ],
    )
    def test_more_than_five_characters_must_be_e164(self, wrong):
        assert code_of(wrong) == "BAD_NUMBER"

    @pytest.mark.parametrize("wrong", ["abc", "+44 1", "1-2", "10 3", "\u0661\u0662"])
    def test_a_short_destination_contains_only_digits_stars_and_hashes(self, wrong):
        assert code_of(wrong) == "BAD_EXTENSION"

    @pytest.mark.parametrize("wrong", ["1", "*97", "#1", "+1234"])
    def test_with_extension_only_an_extension_has_two_to_five_digits(self, wrong):
        assert code_of(wrong, extension_only=True) == "BAD_EXTENSION"

    @pytest.mark.parametrize("right", ["10", "10003"])
    def test_extensions_of_two_and_five_digits_are_valid(self, right):
        assert numbers.destination(right, extension_only=True) == right

    def test_with_extension_only_an_e164_number_is_valid(self):
        assert numbers.destination("+442036427900", extension_only=True) == "+442036427900"

    def test_the_message_quotes_only_the_start_of_a_long_text(self):
        with pytest.raises(InputError) as caught:
            numbers.destination("x" * 5000)
        assert len(caught.value.message) < 100


def test_the_api_form_of_a_number_has_no_plus():
    assert numbers.to_wire("+442036427900") == "442036427900"
    assert numbers.to_wire("10003") == "10003"


def test_digits_are_only_ascii_digits():
    assert numbers.digits("+44 (20) 3642-\u0661x") == "44203642"


class TestSame:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("+442036427900", "442036427900"),
            ("+442036427900", "00442036427900"),
            ("+442036427900", "02036427900"),
            ("02036427900", "+44 20 3642 7900"),
            ("10003", "10003"),
        ],
    )
    def test_the_same_number_in_two_forms(self, one, other):
        assert numbers.same(one, other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("+442036427900", "+442036427901"),
            ("10003", "+442036410003"),
            ("10003", "10004"),
            ("", "10003"),
            ("", "+442036427900"),
        ],
    )
    def test_different_numbers(self, one, other):
        assert not numbers.same(one, other)

    def test_two_addresses_without_any_digit_are_not_the_same_number(self):
        assert not numbers.same("*", "anonymous")

    def test_a_leading_zero_is_part_of_an_extension(self):
        assert not numbers.same("010", "10")

    def test_a_service_code_is_not_the_extension_with_its_digits(self):
        assert not numbers.same("*97", "97")
