"""Number detection in text, one rule per test. ``tests/corpus`` measures it on whole pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pycti.numbers import Found, find_numbers

LONDON = "+442079460199"


def found(text: str, country: str | None = "GB", label: str = "") -> list[str]:
    """Return the numbers as they are written in the text."""
    return [text[one.start : one.end] for one in find_numbers(text, country, label)]


def test_a_number_is_reported_with_its_position() -> None:
    assert find_numbers("Call 020 7946 0199 now.", "GB") == [Found(5, 18, LONDON)]


@pytest.mark.parametrize(
    "written",
    [
        "020 7946 0199",
        "(020) 7946 0199",
        "020-7946-0199",
        "020.7946.0199",
        "+44 20 7946 0199",
        "+44 (0)20 7946 0199",
        "(+44) 20 7946 0199",
        "0044 20 7946 0199",
        "+44\u00a020\u20117946\u20110199",
    ],
)
def test_a_number_is_found_in_every_notation(written: str) -> None:
    text = f"Ask Ann: {written}, or Bob."
    (one,) = find_numbers(text, "GB")
    assert (text[one.start : one.end], one.number) == (written, LONDON)


@pytest.mark.parametrize(
    ("written", "extension"),
    [
        ("020 7946 0199 ext 12", "12"),
        ("020 7946 0199 x12", "12"),
        ("020 7946 0199 extensión 12", "12"),
        ("020 7946 0199 intern 12", "12"),
        ("020 7946 0199, Durchwahl 12", "12"),
    ],
)
def test_an_extension_belongs_to_its_number(written: str, extension: str) -> None:
    assert find_numbers(f"Ann {written}.", "GB") == [Found(4, 4 + len(written), LONDON, extension)]


def test_without_a_country_only_international_numbers_count() -> None:
    assert found("020 7946 0199 or +44 20 7946 0198", None) == ["+44 20 7946 0198"]


def test_several_numbers_are_found_separately() -> None:
    text = "020 7946 0191, 020 7946 0192 / 020 7946 0193 (020 7946 0194)"
    assert len(found(text)) == 4


def test_a_line_break_ends_a_number_but_blanks_do_not() -> None:
    assert found("020 7946 0191\n020 7946 0192") == ["020 7946 0191", "020 7946 0192"]
    assert found("+44 20\n7946 0192") == []
    assert found("+44    20 7946 0192") == ["+44    20 7946 0192"]


@pytest.mark.parametrize(
    "trap",
    [
        "12/05/2026", "2026-05-12 10:30:00", "12. Mai 2026", "09:00-17:30", "0900-1730",
        "£1,234,567.89", "1.234.567,89 €", "EUR 12 079 460", "CHF 1'299.00", "12,5 %",
        "192.168.100.200", "10.0.19045.3803", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00",
        "978-3-16-148410-0", "8412345678905", "40.416775, -3.703790", "1200 x 850 x 400 mm",
        "+2.45%", "https://example.com/item/02079460199", "img_02079460199.jpg",
        "020794601@example.com", "9e107d9d372bb6826bd81d3542a419d6", "RMA-2026-0207946",
        "n = 02079460199", "± 0,207 946 0199", "2019 2020 2021 2022", "0.0207 9460 199",
        "1 234 567 kg",
    ],
)  # fmt: skip
def test_text_in_the_form_of_something_else_is_not_a_number(trap: str) -> None:
    for country in ("GB", "DE", "ES", "US"):
        assert found(f"So: {trap}.", country) == []


@pytest.mark.parametrize(
    "text",
    [
        "Order 020 7946 0199",
        "Order number: 020 7946 0199",
        "Part # 020 7946 0199",
        "property ref 020 7946 0199",
        "batch numbers 020 7946 0191 to 020 7946 0199",
        "Replaces: 020 7946 0191, 020 7946 0199",
        "Our account number is 020 7946 0199",
        "please quote 020 7946 0199",
        "Bitte 020 7946 0199 angeben",
        "Kundennr. 020 7946 0199",
        "n.º de cita 020 7946 0199",
        "tarjeta sanitaria 020 7946 0199",
        "020 7946 0199 visitors",
    ],
)
def test_nearby_words_can_exclude_a_number(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Order line 020 7946 0199",
        "To order: 020 7946 0199",
        "Orders: 020 7946 0199",
        "Questions about your order: 020 7946 0199",
        "Order 12345, 020 7946 0199",
        "(Room 131) 020 7946 0199",
        "Book a table on 020 7946 0199",
        "My number is 020 7946 0199",
        "my brother's number is 020 7946 0199",
        "el número de su hermano, 020 7946 0199",
        "Invoice to Jane Anne Doe 020 7946 0199",
        "T 020 7946 0199",
        "☎ 020 7946 0199",
        "Ann, 020 7946 0199",
    ],
)
def test_nearby_words_can_confirm_a_number(text: str) -> None:
    assert len(found(text)) == 1


def test_digits_alone_need_a_word_or_a_name() -> None:
    assert found("02079460199") == []
    assert found("Something 02079460199") == []
    for text in ("Tel. 02079460199", "Ann Lee, 02079460199", "Ann (02079460199)",
                 "02079460199 (mobile)", "text us on 02079460199"):  # fmt: skip
        assert found(text) == ["02079460199"]


def test_a_label_describes_the_content_of_a_cell() -> None:
    assert found("020 7946 0199", label="Order") == []
    assert found("02079460199", label="Phone") == ["02079460199"]
    assert found("02079460199", label="Value\nMobile 2") == ["02079460199"]
    assert found("02079460199", label="Home") == ["02079460199"]
    assert found("912 345 678", "ES", label="Exportaciones (€)") == []
    assert found("Jo, 020 7946 0199", label="Order") == ["020 7946 0199"]


def test_letters_of_the_keypad_count_in_north_america() -> None:
    (one,) = find_numbers("Call 1-800-COMPUBN today", "US")
    assert one.number == "+18002667826"
    assert found("Call 1-800-COMPUBN today", "GB") == []
    assert found("model 408-555-ABCD", "US") == []


def test_old_mexican_prefixes_are_removed() -> None:
    (one,) = find_numbers("Tel. 01 800 500 0828", "MX")
    assert one.number == "+528005000828"
    (one,) = find_numbers("WhatsApp +52 1 55 5000 0618", "US")
    assert one.number == "+525550000618"


@pytest.mark.parametrize(
    ("text", "country", "numbers"),
    [
        # What is glued behind a number begins something new.
        ("Tel. +49 30 5550 40 51wache@wehr.example", "DE", ["+49 30 5550 40 51"]),
        ("Wache 030 5550 4051wache@wehr.example", "DE", ["030 5550 4051"]),
        ("T. +39 0474 555 491F. +39 0474 555 490", "IT", ["+39 0474 555 491", "+39 0474 555 490"]),
        ("Tel: 030 5550123-0Fax: 030 5550124", "DE", ["030 5550123-0", "030 5550124"]),
        ("Tel 020 7946 0199E-Mail: a@b.example", "GB", ["020 7946 0199"]),
        ("Call 020 7946 0199Monday to Friday", "GB", ["020 7946 0199"]),
        # A number with a country's code is a new one, too.
        (
            "Call +(351) 707 555 368 (+34) 902 555 695",
            "ES",
            ["+(351) 707 555 368", "(+34) 902 555 695"],
        ),
        ("020 7946 0199 +44 20 7946 0198", "GB", ["020 7946 0199", "+44 20 7946 0198"]),
        # The end of a range is no part of the first number.
        ("Call 1 (876) 555-3691-4", "US", ["1 (876) 555-3691"]),
        ("Call (212) 555-3691-4", "US", ["(212) 555-3691"]),
        ("Call (212) 555-3694-1", "US", []),
        ("Call (212) 555-3691-45", "US", []),
        # A chance check digit makes no card of a number.
        ("Amt: 0228-999582-5777", "DE", ["0228-999582-5777"]),
        # An extension in brackets, and a year.
        ("Tel. +375 (17) 555-53-77 (317)", "DE", ["+375 (17) 555-53-77 (317)"]),
        ("020 7946 0199 (2024)", "GB", ["020 7946 0199"]),
        ("(212) 555-5000 Ext. 2053", "US", ["(212) 555-5000 Ext. 2053"]),
        ("Appelez le 0 800 99 12 34", "FR", ["0 800 99 12 34"]),
    ],
)
def test_a_number_is_found_whole_or_not_at_all(text: str, country: str, numbers: list[str]) -> None:
    assert found(text, country) == numbers


@pytest.mark.parametrize("text", ["12345678abc@example.org", "7946019951x", "020794601Xy"])
def test_digits_that_begin_something_else_are_no_number(text: str) -> None:
    assert found(f"tel {text}") == []


@pytest.mark.parametrize(
    "text",
    [
        "34 (2003), 333 – 337",
        "394.000 pro Tag",
        "S. 350 – 351",
        "Bd. 711 (2019) 555 012",
        "711 5550 1234",
        "(711) 5550 1234",
    ],
)
def test_where_the_trunk_0_is_always_written_a_number_has_it(text: str) -> None:
    for country in ("DE", "AT", "CH", "GB", "FR"):
        assert found(text, country) == []


def test_a_code_or_a_word_stands_for_the_trunk_0() -> None:
    assert found("Tel. 350 – 351", "DE") == ["350 – 351"]
    assert found("350 – 351", "DE", label="Telefon") == ["350 – 351"]
    assert found("350 – 351", "DE", label="Seiten") == []
    assert found("Los: +49 711 5550 1234", "DE") == ["+49 711 5550 1234"]
    assert found("912 345 678", "ES") == ["912 345 678"]


_BITS = st.sampled_from(
    [*"0123456789+-()./ ,:;#xX_@€$%°=\n", "020 7946 0199", "+34 ", "tel ", "no. ", "order ",
     "ext 5", "(", "\u00a0", "📞", "ß", "İ", "e\u0301", "٣", "https://a/", "12/05/2026"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(_BITS, max_size=40).map("".join), st.sampled_from(["GB", "US", "MX", None]))
def test_any_text_can_be_searched(text: str, country: str | None) -> None:
    last = 0
    for one in find_numbers(text, country, label=text[:40]):
        assert last <= one.start < one.end <= len(text)
        assert one.number[0] == "+"
        assert any(map(str.isdigit, text[one.start : one.end]))
        last = one.end


@pytest.mark.parametrize(
    "unit", ["1x", "1 x ", "_", "a_", "1-", "a-", "1)", "(1", "1.", "1, ", "=1"]
)
def test_a_hostile_text_is_searched_in_bounded_time(unit: str) -> None:
    assert found(unit * 500 + "\ntel +44 20 7946 0199") == ["+44 20 7946 0199"]
