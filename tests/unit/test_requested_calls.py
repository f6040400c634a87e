"""Calls that `call()` requested: INITIAL is linked to the server's call id (rule 4)."""

from __future__ import annotations

import pytest

from pycti.events import Direction

from .documents import dialog, incoming
from .phone import OWN, WALL, Phone, word

NUMBER = "+442036427900"


@pytest.fixture
def phone() -> Phone:
    return Phone()


def ends(phone: Phone) -> list[str]:
    return [word(event) for event in phone.events if event.call.status.ended]


def test_initial_has_the_requested_call(phone: Phone):
    assert phone.begin() == ["INITIAL c2c-1"]
    call = phone.last("c2c-1")
    assert (call.request_id, call.direction, call.node) == ("c2c-1", Direction.OUT, OWN)
    assert (call.source, call.destination, call.start_time) == ("10002", NUMBER, WALL)
    assert phone.table.find("c2c-1") == call


class TestAccepted:
    def test_the_201_arrives_before_the_documents(self, phone: Phone):
        phone.begin()
        assert phone.accepted("143") == ["ACCEPTED 143"]
        assert phone.partial(dialog("143-1", "early", "442036427900")) == ["RINGING 143"]
        assert phone.partial(dialog("143-1", "confirmed", "442036427900")) == ["CONNECTED 143"]
        assert phone.partial(dialog("143-1", "terminated", "442036427900")) == ["HANGUP 143"]

    def test_the_documents_arrive_before_the_201(self, phone: Phone):
        """Events are held back until the 201 shows which call this is."""
        phone.begin()
        assert phone.partial(dialog("143-1", "early", "442036427900")) == []
        assert phone.partial(dialog("143-1", "confirmed", "442036427900")) == []
        assert phone.accepted("143") == ["ACCEPTED 143", "RINGING 143", "CONNECTED 143"]
        assert phone.partial(dialog("143-1", "terminated", "442036427900")) == ["HANGUP 143"]

    def test_the_end_may_arrive_before_the_201(self, phone: Phone):
        phone.begin()
        phone.partial(dialog("143-1", "early"))
        phone.partial(dialog("143-1", "terminated", code="486"))
        assert phone.accepted("143") == ["ACCEPTED 143", "RINGING 143", "CANCEL 143"]
        assert phone.last("143").cause == "busy"

    def test_an_outdated_state_that_was_held_back_is_not_reported(self, phone: Phone):
        phone.begin()
        phone.partial(dialog("143-1", "confirmed"))
        phone.partial(dialog("143-1", "early"))
        assert phone.accepted("143") == ["ACCEPTED 143", "CONNECTED 143"]

    def test_a_call_that_started_and_ended_before_the_201(self, phone: Phone):
        phone.begin()
        phone.full(dialog("143-1", "early"))
        phone.full()
        assert phone.accepted("143") == ["ACCEPTED 143", "RINGING 143", "CANCEL 143"]

    def test_the_request_id_and_the_cid_stay_on_every_later_event(self, phone: Phone):
        phone.begin()
        phone.partial(dialog("143-1", "early"))
        phone.accepted("143")
        phone.partial(dialog("143-1", "confirmed"))
        phone.partial(dialog("143-1", "terminated"))
        assert {event.call.request_id for event in phone.events} == {"c2c-1"}
        assert len({event.call.cid for event in phone.events}) == 1

    def test_the_number_keeps_its_dialled_form(self, phone: Phone):
        phone.begin()
        phone.accepted("143")
        phone.partial(dialog("143-1", "early", "02036427900", name="Ben"))
        call = phone.last("143")
        assert (call.destination, call.destination_name) == (NUMBER, "Ben")

    def test_after_a_transfer_the_number_is_the_new_one(self, phone: Phone):
        phone.begin()
        phone.accepted("143")
        phone.partial(dialog("143-1", "early", name="Ben"))
        phone.partial(dialog("143-1", "confirmed", "+34911234567"))
        call = phone.last("143")
        assert (call.destination, call.destination_name) == ("+34911234567", "")

    def test_the_call_can_be_found_by_either_id(self, phone: Phone):
        phone.begin()
        phone.accepted("143")
        assert phone.table.find("c2c-1") == phone.table.find("143") != None  # noqa: E711

    def test_accepted_for_an_unknown_request_is_ignored(self, phone: Phone):
        assert phone.accepted("143", "c2c-9") == []
        assert phone.refused(request="c2c-9") == []

    def test_an_unrecognised_call_continues_as_the_requested_one(self, phone: Phone):
        """The server rings the own phone as the recipient of a call."""
        phone.begin()
        assert phone.partial(incoming("143-1", "early", "controller")) == ["RINGING 143"]
        assert phone.accepted("143") == ["HANGUP 143", "ACCEPTED 143", "RINGING 143"]
        assert [event.call.id for event in phone.events[-3:]] == ["143", "c2c-1", "c2c-1"]
        assert phone.events[-3].call.cause == "continues as the requested call"
        assert phone.last("c2c-1").destination == NUMBER
        assert phone.partial(incoming("143-1", "confirmed", "controller")) == ["CONNECTED 143"]
        phone.full()
        assert ends(phone) == ["HANGUP 143", "HANGUP 143"]
        assert phone.last("c2c-1").cause == ""
        assert phone.table.find("143") == phone.table.find("c2c-1")

    def test_a_page_that_missed_this_is_informed_when_it_joins(self, phone: Phone):
        phone.begin()
        phone.partial(incoming("143-1", "early", "controller"))
        known = phone.last("143")
        phone.accepted("143")
        told = phone.tell(phone.table.join([known]))
        assert told == ["HANGUP 143", "RINGING 143"]
        assert [event.call.id for event in phone.events[-2:]] == ["143", "c2c-1"]

    def test_an_unreported_dialog_is_taken_over_silently(self, phone: Phone):
        phone.begin()
        phone.partial(incoming("143-1", "trying", "controller"))
        assert phone.accepted("143") == ["ACCEPTED 143"]
        assert phone.partial(incoming("143-1", "early", "controller")) == ["RINGING 143"]

    def test_an_unrecognised_call_that_has_ended_ends_its_request(self, phone: Phone):
        phone.begin()
        phone.partial(dialog("143-1", "early", "999999"))
        phone.partial(dialog("143-1", "terminated", "999999", event="rejected", code="486"))
        assert phone.accepted("143") == ["CANCEL c2c-1"]
        assert phone.last("c2c-1").cause == "busy"
        assert phone.table.find("c2c-1").id == "143"

    def test_full_documents_do_not_end_requested_calls(self, phone: Phone):
        phone.begin()
        assert phone.full() == []
        assert [call.id for call in phone.table.running()] == ["c2c-1"]

    def test_a_call_that_no_document_contains_ends_after_a_timeout(self, phone: Phone):
        """If its NOTIFYs were lost, for example, the call must not run without limit."""
        phone.begin()
        phone.accepted("143")
        phone.now += 60
        phone.full()
        phone.now += 60
        phone.full()
        assert ends(phone) == ["CANCEL 143"]

    def test_a_call_that_is_named_after_it_was_given_up_is_a_new_call(self, phone: Phone):
        phone.begin()
        phone.accepted("143")
        assert phone.tell(phone.table.tick(phone.now + 30, phone.wall)) == ["CANCEL 143"]
        assert phone.partial(dialog("143-1", "early")) == ["RINGING 143"]
        assert phone.events[-1].call.id == "143"
        phone.table.purge(phone.now + 90)
        assert phone.partial(dialog("143-1", "terminated")) == ["CANCEL 143"]
        phone.table.purge(phone.now + 200)
        assert phone.table.find("143") is None


class TestRefused:
    def test_the_servers_message_is_the_cause(self, phone: Phone):
        phone.begin()
        assert phone.refused("Unable to make a call with no VoIP clients registered") == [
            "CANCEL c2c-1"
        ]
        assert phone.last("c2c-1").cause.startswith("Unable to make a call")
        assert phone.table.running() == []

    def test_calls_held_back_for_a_refused_request_are_not_reported(self, phone: Phone):
        phone.begin()
        phone.partial(dialog("143-1", "early"))
        assert phone.refused() == ["CANCEL c2c-1"]
        assert phone.partial(dialog("143-1", "terminated")) == []
        assert phone.full() == []
        assert ends(phone) == ["CANCEL c2c-1"]

    def test_a_refusal_after_the_end_is_ignored(self, phone: Phone):
        phone.begin()
        phone.refused()
        assert phone.refused() == []


class TestTheAnswerIsLost:
    def test_the_call_is_found_by_its_number(self, phone: Phone):
        phone.begin()
        assert phone.table.held_call_id("c2c-1") is None
        phone.partial(dialog("143-1", "early"))
        assert phone.table.held_call_id("c2c-1") == "143"
        assert phone.table.held_call_id("c2c-9") is None

    def test_an_ended_call_does_not_match(self, phone: Phone):
        phone.begin()
        phone.partial(dialog("143-1", "early"))
        phone.partial(dialog("143-1", "terminated"))
        assert phone.table.held_call_id("c2c-1") is None

    def test_an_ended_call_does_not_hide_a_live_one(self, phone: Phone):
        phone.begin()
        phone.partial(dialog("143-1", "early"))
        phone.partial(dialog("143-1", "terminated"))
        phone.partial(dialog("144-1", "early"))
        assert phone.table.held_call_id("c2c-1") == "144"


class TestTwoAtOnce:
    def test_two_requests_to_different_numbers(self, phone: Phone):
        phone.begin("c2c-1", NUMBER)
        phone.begin("c2c-2", "+34911234567")
        phone.partial(dialog("144-1", "early", "+34911234567"), dialog("143-1", "early", NUMBER))
        assert phone.accepted("143", "c2c-1") == ["ACCEPTED 143", "RINGING 143"]
        assert phone.accepted("144", "c2c-2") == ["ACCEPTED 144", "RINGING 144"]

    @pytest.mark.parametrize("first", ["c2c-1", "c2c-2"])
    def test_two_requests_to_one_number_are_distinguished_by_the_201(
        self, phone: Phone, first: str
    ):
        phone.begin("c2c-1")
        phone.begin("c2c-2")
        phone.partial(dialog("143-1", "early"), dialog("144-1", "early"))
        second = {"c2c-1": "c2c-2", "c2c-2": "c2c-1"}[first]
        assert phone.accepted("144", first) == ["ACCEPTED 144", "RINGING 144"]
        assert phone.accepted("143", second) == ["ACCEPTED 143", "RINGING 143"]
        assert phone.last("144").request_id == first
        assert phone.last("143").request_id == second

    def test_the_refusal_of_one_request_does_not_hide_the_other(self, phone: Phone):
        phone.begin("c2c-1")
        phone.begin("c2c-2")
        phone.partial(dialog("143-1", "early"))
        assert phone.refused("busy", "c2c-2") == ["CANCEL c2c-2"]
        assert phone.accepted("143", "c2c-1") == ["ACCEPTED 143", "RINGING 143"]
        phone.full()
        assert ends(phone) == ["CANCEL c2c-2", "CANCEL 143"]

    def test_a_call_without_a_request_is_released_after_the_last_answer(self, phone: Phone):
        """The user dials the same number on the phone in the meantime."""
        phone.begin()
        phone.partial(dialog("150-1", "early"), dialog("143-1", "early"))
        assert phone.accepted("143") == ["ACCEPTED 143", "RINGING 143", "RINGING 150"]
        assert phone.last("150").request_id == ""

    def test_a_dialled_call_that_ended_while_held_back_is_reported(self, phone: Phone):
        phone.begin()
        phone.partial(dialog("150-1", "early"))
        phone.partial(dialog("150-1", "terminated"))
        assert phone.accepted("143") == ["ACCEPTED 143", "RINGING 150", "CANCEL 150"]
        phone.full()
        phone.table.purge(phone.now + 60)
        assert phone.table.find("150") is None

    def test_calls_of_followed_nodes_are_never_held_back(self, phone: Phone):
        phone.begin()
        assert phone.full(dialog("143-1", "early"), node="user:10003") == ["RINGING 143"]

    def test_inbound_calls_from_that_number_are_never_held_back(self, phone: Phone):
        phone.begin()
        assert phone.partial(incoming("143-1", "early", NUMBER)) == ["RINGING 143"]


class TestTheSessionEnds:
    def test_requested_calls_are_cancelled(self, phone: Phone):
        phone.begin()
        phone.full(incoming("143-1", "early"))
        assert phone.tell(phone.table.clear("the session has ended")) == ["CANCEL c2c-1"]
        assert phone.table.running() == []
        assert phone.table.find("143") is None
        assert phone.accepted("144") == []
