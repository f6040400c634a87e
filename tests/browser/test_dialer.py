"""`<cti-dialer>` as a person uses it, on a page of its own, against the embedded PBX."""

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


# Logging in


def test_log_in_call_and_hang_up(dialer: DialerPage) -> None:
    dialer.log_in()
    expect(dialer.element.get_by_text("Ready", exact=True).first).to_be_visible(timeout=START)
    expect(dialer.number).to_be_focused()
    expect(dialer.element.get_by_text("Anna Bell · 1002")).to_be_visible()

    dialer.call(ALEX)
    card = dialer.card("Alex Morgan")
    expect(card).to_contain_text("Connected")
    expect(card).to_contain_text("+44 203 642 7900")
    expect(card.get_by_role("timer")).to_have_text(re.compile(r"^0:0\d$"))
    expect(card.get_by_role("button", name="Hang up")).to_be_focused()

    card.get_by_role("button", name="Hang up").click()
    expect(
        dialer.element.get_by_text("You hung up the call with Alex Morgan.").first
    ).to_be_visible()
    expect(dialer.number).to_be_focused()
    expect(dialer.number).to_have_value("")


def test_a_wrong_password_is_told_beside_the_field(dialer: DialerPage) -> None:
    dialer.log_in(password="wrong")
    password = dialer.element.get_by_label("Password")
    expect(password).to_have_accessible_description(
        "The e-mail address or the password is not right.", timeout=START
    )
    expect(password).to_be_focused()
    expect(password).to_have_attribute("aria-invalid", "true")
    dialer.log_in()
    expect(dialer.number).to_be_focused()


def test_what_is_missing_is_told_without_asking_the_server(dialer: DialerPage) -> None:
    email = dialer.element.get_by_label("E-mail")
    dialer.button("Log in").click()
    expect(email).to_have_accessible_description("Enter your e-mail address.")
    expect(email).to_be_focused()
    email.fill("anna@example.com")
    email.press("Enter")
    password = dialer.element.get_by_label("Password")
    expect(password).to_have_accessible_description("Enter your password.")
    expect(password).to_be_focused()
    expect(email).to_have_accessible_description("")


def test_log_in_with_a_second_factor(dialer: DialerPage) -> None:
    dialer.log_in("dora@example.com")
    code = dialer.element.get_by_label("Code of your second factor")
    expect(code).to_be_focused(timeout=START)
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    dialer.page.keyboard.type("000000")
    dialer.page.keyboard.press("Enter")
    expect(code).to_have_accessible_description("This code is not right. Enter the newest one.")
    dialer.page.keyboard.type("123456")
    dialer.page.keyboard.press("Enter")
    expect(dialer.number).to_be_focused()
    expect(dialer.element.get_by_text("Dora Ellis · 1004")).to_be_visible()


def test_back_from_the_second_factor_to_another_user(dialer: DialerPage) -> None:
    dialer.log_in("dora@example.com")
    expect(dialer.element.get_by_label("Code of your second factor")).to_be_focused(timeout=START)
    dialer.page.keyboard.press("Escape")
    expect(dialer.element.get_by_label("E-mail")).to_be_focused()
    expect(dialer.element.get_by_label("Password")).to_have_value("")
    dialer.log_in("ben@example.com")
    expect(dialer.element.get_by_text("Ben Cole · 1003")).to_be_visible()


def test_log_in_with_an_api_key(dialer: DialerPage) -> None:
    dialer.button("Use an API key").click()
    key = dialer.element.get_by_label("API key", exact=True)
    expect(key).to_be_focused()
    key.fill("no such key")
    key.press("Enter")
    expect(key).to_have_accessible_description("This API key is not known.", timeout=START)
    key.fill("demo-key-10003")
    key.press("Enter")
    expect(dialer.element.get_by_text("Ben Cole · 1003")).to_be_visible()


def test_the_session_outlives_the_page_and_ends_with_log_out(dialer: DialerPage) -> None:
    dialer.ready()
    dialer.page.reload()
    expect(dialer.number).to_be_visible(timeout=START)
    dialer.button("Log out").click()
    expect(dialer.element.get_by_label("E-mail")).to_be_focused()
    dialer.page.reload()
    expect(dialer.element.get_by_label("Password")).to_be_visible(timeout=START)


def test_a_session_that_expires_says_so(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.ready()
    pbx.control("expire-tokens")
    pbx.control("drop", {"forget": True})
    dialer.call(ALEX)
    expect(
        dialer.element.get_by_text("Your session has expired. Log in again.").first
    ).to_be_visible()
    expect(dialer.element.get_by_label("E-mail")).to_be_focused()


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
        ("0203642", "This is not a whole telephone number. Write it with + and its country."),
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
        ("+442079460104", "+44 207 946 0104 does not exist."),
        ("+442079460108", "Uma Reed cannot be reached."),
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
    card = dialer.card("+44 203 642 7900")
    expect(card).to_contain_text("Your phone is ringing")
    card.get_by_role("button", name="Cancel the call").press("Enter")
    expect(
        dialer.element.get_by_text("You gave up calling +44 203 642 7900.").first
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
    words = "You declined the call of Mia Karlsson."
    expect(dialer.element.get_by_text(words).first).to_be_visible()
    assert live_names(pbx) == set()


def test_several_calls_at_once(dialer: DialerPage, pbx: PbxServer) -> None:
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
        "This is neither a colleague nor a whole number or extension."
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
