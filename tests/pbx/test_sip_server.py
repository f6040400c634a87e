"""SIP requests other than SUBSCRIBE, and data that is not SIP."""

import pytest

from pycti.sip.headers import NameAddr

from .watching import Watched, subscribe_text


@pytest.fixture
def world() -> Watched:
    return Watched()


def test_options_are_answered(world):
    answer = world.ask(subscribe_text(method="OPTIONS"))
    assert answer.status == 200
    assert answer.headers.get("Allow") == "SUBSCRIBE, OPTIONS"
    assert answer.headers.get("Allow-Events") == "dialog"
    assert answer.headers.get("Accept") == "application/dialog-info+xml"


@pytest.mark.parametrize("method", ["REGISTER", "INVITE", "MESSAGE", "NOTIFY", "FOO"])
def test_other_methods_are_not_allowed(world, method):
    answer = world.ask(subscribe_text(method=method))
    assert (answer.status, answer.headers.get("Allow")) == (405, "SUBSCRIBE, OPTIONS")


def test_an_ack_is_never_answered(world):
    assert world.server.receive(world.connection, subscribe_text(method="ACK"))
    assert world.connection.sent == []


def test_an_unknown_required_extension_is_named(world):
    answer = world.ask(subscribe_text(Require="eventlist"))
    assert (answer.status, answer.headers.get("Unsupported")) == (420, "eventlist")


def test_a_response_copies_the_headers_of_rfc_3261(world):
    text = subscribe_text(method="OPTIONS", Via="SIP/2.0/WS a.invalid;branch=z9hG4bK1;rport")
    answer = world.ask(text)
    assert answer.headers.get_all("Via") == ["SIP/2.0/WS a.invalid;branch=z9hG4bK1;rport"]
    assert answer.headers.get("Call-ID") == "c1"
    assert answer.headers.get("CSeq") == "1 OPTIONS"
    assert NameAddr.parse(str(answer.headers.get("To"))).tag


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ("1 SUBSCRIBE", "x SUBSCRIBE", 400),
        ("1 SUBSCRIBE", "1 OPTIONS", 400),
        ("Content-Length: 0", "Content-Length: 7", 400),
        ("Max-Forwards: 70", "Max Forwards: 70", 400),
        ("example SIP/2.0", "example SIP/3.0", 505),
    ],
)
def test_a_malformed_request_is_answered_if_possible(world, before, after, status):
    text = subscribe_text()
    assert before in text
    assert world.server.receive(world.connection, text.replace(before, after))
    (answer,) = world.connection.sent
    assert answer.startswith(f"SIP/2.0 {status} ")
    assert "\r\nCall-ID: c1\r\n" in answer


def test_compact_header_names_are_accepted(world):
    text = subscribe_text(CSeq="x SUBSCRIBE").replace("Call-ID:", "i:").replace("From:", "f:")
    assert "i: c1" in text
    assert world.server.receive(world.connection, text)
    assert "SIP/2.0 400 Bad Request" in world.connection.sent[0]


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "SIP/2.0 999 What\r\n\r\n",
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/WS x\r\n\r\n",
        subscribe_text(Via=None),
        subscribe_text(Call_ID=None),
        subscribe_text().replace("Call-ID: c1", "Call-ID: c\0"),
        "\0" * 100,
        "",
    ],
)
def test_a_message_that_cannot_be_answered_closes_the_connection(world, text):
    assert not world.server.receive(world.connection, text)
    assert world.connection.sent == []
