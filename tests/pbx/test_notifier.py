"""Subscriptions (RFC 6665, RFC 4235) without a network, with a manual clock."""

from __future__ import annotations

import pytest

from pycti.pbx import SubscriptionLimits
from pycti.sip.headers import NameAddr
from pycti.sip.message import top_via

from .watching import FakeConnection, Watched, subscribe_text


@pytest.fixture
def world() -> Watched:
    return Watched()


class TestSubscribing:
    def test_the_first_document_is_full_and_follows_the_200(self, world):
        answer = world.subscribe()
        assert (answer.status, answer.headers.get("Expires")) == (200, "300")
        (document,) = world.documents()
        assert (document.version, document.full, document.states) == (0, True, {})
        assert document.entity == "sip:10002@pbx.example"
        assert document.subscription == "active;expires=300"

    def test_the_first_document_contains_the_live_calls(self, world):
        call = world.incoming()
        assert world.watch().states == {f"{call.id}-2": "early"}

    def test_a_notify_belongs_to_the_dialog_of_the_subscription(self, world):
        answer = world.subscribe(Event="dialog;id=42")
        request = world.documents()[0].request
        sent, to = request.headers, NameAddr.parse(str(answer.headers.get("To")))
        assert request.uri == "sip:w@watcher.invalid;transport=ws"
        assert NameAddr.parse(str(sent.get("From"))).tag == to.tag
        assert NameAddr.parse(str(sent.get("To"))).tag == "w1"
        assert sent.get("Call-ID") == "c1"
        assert sent.get("CSeq") == "1 NOTIFY"
        assert sent.get("Event") == "dialog;id=42"
        assert sent.get("Content-Type") == "application/dialog-info+xml"
        assert top_via(request).branch.startswith("z9hG4bK")

    @pytest.mark.parametrize(
        ("address", "entity"),
        [
            ("10003@pbx.example", "sip:10003@pbx.example"),
            ("queue-77@pbx.example", "sip:queue-77@pbx.example"),
            ("queue:77@pbx.example", "sip:queue-77@pbx.example"),
            ("queue%3A77@PBX.example", "sip:queue-77@pbx.example"),
            ("ivr-55@pbx.example", "sip:ivr-55@pbx.example"),
            ("conf-123456@pbx.example", "sip:conf-123456@pbx.example"),
        ],
    )
    def test_any_node_of_the_directory_can_be_watched(self, world, address, entity):
        assert world.watch(address).entity == entity

    @pytest.mark.parametrize(
        "address",
        ["99999@pbx.example", "queue-1@pbx.example", "10002@other.example", "pbx.example"],
    )
    def test_an_unknown_node_is_not_found(self, world, address):
        assert world.subscribe(address).status == 404

    def test_a_user_cannot_subscribe_as_another_user(self, world):
        assert world.subscribe(sip_user="10003").status == 403

    def test_a_longer_expiry_is_shortened(self, world):
        assert world.subscribe(Expires="3600").headers.get("Expires") == "300"

    def test_without_expires_the_maximum_is_granted(self, world):
        assert world.subscribe(Expires=None).headers.get("Expires") == "300"

    def test_a_shorter_expiry_is_too_brief(self, world):
        answer = world.subscribe(Expires="59")
        assert (answer.status, answer.headers.get("Min-Expires")) == (423, "60")
        assert world.notifier.subscriptions == []

    def test_the_limits_can_be_set(self):
        world = Watched(SubscriptionLimits(min_expires=1, max_expires=2))
        assert world.subscribe(Expires="300").headers.get("Expires") == "2"

    def test_expires_0_only_fetches_the_state(self, world):
        assert world.subscribe(Expires="0").headers.get("Expires") == "0"
        (document,) = world.documents()
        assert (document.subscription, document.full) == ("terminated;reason=timeout", True)
        assert world.notifier.subscriptions == []

    @pytest.mark.parametrize("event", ["presence", "dialog.winfo", None])
    def test_another_event_package_is_a_bad_event(self, world, event):
        answer = world.ask(subscribe_text(Event=event))
        assert (answer.status, answer.headers.get("Allow-Events")) == (489, "dialog")

    def test_a_watcher_that_does_not_accept_the_documents_gets_406(self, world):
        answer = world.ask(subscribe_text(Accept="application/pidf+xml"))
        assert (answer.status, answer.headers.get("Accept")) == (406, "application/dialog-info+xml")

    @pytest.mark.parametrize(
        "changes",
        [
            {"Contact": None},
            {"Contact": "*"},
            {"Contact": "<tel:+1 2>"},
            {"Expires": "soon"},
            {"Expires": "-1"},
            {"Expires": "9" * 30},
            {"Event": "dialog;id=1;id=2"},
            {"From": "<sip:10002@pbx.example"},
        ],
    )
    def test_a_malformed_header_is_a_bad_request(self, world, changes):
        assert world.subscribe(**changes).status == 400
        assert world.notifier.subscriptions == []


class TestDocuments:
    def test_changes_are_partial_documents_with_increasing_versions(self, world):
        world.watch()
        call = world.incoming()
        world.exchange.answer(call, call.ringing[0])
        world.exchange.hang_up(call, call.anchor)
        documents = world.documents()
        dialog = f"{call.id}-2"
        assert [(one.version, one.full, one.states) for one in documents] == [
            (1, False, {dialog: "early"}),
            (2, False, {dialog: "confirmed"}),
            (3, False, {dialog: "terminated"}),
        ]
        assert documents[-1].ends[dialog] == ("remote-bye", None)

    def test_the_cseq_of_notifies_increases(self, world):
        world.watch()
        world.incoming()
        world.incoming()
        numbers = [one.request.headers.get("CSeq") for one in world.documents()]
        assert numbers == ["2 NOTIFY", "3 NOTIFY"]

    def test_an_ended_dialog_is_reported_once(self, world):
        world.watch()
        call = world.incoming()
        world.exchange.hang_up(call, call.anchor)
        assert world.documents()[-1].states == {f"{call.id}-2": "terminated"}
        world.subscribe(to_tag=world.to_tag)
        (full,) = world.documents()
        assert (full.full, full.states) == (True, {})

    def test_each_watcher_has_its_own_versions(self, world):
        world.watch()
        world.incoming()
        first = world.documents()
        world.subscribe(Call_ID="c2")
        second = world.documents()
        assert [(one.version, one.full) for one in first + second] == [(1, False), (0, True)]
        world.incoming()
        assert sorted(one.version for one in world.documents()) == [1, 2]

    def test_watchers_of_other_nodes_get_no_notify(self, world):
        world.watch("10003@pbx.example")
        world.incoming("1002")
        assert world.documents() == []

    def test_a_call_that_never_rang_is_not_reported(self, world):
        world.watch("10006@pbx.example")
        world.incoming("1006")
        world.timers.advance(5)
        assert world.documents() == []


class TestInDialog:
    def test_a_refresh_extends_the_subscription_and_sends_a_full_document(self, world):
        world.watch()
        world.timers.advance(250)
        assert world.subscribe(to_tag=world.to_tag).status == 200
        (document,) = world.documents()
        assert (document.version, document.full) == (1, True)
        world.timers.advance(250)
        assert len(world.notifier.subscriptions) == 1
        assert world.documents() == []

    def test_a_cseq_that_does_not_increase_is_rejected(self, world):
        world.watch()
        assert world.subscribe(to_tag=world.to_tag, CSeq="1 SUBSCRIBE").status == 500
        assert len(world.notifier.subscriptions) == 1

    @pytest.mark.parametrize(
        "changes",
        [
            {"to_tag": "unknown"},
            {"Call_ID": "other"},
            {"From": "<sip:10002@pbx.example>;tag=other"},
            {"address": "10003@pbx.example"},
        ],
    )
    def test_an_unknown_dialog_gets_481(self, world, changes):
        world.watch()
        assert world.subscribe(**{"to_tag": world.to_tag, **changes}).status == 481

    def test_another_user_cannot_take_over_a_subscription(self, world):
        world.watch()
        assert world.subscribe(to_tag=world.to_tag, user="10003").status == 403

    def test_a_refresh_that_is_too_brief_changes_nothing(self, world):
        world.watch()
        assert world.subscribe(to_tag=world.to_tag, Expires="5").status == 423
        assert len(world.notifier.subscriptions) == 1

    def test_a_refresh_on_a_new_connection_moves_the_subscription(self, world):
        world.watch()
        world.connection.open = False
        other = FakeConnection(2)
        contact = "<sip:new@watcher.invalid;transport=ws>"
        answer = world.subscribe(to_tag=world.to_tag, connection=other, Contact=contact)
        assert answer.status == 200
        assert world.documents(connection=other)[0].full
        world.incoming()
        (document,) = world.documents(connection=other)
        assert document.request.uri == "sip:new@watcher.invalid;transport=ws"
        assert world.connection.sent == []

    def test_unsubscribing_sends_a_last_document(self, world):
        world.watch()
        call = world.incoming()
        world.documents()
        assert world.subscribe(to_tag=world.to_tag, Expires="0").headers.get("Expires") == "0"
        (document,) = world.documents()
        assert document.subscription == "terminated;reason=timeout"
        assert document.states == {f"{call.id}-2": "early"}
        assert world.subscribe(to_tag=world.to_tag).status == 481


class TestEnds:
    def test_an_expired_subscription_sends_terminated(self, world):
        world.watch()
        world.timers.advance(299)
        assert world.documents() == []
        world.timers.advance(1)
        (document,) = world.documents()
        assert (document.subscription, document.version) == ("terminated;reason=timeout", None)
        assert world.notifier.subscriptions == []
        world.incoming()
        assert world.documents() == []

    @pytest.mark.parametrize("status", [404, 481, 489])
    def test_a_481_to_a_notify_ends_the_subscription(self, world, status):
        world.watch()
        world.incoming()
        world.documents(status)
        assert world.notifier.subscriptions == []

    @pytest.mark.parametrize("status", [200, 202, 500, 503])
    def test_other_responses_keep_the_subscription(self, world, status):
        world.watch()
        world.incoming()
        world.documents(status)
        assert len(world.notifier.subscriptions) == 1

    def test_a_watcher_that_does_not_answer_in_5_seconds_is_dropped(self, world):
        world.watch()
        world.incoming()
        world.documents(0)
        world.timers.advance(4.9)
        assert len(world.notifier.subscriptions) == 1
        world.timers.advance(0.2)
        assert world.notifier.subscriptions == []

    def test_a_provisional_response_is_not_an_answer(self, world):
        world.watch()
        world.incoming()
        world.documents(100)
        world.timers.advance(6)
        assert world.notifier.subscriptions == []

    def test_a_slow_watcher_that_still_answers_is_kept(self, world):
        world.watch()
        world.incoming()
        world.incoming()
        one, two = world.documents(0)
        for document in (one, two):
            world.timers.advance(4)
            world.server.receive(world.connection, str(document.request.response(200)))
        assert len(world.notifier.subscriptions) == 1
        world.timers.advance(20)
        assert len(world.notifier.subscriptions) == 1

    def test_a_subscription_ends_without_a_connection_for_its_notify(self, world):
        world.watch()
        world.connection.open = False
        assert len(world.notifier.subscriptions) == 1
        world.incoming()
        assert world.notifier.subscriptions == []
        assert world.connection.sent == []

    def test_ended_subscriptions_leave_nothing_behind(self, world):
        world.watch()
        call = world.incoming()
        world.exchange.hang_up(call, call.anchor)
        world.documents()
        world.subscribe(to_tag=world.to_tag, Expires="0")
        world.documents()
        assert world.timers.pending == 0
        assert world.notifier._transactions == {}

    def test_an_unexpected_response_is_ignored(self, world):
        world.watch()
        world.incoming()
        (document,) = world.documents()
        assert world.server.receive(world.connection, str(document.request.response(481)))
        assert len(world.notifier.subscriptions) == 1
