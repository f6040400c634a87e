"""What a page has missed: pages come late, were frozen, or outlive their worker."""

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
    def test_a_page_that_knows_nothing_is_told_of_the_running_calls(self, phone: Phone):
        phone.full(
            incoming("1-1", "early"), incoming("2-1", "confirmed"), incoming("3-1", "trying")
        )
        assert join(phone) == ["RINGING 1", "CONNECTED 2"]

    def test_a_page_that_knows_nothing_is_not_told_of_ended_calls(self, phone: Phone):
        phone.full(incoming("1-1", "early"))
        phone.full()
        assert join(phone) == []

    def test_what_a_page_knows_is_not_repeated(self, phone: Phone):
        phone.full(incoming("1-1", "early"))
        assert join(phone, *phone.table.running()) == []

    def test_a_page_that_was_frozen_is_told_where_the_call_is_now(self, phone: Phone):
        phone.full(incoming("1-1", "early"))
        before = phone.table.running()
        phone.full(incoming("1-1", "confirmed"))
        assert join(phone, *before) == ["CONNECTED 1"]

    def test_a_call_that_ended_meanwhile_gets_its_end(self, phone: Phone):
        phone.full(incoming("1-1", "confirmed"))
        before = phone.table.running()
        phone.full()
        assert join(phone, *before) == ["HANGUP 1"]

    def test_a_call_that_ended_and_was_forgotten_gets_its_end_too(self, phone: Phone):
        phone.full(incoming("1-1", "early"))
        before = phone.table.running()
        phone.full()
        phone.table.purge(phone.now + 60)
        assert join(phone, *before) == ["HANGUP 1"]

    def test_a_call_that_the_page_knows_to_have_ended_is_not_told(self, phone: Phone):
        assert join(phone, known("1", C.HANGUP)) == []
        phone.full(incoming("1-1", "confirmed"))
        phone.full()
        assert join(phone, known("1", phone.last("1").status)) == []

    def test_the_request_id_finds_the_call(self, phone: Phone):
        phone.begin()
        before = phone.table.running()
        phone.accepted("143")
        phone.partial(dialog("143-1", "early"))
        assert join(phone, *before) == ["RINGING 143"]
        assert join(phone, *phone.table.running()) == []

    def test_a_refused_request_gets_its_end(self, phone: Phone):
        phone.begin()
        before = phone.table.running()
        phone.refused()
        assert join(phone, *before) == ["CANCEL c2c-1"]
        phone.table.purge(phone.now + 60)
        assert join(phone, *before) == ["CANCEL c2c-1"]

    def test_a_page_that_knows_more_is_not_taken_back(self):
        """Two pages outlive the worker; the one that was frozen comes first."""
        phone = Phone(settled=False)
        join(phone, known("1", C.RINGING))
        assert join(phone, known("1", C.CONNECTED)) == []
        phone.full(incoming("1-1", "confirmed"))
        assert phone.table.find("1").status is C.CONNECTED


class TestReplays:
    """A page that is told READY starts again from a clean page."""

    def test_a_new_page_gets_each_running_call_marked(self, phone: Phone):
        phone.full(incoming("1-1", "early"), incoming("2-1", "confirmed"))
        phone.full(incoming("2-1", "confirmed"))
        assert join(phone, new=True, ready=True) == ["CONNECTED 2 again"]

    def test_what_it_knows_is_told_again_with_ready_only(self, phone: Phone):
        phone.full(incoming("1-1", "early"))
        calls = phone.table.running()
        assert join(phone, *calls, ready=True) == ["RINGING 1 again"]
        assert join(phone, *calls) == []

    def test_what_it_has_missed_has_no_mark(self, phone: Phone):
        phone.full(incoming("1-1", "early"), incoming("2-1", "confirmed"))
        calls = phone.table.running()
        phone.full(incoming("1-1", "confirmed"), incoming("3-1", "early"))
        assert sorted(join(phone, *calls, ready=True)) == ["CONNECTED 1", "HANGUP 2", "RINGING 3"]

    def test_what_is_not_confirmed_yet_waits_for_the_document(self, phone: Phone):
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

    def test_a_call_that_goes_on_is_not_told_again(self, phone: Phone):
        assert join(phone, known("1", C.CONNECTED)) == []
        assert phone.full(incoming("1-1", "confirmed")) == []
        assert phone.full() == ["HANGUP 1"]

    def test_a_call_that_is_gone_gets_its_end_from_the_first_full_document(self, phone: Phone):
        join(phone, known("1", C.CONNECTED), known("2", C.RINGING))
        assert phone.full() == ["HANGUP 1", "HANGUP 2"]

    def test_a_call_that_went_further_is_told(self, phone: Phone):
        join(phone, known("1", C.RINGING))
        assert phone.full(incoming("1-1", "confirmed")) == ["CONNECTED 1"]

    def test_the_identifiers_go_on(self, phone: Phone):
        join(phone, known("1", C.RINGING, cid="41"), known("2", C.RINGING, cid="x"))
        phone.full(incoming("1-1", "early"), incoming("2-1", "early"), incoming("3-1", "early"))
        assert phone.last("3").cid == "42"

    def test_a_cid_beyond_all_measure_does_no_harm(self, phone: Phone):
        join(phone, known("1", C.RINGING, cid="9" * 5000))

    def test_a_requested_call_is_found_by_its_request_id(self, phone: Phone):
        join(phone, known("143", C.ACCEPTED, request_id="c2c-1", direction=Direction.OUT))
        assert phone.table.find("c2c-1").id == "143"

    def test_a_request_whose_answer_was_lost_is_the_call_that_has_its_number(self, phone: Phone):
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

    def test_a_request_whose_answer_was_lost_and_that_no_call_has_come_of_has_failed(
        self, phone: Phone
    ):
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

    def test_documents_of_another_node_settle_nothing(self, phone: Phone):
        join(phone, known("c2c-1", C.INITIAL, request_id="c2c-1", destination="+442036427900"))
        assert phone.full(node="queue:77") == []

    def test_two_pages_that_know_the_same_call_adopt_it_once(self, phone: Phone):
        join(phone, known("1", C.RINGING))
        join(phone, known("1", C.RINGING))
        assert phone.full() == ["HANGUP 1"]
