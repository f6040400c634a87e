"""Call control in `<cti-dialer>`: hold, keypad, transfer after asking, two calls, park."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import PbxServer
from .dialer.page import DialerPage

ALEX = "Alex Morgan"


@pytest.fixture
def faked(page: Page, pbx: PbxServer) -> DialerPage:
    made = DialerPage(page)
    made.open_with_fake(pbx.url)
    return made


def asked(dialer: DialerPage) -> list[list[Any]]:
    """The commands that the dialer has given, without its requests."""
    calls: list[list[Any]] = dialer.page.evaluate("fake.asked")
    return [call for call in calls if call[0] not in ("apiRequest", "history")]


def finish(dialer: DialerPage, name: str, outcome: object) -> None:
    """Let the next commands of that name end."""
    dialer.page.evaluate("([name, outcome]) => { fake.outcomes[name] = outcome; }", [name, outcome])


def press(place: Locator, name: str) -> None:
    place.get_by_role("button", name=name, exact=True).click()


def talk(dialer: DialerPage, pbx: PbxServer) -> Locator:
    """Somebody calls, and is answered; returns the card."""
    pbx.incoming()
    card = dialer.card(ALEX)
    press(card, "Answer")
    expect(card).to_contain_text("Connected")
    return card


def hears(pbx: PbxServer, number: str) -> list[str]:
    live = [leg for call in pbx.state()["calls"] for leg in call["legs"]]
    (leg,) = (leg for leg in live if leg["number"] == number and leg["state"] != "terminated")
    heard: list[str] = leg["hears"]
    return heard


# Against the PBX


def test_a_call_is_held_asked_about_and_transferred(page: Page, pbx: PbxServer) -> None:
    dialer = DialerPage(page)
    dialer.open(pbx.url)
    dialer.ready()
    card = talk(dialer, pbx)
    press(card, "Hold")
    expect(card).to_contain_text("On hold")
    assert hears(pbx, "+442036427900") == []
    press(card, "Resume")
    expect(card).to_contain_text("Connected")
    press(card, "Keypad")
    for key in "42#":
        press(card, "Hash" if key == "#" else key)
    expect(card.locator(".tones-digits")).to_have_text("42#")
    press(card, "Transfer")
    card.get_by_role("combobox").fill("1005")
    press(card, "Ask first")
    second = dialer.card("Carla Diaz")
    expect(second).to_contain_text("Connected")
    expect(card).to_contain_text("On hold")
    dialer.button("Swap").click()
    expect(second).to_contain_text("On hold")
    expect(card).to_contain_text("Connected")
    dialer.button("Complete transfer").click()
    expect(dialer.element.locator(".call")).to_have_count(0)
    assert hears(pbx, "1005") == ["+442036427900"]


def test_back_to_the_caller_from_who_was_asked(page: Page, pbx: PbxServer) -> None:
    dialer = DialerPage(page)
    dialer.open(pbx.url)
    dialer.ready()
    card = talk(dialer, pbx)
    press(card, "Transfer")
    card.get_by_role("combobox").fill("1005")
    press(card, "Ask first")
    expect(dialer.card("Carla Diaz")).to_contain_text("Connected")
    dialer.button("Back to caller").click()
    expect(dialer.element.locator(".call")).to_have_count(1)
    expect(card).to_contain_text("Connected")
    assert hears(pbx, "+442036427900") == ["1002"]


def test_a_call_is_parked_and_fetched(page: Page, pbx: PbxServer) -> None:
    dialer = DialerPage(page)
    dialer.open(pbx.url)
    dialer.ready()
    card = talk(dialer, pbx)
    press(card, "Park")
    expect(dialer.element).to_contain_text("The call with Alex Morgan is parked at ")
    expect(dialer.element.locator(".call")).to_have_count(0)
    dialer.button("Fetch the call").click()
    expect(dialer.element.locator(".call")).to_contain_text("Connected")
    expect(dialer.element.locator(".parked")).to_be_hidden()


# With a connector that stands still


def test_only_what_the_server_offers_is_shown(faked: DialerPage) -> None:
    faked.page.evaluate("fake.features = new Set(['answer', 'terminate', 'transfer'])")
    faked.bring("connected")
    card = faked.card(ALEX)
    buttons = card.get_by_role("button")
    expect(buttons).to_have_text(["Hang up", "Transfer"])
    press(card, "Transfer")
    expect(card.get_by_role("button", name="Ask first")).to_have_count(0)
    expect(card.get_by_role("button", name="Transfer now")).to_have_count(1)


def test_without_transfers_the_form_only_asks(faked: DialerPage) -> None:
    faked.page.evaluate("fake.features = new Set(['answer', 'terminate', 'hold', 'consult'])")
    faked.bring("connected")
    card = faked.card(ALEX)
    press(card, "Transfer")
    expect(card.get_by_role("button", name="Transfer now")).to_have_count(0)
    card.get_by_role("combobox").fill("1005")
    card.get_by_role("combobox").press("Enter")
    assert asked(faked) == [["consult", "c1", "1005"]]


def test_what_the_state_does_not_allow_is_told_on_the_card(faked: DialerPage) -> None:
    faked.bring("connected")
    finish(faked, "hold", {"name": "INFO", "code": "NOT_ALLOWED", "message": "no"})
    press(faked.card(ALEX), "Hold")
    expect(faked.card(ALEX)).to_contain_text("Not possible right now.")


def test_keys_pressed_while_one_is_sent_are_sent_together_and_in_order(faked: DialerPage) -> None:
    faked.bring("connected")
    card = faked.card(ALEX)
    press(card, "Keypad")
    faked.page.evaluate(
        """() => {
          fake.sendDigits = (...args) => {
            fake.asked.push(["sendDigits", ...args]);
            return new Promise((resolve) => { fake.sent = () => resolve(null); });
          };
        }"""
    )
    for key in "123":
        press(card, key)
    assert asked(faked) == [["sendDigits", "c1", "1"]]
    faked.page.evaluate("fake.sent()")
    faked.wait("fake.asked.at(-1)[2]", "23")
    expect(card.locator(".tones-digits")).to_have_text("123")


def test_the_keys_of_a_call_work_from_the_keyboard(faked: DialerPage) -> None:
    faked.bring("connected")
    finish(faked, "sendDigits", None)
    card = faked.card(ALEX)
    card.get_by_role("button", name="Keypad", exact=True).press("Enter")
    card.get_by_role("button", name="1", exact=True).focus()
    faked.page.keyboard.press("ArrowRight")
    faked.page.keyboard.press("Enter")
    faked.page.keyboard.type("9")
    expect(card.locator(".tones-digits")).to_have_text("29")


def test_while_somebody_asked_still_rings_there_is_only_the_way_back(faked: DialerPage) -> None:
    faked.bring("asking")
    pair = faked.element.get_by_role("group", name="Two calls")
    expect(pair.get_by_role("button")).to_have_text(["Back to caller"])
    finish(faked, "terminate", {"name": "CANCEL"})
    press(pair, "Back to caller")
    # The server itself resumes the first call.
    assert asked(faked) == [["terminate", "r1"]]


def test_the_way_back_resumes_the_caller_where_somebody_has_answered(faked: DialerPage) -> None:
    faked.bring("asked")
    finish(faked, "terminate", {"name": "HANGUP"})
    finish(faked, "resume", {"name": "CONNECTED"})
    faked.button("Back to caller").click()
    faked.wait("fake.asked.at(-1).join()", "resume,c1")


def test_two_callers_can_be_connected_but_there_is_no_way_back(faked: DialerPage) -> None:
    faked.bring("ready")
    for call_id, status in (("c1", "ON_HOLD"), ("c2", "CONNECTED")):
        faked.page.evaluate(
            "([id, status]) => fake.call_(status, { id, answerTime: 1 })", [call_id, status]
        )
    pair = faked.element.get_by_role("group", name="Two calls")
    expect(pair.get_by_role("button")).to_have_text(["Complete transfer", "Swap"])
    press(pair, "Swap")
    assert asked(faked) == [["alternate", "c1"]]


def test_whoever_was_asked_in_vain_is_told_beside_the_caller(faked: DialerPage) -> None:
    faked.bring("asked in vain")
    expect(faked.element).to_contain_text("Carla Diaz is busy.")
    expect(faked.card(ALEX)).to_be_visible()
