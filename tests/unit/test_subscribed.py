"""An active subscription: refreshes, NOTIFYs, its end and its restarts (RFC 6665 §4.1)."""

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


class TestRefreshing:
    def test_the_refresh_is_early_enough_for_timer_f_to_fire(self, fresh: Peer):
        fresh.accepted()
        fresh.advance(267)
        assert len(fresh.subscribes) == 1
        fresh.advance(1.1)
        assert len(fresh.subscribes) == 2

    def test_a_refresh_goes_to_the_contact_in_the_same_dialog(self, fresh: Peer):
        """RFC 3261 §12.2.1.1."""
        fresh.accepted()
        fresh.advance(269)
        first, refresh = fresh.subscribes
        assert refresh.startswith("SUBSCRIBE sip:server.test;transport=ws SIP/2.0\r\n")
        assert header(refresh, "To") == "<sip:10002@pbx.test>;tag=s1"
        assert header(refresh, "Call-ID") == header(first, "Call-ID")
        assert header(refresh, "CSeq") == "2 SUBSCRIBE"

    def test_the_servers_expiry_overrides_the_requested_one(self, fresh: Peer):
        fresh.connect()
        fresh.answer("200 OK", "Expires: 100")
        fresh.notify("active;expires=100")
        fresh.advance(69)
        assert len(fresh.subscribes) == 2

    def test_a_notify_may_shorten_the_granted_expiry(self, peer: Peer):
        """RFC 6665 §4.1.2.2."""
        peer.notify("active;expires=60")
        peer.advance(31)
        assert len(peer.subscribes) == 1

    def test_a_very_short_expiry_is_refreshed_at_half_time(self, peer: Peer):
        peer.notify("active;expires=10")
        peer.advance(4.9)
        assert len(peer.subscribes) == 0
        peer.advance(0.2)
        assert len(peer.subscribes) == 1

    def test_without_expires_in_the_notify_that_of_the_response_is_used(self, fresh: Peer):
        fresh.connect()
        fresh.answer("200 OK", "Expires: 100")
        fresh.notify("active")
        fresh.advance(69)
        assert len(fresh.subscribes) == 2

    def test_without_expires_in_the_response_the_requested_one_is_used(self, fresh: Peer):
        fresh.connect()
        fresh.answer("200 OK")
        fresh.notify("active")
        fresh.advance(267)
        assert len(fresh.subscribes) == 1
        fresh.advance(2)
        assert len(fresh.subscribes) == 2

    def test_a_notify_before_the_200_without_expires_uses_that_of_the_200(self, fresh: Peer):
        fresh.connect()
        fresh.notify("active")
        fresh.answer("200 OK", "Expires: 100")
        fresh.advance(69)
        assert len(fresh.subscribes) == 2

    def test_notifys_without_expires_do_not_postpone_the_refresh(self, fresh: Peer):
        """Asterisk's chan_sip never sends expires."""
        fresh.connect()
        fresh.answer("200 OK", "Expires: 100")
        fresh.notify("active")
        for _ in range(6):
            fresh.advance(10)
            fresh.notify("active")
        assert len(fresh.subscribes) == 1
        fresh.advance(9)
        assert len(fresh.subscribes) == 2

    def test_a_fetched_state_does_not_move_the_refresh(self, fresh: Peer):
        fresh.connect()
        fresh.answer("200 OK", "Expires: 100")
        fresh.notify("active", document(1))
        fresh.notify("active", document(3, dialog("7-1", "early"), full=False))
        fresh.answer("200 OK", "Expires: 100")
        fresh.notify("active", document(4, dialog("7-1", "early")))
        fresh.advance(67)
        assert len(fresh.subscribes) == 2
        fresh.advance(2)
        assert len(fresh.subscribes) == 3

    def test_a_refresh_may_be_challenged(self, peer: Peer):
        peer.advance(270)
        peer.answer("401 Unauthorized", CHALLENGE)
        assert header(peer.last, "CSeq") == "3 SUBSCRIBE"
        peer.answer("200 OK", *OK)
        assert peer.state_of() is State.ACTIVE
        assert peer.said == []

    def test_refreshes_may_be_challenged_every_time(self, peer: Peer):
        for number in range(4):
            while peer.state_of() is State.ACTIVE:
                peer.advance(1)
            peer.answer("401 Unauthorized", CHALLENGE.replace("n1", f"r{number}"))
            peer.answer("200 OK", *OK)
            assert peer.state_of() is State.ACTIVE

    def test_a_423_to_a_refresh_lengthens_the_expiry(self, peer: Peer):
        peer.advance(270)
        peer.answer("423 Interval Too Brief", "Min-Expires: 900")
        assert header(peer.last, "Expires") == "900"
        peer.answer("200 OK", "Expires: 900")
        assert peer.state_of() is State.ACTIVE

    def test_a_481_to_a_refresh_makes_a_new_subscription_at_once(self, peer: Peer):
        """RFC 6665 §4.1.2.2; sip-facts 8."""
        peer.advance(270)
        peer.answer("481 Subscription Does Not Exist")
        assert header(peer.last, "CSeq") == "1 SUBSCRIBE"
        assert "tag=" not in header(peer.last, "To")
        assert peer.said == []

    def test_an_unanswered_refresh_makes_a_new_subscription(self, peer: Peer):
        peer.advance(270 + 16)
        peer.receive("\r\n\r\n")  # The connection is alive.
        peer.advance(16)
        peer.advance(5)
        assert header(peer.last, "CSeq") == "1 SUBSCRIBE"
        assert peer.said == []

    def test_an_unanswered_refresh_and_silence_mean_a_dead_connection(self, peer: Peer):
        """This is the only way to detect the loss of a server that never answers pings."""
        peer.advance(268 + 31)
        assert peer.said == []
        peer.advance(2)
        assert peer.said == ["dead"]

    def test_a_permanently_refused_refresh_ends_the_subscription(self, peer: Peer):
        peer.advance(270)
        peer.answer("403 Forbidden")
        assert peer.said == ["user:10002 failed 403 for good"]
        assert peer.agent.deadline is not None  # the keep-alive
        assert peer.state_of() is None

    def test_notifys_during_a_refresh_are_processed(self, peer: Peer):
        peer.advance(270)
        peer.notify("active;expires=300", document(1, dialog("7-1", "early")))
        peer.answer("200 OK", *OK)
        assert peer.said == ["user:10002 7-1:early"]


class TestRoutes:
    @pytest.mark.parametrize(
        "lines",
        [
            ("Record-Route: <sip:p1.test;lr>", "Record-Route: <sip:p2.test;lr>"),
            ("Record-Route: <sip:p1.test;lr>, <sip:p2.test;lr>",),
        ],
    )
    def test_the_route_of_the_200_is_used_in_reverse(self, fresh: Peer, lines):
        """RFC 3261 §12.1.2."""
        fresh.connect()
        fresh.answer("200 OK", *OK, *lines)
        fresh.notify()
        fresh.advance(270)
        routes = [line for line in fresh.last.split("\r\n") if line.startswith("Route:")]
        assert ", ".join(line.removeprefix("Route: ") for line in routes) == (
            "<sip:p2.test;lr>, <sip:p1.test;lr>"
        )

    def test_the_route_of_a_notify_before_the_200_is_used_in_order(self, fresh: Peer):
        """RFC 3261 §12.1.1."""
        fresh.connect()
        fresh.notify("active", "", "Record-Route: <sip:p1.test;lr>", "Contact: <sip:n.test>")
        fresh.answer("200 OK", "Expires: 100", "Record-Route: <sip:other.test;lr>")
        fresh.advance(70)
        assert header(fresh.last, "Route") == "<sip:p1.test;lr>"
        assert fresh.last.startswith("SUBSCRIBE sip:n.test SIP/2.0")

    def test_a_notify_moves_the_target(self, peer: Peer):
        """RFC 6665 §4.4.1: NOTIFY is a target refresh request."""
        peer.notify("active;expires=300", "", "Contact: <sip:elsewhere.test;transport=ws>")
        peer.advance(270)
        assert peer.last.startswith("SUBSCRIBE sip:elsewhere.test;transport=ws SIP/2.0")


class TestNotifications:
    def test_dialogs_are_reported_when_they_change(self, peer: Peer, fresh: Peer):
        assert peer.notify("active;expires=300", document(1, dialog("7-1", "early"))) == "200 OK"
        peer.notify("active;expires=300", document(2, dialog("7-1", "confirmed"), full=False))
        assert peer.said == ["user:10002 7-1:early", "user:10002 7-1:confirmed"]

    def test_a_notify_without_a_body_removes_all_dialogs(self, peer: Peer):
        peer.notify("active;expires=300", document(1, dialog("7-1", "early")))
        peer.forget()
        peer.notify()
        (report,) = peer.reports
        assert report.change.present == {"7-1"}
        # The dialog never terminated, so the full state is fetched before it is removed.
        assert len(peer.subscribes) == 1
        peer.answer("200 OK", *OK)
        peer.forget()
        peer.notify()
        (report,) = peer.reports
        assert report.change.present == frozenset()

    def test_an_out_of_order_notify_is_answered_and_ignored(self, peer: Peer):
        """sip-facts 3: RFC 3261 §12.2.2 requires 500; some servers end the subscription then."""
        peer.notify("active;expires=300", document(5, dialog("7-1", "confirmed")), cseq=9)
        peer.forget()
        assert peer.notify("active", document(4, dialog("7-1", "early")), cseq=8) == "200 OK"
        assert peer.notify("active", document(6, dialog("7-1", "early")), cseq=9) == "200 OK"
        assert peer.said == []

    def test_a_server_that_restarts_its_cseq_gets_a_new_subscription(self, peer: Peer):
        """FreeSWITCH may do so after New Year or a restart: no request is delayed for so long."""
        peer.notify("active;expires=300", document(5, dialog("7-1", "early")), cseq=9000)
        peer.forget()
        peer.advance(31)
        peer.notify("active", document(6, dialog("7-1", "confirmed")), cseq=3)
        assert peer.subscribes == []
        peer.advance(2)
        assert peer.notify("active", document(6, dialog("7-1", "confirmed")), cseq=4) == "200 OK"
        assert header(peer.last, "CSeq") == "1 SUBSCRIBE"
        peer.answer("200 OK", *OK)
        peer.notify("active", document(0, dialog("7-1", "confirmed")), cseq=5)
        assert peer.said == ["user:10002 accepted", "user:10002 7-1:confirmed"]

    def test_the_cseq_gives_the_order_if_the_versions_do_not(self, peer: Peer):
        """sip-facts 17."""
        peer.notify("active", document(5, dialog("7-1", "early")))
        peer.notify("active", document(5, dialog("7-1", "confirmed")))
        peer.notify("active", document(4, dialog("7-1", "terminated")))
        assert peer.said == [
            "user:10002 7-1:early",
            "user:10002 7-1:confirmed",
            "user:10002 7-1:terminated",
        ]

    def test_a_partial_document_with_an_untrusted_version_fetches_the_full_state(self, peer: Peer):
        peer.notify("active", document(1, dialog("7-1", "early")))
        peer.forget()
        peer.notify("active", document(1, dialog("7-1", "confirmed"), full=False))
        assert (peer.said, len(peer.subscribes)) == ([], 1)
        peer.answer("200 OK", *OK)
        peer.notify("active", document(1, dialog("7-1", "confirmed")))
        assert peer.said == ["user:10002 7-1:confirmed"]

    def test_only_the_answer_to_a_refresh_resolves_a_doubt(self, peer: Peer):
        """sip-facts 16."""
        peer.notify("active", document(1, dialog("a", "confirmed")))
        peer.forget()
        peer.notify("active", document(2, dialog("b", "early")))
        peer.notify("active", document(3, dialog("b", "confirmed")))
        assert peer.reports[-1].change.present == {"a", "b"}
        assert len(peer.subscribes) == 1
        peer.answer("200 OK", *OK)
        peer.notify("active", document(4, dialog("b", "confirmed")))
        assert peer.reports[-1].change.present == {"b"}
        assert len(peer.subscribes) == 1

    def test_a_notify_after_a_doubt_does_not_postpone_the_next_fetch(self, peer: Peer):
        peer.notify("active", document(1, dialog("a", "confirmed")))
        peer.notify("active", document(2, dialog("b", "early")))
        peer.answer("200 OK", *OK)
        peer.notify("active", document(3, dialog("a", "confirmed"), dialog("b", "early")))
        peer.forget()
        peer.notify("active", document(4, dialog("b", "confirmed")))
        peer.notify("active", document(5, dialog("b", "confirmed", hold=True)))
        assert peer.subscribes == []
        peer.advance(5.1)
        assert len(peer.subscribes) == 1

    def test_a_missing_notify_after_a_refresh_makes_a_new_subscription(self, peer: Peer):
        """RFC 6665 §4.2.1.2 requires a NOTIFY; some servers send it before the 200, or none."""
        peer.notify("active", document(1, dialog("a", "confirmed")))
        peer.notify("active", document(2, dialog("b", "early")))
        peer.answer("200 OK", *OK)
        peer.forget()
        peer.advance(5.1)
        assert header(peer.last, "CSeq") == "1 SUBSCRIBE"
        peer.answer("200 OK", *OK)
        peer.notify("active", document(0, dialog("b", "early")))
        assert peer.reports[-1].change.present == {"b"}

    def test_an_ordinary_refresh_needs_no_notify(self, peer: Peer):
        peer.advance(270)
        peer.answer("200 OK", *OK)
        peer.forget()
        peer.advance(60)
        assert peer.subscribes == []

    def test_a_gap_fetches_the_full_state_with_a_refresh(self, peer: Peer):
        """RFC 4235 §3.7.2."""
        peer.notify("active;expires=300", document(1))
        peer.forget()
        assert peer.notify("active", document(3, dialog("7-1", "early"), full=False)) == "200 OK"
        assert header(peer.last, "CSeq") == "2 SUBSCRIBE"
        peer.notify("active", document(5, dialog("7-1", "early"), full=False))
        assert len(peer.subscribes) == 1
        peer.answer("200 OK", *OK)
        peer.notify("active", document(6, dialog("7-1", "early")))
        assert peer.said == ["user:10002 7-1:early"]

    def test_a_server_that_never_sends_the_full_state_is_not_asked_in_a_tight_loop(
        self, peer: Peer
    ):
        peer.notify("active", document(1))
        for version in range(3, 203, 2):
            peer.notify("active", document(version, dialog("7-1", "early"), full=False))
            if peer.state_of() is State.REFRESHING:
                peer.answer("200 OK", *OK)
        assert len(peer.subscribes) < 20

    @pytest.mark.parametrize(
        ("lines", "status"),
        [
            (("X: y",), "200 OK"),
            (("Event: presence",), "489 Bad Event"),
            (("Subscription-State: active;expires=soon",), "400 Bad Request"),
            (("Subscription-State: ",), "400 Bad Request"),
            (("Contact: <sip:",), "400 Bad Request"),
        ],
    )
    def test_a_malformed_notify_gets_the_right_answer_and_changes_nothing(
        self, peer, lines, status
    ):
        text = peer.notification("active;expires=300", document(1, dialog("7-1", "early")))
        for line in lines:
            name = line.partition(":")[0]
            kept = [each for each in text.split("\r\n") if not each.startswith(f"{name}:")]
            text = "\r\n".join([kept[0], line, *kept[1:]])
        peer.receive(text)
        assert peer.sent[-1].startswith(f"SIP/2.0 {status}\r\n")
        assert bool(peer.said) is (status == "200 OK")

    @pytest.mark.parametrize(
        "body", ["<x", "<presence/>", "<!DOCTYPE a><a/>", '<dialog-info version="1"/>']
    )
    def test_a_malformed_document_is_a_bad_request_and_changes_nothing(self, peer: Peer, body: str):
        assert peer.notify("active;expires=300", body) == "400 Bad Request"
        assert peer.said == []
        assert peer.notify("active;expires=300", document(1, dialog("7-1", "early"))) == "200 OK"
        assert peer.said == ["user:10002 7-1:early"]

    @pytest.mark.parametrize("kind", ["application/pidf+xml", ""])
    def test_another_media_type_is_rejected_with_the_accepted_one(self, peer: Peer, kind: str):
        """RFC 3261 §21.4.13: the response MUST list what is accepted."""
        text = peer.notification("active", document(1))
        old = "Content-Type: application/dialog-info+xml\r\n"
        peer.receive(text.replace(old, f"Content-Type: {kind}\r\n" if kind else ""))
        assert peer.sent[-1].startswith("SIP/2.0 415 Unsupported Media Type\r\n")
        assert header(peer.sent[-1], "Accept") == "application/dialog-info+xml"

    def test_a_notify_of_another_dialog_gets_481(self, peer: Peer):
        """RFC 6665 §4.1.3."""
        text = peer.notification()
        for wrong in (
            text.replace("Call-ID: ", "Call-ID: x"),
            text.replace(header(text, "To"), "<sip:10002@pbx.test>;tag=other"),
            text.replace(";tag=s1", ";tag=s2"),
        ):
            peer.receive(wrong)
            assert peer.sent[-1].startswith("SIP/2.0 481 ")
