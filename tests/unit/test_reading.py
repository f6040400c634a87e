"""One reader of numbers: the same number comes out wherever it stands, and however."""

from __future__ import annotations

import importlib

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pycti.errors import CtiError, InputError
from pycti.numbers import Reading, destination, find_numbers, is_national, read_number, to_e164
from pycti.numbers.trunk import TRUNK_ZERO

STUTTGART = "+4971155501234"
LONDON = "+442079460018"


def code_of(text: str, country: str | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read_number(text, country)
    assert caught.value.hint
    return caught.value.code


class TestTrunkZero:
    @pytest.mark.parametrize(
        ("written", "number"),
        [
            ("+49 (0)711 5550 1234", STUTTGART),
            ("+49(0)711/55501234", STUTTGART),
            ("+49 (0711) 5550-1234", STUTTGART),
            ("(+49) (0) 711 5550 1234", STUTTGART),
            ("+49-(0)-711-55501234", STUTTGART),
            ("+49 [0] 711 5550 1234", STUTTGART),
            ("49 (0)711 5550 1234", STUTTGART),
            ("+44 (0)20 7946 0018", LONDON),
            ("+44(0)2079460018", LONDON),
            ("+41 (0)44 555 03 01", "+41445550301"),
            ("+43 (0)1 555 0301", "+4315550301"),
            ("+4971155501234", STUTTGART),
            ("+49071155501234", STUTTGART),
            ("+49 0711 5550 1234", STUTTGART),
            ("+81 03-5550-1234", "+81355501234"),
            # In Italy and a few more countries, the 0 is a part of the number.
            ("+39 06 5550 1234", "+390655501234"),
            ("+39 (0)6 5550 1234", "+390655501234"),
            ("+39 (0)335 555 0123", "+393355550123"),
            ("+225 07 55 50 12 34", "+2250755501234"),
            # No country has this one's trunk 0: what it means is not guessed.
            ("+2426981300", "+2426981300"),
            ("+1 0212 555 0123", "+102125550123"),
        ],
    )
    def test_it_is_left_out_behind_a_countrys_code(self, written: str, number: str) -> None:
        for text in (written, f"tel:{written}", f"tel:{written.replace(' ', '%20')}"):
            assert destination(text) == number
            assert to_e164(text, "DE") == number

    @pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
    def test_it_is_left_out_where_the_plan_says_that_it_cannot_be_meant(self, region: str) -> None:
        """No number of any kind loses a digit, and each loses a trunk 0 that is too much."""
        code = phonenumbers.country_code_for_region(region)
        for kind in phonenumbers.PhoneNumberType.values():
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            if len(number) < 7:
                continue
            assert destination(number) == number
            national = number.removeprefix(f"+{code}")
            if str(code) in TRUNK_ZERO and national[0] != "0":
                assert destination(f"+{code}0{national}") == number

    def test_that_needs_no_plans(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(name: str) -> None:
            raise ImportError(name)

        monkeypatch.setattr(importlib, "import_module", refuse)
        for text in ("+49 (0)711 5550 1234", "tel:+49071155501234"):
            assert read_number(text, "DE") == Reading(STUTTGART)
        assert destination("1-800-FLOWERS") == "+18003569377"
        with pytest.raises(CtiError) as caught:
            read_number("0711 5550 1234", "DE")
        assert caught.value.code == "NUMBERS_UNAVAILABLE"

    def test_in_a_national_number_it_is_dialled_at_home(self) -> None:
        assert to_e164("(0)711 5550 1234", "DE") == STUTTGART
        assert to_e164("0049 (0)711 5550 1234", "DE") == STUTTGART


class TestLinks:
    @pytest.mark.parametrize(
        ("href", "number"),
        [
            ("tel:tel:+442079460018", LONDON),
            ("tel://+442079460018", LONDON),
            ("TEL: +44 20 7946 0018", LONDON),
            ("tel:%2B44%2020%E2%80%917946%200018", LONDON),
            ("tel:+44(20)7946.0018", LONDON),
            ("tel:+442079460018;ext=12", LONDON),
            ("tel:+442079460018,,12", LONDON),
            ("tel:+442079460018p12w3", LONDON),
            ("tel:7946-0018;phone-context=+44-20", LONDON),
            ("tel:020 7946 0018;phone-context=+44", LONDON),
            ("tel:7042;phone-context=example.com", "7042"),
            ("tel:70-42", "7042"),
            ("callto:+442079460018", LONDON),
            ("callto://+442079460018?call", LONDON),
            ("sip:+442079460018@sip.example;user=phone", LONDON),
            ("sips:10002:secret@sip.example", "10002"),
            # A label inside.
            ("tel:Abo, Bestellung:+44 20 7946 0018", LONDON),
            ("tel:Tel.: +44 20 7946 0018", LONDON),
            ("tel:Phone +44 20 7946 0018", LONDON),
            ("tel:Hotline%3A%20%2B44%2020%207946%200018", LONDON),
            # "+" before a national number: nobody can know.
            ("tel:+2426981300", "+2426981300"),
        ],
    )
    def test_what_a_link_holds(self, href: str, number: str) -> None:
        assert destination(href) == number

    @pytest.mark.parametrize(
        "href",
        [
            "tel:+",
            "tel:Abo",
            "tel:+(351) 707 555 368 (+34) 902 555 695",
            "tel:+44 20 7946 0018, +44 20 7946 0019",
            "tel:" + "1" * 600,
        ],
    )
    def test_what_is_no_number(self, href: str) -> None:
        assert code_of(href) in ("BAD_NUMBER", "BAD_EXTENSION")

    def test_the_message_holds_no_password(self) -> None:
        with pytest.raises(InputError) as caught:
            read_number("sip:nobody.at.all:pa55word@sip.example")
        assert "pa55word" not in caught.value.message

    def test_a_number_without_its_country_says_what_is_missing(self) -> None:
        with pytest.raises(InputError) as caught:
            destination("tel:02079460018")
        assert caught.value.code == "BAD_NUMBER"
        assert "country code" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "country", "reading"),
    [
        ("+375 (17) 555-53-77 (317)", None, Reading("+375175555377", "317")),
        ("tel:+375 (17) 555-53-77 (317)", "GB", Reading("+375175555377", "317")),
        ("(212) 555-5000 Ext. 2053", "US", Reading("+12125555000", "2053")),
        ("tel:(212) 555-5000 Ext. 2053", "US", Reading("+12125555000", "2053")),
        ("+44 20 7946 0018 ext 5", None, Reading(LONDON, "5")),
        ("tel:+44-20-7946-0018;ext=1-2", None, Reading(LONDON, "12")),
        ("020 7946 0018 x12", "GB", Reading(LONDON, "12")),
        ("+44 (20) 7946 (0018)", None, Reading(LONDON)),
    ],
)
def test_an_extension_behind_a_number_is_none_of_its_digits(
    text: str, country: str | None, reading: Reading
) -> None:
    assert read_number(text, country) == reading


class TestLetters:
    @pytest.mark.parametrize(
        ("written", "number"),
        [
            ("1-888-GO-FEDEX", "+18884633339"),
            ("1-800-GLASSIFY", "+18004527743"),
            ("1-800-flowers", "+18003569377"),
            ("+1 800 TAXI-CAB", "+18008294222"),
            ("800-FLOWERS", "+18003569377"),
            ("(702) 555-AUTO", "+17025552886"),
            ("702.555.AUTO", "+17025552886"),
        ],
    )
    def test_of_the_keypad_are_digits_in_a_link_a_field_and_a_text(
        self, written: str, number: str
    ) -> None:
        for text in (written, f"tel:{written}"):
            assert read_number(text) == read_number(text, "US") == Reading(number)
            assert not is_national(text)
        if written.isupper():
            text = f"Call {written} now"
            (one,) = find_numbers(text, "US")
            assert (text[one.start : one.end], one.number) == (written, number)

    @pytest.mark.parametrize(
        "written",
        [
            "(612) XXX-XXXX",
            "1-800-XXX-XXXX",
            "1-800-555-XXXX",
            "(873) LOCALLY",
            "0800 FLOWERS",
            "1-800-FLOWERS2GO4U",
        ],
    )
    def test_are_none_where_nobody_has_spelt_a_number(self, written: str) -> None:
        assert code_of(written) == code_of(f"tel:{written}", "US") == "BAD_NUMBER"
        assert find_numbers(f"port {written}", "US") == []


def test_national_numbers_as_they_are_written() -> None:
    assert to_e164("0 800 99 12 34", "FR") == "+33800991234"
    assert to_e164("tel:06 5550 1234", "IT") == "+390655501234"
    assert to_e164("tel:+525515550123", "DE") == "+525515550123"
    assert to_e164("tel:+52 1 55 1555 0123", "MX") == "+525515550123"
    assert to_e164("\u200e020\u00a07946\u20110018\u200f", "GB") == LONDON


@pytest.mark.parametrize("code", ["*1212#", "*31#0711555", "#06#1234"])
def test_a_service_code_is_no_number(code: str) -> None:
    assert code_of(code, "DE") == code_of(f"tel:{code}") == "BAD_NUMBER"


@pytest.mark.parametrize("text", ["+49 (0)711 5550 1234", "+49 0711 5550 1234", "+39 06 5550 1234"])
def test_a_text_is_read_as_a_link_is(text: str) -> None:
    (one,) = find_numbers(f"Call {text} now", "GB")
    assert one.number == destination(f"tel:{text}")


def test_digits_of_other_scripts_are_read_in_text() -> None:
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    text = "Tel. " + "+44 20 7946 0018".translate(digits)
    assert [one.number for one in find_numbers(text)] == [LONDON]


@given(st.text("+0123456789 ()[].-/x,;:*#tel=%AXe\u00a0\u2011", max_size=40))
def test_nothing_but_an_input_error_comes_of_any_text(text: str) -> None:
    for country in (None, "US", "DE"):
        try:
            number = read_number(text, country).number
        except InputError:
            continue
        assert number.lstrip("+").strip("0123456789*#") == ""
