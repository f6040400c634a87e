"""Logging in and out of `<cti-dialer>`, against the embedded PBX."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import PbxServer
from .dialer.page import START, DialerPage

ALEX = "+442036427900"


@pytest.fixture
def dialer(page: Page, pbx: PbxServer) -> DialerPage:
    made = DialerPage(page)
    made.open(pbx.url)
    return made


def test_log_in_call_and_hang_up(dialer: DialerPage) -> None:
    dialer.log_in()
    expect(dialer.element.get_by_text("Ready", exact=True).first).to_be_visible(timeout=START)
    expect(dialer.number).to_be_focused()
    expect(dialer.element.get_by_text("Anna Bell · 1002")).to_be_visible()

    dialer.call(ALEX)
    card = dialer.card("Alex Morgan")
    expect(card).to_contain_text("Connected")
    expect(card).to_contain_text("+44 20 3642 7900")
    expect(card.get_by_role("timer")).to_have_text(re.compile(r"^0:0\d$"))
    expect(card.get_by_role("button", name="Hang up")).to_be_focused()

    card.get_by_role("button", name="Hang up").click()
    expect(dialer.element.get_by_text("You ended the call with Alex Morgan.").first).to_be_visible()
    expect(dialer.number).to_be_focused()
    expect(dialer.number).to_have_value("")


def test_a_wrong_password_is_told_beside_the_field(dialer: DialerPage) -> None:
    dialer.log_in(password="wrong")
    password = dialer.element.get_by_label("Password")
    expect(password).to_have_accessible_description("Wrong e-mail or password.", timeout=START)
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
    code = dialer.element.get_by_label("Verification code")
    expect(code).to_be_focused(timeout=START)
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    dialer.page.keyboard.type("000000")
    dialer.page.keyboard.press("Enter")
    expect(code).to_have_accessible_description("Wrong code. Enter the latest one.")
    dialer.page.keyboard.type("123456")
    dialer.page.keyboard.press("Enter")
    expect(dialer.number).to_be_focused()
    expect(dialer.element.get_by_text("Dora Ellis · 1004")).to_be_visible()


def test_back_from_the_second_factor_to_another_user(dialer: DialerPage) -> None:
    dialer.log_in("dora@example.com")
    expect(dialer.element.get_by_label("Verification code")).to_be_focused(timeout=START)
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
    expect(key).to_have_accessible_description("Wrong API key.", timeout=START)
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
    dialer.call(ALEX)
    expect(
        dialer.element.get_by_text("Your session has expired. Log in again.").first
    ).to_be_visible()
    expect(dialer.element.get_by_label("E-mail")).to_be_focused()
