"""SIP messages (RFC 3261 §7), one in each WebSocket message (RFC 7118 §5)."""

from __future__ import annotations

import pytest

from pycti.errors import MessageError
from pycti.sip.fields import Headers
from pycti.sip.message import Request, Response, parse_message, top_via

NOTIFY = (
    "NOTIFY sip:10002@a.invalid;transport=ws SIP/2.0\r\n"
    "Via: SIP/2.0/WS pbx.test;branch=z9hG4bK1\r\n"
    "From: <sip:10002@pbx.test>;tag=s1\r\n"
    "To: <sip:10002@pbx.test>;tag=c1\r\n"
    "Call-ID: abc\r\n"
    "CSeq: 2 NOTIFY\r\n"
    "Content-Length: 4\r\n"
    "\r\n"
    "body"
)


def refused(text: str | bytes) -> MessageError:
    with pytest.raises(MessageError) as caught:
        parse_message(text)
    return caught.value


class TestParsing:
    def test_a_request(self):
        request = parse_message(NOTIFY)
        assert isinstance(request, Request)
        assert (request.method, request.uri) == ("NOTIFY", "sip:10002@a.invalid;transport=ws")
        assert request.headers.get("call-id") == "abc"
        assert request.body == "body"

    @pytest.mark.parametrize("uri", [f"sip:{'1' * 300}@a.invalid", "sip:10002@a.invalid"])
    def test_a_request_line_may_be_long_and_its_version_in_lower_case(self, uri: str):
        request = parse_message(
            NOTIFY.replace("sip:10002@a.invalid;transport=ws SIP/2.0", f"{uri} sip/2.0")
        )
        assert isinstance(request, Request)
        assert (request.method, request.uri) == ("NOTIFY", uri)

    @pytest.mark.parametrize("end", ["\r\n\r\n", "\n\n", "\r\n\n", "\n\r\n"])
    def test_the_first_empty_line_ends_the_header_section(self, end: str):
        head, _, _ = NOTIFY.partition("\r\n\r\n")
        body = "\n\r\n\n\n"
        message = parse_message(f"{head.replace('Length: 4', 'Length: 5')}{end}{body}")
        assert message.headers.get("Content-Length") == "5"
        assert message.body == body

    def test_a_response_with_blanks_in_its_reason(self):
        response = parse_message(
            NOTIFY.replace(
                "NOTIFY sip:10002@a.invalid;transport=ws SIP/2.0", "SIP/2.0 481 Not Here, Sorry"
            )
        )
        assert isinstance(response, Response)
        assert (response.status, response.reason) == (481, "Not Here, Sorry")

    def test_a_response_may_have_no_reason(self):
        """RFC 4475 §3.1.1.13."""
        text = NOTIFY.replace("NOTIFY sip:10002@a.invalid;transport=ws SIP/2.0", "SIP/2.0 200 ")
        message = parse_message(text)
        assert isinstance(message, Response)
        assert message.reason == ""

    def test_bytes_are_read_as_utf_8(self):
        text = NOTIFY.replace("body", "año").replace("Content-Length: 4", "Content-Length: 4")
        assert parse_message(text.encode()).body == "año"

    def test_bytes_that_are_not_utf_8_are_kept(self):
        message = parse_message(NOTIFY.encode().replace(b"body", b"\xff\xfe\xfd\xfc"))
        assert message.body.encode("utf-8", "surrogateescape") == b"\xff\xfe\xfd\xfc"

    def test_bare_line_feeds_are_accepted(self):
        assert parse_message(NOTIFY.replace("\r\n", "\n")).headers.get("CSeq") == "2 NOTIFY"

    def test_line_ends_before_the_start_line_are_ignored(self):
        """RFC 3261 §7.5."""
        assert parse_message("\r\n\r\n" + NOTIFY).body == "body"

    def test_a_folded_header_is_one_line(self):
        """RFC 3261 §7.3.1."""
        text = NOTIFY.replace("CSeq: 2 NOTIFY", "CSeq: 2\r\n\t NOTIFY")
        assert parse_message(text).headers.get("CSeq") == "2 NOTIFY"

    def test_compact_names_and_any_case_are_the_same_header(self):
        text = NOTIFY.replace("Call-ID:", "i :").replace("Via:", "v:").replace("CSeq", "cSEQ")
        assert parse_message(text).headers.get("Call-ID") == "abc"

    def test_text_after_the_stated_length_is_dropped(self):
        """RFC 3261 §18.3."""
        assert parse_message(NOTIFY + "more").body == "body"

    def test_without_a_content_length_the_body_is_the_rest(self):
        """RFC 3261 §20.14: only stream transports need Content-Length."""
        assert (
            parse_message(NOTIFY.replace("Content-Length: 4\r\n", "") + "more").body == "bodymore"
        )

    def test_an_identical_repeated_header_is_accepted(self):
        assert parse_message(NOTIFY.replace("CSeq", "CSeq: 2 NOTIFY\r\nCSeq"))

    def test_a_document_with_160_calls_is_accepted(self):
        """sip-facts 7: 30 calls make 11 kB; a queue has more."""
        body = "x" * 60_000
        text = NOTIFY.replace("Content-Length: 4", f"Content-Length: {len(body)}").replace(
            "body", body
        )
        assert parse_message(text).body == body


class TestRefusals:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "\r\n",
            "hello",
            NOTIFY.replace("SIP/2.0\r\nVia", "HTTP/1.1\r\nVia"),
            NOTIFY.replace("NOTIFY sip", "NO(TIFY sip"),
            NOTIFY.replace("Via:", "Via"),
            NOTIFY.replace("Via:", "V ia:"),
            NOTIFY.replace("Call-ID: abc", "Call-ID: a\rbc"),
            NOTIFY.replace("Call-ID: abc", "Call-ID: a\0bc"),
        ],
    )
    def test_text_that_is_not_sip_cannot_be_answered(self, text):
        assert refused(text).request is None

    @pytest.mark.parametrize(
        "text",
        [
            "NOTIFY sip:a SIP/2.0\r\n",
            NOTIFY.replace("NOTIFY sip:10002@a.invalid;transport=ws SIP/2.0", "NOTIFY SIP/2.0"),
            NOTIFY.replace(
                "NOTIFY sip:10002@a.invalid;transport=ws", "NOTIFY <sip:10002@a.invalid>"
            ),
            NOTIFY.replace("NOTIFY sip:10002@a.invalid", "NOTIFY sip: 10002@a.invalid"),
            NOTIFY.replace("SIP/2.0\r\nVia", "SIP/2.0  \r\nVia"),
            NOTIFY.partition("\r\n\r\n")[0],
        ],
    )
    def test_a_malformed_but_recognisable_request_gets_400(self, text):
        """RFC 4475 §3.1.2.7 to §3.1.2.10, §3.1.2.15."""
        error = refused(text)
        assert (error.status, error.request.method) == (400, "NOTIFY")

    @pytest.mark.parametrize(
        "line",
        ["SIP/2.0 20 OK", "SIP/2.0 700 X", "SIP/2.0 2000 X", "SIP/3.0 200 OK", "SIP/2.0 abc"],
    )
    def test_a_response_is_never_answered(self, line):
        error = refused(NOTIFY.replace("NOTIFY sip:10002@a.invalid;transport=ws SIP/2.0", line))
        assert (error.request, error.status) == (None, 0)

    def test_a_malformed_response_is_no_request(self):
        line = "NOTIFY sip:10002@a.invalid;transport=ws SIP/2.0"
        error = refused(NOTIFY.replace(line, "SIP/2.0 200 OK").replace("CSeq: 2 NOTIFY", "CSeq: x"))
        assert error.request is None

    @pytest.mark.parametrize("name", ["Call-ID", "CSeq", "From", "To", "Via"])
    def test_every_mandatory_header_is_required(self, name):
        """RFC 3261 §8.1.1."""
        error = refused(NOTIFY.replace(f"{name}: ", f"X-{name}: "))
        assert error.status == 400
        assert error.request is not None

    @pytest.mark.parametrize(
        "line", ["CSeq: 3 NOTIFY", "To: <sip:x@y.test>", "i: other", "Content-Length: 3"]
    )
    def test_a_single_header_must_not_have_two_values(self, line):
        """RFC 4475 §3.3.8, §3.3.9."""
        assert refused(NOTIFY.replace("Via:", f"{line}\r\nVia:")).status == 400

    def test_cseq_and_request_line_must_agree(self):
        """RFC 4475 §3.1.2.17."""
        error = refused(NOTIFY.replace("2 NOTIFY", "2 INVITE"))
        assert error.status == 400
        assert error.request is not None

    @pytest.mark.parametrize("value", ["", "x", "2", "-1 NOTIFY", "99999999999 NOTIFY"])
    def test_a_malformed_cseq_is_a_bad_request(self, value):
        assert refused(NOTIFY.replace("CSeq: 2 NOTIFY", f"CSeq: {value}")).status == 400

    @pytest.mark.parametrize("length", ["5", "9999", "-999", "x", "9" * 99])
    def test_a_wrong_content_length_is_a_bad_request(self, length):
        """RFC 4475 §3.1.2.2, §3.1.2.3."""
        error = refused(NOTIFY.replace("Content-Length: 4", f"Content-Length: {length}"))
        assert error.status == 400
        assert error.request is not None

    def test_another_version_of_sip_gets_505(self):
        """RFC 4475 §3.1.2.16."""
        error = refused(NOTIFY.replace("ws SIP/2.0", "ws SIP/7.0"))
        assert error.status == 505
        assert error.request is not None

    def test_a_message_that_is_too_large_gets_413(self):
        """RFC 3261 §21.4.11. Without an answer the subscription would end (sip-facts 9)."""
        error = refused(NOTIFY + "x" * 20_000_000)
        assert error.status == 413
        assert error.request is not None
        assert error.request.headers.get("Call-ID") == "abc"

    @pytest.mark.parametrize(
        "text", ["x" * 20_000_000, "NOTIFY sip:a SIP/2.0\r\nX: " + "x" * 20_000_000]
    )
    def test_a_large_message_without_a_head_cannot_be_answered(self, text):
        error = refused(text)
        assert (error.status, error.request) == (413, None)

    def test_a_response_that_is_too_large_is_not_answered(self):
        line = "NOTIFY sip:10002@a.invalid;transport=ws SIP/2.0"
        error = refused(NOTIFY.replace(line, "SIP/2.0 200 OK") + "x" * 20_000_000)
        assert (error.status, error.request) == (413, None)


class TestHeaders:
    def test_headers_keep_their_order_and_names(self):
        headers = Headers([("v", "1"), ("Via", "2"), ("X", "3")])
        assert list(headers) == [("v", "1"), ("Via", "2"), ("X", "3")]
        assert headers.get_all("VIA") == ["1", "2"]
        assert headers.get("x") == "3"

    def test_a_missing_header_is_none_or_an_error(self):
        headers = Headers()
        assert headers.get("To") is None
        assert headers.get_all("To") == []
        with pytest.raises(MessageError, match="To"):
            headers.require("To")

    def test_equal_headers_are_equal(self):
        assert Headers([("a", "1")]) == Headers([("a", "1")])
        assert Headers([("a", "1")]) != Headers([("a", "2")])
        assert Headers() != 5

    def test_repr_shows_the_headers(self):
        assert repr(Headers([("a", "1")])) == "Headers([('a', '1')])"


class TestWriting:
    def test_the_content_length_is_counted_in_bytes(self):
        request = Request("NOTIFY", "sip:a", Headers([("Content-Length", "99"), ("X", "y")]), "año")
        assert str(request) == "NOTIFY sip:a SIP/2.0\r\nX: y\r\nContent-Length: 4\r\n\r\naño"

    def test_what_is_parsed_is_written_as_it_was(self):
        assert str(parse_message(NOTIFY)) == NOTIFY

    @pytest.mark.parametrize(
        "message",
        [
            Request("NOTIFY", "sip:a\r\nX: forged"),
            Request("NOTIFY", "sip:a", Headers([("X", "y\r\nForged: 1")])),
            Request("NOTIFY", "sip:a", Headers([("X\n", "y")])),
            Response(200, "OK\r\nX: forged"),
        ],
    )
    def test_a_line_end_cannot_be_written(self, message):
        with pytest.raises(ValueError, match="CR, LF or NUL"):
            str(message)


class TestResponses:
    def request(self, text: str = NOTIFY) -> Request:
        request = parse_message(text)
        assert isinstance(request, Request)
        return request

    def test_a_response_copies_the_identifying_headers(self):
        """RFC 3261 §8.2.6.2."""
        request = self.request(
            NOTIFY.replace("From:", "Via: SIP/2.0/UDP b.test;branch=z9\r\nFrom:")
        )
        assert str(request.response(489, headers=[("Allow-Events", "dialog")])) == (
            "SIP/2.0 489 Bad Event\r\n"
            "Via: SIP/2.0/WS pbx.test;branch=z9hG4bK1\r\n"
            "Via: SIP/2.0/UDP b.test;branch=z9\r\n"
            "From: <sip:10002@pbx.test>;tag=s1\r\n"
            "To: <sip:10002@pbx.test>;tag=c1\r\n"
            "Call-ID: abc\r\n"
            "CSeq: 2 NOTIFY\r\n"
            "Allow-Events: dialog\r\n"
            "Content-Length: 0\r\n\r\n"
        )

    def test_a_tag_is_added_only_if_there_is_none(self):
        assert "tag=new" not in str(self.request().response(200, to_tag="new"))
        untagged = self.request(
            NOTIFY.replace("To: <sip:10002@pbx.test>;tag=c1", "To: sip:10002@pbx.test")
        )
        assert "To: sip:10002@pbx.test;tag=new\r\n" in str(untagged.response(200, to_tag="new"))

    def test_a_malformed_to_is_returned_unchanged(self):
        request = self.request(NOTIFY.replace("To: <sip:10002@pbx.test>;tag=c1", "To: <broken"))
        assert "To: <broken\r\n" in str(request.response(400, to_tag="new"))

    def test_an_unknown_status_has_a_reason(self):
        assert self.request().response(499).reason == "Unknown"
        assert self.request().response(200, "Fine").reason == "Fine"


def test_the_topmost_via_is_the_first_of_the_first_line():
    text = NOTIFY.replace("z9hG4bK1", "z9hG4bK1, SIP/2.0/UDP b.test;branch=2")
    assert top_via(parse_message(text)).branch == "z9hG4bK1"
