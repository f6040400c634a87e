"""The tel URI (RFC 3966): parsing, rejection and writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pycti.errors import InputError
from pycti.numbers import TelUri, destination


def refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        TelUri.parse(text)
    assert caught.value.code == "BAD_TEL_URI"
    assert caught.value.hint
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("tel:+442079460199", TelUri("+442079460199")),
        ("TEL:+44-20-7946-0199", TelUri("+442079460199")),
        ("tel:+44(20)7946.0199", TelUri("+442079460199")),
        (" tel:+44-20-7946-0199;ext=12 ", TelUri("+442079460199", extension="12")),
        ("tel:+44-20-7946-0199;EXT=1-2", TelUri("+442079460199", extension="12")),
        ("tel:%2B442079460199", TelUri("+442079460199")),
        ("tel:863-1234;phone-context=+1-914-555", TelUri("8631234", context="+1914555")),
        ("tel:7042;phone-context=example.com", TelUri("7042", context="example.com")),
        ("tel:7042;phone-context=a-b.example.", TelUri("7042", context="a-b.example.")),
        ("tel:*97;phone-context=+44", TelUri("*97", context="+44")),
        ("tel:%23123;phone-context=pbx", TelUri("#123", context="pbx")),
        ("tel:1A2B;phone-context=+44", TelUri("1A2B", context="+44")),
        ("tel:+442079460199;isub=1411", TelUri("+442079460199", subaddress="1411")),
        ("tel:+442079460199;isub=a%20b", TelUri("+442079460199", subaddress="a b")),
        (
            "tel:+442079460199;tsp=x.example;npdi",
            TelUri("+442079460199", parameters=(("tsp", "x.example"), ("npdi", ""))),
        ),
    ],
)
def test_a_uri_is_parsed(text: str, uri: TelUri) -> None:
    assert TelUri.parse(text) == uri


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+442079460199",
        "sip:+442079460199@example.com",
        "tel:",
        "tel:+",
        "tel:+44x",
        "tel:++44",
        "tel:+44 20 7946 0199",
        "tel:+44;ext=",
        "tel:+44;ext=x",
        "tel:+44;ext=1;ext=2",
        "tel:+44;isub=",
        "tel:+44;=5",
        "tel:+44;;",
        "tel:+44;a b=5",
        "tel:+44%",
        "tel:+44%2",
        "tel:+44\r\nX: y",
        "tel:+44%0D%0A",
        "tel:+\u0664\u0664",
        "tel:" + "1" * 600,
    ],
)
def test_a_malformed_uri_is_rejected(text: str) -> None:
    refused(text)


def test_a_local_number_needs_its_context() -> None:
    assert "phone-context" in refused("tel:02079460199")
    assert "phone-context" in refused("tel:7042;ext=5")
    assert "neither a domain" in refused("tel:7042;phone-context=-")
    assert "neither a domain" in refused("tel:7042;phone-context=44")


def test_a_global_number_takes_no_context() -> None:
    assert "global" in refused("tel:+442079460199;phone-context=+44")


def test_parameters_are_written_in_the_order_of_the_rfc() -> None:
    text = "tel:1234;z=1;phone-context=+44;a;isub=5;ext=6"
    assert str(TelUri.parse(text)) == "tel:1234;ext=6;isub=5;phone-context=+44;a;z=1"
    assert str(TelUri("+44", subaddress="a;b")) == "tel:+44;isub=a%3Bb"


def test_the_dialled_number() -> None:
    assert TelUri.parse("tel:863-1234;phone-context=+1-914-555").dialled == "+19145558631234"
    assert TelUri.parse("tel:7042;phone-context=example.com").dialled == "7042"
    assert destination("tel:+44-20-7946-0199;ext=5") == "+442079460199"
    assert destination("TEL:7042;phone-context=example.com") == "7042"


def _first(pair: tuple[str, str]) -> str:
    return pair[0]


_TEXT = st.text(st.characters(max_codepoint=255), max_size=20)
_NAME = st.text("abcdef-0123456789", min_size=1, max_size=9).map(lambda name: f"x{name}")
_DIGITS = st.text("0123456789", max_size=15)


_OTHERS = st.lists(st.tuples(_NAME, _TEXT), max_size=2, unique_by=_first)


@given(_DIGITS.filter(bool), _DIGITS, _TEXT, _OTHERS)
def test_a_written_uri_can_be_parsed_again(
    digits: str, extension: str, subaddress: str, others: list[tuple[str, str]]
) -> None:
    uri = TelUri(f"+{digits}", extension, "", subaddress, tuple(sorted(others)))
    text = str(uri)
    assert text.isascii()
    assert text.isprintable()
    assert TelUri.parse(text) == uri


@given(st.text(max_size=60))
def test_any_text_is_parsed_or_raises_an_input_error(text: str) -> None:
    for candidate in (text, f"tel:{text}", f"tel:+44{text}", f"tel:1;phone-context={text}"):
        try:
            uri = TelUri.parse(candidate)
        except InputError:
            continue
        assert uri.number
