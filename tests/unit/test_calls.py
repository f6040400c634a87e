"""Calls as documents tell them: every arrow, each state once, one end."""

from __future__ import annotations

import itertools

import pytest

from pycti.call_record import NEXT, CallRecord, end_of
from pycti.calls import CallTable, call_id_of
from pycti.events import Call, CallStatus, Direction

from .documents import dialog, incoming
from .phone import OWN, WALL, Phone

C = CallStatus


@pytest.fixture
def phone() -> Phone:
    return Phone()


ARROWS = {
    None: {C.INITIAL, C.ACCEPTED, C.RINGING, C.CONNECTED, C.ON_HOLD, C.CANCEL},
    C.INITIAL: {C.ACCEPTED, C.CANCEL},
    C.ACCEPTED: {C.RINGING, C.CONNECTED, C.ON_HOLD, C.HANGUP, C.CANCEL},
    C.RINGING: {C.CONNECTED, C.ON_HOLD, C.CANCEL},
    C.CONNECTED: {C.ON_HOLD, C.HANGUP},
    C.ON_HOLD: {C.CONNECTED, C.HANGUP},
    C.HANGUP: set(),
    C.CANCEL: set(),
}


class TestArrows:
    @pytest.mark.parametrize(("told", "status"), list(itertools.product([None, *C], C)))
    def test_every_pair_of_states(self, told, status):
        call = Call("1", "1", OWN, Direction.OUT, told or C.RINGING)
        events = list(CallRecord(call, told=told).tell(status, "", None))
        assert [event.call.status for event in events] == [status] * (status in ARROWS[told])
        assert (status in NEXT[told]) is (status in ARROWS[told])

    @pytest.mark.parametrize("told", [None, *C])
    def test_a_call_that_was_connected_hangs_up_any_other_is_cancelled(self, told):
        assert end_of(told) is (C.HANGUP if told in (C.CONNECTED, C.ON_HOLD) else C.CANCEL)


class TestOneCall:
    def test_inbound_ringing_connected_hangup(self, phone: Phone):
        assert phone.partial(incoming("143-1", "trying")) == []
        assert phone.partial(incoming("143-1", "proceeding")) == []
        assert phone.partial(incoming("143-1", "early")) == ["RINGING 143"]
        assert phone.partial(incoming("143-1", "confirmed")) == ["CONNECTED 143"]
        assert phone.partial(incoming("143-1", "terminated")) == ["HANGUP 143"]

    def test_an_outbound_call_of_the_phone_itself(self, phone: Phone):
        phone.partial(dialog("143-1", "early"))
        call = phone.last("143")
        assert (call.direction, call.source, call.destination) == (
            Direction.OUT,
            "10002",
            "+442036427900",
        )
        assert (call.request_id, call.node) == ("", OWN)

    def test_hold_and_connected_alternate(self, phone: Phone):
        phone.partial(incoming("143-1", "confirmed"))
        assert phone.partial(incoming("143-1", "confirmed", hold=True)) == ["ON_HOLD 143"]
        assert phone.partial(incoming("143-1", "confirmed", hold=True, name="x")) == []
        assert phone.partial(incoming("143-1", "confirmed")) == ["CONNECTED 143"]
        assert phone.partial(incoming("143-1", "confirmed", hold=True)) == ["ON_HOLD 143"]
        assert phone.partial(incoming("143-1", "terminated")) == ["HANGUP 143"]

    def test_trying_and_proceeding_are_not_ringing(self, phone: Phone):
        """Rule 3."""
        phone.partial(incoming("143-1", "trying"), incoming("144-1", "proceeding"))
        assert phone.events == []
        assert phone.table.running() == []

    @pytest.mark.parametrize("state", ["trying", "proceeding", "early"])
    def test_a_call_that_never_connected_is_cancelled_with_its_cause(self, phone: Phone, state):
        phone.partial(incoming("143-1", state))
        assert phone.partial(incoming("143-1", "terminated", code="486")) == ["CANCEL 143"]
        assert phone.last("143").cause == "busy"

    def test_the_cause_of_a_hangup_is_the_servers(self, phone: Phone):
        """Rule 5."""
        phone.partial(incoming("143-1", "confirmed"))
        phone.partial(incoming("143-1", "terminated", event="remote-bye"))
        assert phone.last("143").cause == "hung up by the other side"

    def test_a_cause_is_told_with_the_end_only(self, phone: Phone):
        phone.partial(incoming("143-1", "confirmed", event="x", code="404"))
        assert phone.last("143").cause == ""

    def test_an_older_truth_changes_nothing(self, phone: Phone):
        phone.partial(incoming("143-1", "confirmed"))
        assert phone.partial(incoming("143-1", "early")) == []
        assert phone.partial(incoming("143-1", "trying")) == []

    def test_an_end_is_told_once(self, phone: Phone):
        phone.partial(incoming("143-1", "early"))
        phone.partial(incoming("143-1", "terminated"))
        assert phone.partial(incoming("143-1", "terminated", event="x")) == []
        assert phone.partial(incoming("143-1", "confirmed")) == []
        assert phone.full() == []

    def test_a_dialog_that_is_terminated_when_first_seen_was_told_to_somebody_else(
        self, phone: Phone
    ):
        """sip-facts 4, 5."""
        assert phone.full(incoming("143-1", "terminated")) == []

    @pytest.mark.parametrize("state", ["early", "confirmed"])
    def test_a_call_that_vanishes_from_full_documents_has_ended(self, phone: Phone, state):
        phone.full(incoming("143-1", state), incoming("144-1", "early"))
        ended = "HANGUP 143" if state == "confirmed" else "CANCEL 143"
        assert phone.full(incoming("144-1", "early")) == [ended]
        assert phone.last("143").cause == ""

    def test_a_partial_document_does_not_end_what_it_does_not_name(self, phone: Phone):
        phone.partial(incoming("143-1", "early"))
        assert phone.partial(incoming("144-1", "early")) == ["RINGING 144"]

    def test_calls_of_one_node_are_not_ended_by_anothers_document(self, phone: Phone):
        phone.full(incoming("143-1", "early"))
        assert phone.full(node="queue:77") == []


class TestNamesAndTimes:
    def test_names_and_numbers_of_an_inbound_call(self, phone: Phone):
        phone.partial(incoming("143-1", "early", "+442036427900", name="Ben"))
        call = phone.last("143")
        assert (call.source, call.source_name, call.destination) == (
            "+442036427900",
            "Ben",
            "10002",
        )

    def test_a_document_that_leaves_the_identities_out_takes_nothing_away(self, phone: Phone):
        phone.partial(incoming("143-1", "early", name="Ben"))
        bare = '<dialog id="143-1" direction="recipient"><state>confirmed</state></dialog>'
        phone.partial(bare)
        call = phone.last("143")
        assert (call.source, call.source_name, call.destination) == (
            "+442036427900",
            "Ben",
            "10002",
        )

    def test_after_a_transfer_the_other_sides_name_is_not_the_formers(self, phone: Phone):
        phone.partial(incoming("143-1", "confirmed", "+442036427900", name="Ben"))
        phone.partial(incoming("143-1", "confirmed", "+34911234567", hold=True))
        assert (phone.last("143").source, phone.last("143").source_name) == ("+34911234567", "")

    def test_the_server_knows_best_when_a_call_started(self, phone: Phone):
        phone.partial(incoming("143-1", "early", start="1432310571"))
        assert phone.last("143").start_time == 1432310571000

    def test_a_call_that_is_seen_to_start_started_now(self, phone: Phone):
        phone.partial(incoming("143-1", "early"))
        assert phone.last("143").start_time == WALL

    def test_when_a_call_was_answered_is_known_where_it_was_seen(self, phone: Phone):
        phone.partial(incoming("143-1", "early"))
        phone.now += 5
        phone.partial(incoming("143-1", "confirmed"))
        assert phone.last("143").answer_time == WALL + 5000
        phone.now += 5
        phone.partial(incoming("143-1", "terminated"))
        assert phone.last("143").answer_time == WALL + 5000

    def test_a_call_that_is_put_on_hold_at_once_was_answered_then(self, phone: Phone):
        phone.partial(incoming("143-1", "early"))
        phone.partial(incoming("143-1", "confirmed", hold=True))
        phone.now += 60
        phone.partial(incoming("143-1", "confirmed"))
        assert phone.last("143").answer_time == WALL

    def test_of_a_call_that_was_up_before_no_time_is_made_up(self):
        phone = Phone(settled=False)
        phone.full(incoming("143-1", "confirmed"))
        call = phone.last("143")
        assert (call.start_time, call.answer_time) == (None, None)


class TestLegs:
    def test_two_phones_that_ring_are_one_call(self, phone: Phone):
        assert phone.partial(incoming("143-1", "early"), incoming("143-2", "early")) == [
            "RINGING 143"
        ]
        assert phone.partial(incoming("143-1", "terminated", code="486")) == []
        assert phone.partial(incoming("143-2", "confirmed")) == ["CONNECTED 143"]
        assert phone.partial(incoming("143-2", "terminated")) == ["HANGUP 143"]

    def test_the_last_leg_says_why_the_call_ended(self, phone: Phone):
        phone.partial(incoming("143-1", "early"), incoming("143-2", "early"))
        phone.partial(incoming("143-1", "terminated", code="486"))
        phone.partial(incoming("143-2", "terminated", code="603"))
        assert phone.last("143").cause == "rejected"

    def test_the_leg_that_is_furthest_says_the_numbers(self, phone: Phone):
        phone.partial(
            incoming("143-1", "early", "+111111111"), incoming("143-2", "confirmed", "+222222222")
        )
        assert phone.last("143").source == "+222222222"

    def test_a_leg_that_vanishes_ends_nothing_while_another_is_up(self, phone: Phone):
        phone.full(incoming("143-1", "confirmed"), incoming("143-2", "early"))
        assert phone.full(incoming("143-1", "confirmed")) == []
        assert phone.full() == ["HANGUP 143"]

    def test_the_cause_of_a_leg_that_terminated_is_told_when_the_last_one_vanishes(
        self, phone: Phone
    ):
        phone.full(incoming("143-1", "early"), incoming("143-2", "early"))
        phone.full(incoming("143-1", "terminated", code="486"), incoming("143-2", "early"))
        assert phone.full(incoming("143-1", "terminated", code="486")) == ["CANCEL 143"]
        assert phone.last("143").cause == "busy"

    @pytest.mark.parametrize(
        ("dialog_id", "call_id"),
        [
            ("1432310571129-1", "1432310571129"),
            ("143", "143"),
            ("143-1-2", "143"),
            ("padi-6b02cc30-68bb-7", "padi-6b02cc30-68bb-7"),
            ("-1", "-1"),
            ("\u0661-1", "\u0661-1"),
        ],
    )
    def test_the_id_that_rest_takes_stands_before_the_leg(self, dialog_id, call_id):
        assert call_id_of(dialog_id) == call_id


class TestNodes:
    def test_one_call_is_told_once_per_node_that_reports_it(self, phone: Phone):
        phone.full(node="queue:77")
        assert phone.full(incoming("143-1", "early")) == ["RINGING 143"]
        assert phone.full(incoming("143-2", "early"), node="queue:77") == ["RINGING 143"]
        assert [event.call.node for event in phone.events] == [OWN, "queue:77"]
        assert len({event.call.cid for event in phone.events}) == 2

    def test_commands_mean_the_call_as_the_users_own_node_sees_it(self, phone: Phone):
        phone.full(incoming("143-2", "early"), node="queue:77")
        assert phone.table.find("143").node == "queue:77"
        phone.full(incoming("143-1", "early"))
        assert phone.table.find("143").node == OWN

    def test_a_call_that_nobody_was_told_of_cannot_be_found(self, phone: Phone):
        phone.full(incoming("143-1", "trying"))
        assert phone.table.find("143") is None
        assert phone.table.find("144") is None

    def test_a_node_that_is_not_followed_any_more_has_no_calls(self, phone: Phone):
        phone.full(incoming("143-2", "early"), node="queue:77")
        phone.table.forget("queue:77")
        phone.table.forget("queue:78")
        assert phone.table.running() == []
        assert phone.table.find("143") is None

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
    def test_a_call_that_ended_meanwhile_gets_its_hangup(self, phone: Phone):
        """Rule 2."""
        phone.full(incoming("143-1", "confirmed"))
        phone.reconnect()
        assert phone.full() == ["HANGUP 143"]

    def test_a_call_that_goes_on_is_not_told_again(self, phone: Phone):
        phone.full(incoming("143-1", "confirmed"))
        phone.reconnect()
        assert phone.full(incoming("143-1", "confirmed")) == []
        assert [call.id for call in phone.table.running()] == ["143"]

    def test_a_call_that_went_further_is_told_where_it_is(self, phone: Phone):
        phone.full(incoming("143-1", "early"))
        phone.reconnect()
        assert phone.full(incoming("143-1", "confirmed", hold=True)) == ["ON_HOLD 143"]

    def test_when_it_was_answered_is_not_known_where_nobody_watched(self, phone: Phone):
        phone.full(incoming("143-1", "early"))
        phone.reconnect()
        phone.full(incoming("143-1", "confirmed"))
        assert phone.last("143").answer_time is None

    def test_a_call_that_was_accepted_before_any_document_told_of_it_ends_too(self, phone: Phone):
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

    def test_nothing_is_left_of_a_day_of_calls(self, phone: Phone):
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

    def test_a_node_that_was_forgotten_leaves_nothing_to_purge(self, phone: Phone):
        phone.full(incoming("143-1", "early"), node="queue:77")
        phone.full(node="queue:77")
        phone.table.forget("queue:77")
        phone.table.purge(phone.now + 60)
        assert phone.table.deadline is None
