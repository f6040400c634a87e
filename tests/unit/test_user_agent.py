"""The router of SIP messages: matching messages, and all others."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pycti.sip.identity import Identity
from pycti.sip.subscription_states import State

from .documents import dialog, document
from .peer import CHALLENGE, OK, Peer, has_header, header, wire
from .wire import counting_entropy


def request(method: str, *lines: str, to: str = "<sip:10002@pbx.test>") -> str:
    head = [
        f"{method} sip:10002@a.invalid SIP/2.0",
        "Via: SIP/2.0/WS server.test;branch=z9hG4bK77",
        "From: <sip:x@pbx.test>;tag=x1",
        f"To: {to}",
        "Call-ID: foreign",
        f"CSeq: 1 {method}",
        *lines,
    ]
    return wire("\n".join(head))


class TestRequests:
    def test_options_are_answered_with_the_allowed_methods(self, peer: Peer):
        """RFC 3261 §11.2."""
        peer.connect()
        peer.receive(request("OPTIONS"))
        assert peer.sent[-1].startswith("SIP/2.0 200 OK\r\n")
        assert header(peer.sent[-1], "Allow") == "NOTIFY, OPTIONS"
        assert "tag=" in header(peer.sent[-1], "To")

    @pytest.mark.parametrize("method", ["INVITE", "MESSAGE", "BYE", "X-NEW"])
    def test_other_methods_are_not_allowed(self, peer: Peer, method: str):
        """RFC 3261 §8.2.1: 405 with Allow."""
        peer.connect()
        peer.receive(request(method))
        assert peer.sent[-1].startswith("SIP/2.0 405 Method Not Allowed\r\n")
        assert header(peer.sent[-1], "Allow") == "NOTIFY, OPTIONS"

    def test_an_ack_is_never_answered(self, peer: Peer):
        """RFC 3261 §17."""
        peer.connect()
        peer.receive(request("ACK"))
        peer.receive(request("ACK").replace("Call-ID", "X-Call-ID"))
        assert peer.sent == peer.subscribes

    def test_a_notify_without_a_subscription_gets_481(self, peer: Peer):
        peer.connect()
        peer.receive(request("NOTIFY"))
        assert peer.sent[-1].startswith("SIP/2.0 481 ")

    def test_a_notify_with_a_malformed_to_is_a_bad_request(self, peer: Peer):
        peer.connect()
        peer.receive(request("NOTIFY", to="<broken"))
        assert peer.sent[-1].startswith("SIP/2.0 400 ")

    def test_an_unknown_required_extension_is_rejected_by_name(self, peer: Peer):
        """RFC 3261 §8.2.2.3: 420 with Unsupported."""
        peer.connect()
        peer.receive(request("NOTIFY", "Require: nothing-known"))
        assert peer.sent[-1].startswith("SIP/2.0 420 Bad Extension\r\n")
        assert header(peer.sent[-1], "Unsupported") == "nothing-known"

    def test_a_malformed_request_is_answered_if_possible(self, peer: Peer):
        peer.connect()
        peer.receive(request("NOTIFY").replace("1 NOTIFY", "1 INVITE"))
        assert peer.sent[-1].startswith("SIP/2.0 400 Bad Request\r\n")
        assert header(peer.sent[-1], "Call-ID") == "foreign"

    def test_a_malformed_request_that_cannot_be_answered_is_dropped(self, peer: Peer, caplog):
        peer.connect()
        peer.forget()
        with caplog.at_level(logging.WARNING):
            peer.receive(request("NOTIFY").replace("From:", "X-From:"))
        assert peer.sent == []
        assert caplog.records

    @pytest.mark.parametrize(
        "garbage", ["", "hello", "{}", b"\xff\x00", "SIP/2.0 200 OK\r\n\r\n", " \r\n"]
    )
    def test_data_that_is_not_sip_is_dropped_with_a_log_line(self, peer: Peer, garbage, caplog):
        peer.connect()
        peer.forget()
        with caplog.at_level(logging.WARNING):
            peer.receive(garbage)
        assert (peer.sent, peer.said) == ([], [])
        assert caplog.records

    def test_bytes_that_are_not_utf_8_are_replaced_in_the_response(self, peer: Peer):
        peer.connect()
        peer.receive(request("OPTIONS").encode().replace(b"x@pbx.test", b"\xff@pbx.test"))
        peer.sent[-1].encode()
        assert peer.sent[-1].startswith("SIP/2.0 ")

    def test_a_bad_request_answer_has_a_tag(self, peer: Peer):
        """RFC 3261 §8.2.6.2."""
        peer.connect()
        peer.receive(request("NOTIFY").replace("1 NOTIFY", "1 INVITE"))
        assert "tag=" in header(peer.sent[-1], "To")


class TestResponses:
    def test_a_response_without_a_request_is_dropped(self, peer: Peer):
        peer.connect()
        peer.answer("200 OK", to=peer.last.replace("branch=z9hG4bK", "branch=z9hG4bKother"))
        assert peer.said == []

    def test_a_repeated_response_is_ignored(self, peer: Peer):
        peer.connect()
        request = peer.last
        peer.answer("403 Forbidden", to=request)
        peer.answer("200 OK", *OK, to=request)
        assert peer.said == ["user:10002 failed 403 for good"]

    def test_a_response_affects_only_its_node(self, peer: Peer):
        peer.connect("user:10002", "queue:77")
        first, second = peer.subscribes
        peer.answer("403 Forbidden", to=second)
        peer.answer("200 OK", *OK, to=first)
        assert peer.said == ["queue:77 failed 403 for good", "user:10002 accepted"]


class TestManyNodes:
    def test_notifys_are_routed_by_their_dialog(self, peer: Peer):
        peer.accepted("user:10002", "queue:77")
        own, queue = peer.subscribes
        peer.notify("active", document(1, dialog("8-1", "early")), to=queue)
        peer.notify("active", document(1, dialog("7-1", "early")), to=own)
        assert peer.said == ["queue:77 8-1:early", "user:10002 7-1:early"]

    def test_each_node_is_refreshed_at_its_own_time(self, peer: Peer):
        peer.accepted()
        peer.advance(100)
        peer.agent.subscribe("queue:77", "sip:queue-77@pbx.test", peer.now)
        peer.look()
        peer.answer("200 OK", *OK)
        peer.notify()
        peer.forget()
        peer.advance(170)
        assert ["sip:10002@pbx.test" in header(text, "To") for text in peer.subscribes] == [True]
        peer.answer("200 OK", *OK)
        peer.advance(100)
        assert "queue-77" in header(peer.last, "To")

    def test_a_followed_node_is_not_subscribed_to_twice(self, peer: Peer):
        peer.accepted()
        peer.agent.subscribe("user:10002", "sip:10002@pbx.test", peer.now)
        peer.look()
        assert len(peer.subscribes) == 1


def test_ended_subscriptions_leave_nothing_behind(peer: Peer):
    for _ in range(50):
        peer.accepted("queue:77")
        peer.agent.unsubscribe("queue:77", peer.now)
        peer.look()
        peer.answer("200 OK", "Expires: 0")
        peer.notify("terminated;reason=timeout")
    agent = peer.agent
    assert (len(agent._live), len(agent._by_dialog), len(agent._by_node)) == (0, 0, 0)
    assert len(agent._transactions) == 0


def test_the_transport_is_named_in_the_via():
    """RFC 7118 §5.2."""
    identity = Identity("1", "x", "pbx.test", counting_entropy(), "WS")
    request = identity.subscribe("sip:1@pbx.test", "sip:1@pbx.test", (), "c", "t", "", 1, 300)
    assert (request.headers.get("Via") or "").startswith("SIP/2.0/WS ")


def test_chance_is_at_least_0_and_less_than_1():
    identity = Identity("1", "x", "pbx.test", lambda size: "ff" * size)
    assert 0.999 < identity.chance() < 1
    identity.entropy = lambda size: "00" * size
    assert identity.chance() == 0


# No network input raises, and ACKs and responses are never answered.

WORDS = st.sampled_from(
    [
        "", " ", ";", ",", '"', "<", ">", "=", ":", "@", "\\", "\r\n",
        "\r\n ", "\0", "\u00b2", "9" * 30,
        "SIP/2.0", "NOTIFY", "CSeq: ", "Via: ", "Expires: ", "Contact: ", "Subscription-State: ",
        "Retry-After: ", "Min-Expires: ", "WWW-Authenticate: ", "Digest ", "active;expires=",
        "terminated", "<dialog-info", "<state>", "version=",
    ]
)  # fmt: skip
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), WORDS), min_size=1, max_size=4)
LINES = st.sampled_from(
    ["200 OK", "401 Unauthorized", "407 Auth", "423 Brief", "481 Gone", "503 Busy", "403 No"]
)


def mutate(text: str, edits: list[tuple[float, int, str]]) -> str:
    for place, length, word in edits:
        at = int(place * len(text))
        text = text[:at] + word + text[at + length :]
    return text


@settings(max_examples=400, deadline=None)
@given(LINES, EDITS, EDITS, st.booleans())
def test_no_network_input_raises(line, answer_edits, notify_edits, as_bytes):
    peer = Peer()
    peer.connect()
    received = peer.receive

    def damaged(text: str | bytes) -> None:
        assert isinstance(text, str)
        text = mutate(text, answer_edits)
        received(text.encode("utf-8", "replace") if as_bytes else text)

    peer.receive = damaged  # type: ignore[method-assign]
    peer.answer(
        line, *OK, "Retry-After: 5", "Min-Expires: 600", CHALLENGE, "Record-Route: <sip:p;lr>"
    )
    peer.receive = received  # type: ignore[method-assign]
    peer.receive(
        mutate(peer.notification("active", document(1, dialog("7-1", "early"))), notify_edits)
    )
    peer.advance(200)
    # In any case the subscription continues, or its failure has been reported.
    assert peer.state_of() is not None or peer.said
    if peer.state_of() is State.SUBSCRIBING:
        peer.answer("200 OK", *OK)
        assert peer.state_of() is State.NOTIFY_WAIT
    assert not any(has_header(text, "Forged") for text in peer.history if text.startswith("S"))
