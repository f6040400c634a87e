"""SIP header values (RFC 3261 §20, RFC 6665 §8.2)."""

from __future__ import annotations

import pytest

from pycti.errors import MessageError
from pycti.sip.headers import (
    AuthScheme,
    Challenge,
    CSeq,
    EventType,
    NameAddr,
    SubscriptionState,
    Tagged,
    Uri,
    Via,
)


class TestUri:
    @pytest.mark.parametrize(
        "text",
        [
            "sip:pbx.test",
            "sip:10002@pbx.test",
            "sips:10002@pbx.test:5061",
            "sip:10002@[2001:db8::1]:5060;transport=ws",
            "sip:a;b?c@pbx.test;lr?subject=x",
            "tel:+442036427900;phone-context=x",
            "urn:service:sos",
        ],
    )
    def test_what_is_parsed_is_written_as_it_was(self, text):
        assert str(Uri.parse(text)) == text

    def test_the_parts(self):
        uri = Uri.parse("SIP:Anna;x=1@PBX.Test:5060;Transport=WS;lr?a=b")
        assert (uri.scheme, uri.user, uri.host, uri.port) == ("sip", "Anna;x=1", "pbx.test", 5060)
        assert uri.params == {"transport": "WS", "lr": None}
        assert uri.headers == "a=b"

    def test_other_schemes_stay_opaque(self):
        assert Uri.parse("tel:+44 20").opaque == "+44 20"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "pbx.test",
            "sip:",
            ":x",
            "1sip:x",
            "sip:a b@pbx.test",
            "sip:<a>@pbx.test",
            "sip:@pbx.test",
            "sip:a@",
            "sip:a@pbx test",
            "sip:a@pbx.test:99999",
            "sip:a@pbx.test:x",
            "sip:a@[::1",
            "sip:a@pbx.test;lr;lr",
        ],
    )
    def test_an_invalid_uri_is_rejected(self, text):
        with pytest.raises(MessageError):
            Uri.parse(text)

    def test_a_line_end_cannot_be_written(self):
        with pytest.raises(ValueError, match="CR, LF or NUL"):
            str(Uri("sip", "a\r\nb", "pbx.test"))
        with pytest.raises(ValueError, match="CR, LF or NUL"):
            str(Uri("tel", opaque="1\n2"))


class TestNameAddr:
    @pytest.mark.parametrize(
        ("text", "name", "uri", "tag"),
        [
            ("<sip:a@pbx.test>;tag=1", "", "sip:a@pbx.test", "1"),
            ("sip:a@pbx.test;tag=1", "", "sip:a@pbx.test", "1"),
            ("Anna Lee <sip:a@pbx.test>", "Anna Lee", "sip:a@pbx.test", ""),
            (
                '"Lee, \\"A\\" <x>" <sip:a@pbx.test;lr>;tag=z',
                'Lee, "A" <x>',
                "sip:a@pbx.test;lr",
                "z",
            ),
            ('"Anna"<sip:a@pbx.test>', "Anna", "sip:a@pbx.test", ""),
            ("<sip:a@pbx.test?subject=a,b>", "", "sip:a@pbx.test?subject=a,b", ""),
        ],
    )
    def test_name_address_and_tag(self, text, name, uri, tag):
        address = NameAddr.parse(text)
        assert (address.display_name, str(address.uri), address.tag) == (name, uri, tag)

    def test_without_brackets_the_parameters_belong_to_the_header(self):
        """RFC 3261 §20.10."""
        address = NameAddr.parse("sip:a@pbx.test;transport=ws")
        assert address.params == {"transport": "ws"}
        assert address.uri.params == {}

    @pytest.mark.parametrize(
        "text",
        [
            "",
            ">",
            "sip:a@pbx.test, sip:b@pbx.test",
            "sip:a@pbx.test?x=y",
            "Anna, Lee <sip:a@pbx.test>",
            '"Anna" Lee <sip:a@pbx.test>',
            "Anna sip:a@pbx.test>",
            "<sip:a@pbx.test",
            '"Anna" sip:a@pbx.test',
            "<>",
        ],
    )
    def test_an_invalid_address_is_rejected(self, text):
        with pytest.raises(MessageError):
            NameAddr.parse(text)

    def test_a_bracket_in_a_quoted_name_starts_no_address(self):
        with pytest.raises(MessageError):
            NameAddr.parse('x "<" y>')

    def test_a_list_is_separated_by_commas_outside_of_quotes_and_brackets(self):
        many = NameAddr.parse_many('"a, b" <sip:a@x.test>, <sip:c,d@x.test>;q=1')
        assert [str(one) for one in many] == ['"a, b" <sip:a@x.test>', "<sip:c,d@x.test>;q=1"]

    def test_a_tag_can_be_added(self):
        assert str(NameAddr(Uri.parse("sip:a@x.test")).with_tag("t1")) == "<sip:a@x.test>;tag=t1"


class TestVia:
    def test_the_parts(self):
        via = Via.parse("SIP / 2.0 / wss  X.invalid:443;branch=z9hG4bK1;rport;received=127.0.0.1")
        assert (via.transport, via.host, via.port, via.branch) == (
            "WSS",
            "x.invalid",
            443,
            "z9hG4bK1",
        )
        assert str(via) == "SIP/2.0/WSS x.invalid:443;branch=z9hG4bK1;rport;received=127.0.0.1"

    def test_a_branch_may_be_missing(self):
        assert Via.parse("SIP/2.0/WS a.invalid").branch == ""
        assert str(Via.parse("SIP/2.0/WS a.invalid")) == "SIP/2.0/WS a.invalid"

    def test_a_list_in_one_line(self):
        assert [via.host for via in Via.parse_many("SIP/2.0/WS a.x, SIP/2.0/UDP b.x")] == [
            "a.x",
            "b.x",
        ]

    @pytest.mark.parametrize(
        "text", ["", "SIP/2.0/WS", "SIP/3.0/WS a.x", "HTTP/2.0/WS a.x", "SIP/2.0/WS a b"]
    )
    def test_a_via_of_another_protocol_is_rejected(self, text):
        with pytest.raises(MessageError):
            Via.parse(text)


class TestCSeq:
    def test_number_and_method(self):
        assert CSeq.parse(" 4711  NOTIFY ") == CSeq(4711, "NOTIFY")
        assert str(CSeq(4711, "NOTIFY")) == "4711 NOTIFY"

    @pytest.mark.parametrize(
        "text", ["", " ", "1", "NOTIFY", "x NOTIFY", "1 A B", "1 A,B", "2147483648 NOTIFY"]
    )
    def test_anything_else_is_rejected(self, text):
        """RFC 3261 §8.1.1.5: the number is below 2**31."""
        with pytest.raises(MessageError):
            CSeq.parse(text)


class TestTagged:
    def test_value_and_parameters(self):
        state = SubscriptionState.parse("Terminated;reason=timeout;retry-after=5")
        assert (state.value, state.params["reason"], state.number("retry-after")) == (
            "terminated",
            "timeout",
            5,
        )
        assert state.number("expires") is None
        assert str(state) == "terminated;reason=timeout;retry-after=5"

    def test_a_parameter_that_should_be_a_number_is_checked(self):
        with pytest.raises(MessageError):
            SubscriptionState.parse("active;expires=soon").number("expires")

    @pytest.mark.parametrize("text", ["", ";x=1", "two words", "dialog;=x"])
    def test_a_header_without_a_value_is_rejected(self, text):
        with pytest.raises(MessageError):
            EventType.parse(text)

    def test_a_line_end_cannot_be_written(self):
        with pytest.raises(ValueError, match="CR, LF or NUL"):
            str(Tagged("a\nb"))


class TestAuthScheme:
    def test_scheme_and_parameters(self):
        challenge = Challenge.parse(
            'Digest realm="a, \\"b\\"", nonce="n=;", qop="auth,auth-int", stale=TRUE,'
        )
        assert challenge.scheme == "digest"
        assert challenge.get("realm") == 'a, "b"'
        assert challenge.get("nonce") == "n=;"
        assert challenge.get("qop") == "auth,auth-int"
        assert challenge.get("opaque") == ""

    @pytest.mark.parametrize(
        "text", ["", '="x"', 'Digest realm="x', "Digest a=1, a=2", "Digest =1"]
    )
    def test_a_malformed_header_is_rejected(self, text):
        with pytest.raises(MessageError):
            AuthScheme.parse(text)
