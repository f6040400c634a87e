"""Call events from documents: every transition, each state once, one terminal event."""

from __future__ import annotations

import itertools

import pytest

from pycti.calls.record import NEXT, CallRecord, name_of
from pycti.events import Call, CallStatus, Direction

from .documents import dialog, incoming
from .phone import OWN, WALL, Phone

C = CallStatus


@pytest.fixture
def phone() -> Phone:
    return Phone()


ARROWS = {
    None: {C.INITIAL, C.ACCEPTED, C.RINGING, C.CONNECTED, C.ON_HOLD, C.HANGUP},
    C.INITIAL: {C.ACCEPTED, C.HANGUP},
    C.ACCEPTED: {C.RINGING, C.CONNECTED, C.ON_HOLD, C.HANGUP},
    C.RINGING: {C.CONNECTED, C.ON_HOLD, C.HANGUP},
    C.CONNECTED: {C.ON_HOLD, C.HANGUP},
    C.ON_HOLD: {C.CONNECTED, C.HANGUP},
    C.HANGUP: set(),
}


class TestArrows:
    @pytest.mark.parametrize(("told", "status"), list(itertools.product([None, *C], C)))
    def test_only_allowed_transitions_change_the_state(self, told, status):
        call = Call("1", "1", OWN, Direction.OUT, told or C.RINGING)
        events = list(CallRecord(call, reported=told).move_to(status, "", None))
        assert [event.call.status for event in events] == [status] * (status in ARROWS[told])
        assert (status in NEXT[told]) is (status in ARROWS[told])

    @pytest.mark.parametrize("status", C)
    @pytest.mark.parametrize("direction", Direction)
    @pytest.mark.parametrize("answered", [True, False])
    def test_only_an_outbound_call_that_was_not_connected_is_cancelled(
        self, status, direction, answered
    ):
        call = Call("1", "1", OWN, direction, status)
        cancelled = status is C.HANGUP and direction is Direction.OUT and not answered
        assert name_of(call, answered=answered) == ("CANCEL" if cancelled else status)


class TestOneCall:
    def test_an_inbound_call_rings_connects_and_hangs_up(self, phone: Phone):
        assert phone.partial(incoming("143-1", "trying")) == []
        assert phone.partial(incoming("143-1", "proceeding")) == []
        assert phone.partial(incoming("143-1", "early")) == ["RINGING 143"]
        assert phone.partial(incoming("143-1", "confirmed")) == ["CONNECTED 143"]
        assert phone.partial(incoming("143-1", "terminated")) == ["HANGUP 143"]

    def test_an_outbound_call_that_was_dialled_on_the_phone(self, phone: Phone):
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
    def test_an_outbound_call_that_never_connected_is_cancelled_with_its_cause(
        self, phone: Phone, state
    ):
        phone.partial(dialog("143-1", state))
        assert phone.partial(dialog("143-1", "terminated", code="486")) == ["CANCEL 143"]
        call = phone.last("143")
        assert (call.cause, call.status, call.answer_time) == ("busy", C.HANGUP, None)

    @pytest.mark.parametrize("state", ["trying", "proceeding", "early"])
    @pytest.mark.parametrize(
        ("said", "cause"),
        [
            ({"event": "cancelled"}, "cancelled"),
            ({"code": "603"}, "rejected"),
            ({"code": "486"}, "busy"),
            ({"event": "timeout"}, "no answer"),
        ],
    )
    def test_an_inbound_call_that_nobody_answered_hangs_up_with_its_cause(
        self, phone: Phone, state, said, cause
    ):
        phone.partial(incoming("143-1", state))
        assert phone.partial(incoming("143-1", "terminated", **said)) == ["HANGUP 143"]
        call = phone.last("143")
        assert (call.cause, call.status, call.answer_time) == (cause, C.HANGUP, None)

    def test_the_cause_of_a_hangup_is_the_servers(self, phone: Phone):
        """Rule 5."""
        phone.partial(incoming("143-1", "confirmed"))
        phone.partial(incoming("143-1", "terminated", event="remote-bye"))
        assert phone.last("143").cause == "hung up by the other side"

    def test_only_the_last_event_has_a_cause(self, phone: Phone):
        phone.partial(incoming("143-1", "confirmed", event="x", code="404"))
        assert phone.last("143").cause == ""

    def test_an_outdated_state_is_ignored(self, phone: Phone):
        phone.partial(incoming("143-1", "confirmed"))
        assert phone.partial(incoming("143-1", "early")) == []
        assert phone.partial(incoming("143-1", "trying")) == []

    def test_a_call_ends_once(self, phone: Phone):
        phone.partial(incoming("143-1", "early"))
        phone.partial(incoming("143-1", "terminated"))
        assert phone.partial(incoming("143-1", "terminated", event="x")) == []
        assert phone.partial(incoming("143-1", "confirmed")) == []
        assert phone.full() == []

    def test_a_dialog_that_is_terminated_when_first_seen_is_ignored(self, phone: Phone):
        """sip-facts 4, 5."""
        assert phone.full(incoming("143-1", "terminated")) == []

    @pytest.mark.parametrize("state", ["early", "confirmed"])
    def test_a_call_that_full_documents_omit_has_ended(self, phone: Phone, state):
        phone.full(incoming("143-1", state), incoming("144-1", "early"))
        assert phone.full(incoming("144-1", "early")) == ["HANGUP 143"]
        assert phone.last("143").cause == ""

    def test_an_unconnected_outbound_call_that_documents_omit_is_cancelled(self, phone: Phone):
        phone.full(dialog("143-1", "early"), dialog("144-1", "confirmed"))
        assert phone.full() == ["CANCEL 143", "HANGUP 144"]

    def test_a_partial_document_does_not_end_omitted_calls(self, phone: Phone):
        phone.partial(incoming("143-1", "early"))
        assert phone.partial(incoming("144-1", "early")) == ["RINGING 144"]

    def test_a_document_does_not_end_calls_of_another_node(self, phone: Phone):
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

    def test_a_document_without_identities_keeps_the_known_ones(self, phone: Phone):
        phone.partial(incoming("143-1", "early", name="Ben"))
        bare = '<dialog id="143-1" direction="recipient"><state>confirmed</state></dialog>'
        phone.partial(bare)
        call = phone.last("143")
        assert (call.source, call.source_name, call.destination) == (
            "+442036427900",
            "Ben",
            "10002",
        )

    def test_after_a_transfer_the_name_of_the_previous_party_is_removed(self, phone: Phone):
        phone.partial(incoming("143-1", "confirmed", "+442036427900", name="Ben"))
        phone.partial(incoming("143-1", "confirmed", "+34911234567", hold=True))
        assert (phone.last("143").source, phone.last("143").source_name) == ("+34911234567", "")

    def test_the_servers_start_time_is_used(self, phone: Phone):
        phone.partial(incoming("143-1", "early", start="1432310571"))
        assert phone.last("143").start_time == 1432310571000

    def test_a_call_that_starts_ringing_now_has_the_present_start_time(self, phone: Phone):
        phone.partial(incoming("143-1", "early"))
        assert phone.last("143").start_time == WALL

    def test_the_answer_time_is_known_if_the_answer_was_observed(self, phone: Phone):
        phone.partial(incoming("143-1", "early"))
        phone.now += 5
        phone.partial(incoming("143-1", "confirmed"))
        assert phone.last("143").answer_time == WALL + 5000
        phone.now += 5
        phone.partial(incoming("143-1", "terminated"))
        assert phone.last("143").answer_time == WALL + 5000

    def test_a_call_first_seen_on_hold_has_that_answer_time(self, phone: Phone):
        phone.partial(incoming("143-1", "early"))
        phone.partial(incoming("143-1", "confirmed", hold=True))
        phone.now += 60
        phone.partial(incoming("143-1", "confirmed"))
        assert phone.last("143").answer_time == WALL

    def test_a_call_that_was_connected_before_has_no_times(self):
        phone = Phone(settled=False)
        phone.full(incoming("143-1", "confirmed"))
        call = phone.last("143")
        assert (call.start_time, call.answer_time) == (None, None)
