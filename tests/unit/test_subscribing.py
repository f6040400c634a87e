"""The first SUBSCRIBE of a subscription, its answers and its first NOTIFY (RFC 6665 §4.1.2)."""

from __future__ import annotations

import re

import pytest

from pycti.sip.subscription_states import State

from .documents import dialog, document
from .peer import CHALLENGE, OK, Peer, has_header, header


class TestTheRequest:
    def test_subscribe_requests_the_dialogs_of_a_node(self, peer: Peer):
        peer.connect()
        assert re.sub("[0-9a-f]{8,}", "RANDOM", peer.last) == (
            "SUBSCRIBE sip:10002@pbx.test SIP/2.0\r\n"
            "Via: SIP/2.0/WSS RANDOM.invalid;branch=z9hG4bKRANDOM\r\n"
            "Max-Forwards: 70\r\n"
            "From: <sip:10002@pbx.test>;tag=RANDOM\r\n"
            "To: <sip:10002@pbx.test>\r\n"
            "Call-ID: RANDOM\r\n"
            "CSeq: 1 SUBSCRIBE\r\n"
            "Contact: <sip:10002@RANDOM.invalid;transport=ws>\r\n"
            "Event: dialog\r\n"
            "Expires: 300\r\n"
            "Accept: application/dialog-info+xml\r\n"
            "User-Agent: pycti\r\n"
            "Content-Length: 0\r\n\r\n"
        )

    def test_a_node_of_another_type_is_subscribed_to_by_the_same_user(self, peer: Peer):
        peer.connect("queue:77")
        assert peer.last.startswith("SUBSCRIBE sip:queue-77@pbx.test SIP/2.0\r\n")
        assert header(peer.last, "From").startswith("<sip:10002@pbx.test>")
        assert header(peer.last, "To") == "<sip:queue-77@pbx.test>"

    def test_every_dialog_and_transaction_has_its_own_identifiers(self, peer: Peer):
        peer.connect("user:10002", "queue:77")
        one, other = peer.subscribes
        for name in ("Via", "Call-ID", "From"):
            assert header(one, name) != header(other, name)

    def test_nothing_is_sent_before_the_connection_is_open(self, peer: Peer):
        peer.agent.subscribe("user:10002", "sip:10002@pbx.test", peer.now)
        peer.look()
        assert peer.sent == []

    def test_a_node_that_is_added_later_is_subscribed_to_at_once_and_once(self, peer: Peer):
        peer.accepted()
        for _ in range(2):
            peer.agent.subscribe("queue:77", "sip:queue-77@pbx.test", peer.now)
            peer.look()
        assert [text.split()[1] for text in peer.subscribes] == [
            "sip:10002@pbx.test",
            "sip:queue-77@pbx.test",
        ]


class TestAcceptance:
    def test_a_200_accepts_the_subscription(self, peer: Peer):
        peer.connect()
        peer.answer("200 OK", *OK)
        assert peer.said == ["user:10002 accepted"]

    def test_a_202_of_an_old_server_accepts_the_subscription(self, peer: Peer):
        """RFC 6665 §8.3.1."""
        peer.connect()
        peer.answer("202 Accepted", *OK)
        assert peer.said == ["user:10002 accepted"]

    def test_a_provisional_response_is_not_an_acceptance(self, peer: Peer):
        peer.connect()
        peer.answer("100 Trying")
        assert peer.said == []

    def test_a_notify_before_the_200_accepts_the_subscription(self, peer: Peer):
        """RFC 6665 §4.1.2.4: NOTIFYs may arrive before the response."""
        peer.connect()
        assert peer.notify("active;expires=300", document(1, dialog("7-1", "early"))) == "200 OK"
        assert peer.said == ["user:10002 accepted", "user:10002 7-1:early"]

    def test_a_200_after_the_notify_changes_nothing(self, peer: Peer):
        peer.connect()
        peer.notify()
        peer.forget_reports()
        peer.answer("200 OK", *OK)
        assert peer.said == []
        assert peer.state_of() is State.ACTIVE

    def test_pending_is_accepted_and_reports_no_dialogs(self, peer: Peer):
        peer.connect()
        peer.answer("200 OK", *OK)
        peer.notify("pending;expires=300")
        assert peer.said == ["user:10002 accepted"]

    def test_without_a_first_notify_a_new_subscription_is_made(self, peer: Peer):
        """RFC 6665 §4.1.2.4: Timer N."""
        peer.connect()
        peer.answer("200 OK", *OK)
        peer.advance(31.9)
        assert len(peer.subscribes) == 1
        peer.advance(0.2)
        first, second = peer.subscribes
        assert header(first, "Call-ID") != header(second, "Call-ID")
        assert "tag=" not in header(second, "To")

    def test_an_expiry_of_zero_is_no_acceptance(self, peer: Peer):
        peer.connect()
        peer.answer("200 OK", "Expires: 0")
        assert peer.said == ["user:10002 failed 200 again"]


class TestChallenges:
    def test_a_401_is_answered_with_the_next_cseq_in_the_same_dialog(self, peer: Peer):
        """RFC 3261 §22.2, §8.1.3.5."""
        peer.connect()
        peer.answer("401 Unauthorized", CHALLENGE)
        first, second = peer.subscribes
        assert not has_header(first, "Authorization")
        assert header(second, "Authorization").startswith(
            'Digest username="10002", realm="pbx.test"'
        )
        assert header(second, "CSeq") == "2 SUBSCRIBE"
        assert header(second, "Call-ID") == header(first, "Call-ID")
        assert header(second, "From") == header(first, "From")
        assert header(second, "Via") != header(first, "Via")
        assert "tag=" not in header(second, "To")

    def test_a_407_is_answered_in_the_proxys_header(self, peer: Peer):
        """RFC 3261 §22.3."""
        peer.connect()
        peer.answer("407 Proxy Authentication Required", CHALLENGE.replace("WWW", "Proxy"))
        assert 'uri="sip:10002@pbx.test"' in header(peer.last, "Proxy-Authorization")

    def test_a_stale_nonce_is_answered_once(self, peer: Peer):
        peer.connect()
        peer.answer("401 Unauthorized", CHALLENGE)
        peer.answer("401 Unauthorized", CHALLENGE.replace("n1", "n2") + ", stale=true")
        assert 'nonce="n2"' in header(peer.last, "Authorization")
        peer.answer("200 OK", *OK)
        assert peer.said == ["user:10002 accepted"]

    def test_rejected_credentials_are_not_sent_again(self, peer: Peer):
        """RFC 3261 §22.1: a UAC MUST NOT, unless the nonce was stale."""
        peer.connect()
        peer.answer("401 Unauthorized", CHALLENGE)
        peer.answer("401 Unauthorized", CHALLENGE.replace("n1", "n2"))
        assert len(peer.subscribes) == 2
        assert peer.said == ["user:10002 failed 401 for good"]

    def test_a_server_that_always_sends_stale_is_abandoned(self, peer: Peer):
        peer.connect()
        for number in range(5):
            peer.answer("401 Unauthorized", CHALLENGE.replace("n1", f"n{number}") + ", stale=true")
        assert len(peer.subscribes) <= 3
        assert peer.said == ["user:10002 failed 401 for good"]

    def test_the_nonce_is_used_for_the_next_subscription(self, peer: Peer):
        peer.connect()
        peer.answer("401 Unauthorized", CHALLENGE)
        peer.answer("200 OK", *OK)
        peer.agent.subscribe("queue:77", "sip:queue-77@pbx.test", peer.now)
        peer.look()
        assert "nc=00000002" in header(peer.last, "Authorization")

    @pytest.mark.parametrize(
        "challenge",
        ['WWW-Authenticate: Basic realm="x"', "X-Nothing: 1", 'WWW-Authenticate: Digest n="'],
    )
    def test_a_challenge_that_cannot_be_answered_ends_the_subscription(
        self, peer: Peer, challenge: str
    ):
        peer.connect()
        peer.answer("401 Unauthorized", challenge)
        assert len(peer.said) == 1
        assert peer.said[0].startswith("user:10002 failed 401")

    def test_a_new_password_is_used_from_then_on(self, peer: Peer):
        peer.connect()
        peer.identity.renew("other")
        peer.answer("401 Unauthorized", CHALLENGE)
        one = re.search('response="([^"]+)', peer.last)
        other = Peer()
        other.connect()
        other.answer("401 Unauthorized", CHALLENGE)
        two = re.search('response="([^"]+)', other.last)
        assert one is not None
        assert two is not None
        assert one[1] != two[1]


class TestRefusals:
    @pytest.mark.parametrize(
        "line", ["403 Forbidden", "404 Not Found", "489 Bad Event", "603 Decline", "302 Moved"]
    )
    def test_a_permanent_refusal_is_reported_and_not_retried(self, peer: Peer, line: str):
        peer.connect()
        peer.answer(line)
        assert peer.said == [f"user:10002 failed {line[:3]} for good"]
        peer.advance(3600)
        assert len(peer.subscribes) == 1

    @pytest.mark.parametrize(
        "line",
        ["408 Request Timeout", "480 Unavailable", "500 Error", "503 Unavailable", "504 Timeout"],
    )
    def test_a_temporary_refusal_is_retried_after_a_pause(self, peer: Peer, line: str):
        peer.connect()
        peer.answer(line)
        assert peer.said == [f"user:10002 failed {line[:3]} again"]
        peer.advance(0.9)
        assert len(peer.subscribes) == 1
        peer.advance(3)
        assert len(peer.subscribes) == 2

    def test_no_answer_counts_as_a_408(self, peer: Peer):
        """RFC 3261 §8.1.3.1, Timer F."""
        peer.connect()
        peer.advance(16)
        peer.receive("\r\n\r\n")  # The connection is alive.
        peer.advance(15.9)
        assert peer.said == []
        peer.advance(0.2)
        assert peer.said == ["user:10002 failed 408 again"]

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            ("60", 60),
            (" 60 ", 60),
            ("60 (busy)", 60),
            ("60;duration=10", 60),
            ("60 (a) ;duration=10", 60),
        ],
    )
    def test_retry_after_sets_the_pause(self, peer: Peer, value: str, seconds: int):
        """RFC 3261 §20.33, §21.5.4."""
        peer.connect()
        peer.answer("503 Service Unavailable", f"Retry-After: {value}")
        peer.advance(seconds - 1)
        assert len(peer.subscribes) == 1
        peer.advance(2)
        assert len(peer.subscribes) == 2

    @pytest.mark.parametrize("value", ["", "soon", "\u00b2", "\u0663", "-5", "0", "9" * 400])
    def test_an_invalid_retry_after_does_not_prevent_the_retry(self, peer: Peer, value: str):
        peer.connect()
        peer.answer("503 Service Unavailable", f"Retry-After: {value}")
        peer.advance(2 * 3600)
        assert len(peer.subscribes) >= 2

    def test_the_pauses_grow_up_to_half_a_minute(self, peer: Peer):
        peer.identity.entropy = lambda size: "ff" * size
        peer.connect()
        pauses = []
        for _ in range(8):
            peer.answer("503 Unavailable")
            before, count = peer.now, len(peer.subscribes)
            while len(peer.subscribes) == count:
                peer.advance(0.5)
            pauses.append(round(peer.now - before))
        assert pauses == sorted(pauses)
        assert pauses[0] <= 4
        assert 30 <= pauses[-1] <= 32

    def test_a_night_of_503_is_survived(self, peer: Peer):
        peer.connect()
        for _ in range(1100):
            peer.answer("503 Unavailable")
            peer.now += 40
            peer.agent.tick(peer.now)
            peer.look()
        assert len(peer.subscribes) == 1101

    def test_a_423_lengthens_the_expiry(self, peer: Peer):
        """RFC 6665 §4.1.2.1."""
        peer.connect()
        peer.answer("423 Interval Too Brief", "Min-Expires: 600")
        assert header(peer.last, "Expires") == "600"
        assert header(peer.last, "CSeq") == "2 SUBSCRIBE"
        peer.answer("200 OK", "Expires: 600")
        assert peer.said == ["user:10002 accepted"]

    def test_a_423_without_a_longer_expiry_ends_the_subscription(self, peer: Peer):
        peer.connect()
        peer.answer("423 Interval Too Brief", "Min-Expires: 300")
        assert peer.said == ["user:10002 failed 423 for good"]

    @pytest.mark.parametrize("lines", [(), ("Min-Expires: x",), ("Min-Expires: -1",)])
    def test_a_423_without_min_expires_is_answered_with_longer_expiries(self, peer: Peer, lines):
        """Asterisk omits Min-Expires, which RFC 3261 §21.4.17 requires."""
        peer.connect()
        asked = []
        for _ in range(3):
            asked.append(header(peer.last, "Expires"))
            peer.answer("423 Interval Too Brief", *lines)
        assert asked == ["300", "600", "3600"]
        assert peer.said == ["user:10002 failed 423 for good"]
        assert "no Min-Expires" in peer.reports[-1].reason
        peer.advance(3600)
        assert len(peer.subscribes) == 3

    def test_the_granted_expiry_is_requested_again(self, peer: Peer):
        peer.connect()
        peer.answer("423 Interval Too Brief")
        peer.answer("200 OK", "Expires: 600")
        peer.notify("active;expires=600")
        peer.advance(570)
        assert [header(text, "Expires") for text in peer.subscribes] == ["300", "600", "600"]

    def test_a_481_to_the_first_request_is_not_answered_in_a_tight_loop(self, peer: Peer):
        peer.connect()
        peer.answer("481 Subscription Does Not Exist")
        assert len(peer.subscribes) == 1
        assert peer.said == ["user:10002 failed 481 again"]

    @pytest.mark.parametrize(
        ("line", "lines"),
        [
            ("200 OK", ("Expires: soon",)),
            ("200 OK", ("Expires: 300", "Contact: <sip:")),
            ("200 OK", ("Expires: 300", 'Record-Route: "')),
        ],
    )
    def test_a_malformed_response_is_retried(self, peer: Peer, line, lines):
        """The transaction is over, so without a retry the subscription would wait without end."""
        peer.connect()
        peer.answer(line, *lines)
        assert len(peer.said) == 1
        assert peer.said[0].startswith("user:10002 failed")
        peer.advance(40)
        assert len(peer.subscribes) >= 2
