"""`<cti-dialer>` without a pointer: every function from the login to the logout."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import PbxServer
from .dialer.page import START, DialerPage

pytestmark = pytest.mark.differs("focus")

ALEX = "+442036427900"


def test_with_the_keyboard_alone(page: Page, pbx: PbxServer) -> None:
    dialer = DialerPage(page)
    dialer.open(pbx.url)
    keyboard = dialer.page.keyboard

    def tab_to(name: str) -> None:
        focused = dialer.element.locator(":focus")
        for _ in range(20):
            keyboard.press("Tab")
            if focused.count() and focused.get_attribute("class") and name in reads(focused):
                return
        raise AssertionError(f"Tab does not reach {name}")

    expect(dialer.element.get_by_label("E-mail")).to_be_visible(timeout=START)
    tab_to("E-mail")
    keyboard.type("anna@example.com")
    keyboard.press("Tab")
    keyboard.type("demo")
    keyboard.press("Enter")
    expect(dialer.number).to_be_focused(timeout=START)

    tab_to("Keypad")
    tab_to("1")
    for key in ("ArrowRight", "ArrowDown"):
        keyboard.press(key)
    expect(dialer.button("5")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("ArrowUp")
    keyboard.press("Space")
    keyboard.type("9")
    expect(dialer.number).to_have_value("529")
    keyboard.press("Shift+Tab")
    keyboard.press("ArrowRight")
    expect(dialer.element.get_by_role("tab", name="People")).to_be_focused()
    keyboard.press("ArrowRight")
    expect(dialer.element.get_by_role("tab", name="Recent")).to_be_focused()
    expect(dialer.element.get_by_text("Your calls will be listed here.")).to_be_visible()

    for _ in range(3):
        keyboard.press("Shift+Tab")
    expect(dialer.number).to_be_focused()
    keyboard.press("Control+A")
    keyboard.type(ALEX)
    keyboard.press("Enter")
    card = dialer.card("Alex Morgan")
    expect(card).to_contain_text("Connected")
    tab_to("Transfer")
    keyboard.press("Enter")
    keyboard.type("ben")
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    keyboard.press("Escape")
    expect(card.get_by_role("button", name="Transfer", exact=True)).to_be_focused()
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(card).to_contain_text("On hold")
    expect(card.get_by_role("button", name="Resume", exact=True)).to_be_focused()
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(dialer.number).to_be_focused()

    pbx.incoming(name="Mia Karlsson")
    expect(dialer.card("Mia Karlsson")).to_be_visible()
    for _ in range(3):
        keyboard.press("Shift+Tab")
    tab_to("Answer")
    keyboard.press("Enter")
    expect(dialer.card("Mia Karlsson")).to_contain_text("Connected")
    keyboard.press("Enter")
    expect(dialer.number).to_be_focused()
    tab_to("Log out")
    keyboard.press("Enter")
    expect(dialer.element.get_by_label("E-mail")).to_be_focused()


def reads(focused: Locator) -> str:
    """What a screen reader says first of the element with the focus."""
    return str(
        focused.evaluate(
            "(one) => one.ariaLabel || one.labels?.[0]?.textContent || one.textContent"
        )
    )
