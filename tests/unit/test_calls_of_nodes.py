"""Calls with several legs, on several nodes, after lost connections, and their records."""

from __future__ import annotations

import pytest

from pycti.calls.ids import call_id_of
from pycti.calls.table import CallTable
from pycti.events import CallStatus

from .documents import dialog, incoming
from .phone import OWN, Phone

C = CallStatus


@pytest.fixture
def phone() -> Phone:
    return Phone()


class TestLegs:
    def test_two_phones_that_ring_are_one_call(self, phone: Phone):
        assert phone.partial(incoming("143-1", "early"), incoming("143-2", "early")) == [
            "RINGING 143"
        ]
        assert phone.partial(incoming("143-1", "terminated", code="486")) == []
        assert phone.partial(incoming("143-2", "confirmed")) == ["CONNECTED 143"]
        assert phone.partial(incoming("143-2", "terminated")) == ["HANGUP 143"]

    def test_the_last_leg_gives_the_cause(self, phone: Phone):
        phone.partial(incoming("143-1", "early"), incoming("143-2", "early"))
        phone.partial(incoming("143-1", "terminated", code="486"))
        phone.partial(incoming("143-2", "terminated", code="603"))
        assert phone.last("143").cause == "rejected"

    def test_the_most_advanced_leg_gives_the_numbers(self, phone: Phone):
        phone.partial(
            incoming("143-1", "early", "+111111111"), incoming("143-2", "confirmed", "+222222222")
        )
        assert phone.last("143").source == "+222222222"

    def test_a_missing_leg_does_not_end_a_call_with_another_leg(self, phone: Phone):
        phone.full(incoming("143-1", "confirmed"), incoming("143-2", "early"))
        assert phone.full(incoming("143-1", "confirmed")) == []
        assert phone.full() == ["HANGUP 143"]

    def test_the_cause_of_a_terminated_leg_is_used_when_the_last_leg_disappears(self, phone: Phone):
        phone.full(incoming("143-1", "early"), incoming("143-2", "early"))
        phone.full(incoming("143-1", "terminated", code="486"), incoming("143-2", "early"))
        assert phone.full(incoming("143-1", "terminated", code="486")) == ["HANGUP 143"]
        assert phone.last("143").cause == "busy"

    @pytest.mark.parametrize(
        ("dialog_id", "call_id"),
        [
            ("1432310571129-1", "1432310571129"),
            ("143", "143"),
            ("143-1-2", "143-1-2"),
            ("14323105-4b3c-4d0e-9a57-0d1f2c3b4a59", "14323105-4b3c-4d0e-9a57-0d1f2c3b4a59"),
            ("143-a", "143-a"),
            ("143-", "143-"),
            ("1-\u0661", "1-\u0661"),
            ("padi-6b02cc30-68bb-7", "padi-6b02cc30-68bb-7"),
            ("-1", "-1"),
            ("\u0661-1", "\u0661-1"),
        ],
    )
    def test_the_call_id_is_the_part_before_the_leg(self, dialog_id, call_id):
        assert call_id_of(dialog_id) == call_id


class TestNodes:
    def test_a_call_is_reported_once_per_node(self, phone: Phone):
        phone.full(node="queue:77")
        assert phone.full(incoming("143-1", "early")) == ["RINGING 143"]
        assert phone.full(incoming("143-2", "early"), node="queue:77") == ["RINGING 143"]
        assert [event.call.node for event in phone.events] == [OWN, "queue:77"]
        assert len({event.call.cid for event in phone.events}) == 2

    def test_commands_prefer_the_call_of_the_users_own_node(self, phone: Phone):
        phone.full(incoming("143-2", "early"), node="queue:77")
        assert phone.table.find("143").node == "queue:77"
        phone.full(incoming("143-1", "early"))
        assert phone.table.find("143").node == OWN

    def test_a_call_that_was_not_reported_cannot_be_found(self, phone: Phone):
        phone.full(incoming("143-1", "trying"))
        assert phone.table.find("143") is None
        assert phone.table.find("144") is None

    def test_a_node_that_is_no_longer_followed_has_no_calls(self, phone: Phone):
        phone.full(incoming("143-2", "early"), node="queue:77")
        phone.table.forget("queue:77")
        phone.table.forget("queue:78")
        assert phone.table.running() == []
        assert phone.table.find("143") is None

    def test_the_calls_of_a_node_that_can_no_longer_be_followed_end(self, phone: Phone):
        """No document would report their end, and a page must not show them without limit."""
        phone.full(incoming("143-2", "early"), dialog("144-2", "trying"), node="queue:77")
        assert phone.tell(phone.table.abandon("queue:77", "why")) == ["HANGUP 143"]
        assert phone.last("143").cause == "why"
        assert phone.table.running() == []

    def test_the_newest_ringing_call_is_an_inbound_one_of_the_user(self, phone: Phone):
        assert CallTable().newest_ringing() is None
        assert phone.table.newest_ringing() is None
        phone.full(incoming("9-1", "early"), node="queue:77")
        phone.full(
            incoming("1-1", "early"),
            incoming("2-1", "early"),
            incoming("3-1", "confirmed"),
            dialog("4-1", "early"),
        )
        assert phone.table.newest_ringing().id == "2"


class TestReconnecting:
    def test_a_call_that_ended_during_the_outage_gets_its_hangup(self, phone: Phone):
        """Rule 2."""
        phone.full(incoming("143-1", "confirmed"))
        phone.reconnect()
        assert phone.full() == ["HANGUP 143"]

    def test_a_call_that_continues_is_not_reported_again(self, phone: Phone):
        phone.full(incoming("143-1", "confirmed"))
        phone.reconnect()
        assert phone.full(incoming("143-1", "confirmed")) == []
        assert [call.id for call in phone.table.running()] == ["143"]

    def test_a_call_that_progressed_is_reported_with_its_new_state(self, phone: Phone):
        phone.full(incoming("143-1", "early"))
        phone.reconnect()
        assert phone.full(incoming("143-1", "confirmed", hold=True)) == ["ON_HOLD 143"]

    def test_after_ready_each_running_call_is_replayed_with_its_document(self, phone: Phone):
        phone.full(incoming("143-1", "confirmed"), incoming("144-1", "early"))
        phone.full(incoming("7-1", "early"), node="queue:77")
        phone.reconnect()
        assert phone.tell(phone.table.ready()) == []
        told = phone.full(incoming("143-1", "confirmed"), incoming("144-1", "early"))
        assert told == ["CONNECTED 143 again", "RINGING 144 again"]
        assert phone.full(incoming("143-1", "confirmed"), incoming("144-1", "early")) == []
        assert phone.full(incoming("7-1", "early"), node="queue:77") == ["RINGING 7 again"]

    def test_a_document_before_ready_is_replayed_after_ready(self, phone: Phone):
        phone.full(incoming("143-1", "confirmed"))
        phone.reconnect()
        assert phone.full(incoming("143-1", "confirmed")) == []
        assert phone.tell(phone.table.ready()) == ["CONNECTED 143 again"]

    def test_a_changed_call_is_reported_once_without_the_replay_mark(self, phone: Phone):
        phone.full(incoming("143-1", "confirmed"), incoming("144-1", "early"))
        phone.reconnect()
        phone.table.ready()
        told = phone.full(incoming("144-1", "confirmed"), incoming("145-1", "early"))
        assert sorted(told) == ["CONNECTED 144", "HANGUP 143", "RINGING 145"]

    def test_a_requested_call_is_replayed_too(self, phone: Phone):
        phone.begin()
        phone.reconnect()
        phone.table.ready()
        assert phone.full() == ["INITIAL c2c-1 again"]

    def test_without_ready_nothing_is_replayed(self, phone: Phone):
        phone.full(incoming("143-1", "confirmed"))
        phone.table.ready()
        phone.reconnect()
        assert phone.full(incoming("143-1", "confirmed")) == []

    def test_the_answer_time_is_unknown_if_the_answer_was_not_observed(self, phone: Phone):
        phone.full(incoming("143-1", "early"))
        phone.reconnect()
        phone.full(incoming("143-1", "confirmed"))
        assert phone.last("143").answer_time is None

    def test_an_accepted_call_that_no_document_contains_ends_too(self, phone: Phone):
        phone.begin()
        phone.accepted("143")
        phone.reconnect()
        assert phone.full() == ["CANCEL 143"]


class TestMemory:
    def test_the_record_of_a_call_is_dropped_a_minute_after_its_end(self, phone: Phone):
        """Rule 10."""
        phone.full(incoming("143-1", "early"))
        assert phone.table.deadline is None
        phone.full()
        assert phone.table.deadline == phone.now + 60
        phone.table.purge(phone.now + 59)
        assert phone.table.find("143") is not None
        phone.table.purge(phone.now + 60)
        assert phone.table.find("143") is None
        assert phone.table.deadline is None

    def test_a_day_of_calls_leaves_no_records(self, phone: Phone):
        for number in range(300):
            request, call = f"c2c-{number}", str(number)
            phone.begin(request)
            phone.full(dialog(f"{call}-1", "early"))
            phone.accepted(call, request)
            phone.full(dialog(f"{call}-1", "terminated"))
            phone.full()
            phone.begin(f"x{number}", "+34911234567")
            phone.refused(request=f"x{number}")
            phone.now += 61
            phone.table.purge(phone.now)
        table = phone.table
        assert [len(records) for records in table._nodes.values()] == [0]
        assert (len(table._aliases), len(table._pending), len(table._ended)) == (0, 0, 0)

    def test_a_forgotten_node_leaves_nothing_to_purge(self, phone: Phone):
        phone.full(incoming("143-1", "early"), node="queue:77")
        phone.full(node="queue:77")
        phone.table.forget("queue:77")
        phone.table.purge(phone.now + 60)
        assert phone.table.deadline is None


class TestReady:
    def test_a_call_that_starts_before_the_first_document_is_not_replayed(self):
        phone = Phone(settled=False)
        phone.tell(phone.table.ready())
        assert phone.begin() == ["INITIAL c2c-1"]
        assert phone.full() == []
