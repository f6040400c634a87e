"""Pages that were written for the vendor's script: what they show, and what they alert."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.pbx_server import PbxServer

HTML = Path(__file__).with_name("old-page.html").read_text("utf-8")
ANSWERS, BUSY = "+442036427900", "+442079460101"


class OldPage:
    """A page that keeps a row for each ``call.id`` until its ``status`` is HANGUP."""

    def __init__(self, page: Page, pbx: PbxServer, query: str) -> None:
        self.page = page
        page.route(
            re.compile(re.escape(f"{pbx.url}/old.html")),
            lambda route: route.fulfill(body=HTML, content_type="text/html"),
        )
        page.goto(f"{pbx.url}/old.html{query}")
        page.evaluate("void connector.login('anna@example.com', 'demo')")
        self.shows("Available")

    def shows(self, status: str) -> None:
        expect(self.page.locator("#status")).to_have_text(status)

    def rows(self, *states: str) -> None:
        """Wait until there is a row for each of these states, and no other."""
        cells = self.page.locator("#calls td:first-child")
        expect(cells).to_have_text([re.compile(f"^{state} ") for state in states])

    def click(self, name: str) -> None:
        self.page.locator(f"#calls .{name}").first.click()

    def call(self, number: str) -> None:
        self.page.evaluate("(number) => void connector.call(number)", number)

    def ends(self) -> None:
        """No row is left, the status is the truth, and nothing was alerted."""
        self.rows()
        self.shows("Available")
        assert self.page.evaluate("alerts") == []


@pytest.fixture(params=["", "?all"], ids=["own calls", "calls of all users"])
def old(request: pytest.FixtureRequest, new_page: Callable[[], Page], pbx: PbxServer) -> OldPage:
    pbx.control("phones/10002", {"ring_time": 600})
    page = OldPage(new_page(), pbx, request.param)
    if request.param:
        page.page.wait_for_function("connector.getSubscriptionURIs().length >= 4")
    return page


def test_a_call_in_that_is_answered(old: OldPage, pbx: PbxServer) -> None:
    pbx.incoming()
    old.rows("RINGING")
    old.click("answer")
    old.rows("CONNECTED")
    old.shows("CONNECTED")
    old.click("action")
    old.shows("Action set")
    old.click("hangup")
    old.ends()


def test_a_call_in_that_is_missed(old: OldPage, pbx: PbxServer) -> None:
    call_id = pbx.incoming()
    old.rows("RINGING")
    pbx.control(f"calls/{call_id}/hangup")
    old.ends()


def test_a_call_in_that_is_declined(old: OldPage, pbx: PbxServer) -> None:
    pbx.incoming()
    old.rows("RINGING")
    old.click("hangup")
    old.ends()


def test_a_call_out_that_is_answered(old: OldPage) -> None:
    old.call(ANSWERS)
    old.rows("CONNECTED")
    old.click("action")
    old.shows("Action set")
    old.click("hangup")
    old.ends()


def test_a_call_out_to_a_number_that_is_busy(old: OldPage) -> None:
    old.call(BUSY)
    old.page.wait_for_function("seen.includes('CANCEL')")
    old.ends()


def test_a_call_that_is_transferred(old: OldPage, pbx: PbxServer) -> None:
    pbx.control("phones/10003", {"answer_after": None, "ring_time": 600})
    call_id = pbx.incoming()
    old.rows("RINGING")
    old.click("answer")
    old.rows("CONNECTED")
    old.click("transfer")
    expect(old.page.locator(f"#call-{call_id}")).to_have_count(1 if "all" in old.page.url else 0)
    pbx.control(f"calls/{call_id}/hangup")
    old.ends()


def test_two_calls_at_once(old: OldPage, pbx: PbxServer) -> None:
    first = pbx.incoming(name="Ann")
    old.rows("RINGING")
    second = pbx.incoming(name="Bob")
    old.rows("RINGING", "RINGING")
    pbx.control(f"calls/{second}/hangup")
    old.rows("RINGING")
    pbx.control(f"calls/{first}/hangup")
    old.ends()


@pytest.mark.parametrize("state", ["RINGING", "CONNECTED"])
def test_a_connection_that_is_lost_during_a_call(old: OldPage, pbx: PbxServer, state: str) -> None:
    call_id = pbx.incoming()
    old.rows("RINGING")
    if state == "CONNECTED":
        old.click("answer")
        old.rows("CONNECTED")
    pbx.control("drop", {"forget": True})
    old.page.wait_for_function("seen.filter((name) => name === 'READY').length > 1")
    old.rows(state)
    old.shows(state)
    pbx.control(f"calls/{call_id}/hangup")
    old.ends()


def test_a_page_that_is_loaded_anew_during_a_call(old: OldPage, pbx: PbxServer) -> None:
    call_id = pbx.incoming()
    old.rows("RINGING")
    old.page.reload()
    old.rows("RINGING")
    old.shows("RINGING")
    pbx.control(f"calls/{call_id}/hangup")
    old.ends()


def test_a_logout_during_a_call(old: OldPage, pbx: PbxServer) -> None:
    pbx.incoming()
    old.rows("RINGING")
    old.page.evaluate("void connector.logout()")
    old.shows("Not connected")
    old.rows()
    assert old.page.evaluate("alerts") == []
