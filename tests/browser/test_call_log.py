"""The call log: one record for each ended call of the user, whatever the pages do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from .conftest import PbxServer
from .tab import LOOKUP, Tab

pytestmark = pytest.mark.differs("storage")

Tabs = Callable[..., Tab]
OUTSIDE = "+442036427900"


@pytest.fixture
def tab(new_tab: Tabs) -> Tab:
    """A tab on which Anna is logged in and ready."""
    tab = new_tab()
    tab.login()
    return tab


def shortened(record: dict[str, Any]) -> tuple[str, str, str]:
    return record["direction"], record["number"], record["outcome"]


class TestOutcomes:
    def test_an_inbound_call_that_was_answered(self, tab: Tab, pbx: PbxServer) -> None:
        call_id = pbx.incoming()
        tab.wait("RINGING")
        tab.run("answer", call_id)
        tab.run("terminate", call_id)

        (record,) = tab.heard("log")

        times = {key: record.pop(key) for key in ("startTime", "answerTime", "endTime")}
        assert record == {
            "key": f"10002@pbx.example/{call_id}",
            "callId": call_id,
            "requestId": "",
            "node": "user:10002",
            "direction": "INBOUND",
            "number": OUTSIDE,
            "name": "Alex Morgan",
            "contact": None,
            "duration": record["duration"],
            "outcome": "answered",
            "cause": "hung up on this side",
            "notes": "",
        }
        assert times["answerTime"] <= times["endTime"]
        seconds = (times["endTime"] - times["answerTime"]) / 1000
        assert abs(record["duration"] - seconds) <= 0.5

    def test_an_inbound_call_that_the_caller_cancelled(self, tab: Tab, pbx: PbxServer) -> None:
        call_id = pbx.incoming()
        tab.wait("RINGING")
        pbx.control(f"calls/{call_id}/hangup")
        (record,) = tab.heard("log")
        assert shortened(record) == ("INBOUND", OUTSIDE, "missed")
        assert (record["answerTime"], record["duration"]) == (None, 0)

    def test_an_inbound_call_that_was_declined(self, tab: Tab, pbx: PbxServer) -> None:
        call_id = pbx.incoming()
        tab.wait("RINGING")
        pbx.control(f"calls/{call_id}/reject")
        (record,) = tab.heard("log")
        assert shortened(record) == ("INBOUND", OUTSIDE, "rejected")

    @pytest.mark.parametrize(
        ("number", "outcome"),
        [
            ("+442079460101", "busy"),
            ("+442079460102", "no-answer"),
            ("+442079460103", "rejected"),
            ("+442079460104", "failed"),
            ("+449098790000", "failed"),
        ],
    )
    def test_an_outbound_call_that_was_not_answered(
        self, tab: Tab, number: str, outcome: str
    ) -> None:
        tab.forget("call", number)
        (record,) = tab.heard("log")
        assert shortened(record) == ("OUTBOUND", number, outcome)
        assert record["requestId"] == record["callId"]

    def test_an_outbound_call_that_the_user_cancelled(self, tab: Tab, pbx: PbxServer) -> None:
        pbx.control("phones/10002", {"pickup_after": 0})
        tab.run("call", "+442079460102")
        tab.run("terminate", tab.wait("RINGING")["call"]["id"])
        (record,) = tab.heard("log")
        assert shortened(record) == ("OUTBOUND", "+442079460102", "cancelled")

    def test_only_calls_of_the_user_are_logged(self, tab: Tab, pbx: PbxServer) -> None:
        tab.run("subscribe", "user:10003")
        other = pbx.incoming(to="10003")
        tab.wait("RINGING", node="user:10003")
        pbx.control(f"calls/{other}/hangup")
        tab.wait("HANGUP", node="user:10003")
        mine = pbx.incoming()
        tab.wait("RINGING", node="user:10002")
        pbx.control(f"calls/{mine}/hangup")
        assert [record["callId"] for record in tab.heard("log")] == [mine]


class TestPages:
    @pytest.mark.parametrize("shared", [True, False])
    def test_every_tab_that_listens_gets_a_record_once_under_one_key(
        self, new_tab: Tabs, pbx: PbxServer, shared: bool
    ) -> None:
        one = new_tab(shared=shared)
        one.login()
        two = new_tab(shared=shared)
        two.wait("READY")
        keys = []
        for _ in range(2):
            call_id = pbx.incoming()
            one.wait("RINGING")
            pbx.control(f"calls/{call_id}/hangup")
            keys.append(f"10002@pbx.example/{call_id}")
        for tab in (one, two):
            assert [record["key"] for record in tab.heard("log", 2)] == keys

    def test_a_call_that_ends_between_two_pages_is_logged_by_the_next(
        self, tab: Tab, pbx: PbxServer
    ) -> None:
        first, second = pbx.incoming(), pbx.incoming()
        tab.wait("RINGING", 2)
        tab.run("answer", first)

        tab.page.goto("about:blank")
        for call_id in (first, second):
            pbx.control(f"calls/{call_id}/hangup")
        tab.page.goto(f"{pbx.url}/host.html?next")

        outcomes = {record["callId"]: record["outcome"] for record in tab.heard("log", 2)}
        assert outcomes == {first: "answered", second: "missed"}
        # The record was delivered, so a later page gets nothing.
        tab.page.reload()
        third = pbx.incoming()
        tab.wait("RINGING")
        pbx.control(f"calls/{third}/hangup")
        assert [record["callId"] for record in tab.heard("log")] == [third]

    def test_a_page_in_the_back_forward_cache_does_not_consume_records(
        self, cached_context: BrowserContext, pbx: PbxServer
    ) -> None:
        hidden = "addEventListener('pagehide', (e) => { localStorage.kept = e.persisted; });"
        tab = Tab(cached_context.new_page(), pbx.url, {}, hidden)
        tab.login()
        call_id = pbx.incoming()
        tab.wait("RINGING")

        tab.page.goto(f"{pbx.url}/host.html?next")
        tab.page.evaluate("connector.destroy()")
        pbx.control(f"calls/{call_id}/hangup")
        tab.page.goto(f"{pbx.url}/host.html?last")

        assert tab.evaluate("localStorage.kept") == "true"
        assert [record["callId"] for record in tab.heard("log")] == [call_id]

    def test_a_record_has_the_contact(self, new_tab: Tabs, pbx: PbxServer) -> None:
        tab = new_tab(LOOKUP)
        tab.login()
        call_id = pbx.control("incoming", {"to": "10002", "from": "+4930901820"})["id"]
        tab.wait("RINGING")
        pbx.control(f"calls/{call_id}/hangup")
        (record,) = tab.heard("log")
        assert record["name"] == "Alexandra Morgan"
        assert record["contact"]["url"] == "/customers/7"


class TestNotes:
    def test_notes_are_written_and_read_in_any_tab_and_come_with_the_record(
        self, tab: Tab, new_tab: Tabs, pbx: PbxServer
    ) -> None:
        call_id = pbx.incoming()
        tab.wait("RINGING")
        tab.run("answer", call_id)
        assert tab.run("note", call_id) == ""
        assert tab.run("note", call_id, "Wants a quote.") == "Wants a quote."

        other = new_tab()
        other.wait("CONNECTED")
        assert other.run("note", call_id) == "Wants a quote."
        other.run("note", call_id, "Wants a quote\nby Friday <b>.")
        other.run("terminate", call_id)

        (record,) = tab.heard("log")
        assert record["notes"] == "Wants a quote\nby Friday <b>."

    def test_notes_on_a_just_ended_call_send_its_record_again(
        self, tab: Tab, pbx: PbxServer
    ) -> None:
        call_id = pbx.incoming()
        tab.wait("RINGING")
        pbx.control(f"calls/{call_id}/hangup")
        (first,) = tab.heard("log")

        tab.run("note", call_id, "Call back.")

        again = tab.heard("log", 2)[1]
        assert again == {**first, "notes": "Call back."}

    def test_notes_on_an_outbound_call_accept_its_request_id(self, tab: Tab) -> None:
        tab.forget("call", "+442079460102")
        request_id = tab.wait("INITIAL")["call"]["id"]
        tab.run("note", request_id, "Second attempt.")
        (record,) = tab.heard("log")
        assert record["notes"] == "Second attempt."
        assert record["callId"] == request_id

    def test_invalid_notes_are_refused(self, tab: Tab, pbx: PbxServer) -> None:
        assert tab.refused("note", "nonsense", "x")["code"] == "UNKNOWN_CALL"
        assert tab.refused("note")["code"] == "MISSING_ARGUMENT"
        call_id = pbx.incoming()
        tab.wait("RINGING")
        assert tab.refused("note", call_id, "x" * 10_001)["code"] == "BAD_ARGUMENT"
        assert tab.run("note", call_id, "x" * 10_000) == "x" * 10_000
