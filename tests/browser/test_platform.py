"""Cti.Platform, the reference page, as a person uses it: by what is seen and read out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from .conftest import PbxServer
from .looks import take_picture, wear

SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
HOSTILE = '<img src=x onerror=alert(1)> & "co"'
STRICT = (
    "default-src 'self'; style-src 'self'; script-src 'self'; worker-src 'self'; "
    "connect-src 'self' ws: wss:"
)
ALEX = "+442036427900"
CAUSES = {
    "+442079460101": "Blake Osei is busy.",
    "+442079460103": "Rita Flint declined the call.",
    "+442079460104": "The number +44 20 7946 0104 is not in service.",
    "+442079460108": "Uma Reed is not available.",
    "+449098790001": "Could not call +44 909 879 0001: Calls to +449098790001 are not allowed.",
}
# The first start of Python in a fresh browser profile takes seconds on a busy machine.
START = 30_000


@pytest.fixture(autouse=True)
def opened(page: Page, pbx: PbxServer) -> None:
    """Every test runs under a strict policy; what breaks it is an error in the console."""
    page.route(re.compile(rf"^{re.escape(pbx.url)}/(\?.*)?$"), with_strict_policy)
    page.goto(pbx.url)
    expect(heading(page, "The outside world")).to_be_visible()


def with_strict_policy(route: Route) -> None:
    response = route.fetch()
    headers = {**response.headers, "content-security-policy": STRICT}
    route.fulfill(response=response, headers=headers)


# What a person sees


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, exact=True)


def press(page: Page | Locator, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def number_field(page: Page) -> Locator:
    return page.get_by_label("Number or extension")


def card(page: Page, name: str) -> Locator:
    """The card of the user's own call with ``name``."""
    return page.get_by_role("article", name=name)


def current_steps(page: Page) -> Locator:
    return page.get_by_role("list", name="Where you are").locator("[aria-current=step]")


def log_in(page: Page, who: str = "Anna") -> None:
    press(page, f"Log in as {who}").click()
    expect(number_field(page)).to_be_focused(timeout=START)


def call(page: Page, number: str) -> None:
    number_field(page).fill(number)
    number_field(page).press("Enter")


def take_pictures(page: Page, step: str) -> None:
    """Save this moment in light and dark, wide and narrow."""
    before = page.viewport_size
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            wear(page, scheme)
            expect(page.locator(f"html[data-bs-theme={scheme}]")).to_be_attached()
            take_picture(page, f"{step}-{size}-{scheme}", full_page=True)
    if before:
        page.set_viewport_size(before)


FIELDS_WITHOUT_LABEL = """
    [...document.querySelectorAll("input, select")]
        .filter((field) => !field.labels.length).map((field) => field.id)
"""
SMALL_TARGETS = """
    [...document.querySelectorAll("button, input, select, summary")]
        .map((target) => [target.id || target.textContent, target.getBoundingClientRect()])
        .filter(([, { width, height }]) => width > 2 && Math.min(width, height) < 24)
        .map(([name]) => name)
"""


# The five steps


def test_the_five_steps_as_a_person_walks_them(page: Page, pbx: PbxServer) -> None:
    pbx.control("phones/10002", {"pickup_after": None})

    expect(current_steps(page)).to_have_text(["Log in"])
    expect(page).to_have_title("Log in – Cti.Platform")
    take_pictures(page, "1-log-in")

    log_in(page)
    expect(current_steps(page)).to_have_text(["Ready"])
    expect(page).to_have_title("Ready – Cti.Platform")
    expect(page.get_by_role("banner")).to_contain_text("Anna Bell · 1002")
    take_pictures(page, "2-ready")

    call(page, ALEX)
    expect(card(page, "+44 20 3642 7900")).to_contain_text("Your phone is ringing")
    expect(card(page, "+44 20 3642 7900")).to_contain_text("Pick up your phone")
    expect(current_steps(page)).to_have_text(["Calling"])
    press(page, "Pick up: Anna Bell").scroll_into_view_if_needed()
    take_pictures(page, "3-outbound")

    press(page, "Pick up: Anna Bell").click()
    expect(card(page, "Alex Morgan")).to_contain_text("Connected")
    expect(current_steps(page)).to_have_text(["Connected"])
    expect(page).to_have_title("On a call with Alex Morgan – Cti.Platform")
    press(card(page, "Alex Morgan"), "Hang up").click()
    expect(page.get_by_text("You ended the call with Alex Morgan.").first).to_be_visible()

    press(page, "Make the call").click()
    expect(card(page, "Mia Karlsson")).to_contain_text("+44 20 7946 0123")
    expect(current_steps(page)).to_have_text(["Incoming"])
    expect(page).to_have_title("● Mia Karlsson is calling – Cti.Platform")
    take_pictures(page, "4-inbound")

    press(page, "Answer").click()
    expect(card(page, "Mia Karlsson")).to_contain_text("Connected")
    press(page, "Transfer").click()
    expect(card(page, "Mia Karlsson").get_by_role("timer")).to_have_text(re.compile(r"^0:0\d$"))
    take_pictures(page, "5-connected")

    press(page, "Hang up: Mia Karlsson").click()
    expect(page.get_by_text("Mia Karlsson ended the call.").first).to_be_visible()
    expect(current_steps(page)).to_have_text(["Ready"])


def test_the_cause_of_a_failed_call_stays_in_plain_words(page: Page) -> None:
    log_in(page)
    for number, outcome in CAUSES.items():
        call(page, number)
        expect(page.get_by_text(outcome).first).to_be_visible()
        expect(current_steps(page)).to_have_text(["Ready"])


def test_an_incoming_call_is_announced_and_takes_the_focus_from_nobody(
    page: Page, pbx: PbxServer
) -> None:
    log_in(page)
    number_field(page).fill("+44 20")
    pbx.control("incoming", {"to": "10002", "from": ALEX})
    alert = page.get_by_role("alert").filter(has_text="Alex Morgan is calling.")
    expect(alert).to_be_attached()
    expect(press(page, "Answer")).to_be_visible()
    expect(number_field(page)).to_be_focused()
    expect(number_field(page)).to_have_value("+44 20")


def test_several_calls_have_a_card_each_and_hold_is_shown(page: Page, pbx: PbxServer) -> None:
    log_in(page)
    call(page, ALEX)
    expect(card(page, "Alex Morgan")).to_contain_text("Connected")
    press(page, "Hold: Anna Bell").click()
    expect(card(page, "Alex Morgan")).to_contain_text("On hold")
    pbx.control("incoming", {"to": "10002", "from": "+442079460123", "name": "Mia Karlsson"})
    press(page, "Answer").focus()
    press(page, "Answer").press("Enter")
    expect(card(page, "Mia Karlsson")).to_contain_text("Connected")
    expect(press(card(page, "Mia Karlsson"), "Hang up")).to_be_focused()
    expect(card(page, "Alex Morgan")).to_contain_text("On hold")


def test_a_call_is_transferred_to_a_listed_colleague(page: Page, pbx: PbxServer) -> None:
    pbx.control("phones/10005", {"answer_after": None})
    log_in(page)
    call(page, ALEX)

    press(page, "Transfer").click()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Transfer to")).to_be_hidden()
    expect(press(page, "Transfer")).to_be_focused()

    press(page, "Transfer").click()
    page.get_by_label("Colleague", exact=True).select_option(label="Carla Diaz · 1005")
    expect(page.get_by_label("Transfer to")).to_have_value("1005")
    press(page, "Transfer now").click()
    expect(page.get_by_text("You transferred the call with Alex Morgan.").first).to_be_visible()
    expect(number_field(page)).to_be_focused()
    assert {leg["name"] for leg in live_legs(pbx)} == {"Alex Morgan", "Carla Diaz"}


def test_a_transferred_caller_waits_until_the_colleague_picks_up(
    page: Page, pbx: PbxServer
) -> None:
    pbx.control("phones/10005", {"answer_after": None, "ring_time": 600})
    log_in(page)
    call(page, ALEX)
    press(page, "Transfer").click()
    page.get_by_label("Transfer to").fill("1005")
    press(page, "Transfer now").click()
    others = page.locator("#other-legs")
    expect(others).to_contain_text("Waiting for Carla Diaz")
    expect(others).to_contain_text("Ringing: Alex Morgan is calling")
    expect(others).not_to_contain_text("Talking")
    press(page, "Pick up: Carla Diaz").click()
    expect(others).to_contain_text("Talking to Carla Diaz")
    expect(others).to_contain_text("Talking to Alex Morgan")


def live_legs(pbx: PbxServer) -> list[dict[str, Any]]:
    legs = [leg for call in pbx.state()["calls"] for leg in call["legs"]]
    return [leg for leg in legs if leg["state"] != "terminated"]


# Logging in


def test_log_in_with_an_api_key_and_see_its_events(page: Page) -> None:
    page.get_by_text("By API key", exact=True).click()
    page.get_by_role("textbox", name="API key").fill("demo-key-10003")
    page.keyboard.press("Enter")
    expect(page.get_by_role("banner")).to_contain_text("Ben Cole · 1003", timeout=START)

    events = page.get_by_role("region", name="Live events")
    expect(events.locator("summary")).to_contain_text(["READY", "SUBSCRIBED", "LOGGED_IN"])
    events.locator("summary").first.click()
    expect(events.get_by_text('"name": "READY"')).to_be_visible()
    press(events, "Clear").click()
    expect(events.locator("summary")).to_have_count(0)


def test_log_in_with_a_second_factor(page: Page) -> None:
    press(page, "Log in as Dora (code 123456)").click()
    code = page.get_by_label("Verification code")
    expect(code).to_be_focused(timeout=START)
    page.keyboard.type("123456")
    page.keyboard.press("Enter")
    expect(page.get_by_role("banner")).to_contain_text("Dora Ellis · 1004")
    expect(number_field(page)).to_be_focused()


def test_a_session_outlives_the_page_and_ends_with_log_out(page: Page) -> None:
    log_in(page)
    page.reload()
    expect(page.get_by_role("banner")).to_contain_text("Anna Bell", timeout=START)
    expect(page.get_by_label("Password", exact=True)).to_be_hidden()
    press(page, "Log out").click()
    expect(page.get_by_label("E-mail", exact=True)).to_be_focused()
    page.reload()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()


def test_with_the_keyboard_alone(page: Page) -> None:
    page.get_by_label("E-mail", exact=True).focus()
    page.keyboard.type("ben@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("demo")
    page.keyboard.press("Enter")
    expect(number_field(page)).to_be_focused(timeout=START)
    page.keyboard.type(ALEX)
    page.keyboard.press("Enter")
    expect(card(page, "Alex Morgan")).to_contain_text("Connected")
    for name in ("Call", "Hang up"):
        page.keyboard.press("Tab")
        expect(press(page, name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You ended the call with Alex Morgan.").first).to_be_visible()
    expect(number_field(page)).to_be_focused()


def test_the_line_at_the_top_logs_in_and_says_so_at_once(page: Page, pbx: PbxServer) -> None:
    # The server does not answer while the test looks.
    pbx.control("faults", {"path": "/login", "delay": 600.0})
    line = page.get_by_role("region", name="Try it")
    press(line, "Log in as Ben").click()
    expect(line.get_by_role("status")).to_have_text("Logging in as Ben…")
    expect(press(line, "Log in as Anna")).to_have_attribute("aria-disabled", "true")


def test_the_line_at_the_top_says_nothing_more_when_the_login_is_done(page: Page) -> None:
    log_in(page, "Ben")
    line = page.get_by_role("region", name="Try it")
    expect(press(line, "Let Alex Morgan call")).to_be_enabled()
    # It is hidden while it is empty.
    expect(line.locator("[role=status]")).to_have_text("")


def test_a_login_chip_logs_in(page: Page) -> None:
    press(page, "Log in with Anna’s API key").click()
    expect(page.get_by_role("banner")).to_contain_text("Anna Bell · 1002", timeout=START)


# What goes wrong


def test_an_expired_session_is_shown_at_once(page: Page) -> None:
    press(page, "Expire the session").click()
    expect(page.get_by_text("Log in first: there is no session yet.")).to_be_visible()
    log_in(page)
    press(page, "Expire the session").click()
    expect(page.get_by_role("alert").filter(has_text="Your session has expired.")).to_be_visible()
    expect(press(page, "Log in")).to_be_visible()


def test_an_error_is_an_alert_with_a_hint_that_can_be_dismissed(page: Page) -> None:
    log_in(page)
    call(page, "0123456")
    alert = page.get_by_role("alert").filter(has_text="“0123456” is not a complete phone number.")
    expect(alert).to_contain_text("Start with + and the country code")
    press(page, "Dismiss").click()
    expect(alert).to_have_count(0)


def test_a_lost_connection_is_shown_until_it_is_back(page: Page, pbx: PbxServer) -> None:
    log_in(page)
    pbx.control("sip", {"refuse": True})
    pbx.control("drop")
    state = page.get_by_role("banner").get_by_role("status")
    expect(state).to_have_text("Reconnecting…")
    pbx.control("sip", {"refuse": False})
    expect(state).to_have_text("Ready", timeout=20_000)
    expect(press(page, "Dismiss")).to_have_count(0)


def test_a_hostile_name_is_text_everywhere(page: Page, pbx: PbxServer) -> None:
    log_in(page)
    pbx.control("incoming", {"to": "10002", "from": "+442079460109", "name": HOSTILE})
    expect(card(page, HOSTILE)).to_be_visible()
    expect(page).to_have_title(f"● {HOSTILE} is calling – Cti.Platform")
    expect(page.get_by_role("region", name="Live events")).to_contain_text(HOSTILE)
    expect(page.locator("img[src=x]")).to_have_count(0)


# The rest of the page


def test_nodes_are_followed_and_left(page: Page, pbx: PbxServer) -> None:
    log_in(page)
    press(page, "Follow Sales (queue:77)").click()
    followed = page.get_by_role("list", name="Followed")
    expect(followed.get_by_role("listitem")).to_have_count(2)
    expect(followed).to_contain_text("queue:77@pbx.example")

    pbx.control("incoming", {"to": "queue:77", "from": ALEX})
    theirs = page.get_by_role("list", name="Their calls")
    expect(theirs.get_by_role("listitem")).to_contain_text(["Alex Morgan → Sales"])
    # Anna is a member: the same caller rings at her own phone, as one call of her own.
    expect(page.get_by_role("article")).to_have_count(1)

    press(page, "Stop following queue:77").click()
    expect(followed.get_by_role("listitem")).to_have_count(1)
    expect(theirs).to_be_hidden()


def test_a_number_in_a_text_calls(page: Page) -> None:
    log_in(page)
    page.get_by_role("link", name="020 3642 7900").click()
    expect(card(page, "Alex Morgan")).to_contain_text("Connected")


def test_without_the_embedded_pbx_the_panel_stays_away(page: Page, pbx: PbxServer) -> None:
    service = f"{pbx.url}/v1.2/voipstudio"
    page.goto(f"{pbx.url}/?api={service}")
    expect(page.get_by_text(f"Your data is sent to {service}")).to_be_visible()
    page.get_by_label("E-mail", exact=True).fill("anna@example.com")
    page.get_by_label("Password", exact=True).fill("demo")
    press(page, "Log in").click()
    expect(number_field(page)).to_be_focused(timeout=START)
    expect(heading(page, "The outside world")).to_be_hidden()


def test_decline_is_before_answer(page: Page, pbx: PbxServer) -> None:
    """As on the dialer, and on the desk phone."""
    pbx.control("phones/10002", {"pickup_after": None, "ring_time": 600})
    log_in(page)
    press(page, "Make the call").click()
    buttons = card(page, "Mia Karlsson").get_by_role("button")
    expect(buttons).to_have_text(["Decline", "Answer"])
    expect(page.locator("#my-legs").get_by_role("button")).to_have_text(["Decline", "Pick up"])


def test_on_a_telephone_a_call_is_made_and_answered_from_anywhere(
    page: Page, pbx: PbxServer
) -> None:
    pbx.control("phones/10002", {"ring_time": 600})
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["narrow"], strict=True)))
    log_in(page)
    heading(page, "Live events").scroll_into_view_if_needed()
    expect(press(page, "Let Alex Morgan call")).to_be_in_viewport(ratio=1)
    press(page, "Let Alex Morgan call").click()
    for name in ("Decline", "Answer"):
        expect(press(page, name)).to_be_in_viewport(ratio=1)
    press(page, "Answer").click()
    expect(card(page, "Alex Morgan")).to_contain_text("Connected")


def test_numbers_are_grouped_in_one_way(page: Page) -> None:
    """By country where its numbers have one shape, else by length."""
    numbers = {
        "+442079460123": "+44 20 7946 0123",
        "+441214960123": "+44 121 496 0123",
        "+447700900121": "+44 7700 900121",
        "+441632960123": "+44 1632 960123",
        "+12025550123": "+1 202 555 0123",
        "+33123456789": "+33 1 23 45 67 89",
        "+34911234567": "+34 911 234 567",
        "+4930123456": "+49 3012 3456",
        "+498912345678": "+49 891 234 5678",
        "1005": "1005",
        "anonymous": "anonymous",
    }
    script = "async (all) => { const { grouped } = await import('/common/grouped.js');"
    assert page.evaluate(f"{script} return all.map(grouped); }}", list(numbers)) == list(
        numbers.values()
    )


def test_at_360_pixels_everything_fits_and_can_be_hit(page: Page, pbx: PbxServer) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    expect_to_fit(page)
    log_in(page)
    expect_to_fit(page)
    press(page, "Follow Sales (queue:77)").click()
    expect(press(page, "Stop following queue:77")).to_be_visible()
    pbx.control("incoming", {"to": "queue:77", "from": ALEX, "name": "Wolfeschlegel" * 8})
    press(page, "Answer").click()
    press(page, "Transfer").click()
    expect(page.get_by_label("Transfer to")).to_be_visible()
    page.get_by_text("Numbers to try").click()
    expect_to_fit(page)
    assert page.evaluate(FIELDS_WITHOUT_LABEL) == []
    # The switch is small, its label is not, and both can be clicked.
    assert page.evaluate(SMALL_TARGETS) in ([], ["pickup"])


def expect_to_fit(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360, f"the page is {width} pixels wide"
