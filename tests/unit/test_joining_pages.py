"""The events for pages that join late, were frozen, or outlive their worker."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pycti.events import Call, CallStatus, Direction

from .documents import dialog, incoming
from .phone import OWN, Phone, word

C = CallStatus


@pytest.fixture
def phone() -> Phone:
    return Phone()


def known(identifier: str, status: CallStatus, **more: object) -> Call:
    call = Call(identifier, "5", OWN, Direction.IN, status, source="+442036427900")
    return replace(call, **more)  # type: ignore[arg-type]


def join(phone: Phone, *calls: Call, **how: bool) -> list[str]:
    return [word(event) for event in phone.table.join(calls, **how)]


class TestTheSameWorker:
    def test_a_new_page_receives_the_running_calls(self, phone: Phone):
        phone.full(
            incoming("1-1", "early"), incoming("2-1", "confirmed"), incoming("3-1", "trying")
        )
        assert join(phone) == ["RINGING 1", "CONNECTED 2"]

    def test_a_new_page_does_not_receive_ended_calls(self, phone: Phone):
        phone.full(incoming("1-1", "early"))
        phone.full()
        assert join(phone) == []

    def test_a_known_state_is_not_sent_again(self, phone: Phone):
        phone.full(incoming("1-1", "early"))
        assert join(phone, *phone.table.running()) == []

    def test_a_frozen_page_receives_the_present_state_of_the_call(self, phone: Phone):
        phone.full(incoming("1-1", "early"))
        before = phone.table.running()
        phone.full(incoming("1-1", "confirmed"))
        assert join(phone, *before) == ["CONNECTED 1"]

    def test_a_page_receives_the_end_that_it_missed(self, phone: Phone):
        phone.full(incoming("1-1", "confirmed"))
        before = phone.table.running()
        phone.full()
        assert join(phone, *before) == ["HANGUP 1"]

    def test_a_page_receives_the_end_of_a_forgotten_call(self, phone: Phone):
        phone.full(incoming("1-1", "early"))
        before = phone.table.running()
        phone.full()
        phone.table.purge(phone.now + 60)
        assert join(phone, *before) == ["HANGUP 1"]

    def test_a_known_end_is_not_sent_again(self, phone: Phone):
        assert join(phone, known("1", C.HANGUP)) == []
        phone.full(incoming("1-1", "confirmed"))
        phone.full()
        assert join(phone, known("1", phone.last("1").status)) == []

    def test_the_call_is_found_by_its_request_id(self, phone: Phone):
        phone.begin()
        before = phone.table.running()
        phone.accepted("143")
        phone.partial(dialog("143-1", "early"))
        assert join(phone, *before) == ["RINGING 143"]
        assert join(phone, *phone.table.running()) == []

    def test_a_page_receives_the_end_of_a_refused_request(self, phone: Phone):
        phone.begin()
        before = phone.table.running()
        phone.refused()
        assert join(phone, *before) == ["CANCEL c2c-1"]
        phone.table.purge(phone.now + 60)
        assert join(phone, *before) == ["CANCEL c2c-1"]

    def test_a_newer_state_of_a_page_is_adopted(self):
        """Two pages outlive the worker, and the frozen one joins first."""
        phone = Phone(settled=False)
        join(phone, known("1", C.RINGING))
        assert join(phone, known("1", C.CONNECTED)) == []
        phone.full(incoming("1-1", "confirmed"))
        assert phone.table.find("1").status is C.CONNECTED


class TestReplays:
    """A page that receives READY starts again from an empty state."""

    def test_a_new_page_receives_each_running_call_as_a_replay(self, phone: Phone):
        phone.full(incoming("1-1", "early"), incoming("2-1", "confirmed"))
        phone.full(incoming("2-1", "confirmed"))
        assert join(phone, new=True, ready=True) == ["CONNECTED 2 again"]

    def test_known_calls_are_replayed_only_with_ready(self, phone: Phone):
        phone.full(incoming("1-1", "early"))
        calls = phone.table.running()
        assert join(phone, *calls, ready=True) == ["RINGING 1 again"]
        assert join(phone, *calls) == []

    def test_missed_events_have_no_replay_mark(self, phone: Phone):
        phone.full(incoming("1-1", "early"), incoming("2-1", "confirmed"))
        calls = phone.table.running()
        phone.full(incoming("1-1", "confirmed"), incoming("3-1", "early"))
        assert sorted(join(phone, *calls, ready=True)) == ["CONNECTED 1", "HANGUP 2", "RINGING 3"]

    def test_an_unconfirmed_call_waits_for_the_document(self, phone: Phone):
        phone.full(incoming("1-1", "early"))
        calls = phone.table.running()
        phone.reconnect()
        phone.tell(phone.table.ready())
        assert join(phone, *calls, ready=True) == []
        assert phone.full(incoming("1-1", "early")) == ["RINGING 1 again"]


class TestANewWorker:
    @pytest.fixture
    def phone(self) -> Phone:
        return Phone(settled=False)

    def test_a_call_that_continues_is_not_reported_again(self, phone: Phone):
        assert join(phone, known("1", C.CONNECTED)) == []
        assert phone.full(incoming("1-1", "confirmed")) == []
        assert phone.full() == ["HANGUP 1"]

    def test_the_first_full_document_ends_a_call_that_it_omits(self, phone: Phone):
        join(phone, known("1", C.CONNECTED), known("2", C.RINGING))
        assert phone.full() == ["HANGUP 1", "HANGUP 2"]

    def test_a_call_that_progressed_is_reported(self, phone: Phone):
        join(phone, known("1", C.RINGING))
        assert phone.full(incoming("1-1", "confirmed")) == ["CONNECTED 1"]

    def test_the_cids_continue(self, phone: Phone):
        join(phone, known("1", C.RINGING, cid="41"), known("2", C.RINGING, cid="x"))
        phone.full(incoming("1-1", "early"), incoming("2-1", "early"), incoming("3-1", "early"))
        assert phone.last("3").cid == "42"

    def test_a_huge_cid_is_harmless(self, phone: Phone):
        join(phone, known("1", C.RINGING, cid="9" * 5000))

    def test_a_requested_call_is_found_by_its_request_id(self, phone: Phone):
        join(phone, known("143", C.ACCEPTED, request_id="c2c-1", direction=Direction.OUT))
        assert phone.table.find("c2c-1").id == "143"

    def test_a_request_without_an_answer_becomes_the_call_with_its_number(self, phone: Phone):
        initial = known(
            "c2c-1",
            C.INITIAL,
            request_id="c2c-1",
            direction=Direction.OUT,
            destination="+442036427900",
        )
        assert join(phone, initial) == []
        assert phone.full(dialog("143-1", "early")) == ["ACCEPTED 143", "RINGING 143"]
        assert phone.last("143").request_id == "c2c-1"

    def test_a_request_without_an_answer_and_without_a_call_has_failed(self, phone: Phone):
        initial = known(
            "c2c-1",
            C.INITIAL,
            request_id="c2c-1",
            direction=Direction.OUT,
            destination="+442036427900",
        )
        join(phone, initial)
        assert phone.full(incoming("7-1", "early")) == ["RINGING 7", "CANCEL c2c-1"]
        assert phone.table.running() == [phone.last("7")]

    def test_documents_of_another_node_do_not_end_the_calls(self, phone: Phone):
        join(phone, known("c2c-1", C.INITIAL, request_id="c2c-1", destination="+442036427900"))
        assert phone.full(node="queue:77") == []

    def test_a_call_that_two_pages_know_is_adopted_once(self, phone: Phone):
        join(phone, known("1", C.RINGING))
        join(phone, known("1", C.RINGING))
        assert phone.full() == ["HANGUP 1"]
