"""The lexical rules of SIP headers (RFC 3261 §25.1)."""

from __future__ import annotations

import pytest

from pycti.errors import MessageError
from pycti.sip.grammar import (
    clean,
    format_params,
    parse_number,
    parse_params,
    quote,
    split,
    unquote,
)


class TestClean:
    def test_text_without_line_ends_passes(self):
        assert clean("<sip:10002@pbx.test>") == "<sip:10002@pbx.test>"

    @pytest.mark.parametrize("text", ["a\rb", "a\nb", "a\0b", "a\r\nVia: forged"])
    def test_cr_lf_and_nul_cannot_forge_a_header_line(self, text):
        with pytest.raises(ValueError, match="CR, LF or NUL"):
            clean(text)


class TestSplit:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("a;b;c", ["a", "b", "c"]),
            ("a ; b", ["a", "b"]),
            ("", [""]),
            ('"a;b";c', ['"a;b"', "c"]),
            ('"a\\";b";c', ['"a\\";b"', "c"]),
            ("<sip:a;lr>;tag=1", ["<sip:a;lr>", "tag=1"]),
            ('"<;" <sip:a;b>;c="<"', ['"<;" <sip:a;b>', 'c="<"']),
        ],
    )
    def test_separators_in_quotes_and_brackets_do_not_separate(self, text, parts):
        assert list(split(text, ";")) == parts

    @pytest.mark.parametrize("text", ['"open', 'a;"b\\"', 'x="'])
    def test_a_quoted_string_must_end(self, text):
        with pytest.raises(MessageError):
            list(split(text, ";"))

    @pytest.mark.parametrize("text", ["<sip:a", "<sip:a>>", "<<sip:a>"])
    def test_angle_brackets_must_be_balanced(self, text):
        with pytest.raises(MessageError):
            list(split(text, ";"))

    def test_the_error_does_not_quote_text_that_may_contain_a_nonce(self):
        with pytest.raises(MessageError) as caught:
            list(split('nonce="s3cret-nonce', ","))
        assert "s3cret" not in caught.value.message


class TestQuoting:
    @pytest.mark.parametrize(
        ("plain", "quoted"),
        [("", '""'), ("Anna", '"Anna"'), ('say "hi"', '"say \\"hi\\""'), ("a\\b", '"a\\\\b"')],
    )
    def test_quotes_and_backslashes_are_escaped_and_unescaped(self, plain, quoted):
        assert quote(plain) == quoted
        assert unquote(quoted) == plain

    def test_any_character_may_be_escaped(self):
        assert unquote('"\\A\\n"') == "An"

    @pytest.mark.parametrize("text", ["token", '"', "", '"open'])
    def test_unquoted_text_is_unchanged(self, text):
        assert unquote(text) == text

    def test_a_line_end_cannot_be_quoted(self):
        with pytest.raises(ValueError, match="CR, LF or NUL"):
            quote("a\r\nb")


class TestParams:
    def test_names_are_lower_case_values_unquoted_flags_have_none(self):
        parts = iter(["LR", "Tag = x1", 'text="a b"', "empty="])
        assert parse_params(parts) == {"lr": None, "tag": "x1", "text": "a b", "empty": ""}

    def test_a_parameter_needs_a_name(self):
        with pytest.raises(MessageError):
            parse_params(iter(["=x"]))

    def test_a_repeated_parameter_is_rejected(self):
        """RFC 3261 §7.3.1: any given parameter name must not appear more than once."""
        with pytest.raises(MessageError):
            parse_params(iter(["tag=1", "TAG=2"]))

    def test_a_value_that_is_no_token_is_quoted(self):
        params = {"lr": None, "a": "token", "b": "two words", "c": "", "d": "[::1]"}
        assert format_params(params) == ';lr;a=token;b="two words";c="";d=[::1]'

    @pytest.mark.parametrize("params", [{"a\r\n": None}, {"a\n": "x"}, {"a": "x\r\ny"}])
    def test_a_line_end_cannot_be_written(self, params):
        with pytest.raises(ValueError, match="CR, LF or NUL"):
            format_params(params)


class TestNumber:
    @pytest.mark.parametrize(
        ("text", "number"), [("0", 0), (" 300 ", 300), ("4294967295", 2**32 - 1)]
    )
    def test_digits_below_the_limit(self, text, number):
        assert parse_number(text, "Expires") == number

    @pytest.mark.parametrize(
        "text", ["", "-1", "+1", "1.5", "x", "\u0663", "\u00b2", "4294967296", "9" * 100_000]
    )
    def test_anything_else_is_rejected_before_conversion(self, text):
        with pytest.raises(MessageError) as caught:
            parse_number(text, "Expires")
        assert "Expires" in caught.value.message
        assert len(caught.value.message) < 120
