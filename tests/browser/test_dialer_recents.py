"""The recent calls in `<cti-dialer>`: the server's list, missed calls and their badge."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import PbxServer
from .dialer.page import DialerPage


@pytest.fixture
def faked(page: Page, pbx: PbxServer) -> DialerPage:
    made = DialerPage(page)
    made.open_with_fake(pbx.url)
    return made


def record(dialer: DialerPage, call_id: str, **more: Any) -> None:
    """The server knows of a call that has ended."""
    dialer.page.evaluate(
        """([callId, more]) => fake.records.push({
          ...{ callId, requestId: "", direction: "INBOUND", number: "+442079460123" },
          ...{ name: "Mia Karlsson", contact: null, cause: "", startTime: Date.now() - 60000 },
          ...{ answerTime: null, endTime: Date.now() - 50000, ...more },
        })""",
        [call_id, more],
    )


def tab(dialer: DialerPage) -> Locator:
    return dialer.element.get_by_role("tab", name="Recent")


def rows(dialer: DialerPage) -> Locator:
    return dialer.element.locator(".recent")


def test_a_call_missed_while_no_page_was_open_is_there(page: Page, pbx: PbxServer) -> None:
    call = pbx.incoming()
    pbx.control(f"calls/{call}/hangup", {})
    dialer = DialerPage(page)
    dialer.open(pbx.url)
    dialer.ready()
    expect(tab(dialer)).to_have_accessible_name("Recent 1 missed call")
    tab(dialer).click()
    expect(rows(dialer)).to_contain_text("Missed")
    expect(tab(dialer)).to_have_accessible_name("Recent")
    rows(dialer).click()
    expect(dialer.card("Alex Morgan")).to_be_visible()


def test_the_badge_stays_until_the_calls_are_seen(faked: DialerPage) -> None:
    record(faked, "s1")
    record(faked, "s2")
    record(faked, "s3", answerTime=1)
    faked.bring("ready")
    expect(tab(faked)).to_have_accessible_name("Recent 2 missed calls")
    faked.page.evaluate("fake.call_('RINGING')")
    faked.page.evaluate("fake.call_('HANGUP', { cause: 'cancelled' })")
    expect(tab(faked)).to_have_accessible_name("Recent 3 missed calls")
    tab(faked).click()
    expect(rows(faked)).to_have_count(4)
    expect(tab(faked)).to_have_accessible_name("Recent")
    # The next login does not count them again.
    faked.page.evaluate("fake.move('logged-out')")
    faked.bring("ready")
    expect(tab(faked)).to_have_accessible_name("Recent")


@pytest.mark.parametrize("cause", ["rejected", "busy", "transferred", "answered elsewhere"])
def test_a_call_that_was_declined_or_taken_is_not_missed(faked: DialerPage, cause: str) -> None:
    record(faked, "s1", cause=cause)
    faked.bring("ready")
    faked.page.evaluate("fake.call_('RINGING')")
    faked.page.evaluate("(cause) => fake.call_('HANGUP', { cause })", cause)
    tab(faked).click()
    expect(rows(faked)).to_have_count(2)
    expect(rows(faked).first).to_contain_text("Incoming")
    expect(tab(faked)).to_have_accessible_name("Recent")
    assert faked.page.evaluate("localStorage.getItem('cti-dialer.seen')") is None


def test_each_call_is_there_once(faked: DialerPage) -> None:
    faked.bring("recent calls")
    expect(rows(faked)).to_have_count(4)
    record(faked, "c2")
    record(faked, "s1")
    faked.page.evaluate("fake.move('connecting')")
    faked.page.evaluate("fake.move('ready')")
    expect(rows(faked)).to_have_count(5)


def test_cleared_calls_do_not_come_back(faked: DialerPage) -> None:
    record(faked, "s1")
    faked.bring("ready")
    tab(faked).click()
    faked.button("Clear the list").click()
    expect(rows(faked)).to_have_count(0)
    faked.page.evaluate("fake.move('connecting')")
    record(faked, "s2", startTime=4e12)
    faked.page.evaluate("fake.move('ready')")
    expect(rows(faked)).to_have_count(1)


def test_a_server_without_the_list_is_not_asked(faked: DialerPage) -> None:
    faked.page.evaluate("fake.features = new Set(['answer', 'terminate'])")
    faked.bring("ready")
    expect(tab(faked)).to_be_visible()
    asked = faked.page.evaluate("fake.asked.map(([name]) => name)")
    assert "history" not in asked


def test_the_closed_dialer_shows_the_missed_calls(page: Page, pbx: PbxServer) -> None:
    dialer = DialerPage(page)
    dialer.open_with_fake(pbx.url, 'placement="corner" calls="badge"')
    record(dialer, "s1")
    dialer.bring("ready")
    launcher = dialer.button("Open the telephone, Ready, 1 missed call")
    expect(launcher).to_have_text("1")
    launcher.click()
    tab(dialer).click()
    expect(tab(dialer)).to_have_accessible_name("Recent")
    dialer.button("Close the telephone").click()
    expect(dialer.button("Open the telephone, Ready")).to_have_text("")
