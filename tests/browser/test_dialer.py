"""`<cti-dialer>` as a person calls with it, on a page of its own, against the embedded PBX."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import PbxServer
from .dialer.page import START, DialerPage

ALEX = "+442036427900"
MIA = "+442079460123"


@pytest.fixture
def dialer(page: Page, pbx: PbxServer) -> DialerPage:
    made = DialerPage(page)
    made.open(pbx.url)
    return made


def live_names(pbx: PbxServer) -> set[str]:
    legs: list[dict[str, Any]] = [leg for call in pbx.state()["calls"] for leg in call["legs"]]
    return {leg["name"] for leg in legs if leg["state"] != "terminated"}


# Calling


def test_a_number_is_dialled_with_the_keys(dialer: DialerPage) -> None:
    dialer.ready()
    for key in "10031":
        dialer.button(key).click()
    expect(dialer.number).to_have_value("10031")
    dialer.button("Delete the last digit").click()
    expect(dialer.number).to_have_value("1003")
    dialer.button("Call").click()
    expect(dialer.card("Ben Cole")).to_be_visible()


def test_a_long_press_of_0_is_a_plus(dialer: DialerPage) -> None:
    dialer.ready()
    dialer.button("0").click(delay=900)
    dialer.button("4").click()
    expect(dialer.number).to_have_value("+4")


def test_a_name_is_enough(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.ready()
    dialer.number.press_sequentially("car")
    expect(dialer.element.get_by_role("option")).to_have_text(re.compile("Carla Diaz.*1005"))
    dialer.number.press("ArrowDown")
    expect(dialer.element.get_by_role("option", selected=True)).to_contain_text("Carla Diaz")
    dialer.number.press("Enter")
    expect(dialer.card("Carla Diaz")).to_contain_text("1005")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", "Enter a name or a number."),
        ("0203642", "This number is not complete. Start with + and the country code."),
        ("1002", "This is your own number."),
    ],
)
def test_a_wrong_number_is_told_beside_the_field(
    dialer: DialerPage, number: str, words: str
) -> None:
    dialer.ready()
    dialer.call(number)
    expect(dialer.number).to_have_accessible_description(words)
    expect(dialer.number).to_be_focused()
    dialer.number.press("1")
    expect(dialer.number).to_have_accessible_description("")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+442079460101", "Blake Osei is busy."),
        ("+442079460103", "Rita Flint declined the call."),
        ("+442079460104", "The number +44 20 7946 0104 is not in service."),
        ("+442079460108", "Uma Reed is not available."),
    ],
)
def test_why_a_call_was_in_vain(dialer: DialerPage, number: str, words: str) -> None:
    dialer.ready()
    dialer.call(number)
    expect(dialer.element.get_by_text(words).first).to_be_visible()
    dialer.button("Call again").click()
    expect(dialer.element.get_by_text(words).first).to_be_visible()


def test_a_name_from_the_network_is_text(dialer: DialerPage) -> None:
    dialer.ready()
    dialer.call("+442079460109")
    hostile = '<img src=x onerror=alert(1)> & "co"'
    expect(dialer.card(hostile)).to_contain_text("Connected")
    expect(dialer.element.locator("img")).to_have_count(0)


def test_a_call_that_the_phone_has_not_taken_is_given_up(
    dialer: DialerPage, pbx: PbxServer
) -> None:
    pbx.control("phones/10002", {"pickup_after": None})
    dialer.ready()
    dialer.call(ALEX)
    card = dialer.card("+44 20 3642 7900")
    expect(card).to_contain_text("Your phone is ringing")
    card.get_by_role("button", name="Cancel call").press("Enter")
    expect(
        dialer.element.get_by_text("You cancelled the call to +44 20 3642 7900.").first
    ).to_be_visible()
    expect(dialer.number).to_be_focused()


# Being called


def test_an_incoming_call_is_answered(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.ready()
    dialer.number.fill("+44 20")
    pbx.incoming(name="Mia Karlsson")
    alert = dialer.element.get_by_role("alert")
    expect(alert).to_have_text("Mia Karlsson is calling.")
    # It takes the focus from nobody.
    expect(dialer.number).to_be_focused()
    expect(dialer.number).to_have_value("+44 20")

    card = dialer.card("Mia Karlsson")
    card.get_by_role("button", name="Answer").click()
    expect(card).to_contain_text("Connected")
    expect(alert).to_have_text("")
    expect(dialer.element.get_by_role("status")).to_have_text("Connected with Mia Karlsson.")
    expect(card.get_by_role("button", name="Hang up")).to_be_focused()


def test_an_incoming_call_is_declined(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.ready()
    pbx.incoming(name="Mia Karlsson")
    dialer.button("Decline").click()
    words = "You declined the call from Mia Karlsson."
    expect(dialer.element.get_by_text(words).first).to_be_visible()
    assert live_names(pbx) == set()


def test_several_calls_at_once(dialer: DialerPage, pbx: PbxServer) -> None:
    pbx.control("phones/10002", {"lines": 3})
    dialer.ready()
    dialer.call(ALEX)
    alex = dialer.card("Alex Morgan")
    expect(alex).to_contain_text("Connected")
    [call] = pbx.state()["calls"]
    pbx.control(f"calls/{call['id']}/hold")
    expect(alex).to_contain_text("On hold")
    pbx.incoming(name="Mia Karlsson")
    mia = dialer.card("Mia Karlsson")
    mia.get_by_role("button", name="Answer").click()
    expect(mia).to_contain_text("Connected")
    expect(alex).to_contain_text("On hold")

    dialer.button("New call").click()
    expect(dialer.number).to_be_focused()
    dialer.call("1005")
    expect(dialer.card("Carla Diaz")).to_contain_text("Connected")
    expect(dialer.element.get_by_role("group")).to_have_count(3)

    mia.get_by_role("button", name="Hang up").click()
    expect(mia).to_have_count(0)
    expect(dialer.card("Carla Diaz").get_by_role("button", name="Hang up")).to_be_focused()
    assert live_names(pbx) == {"Anna Bell", "Alex Morgan", "Carla Diaz"}


# Passing on


def test_a_call_is_transferred_to_a_colleague(dialer: DialerPage, pbx: PbxServer) -> None:
    pbx.control("phones/10005", {"answer_after": None})
    dialer.ready()
    dialer.call(ALEX)
    card = dialer.card("Alex Morgan")
    transfer = card.get_by_role("button", name="Transfer", exact=True)
    transfer.click()
    field = card.get_by_role("combobox", name="Transfer to")
    expect(field).to_be_focused()
    options = card.get_by_role("option")
    expect(options).to_contain_text(
        ["Ben Cole", "Carla Diaz", "Dora Ellis", "Emil Fox", "Fay Green", "Gus Hart"]
    )
    field.press("Escape")
    expect(transfer).to_be_focused()

    transfer.click()
    field.press_sequentially("dia")
    expect(options).to_have_count(1)
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("Carla Diaz · 1005")
    field.press("Enter")
    words = "You transferred the call with Alex Morgan."
    expect(dialer.element.get_by_text(words).first).to_be_visible()
    expect(dialer.number).to_be_focused()
    assert live_names(pbx) == {"Alex Morgan", "Carla Diaz"}


def test_a_call_is_transferred_to_any_number(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.ready()
    dialer.call(ALEX)
    card = dialer.card("Alex Morgan")
    card.get_by_role("button", name="Transfer", exact=True).click()
    field = card.get_by_role("combobox", name="Transfer to")
    field.fill("12")
    card.get_by_role("button", name="Transfer now").click()
    field.fill("nobody")
    card.get_by_role("button", name="Transfer now").click()
    expect(field).to_have_accessible_description(
        "Choose a colleague, or enter a complete number or an extension."
    )
    field.fill(MIA)
    card.get_by_role("button", name="Transfer now").click()
    words = "You transferred the call with Alex Morgan."
    expect(dialer.element.get_by_text(words).first).to_be_visible()


# What was


def test_recent_calls_call_again_and_are_forgotten_at_log_out(
    dialer: DialerPage, pbx: PbxServer
) -> None:
    dialer.ready()
    dialer.call(ALEX)
    dialer.card("Alex Morgan").get_by_role("button", name="Hang up").click()
    pbx.incoming(name="Mia Karlsson")
    dialer.button("Decline").click()
    dialer.element.get_by_role("tab", name="Recent").click()
    rows = dialer.element.get_by_role("list", name="Recent calls").get_by_role("button")
    expect(rows).to_contain_text(["Mia Karlsson", "Alex Morgan"])

    dialer.page.reload()
    dialer.element.get_by_role("tab", name="Recent").click(timeout=START)
    expect(rows).to_contain_text(["Mia Karlsson", "Alex Morgan"])
    rows.last.click()
    expect(dialer.card("Alex Morgan")).to_be_visible()

    dialer.button("Log out").click()
    expect(dialer.element.get_by_label("E-mail")).to_be_visible()
    assert dialer.page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})") == "{}"
