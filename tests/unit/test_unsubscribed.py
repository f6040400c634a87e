"""The end and the renewal of a subscription (RFC 6665 §4.1.2, §4.1.3)."""

from __future__ import annotations

import pytest

from pycti.sip.subscription_states import State

from .documents import dialog, document
from .peer import CHALLENGE, OK, Peer, header


@pytest.fixture
def peer() -> Peer:
    peer = Peer()
    peer.accepted()
    peer.forget()
    return peer


@pytest.fixture
def fresh() -> Peer:
    return Peer()


class TestTheEnd:
    @pytest.mark.parametrize(
        "reason", [";reason=deactivated", ";reason=timeout", "", ";reason=news"]
    )
    def test_some_reasons_make_a_new_subscription_at_once(self, peer: Peer, reason: str):
        """RFC 6665 §4.1.3."""
        peer.advance(60)
        peer.notify(f"terminated{reason}")
        assert header(peer.last, "CSeq") == "1 SUBSCRIBE"
        assert peer.said == []

    @pytest.mark.parametrize("reason", ["probation", "giveup"])
    def test_some_reasons_delay_the_new_subscription(self, peer: Peer, reason: str):
        peer.advance(60)
        peer.forget()
        peer.notify(f"terminated;reason={reason};retry-after=90")
        peer.advance(89)
        assert peer.subscribes == []
        peer.advance(2)
        assert header(peer.last, "CSeq") == "1 SUBSCRIBE"

    @pytest.mark.parametrize("reason", ["", ";reason=news"])
    def test_without_a_known_reason_retry_after_is_respected(self, peer: Peer, reason: str):
        """RFC 6665 §4.1.3: SHOULD NOT before the number of seconds specified."""
        peer.advance(60)
        peer.forget()
        peer.notify(f"terminated{reason};retry-after=90")
        peer.advance(89)
        assert peer.subscribes == []

    @pytest.mark.parametrize("reason", ["rejected", "noresource", "invariant", "Rejected"])
    def test_some_reasons_end_the_subscription(self, peer: Peer, reason: str):
        peer.advance(60)
        peer.forget()
        peer.notify(f"terminated;reason={reason}")
        assert peer.said == ["user:10002 failed 0 for good"]
        peer.advance(1000)
        assert peer.subscribes == []

    def test_the_last_document_is_applied(self, peer: Peer):
        peer.advance(60)
        peer.notify("terminated;reason=noresource", document(1, dialog("7-1", "terminated")))
        assert peer.said[0] == "user:10002 7-1:terminated"

    def test_a_subscription_that_ends_at_once_is_not_renewed_in_a_tight_loop(self, fresh: Peer):
        fresh.connect()
        for _ in range(20):
            fresh.answer("200 OK", *OK)
            fresh.notify("terminated;reason=timeout")
        assert len(fresh.subscribes) < 5
        fresh.advance(5)
        assert len(fresh.subscribes) >= 2

    def test_a_200_after_the_end_does_not_move_the_retry(self, fresh: Peer):
        fresh.connect()
        fresh.notify("terminated;reason=probation;retry-after=20")
        fresh.answer("200 OK", *OK)
        fresh.advance(21)
        assert len(fresh.subscribes) == 2

    @pytest.mark.parametrize("line", ["481 Gone", "200 OK", "403 Forbidden"])
    def test_a_late_response_to_an_older_subscription_is_ignored(self, peer: Peer, line):
        """sip-facts 8: terminated;reason=timeout during a refresh, then its 481."""
        peer.advance(270)
        refresh = peer.last
        peer.notify("terminated;reason=timeout")
        peer.answer(line, "Expires: 300", "Contact: <sip:old.test>", to=refresh)
        assert peer.said == []
        assert peer.state_of() is State.SUBSCRIBING
        peer.answer("200 OK", *OK)
        assert peer.said == ["user:10002 accepted"]

    def test_timer_f_of_an_older_request_does_not_affect_the_new_subscription(self, peer: Peer):
        peer.advance(270)
        peer.notify("terminated;reason=timeout")
        peer.answer("200 OK", *OK)
        peer.notify(tag="s1")
        peer.forget()
        peer.advance(40)
        assert peer.said == []
        assert peer.subscribes == []


class TestLosingTheConnection:
    def test_all_nodes_are_subscribed_to_again_in_new_dialogs(self, fresh: Peer):
        """sip-facts 13: a restart loses all subscriptions."""
        fresh.accepted("user:10002", "queue:77")
        calls = {header(text, "Call-ID") for text in fresh.subscribes}
        fresh.drop()
        fresh.forget()
        fresh.agent.connected(fresh.now)
        fresh.look()
        assert [text.split()[1] for text in fresh.subscribes] == [
            "sip:10002@pbx.test",
            "sip:queue-77@pbx.test",
        ]
        assert calls.isdisjoint(header(text, "Call-ID") for text in fresh.subscribes)

    def test_without_a_connection_nothing_is_due(self, peer: Peer):
        peer.drop()
        peer.advance(3600)
        assert peer.sent == []
        assert peer.agent.deadline is None

    def test_unsent_messages_are_dropped(self, fresh: Peer):
        fresh.agent.subscribe("user:10002", "sip:10002@pbx.test", fresh.now)
        fresh.agent.connected(fresh.now)
        fresh.agent.disconnected(fresh.now)
        fresh.look()
        assert fresh.sent == []

    def test_the_version_is_reset_and_the_dialogs_are_compared(self, peer: Peer):
        peer.notify("active", document(50, dialog("7-1", "early")))
        peer.drop()
        peer.forget()
        peer.agent.connected(peer.now)
        peer.look()
        peer.answer("200 OK", *OK)
        peer.notify("active", document(0, dialog("7-1", "early")))
        assert peer.said == ["user:10002 accepted", "user:10002 nothing new"]


class TestUnsubscribing:
    def leave(self, peer: Peer) -> None:
        peer.agent.unsubscribe("user:10002", peer.now)
        peer.look()

    def test_unsubscribe_sends_expires_0_in_the_same_dialog(self, fresh: Peer):
        """RFC 6665 §4.1.2.3."""
        fresh.accepted()
        self.leave(fresh)
        first, leave = fresh.subscribes
        assert header(leave, "Expires") == "0"
        assert header(leave, "Call-ID") == header(first, "Call-ID")

    def test_the_last_notify_is_answered_and_not_reported(self, peer: Peer):
        self.leave(peer)
        peer.answer("200 OK", "Expires: 0")
        text = peer.notification("terminated;reason=timeout", document(9, dialog("7-1", "early")))
        peer.receive(text)
        assert peer.sent[-1].startswith("SIP/2.0 200 OK")
        assert peer.said == []
        peer.receive(text.replace("CSeq: 2", "CSeq: 3"))
        assert peer.sent[-1].startswith("SIP/2.0 481")

    def test_a_challenge_to_an_unsubscribe_is_answered(self, peer: Peer):
        self.leave(peer)
        peer.answer("401 Unauthorized", CHALLENGE)
        assert header(peer.last, "Expires") == "0"

    @pytest.mark.parametrize("line", ["481 Gone", "403 Forbidden", "503 Busy"])
    def test_any_refusal_ends_the_subscription_silently(self, peer: Peer, line: str):
        self.leave(peer)
        peer.answer(line)
        peer.advance(3600)
        assert peer.said == []
        assert len(peer.subscribes) == 1

    def test_without_a_response_the_subscription_ends_silently(self, peer: Peer):
        self.leave(peer)
        peer.advance(16)
        peer.receive("\r\n\r\n")  # The connection is alive.
        peer.advance(20)
        assert peer.said == []
        assert len(peer.subscribes) == 1
        assert len(peer.agent._live) == 0

    def test_without_a_last_notify_the_subscription_ends_silently(self, peer: Peer):
        self.leave(peer)
        peer.answer("200 OK", "Expires: 0")
        peer.advance(33)
        assert len(peer.agent._live) == 0
        assert len(peer.agent._by_dialog) == 0

    def test_a_subscription_without_a_dialog_is_dropped(self, fresh: Peer):
        """Its later NOTIFY gets 481, which ends the subscription on the server."""
        fresh.connect()
        request = fresh.last
        self.leave(fresh)
        fresh.answer("200 OK", *OK)
        assert len(fresh.subscribes) == 1
        fresh.receive(fresh.notification(to=request))
        assert fresh.sent[-1].startswith("SIP/2.0 481")

    def test_a_subscription_that_waits_for_a_retry_is_dropped(self, fresh: Peer):
        fresh.connect()
        fresh.answer("503 Busy")
        self.leave(fresh)
        fresh.advance(3600)
        assert len(fresh.subscribes) == 1

    def test_a_node_can_be_followed_again_while_it_is_being_unsubscribed(self, peer: Peer):
        self.leave(peer)
        leave = peer.last
        peer.agent.subscribe("user:10002", "sip:10002@pbx.test", peer.now)
        peer.look()
        again = peer.last
        peer.answer("200 OK", *OK, to=again)
        peer.answer("200 OK", "Expires: 0", to=leave)
        assert peer.state_of() is State.NOTIFY_WAIT

    def test_unsubscribing_an_unknown_node_is_ignored(self, peer: Peer):
        peer.agent.unsubscribe("queue:77", peer.now)
        peer.look()
        assert peer.sent == []

    def test_without_a_connection_the_subscription_is_dropped(self, peer: Peer):
        peer.drop()
        self.leave(peer)
        peer.forget()
        peer.agent.connected(peer.now)
        peer.look()
        assert peer.sent == []
