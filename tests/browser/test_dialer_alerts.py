"""Signs of a call that rings: the desktop notification, the title and the icon of the tab."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import PbxServer
from .dialer.page import STRICT, DialerPage

# The browser's notifications, and a page that is not in front of the user.
FAKE = """
  window.notes = [];
  window.asked = 0;
  window.Notification = class {
    static permission = "PERMISSION";
    static async requestPermission() {
      asked += 1;
      Notification.permission = "granted";
      return "granted";
    }
    constructor(title, { tag }) {
      Object.assign(this, { title, tag, open: true });
      notes.push(this);
    }
    close() {
      this.open = false;
    }
  };
  window.focused = false;
  document.hasFocus = () => focused;
"""
# The first document of a tab has no storage.
SWITCHED_ON = """
  try {
    localStorage.setItem("cti-dialer.settings", JSON.stringify({ notify: true }));
  } catch {}
"""
OPEN = "notes.filter(({ open }) => open).map(({ title }) => title).join()"
SWITCH = "Show incoming calls outside this tab"


def opened(
    page: Page, pbx: PbxServer, permission: str = "granted", *, on: bool = True
) -> DialerPage:
    page.add_init_script(FAKE.replace("PERMISSION", permission))
    if on:
        page.add_init_script(SWITCHED_ON)
    dialer = DialerPage(page)
    dialer.open_with_fake(pbx.url)
    dialer.bring("ready")
    return dialer


def test_a_call_is_shown_until_it_is_taken_anywhere(page: Page, pbx: PbxServer) -> None:
    dialer = opened(page, pbx)
    page.evaluate("fake.call_('RINGING')")
    dialer.wait(OPEN, "Alex Morgan is calling.")
    page.evaluate("fake.call_('RINGING')")
    assert page.evaluate("notes.length") == 1
    page.evaluate("fake.call_('HANGUP', { cause: 'answered elsewhere' })")
    dialer.wait(OPEN, "")


def test_only_the_tab_that_rings_shows_it(page: Page, pbx: PbxServer) -> None:
    dialer = opened(page, pbx)
    page.evaluate("fake.front = false; fake.tell('front', { front: false })")
    page.evaluate("fake.call_('RINGING')")
    expect(dialer.card("Alex Morgan")).to_be_visible()
    assert page.evaluate("notes.length") == 0
    assert page.title() == "A shop"
    page.evaluate("fake.front = true; fake.tell('front', { front: true })")
    dialer.wait(OPEN, "Alex Morgan is calling.")


def test_a_user_who_looks_at_the_page_needs_none(page: Page, pbx: PbxServer) -> None:
    dialer = opened(page, pbx)
    page.evaluate("focused = true")
    page.evaluate("fake.call_('RINGING')")
    expect(dialer.card("Alex Morgan")).to_be_visible()
    assert page.evaluate("notes.length") == 0
    page.evaluate("focused = false; dispatchEvent(new Event('blur'))")
    dialer.wait(OPEN, "Alex Morgan is calling.")
    page.evaluate("focused = true; dispatchEvent(new Event('focus'))")
    dialer.wait(OPEN, "")


def test_a_click_brings_the_call_forward(page: Page, pbx: PbxServer) -> None:
    page.add_init_script("window.focus = () => { window.brought = true; }")
    page.add_init_script(FAKE.replace("PERMISSION", "granted"))
    page.add_init_script(SWITCHED_ON)
    dialer = DialerPage(page)
    dialer.open_with_fake(pbx.url, 'placement="corner"')
    dialer.bring("incoming")
    dialer.wait(OPEN, "Alex Morgan is calling.")
    page.evaluate("notes[0].onclick()")
    assert page.evaluate("brought && dialer.open")
    dialer.wait(OPEN, "")


def test_permission_is_requested_only_by_the_switch(page: Page, pbx: PbxServer) -> None:
    dialer = opened(page, pbx, "default", on=False)
    page.evaluate("fake.call_('RINGING')")
    page.evaluate("fake.call_('HANGUP')")
    assert page.evaluate("asked") == 0
    dialer.button("Settings").click()
    switch = dialer.element.get_by_label(SWITCH)
    switch.check()
    dialer.wait("asked", 1)
    expect(switch).to_be_checked()
    page.evaluate("fake.call_('RINGING', { id: 'c9' })")
    dialer.wait(OPEN, "Alex Morgan is calling.")
    page.evaluate("fake.call_('HANGUP', { id: 'c9' })")
    switch.uncheck()
    page.evaluate("fake.call_('RINGING', { id: 'c10' })")
    assert page.evaluate("notes.length") == 1


def test_a_browser_that_blocks_them_is_told(page: Page, pbx: PbxServer) -> None:
    dialer = opened(page, pbx, "denied", on=False)
    dialer.button("Settings").click()
    switch = dialer.element.get_by_label(SWITCH)
    switch.click()
    expect(switch).not_to_be_checked()
    expect(dialer.element).to_contain_text("Your browser blocks notifications of this site.")


@pytest.mark.parametrize(
    "browser_has",
    [
        "delete window.Notification",
        "Notification = class { static permission = 'granted';"
        " constructor() { throw new TypeError('Illegal constructor.'); } }",
    ],
)
def test_without_notifications_nothing_breaks(page: Page, pbx: PbxServer, browser_has: str) -> None:
    page.add_init_script(f"{browser_has}; document.hasFocus = () => false;")
    page.add_init_script(SWITCHED_ON)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    dialer = DialerPage(page)
    dialer.open_with_fake(pbx.url)
    dialer.bring("incoming")
    expect(dialer.card("Alex Morgan")).to_be_visible()
    dialer.wait("document.title", "☎ Alex Morgan is calling.")
    assert errors == []


def test_the_title_says_who_calls(page: Page, pbx: PbxServer) -> None:
    dialer = DialerPage(page)
    dialer.open(pbx.url)
    dialer.ready()
    call = pbx.incoming()
    expect(page).to_have_title("☎ Alex Morgan is calling.")
    pbx.control(f"calls/{call}/hangup")
    expect(page).to_have_title("A shop")


def test_the_icon_is_another_one_while_a_call_rings(
    page: Page, pbx: PbxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The page's policy must allow the icon.
    monkeypatch.setattr("browser.dialer.page.STRICT", f"{STRICT}; img-src data:")
    dialer = DialerPage(page)
    own = '<link rel="icon" href="data:,"><link rel="shortcut icon" href="data:,2">'
    dialer.open_with_fake(pbx.url, 'ring-icon="data:,ringing"', head=own)
    dialer.bring("ready")
    icons = "[...document.querySelectorAll('link[rel~=icon]')].map((one) => one.href).join(' ')"
    page.evaluate("fake.call_('RINGING')")
    dialer.wait(icons, "data:,ringing")
    page.evaluate("fake.call_('HANGUP')")
    dialer.wait(icons, "data:, data:,2")


def test_a_title_that_the_page_has_changed_stays(page: Page, pbx: PbxServer) -> None:
    dialer = opened(page, pbx)
    page.evaluate("fake.call_('RINGING')")
    dialer.wait("document.title", "☎ Alex Morgan is calling.")
    page.evaluate("document.title = 'Another'")
    page.evaluate("fake.call_('HANGUP')")
    expect(dialer.card("Alex Morgan")).to_have_count(0)
    assert page.title() == "Another"
