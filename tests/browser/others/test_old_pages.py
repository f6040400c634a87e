"""Pages that were written for the vendor's script: what they show, and which alerts they open.

Three pages: the calls of one phone, the same with action links, and the calls of all users.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.pbx_server import PbxServer
from browser.shim.harness import wait_for

PAGES = Path(__file__).with_name("pages")
ANSWERS, BUSY = "+442036427900", "+442079460101"

# The page's events and alerts, also from before it was reloaded.
RECORDER = """
  window.record = (name) => {
    const names = JSON.parse(sessionStorage.getItem("seen") ?? "[]");
    sessionStorage.setItem("seen", JSON.stringify([...names, name]));
  };
  window.alert = (text) => window.record(`alert: ${text}`);
"""


class OldPage:
    """A page that keeps a row for each ``call.id`` until its ``status`` is HANGUP."""

    def __init__(self, page: Page, pbx: PbxServer, name: str) -> None:
        self.page, self.pbx = page, pbx
        self.of_all_users = name == "all-users"
        self.has_action_links = name == "action-links"
        page.add_init_script(RECORDER)
        page.route(
            re.compile(re.escape(f"{pbx.url}/others/")),
            lambda route: route.fulfill(path=PAGES / route.request.url.rsplit("/", 1)[1]),
        )
        page.goto(f"{pbx.url}/others/{name}.html")
        page.evaluate("void connector.login('anna@example.com', 'demo')")
        self.ready()

    @property
    def seen(self) -> list[str]:
        """The names of all events, and all alerts."""
        return list(self.page.evaluate("JSON.parse(sessionStorage.getItem('seen') ?? '[]')"))

    def ready(self, times: int = 1) -> None:
        """Wait for this number of READYs, and until all nodes of the page are followed."""
        wait_for(lambda: self.seen.count("READY") >= times, f"{times} READY")
        if self.of_all_users:
            wait_for(self._follows_all, "a subscription to each user")

    def _follows_all(self) -> bool:
        since = self.seen[::-1]
        followed = since[: since.index("READY")].count("SUBSCRIBED")
        return bool(followed == self.page.evaluate("users"))

    def shows(self, status: str) -> None:
        expect(self.page.locator("#status")).to_have_text(status)

    def rows(self, *states: str) -> None:
        """Wait until there is exactly one row for each of these states."""
        cells = self.page.locator("#calls td:first-child")
        expect(cells).to_have_text([re.compile(f"^{state} ") for state in states])

    def click(self, name: str, row: int = 0) -> None:
        self.page.locator(f"#calls .{name}").nth(row).click()

    def call(self, number: str) -> None:
        self.page.evaluate("(number) => void connector.call(number)", number)

    def takes_an_action(self) -> None:
        if self.has_action_links:
            self.click("action")
            expect(self.page.locator("#calls output")).to_have_text("Order 7")

    def ends(self) -> None:
        """Check that no row is left, the status is right, and there were no alerts."""
        self.rows()
        self.shows("Available")
        assert [name for name in self.seen if name.startswith("alert")] == []


@pytest.fixture(params=["one-phone", "action-links", "all-users"])
def old(request: pytest.FixtureRequest, new_page: Callable[[], Page], pbx: PbxServer) -> OldPage:
    pbx.control("phones/10002", {"ring_time": 600})
    return OldPage(new_page(), pbx, request.param)


def answered(old: OldPage) -> str:
    """Let someone call, and answer on the page; return the call's id."""
    call_id = old.pbx.incoming()
    old.rows("RINGING")
    old.click("answer")
    old.rows("CONNECTED")
    return call_id


def test_an_inbound_call_that_is_answered(old: OldPage) -> None:
    answered(old)
    old.shows("CONNECTED")
    old.takes_an_action()
    old.click("hangup")
    old.ends()


def test_an_inbound_call_that_is_missed(old: OldPage) -> None:
    call_id = old.pbx.incoming()
    old.rows("RINGING")
    old.pbx.control(f"calls/{call_id}/hangup")
    old.ends()


def test_an_inbound_call_that_is_declined(old: OldPage) -> None:
    old.pbx.incoming()
    old.rows("RINGING")
    old.click("hangup")
    old.ends()


def test_an_outbound_call_that_is_answered(old: OldPage) -> None:
    old.call(ANSWERS)
    old.rows("CONNECTED")
    old.takes_an_action()
    old.click("hangup")
    old.ends()


def test_an_outbound_call_to_a_busy_number(old: OldPage) -> None:
    old.call(BUSY)
    wait_for(lambda: "CANCEL" in old.seen, "CANCEL")
    old.ends()


def test_a_call_that_is_transferred(old: OldPage) -> None:
    old.pbx.control("phones/10003", {"answer_after": None, "ring_time": 600})
    call_id = answered(old)
    old.click("transfer")
    # On the page of all users, the colleague's phone rings with the same id.
    old.rows(*["RINGING"] * old.of_all_users)
    wait_for(lambda: "HANGUP" in old.seen, "HANGUP")
    old.pbx.control(f"calls/{call_id}/hangup")
    old.ends()


def test_two_calls_that_ring(old: OldPage) -> None:
    first = old.pbx.incoming(name="Ann")
    old.rows("RINGING")
    second = old.pbx.incoming(name="Bob")
    old.rows("RINGING", "RINGING")
    old.pbx.control(f"calls/{second}/hangup")
    old.rows("RINGING")
    old.pbx.control(f"calls/{first}/hangup")
    old.ends()


def test_two_calls_that_are_answered(old: OldPage) -> None:
    answered(old)
    old.pbx.incoming(name="Bob")
    old.rows("CONNECTED", "RINGING")
    old.click("answer", row=1)
    old.rows("ON_HOLD", "CONNECTED")
    old.click("hangup", row=1)
    old.rows("ON_HOLD")
    old.click("hangup")
    old.ends()


@pytest.mark.parametrize("state", ["RINGING", "CONNECTED"])
def test_a_connection_that_is_lost_during_a_call(old: OldPage, state: str) -> None:
    call_id = old.pbx.incoming()
    old.rows("RINGING")
    if state == "CONNECTED":
        old.click("answer")
        old.rows("CONNECTED")
    old.pbx.control("drop", {"forget": True})
    old.ready(times=2)
    old.rows(state)
    old.shows(state)
    old.pbx.control(f"calls/{call_id}/hangup")
    old.ends()


@pytest.mark.parametrize("state", ["RINGING", "CONNECTED"])
def test_a_page_that_is_loaded_again_during_a_call(old: OldPage, state: str) -> None:
    call_id = old.pbx.incoming()
    old.rows("RINGING")
    if state == "CONNECTED":
        old.click("answer")
        old.rows("CONNECTED")
    old.page.reload()
    old.ready(times=2)
    old.rows(state)
    old.shows(state)
    old.pbx.control(f"calls/{call_id}/hangup")
    old.ends()


def test_a_logout_during_a_call(old: OldPage) -> None:
    old.pbx.incoming()
    old.rows("RINGING")
    old.page.evaluate("void connector.logout()")
    old.shows("Not connected")
    old.rows()
    assert [name for name in old.seen if name.startswith("alert")] == []
