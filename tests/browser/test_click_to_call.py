"""Click-to-call with the real connector, from one attribute or one method call."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import PbxServer
from .cti_page import CtiPage

SHOP = """
<main>
  <a href="tel:+44-203-642-7900;ext=12">Call us</a>
  <a href="callto:+442079460101">Busy line</a>
  <a href="sip:1005@pbx.example">Carla</a>
  <span data-cti-number="+44 20 7946 0106">Hugo</span>
  <a href="tel:Sales:+44 (0)203 642 7900">With a label and a zero</a>
  <p data-cti-country="GB"><a href="tel:(0)20 3642 7900 ext. 5">At home</a></p>
  <a href="tel:*1212%23">A service code</a>
</main>
"""

ATTRIBUTE_ONLY = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>A shop</title><link rel="icon" href="data:,">
<body><a href="tel:+442036427900">Call us</a></body>
<script src="/dist/cti-connector.js" data-click-to-call data-load="eager"
  data-api-endpoint="/v1.2/voipstudio"></script>
"""


@pytest.fixture
def shop(new_page: Callable[[], Page], pbx: PbxServer) -> CtiPage:
    cti = CtiPage(new_page(), pbx.url, {}, SHOP)
    cti.evaluate("() => { window.clickToCall = connector.clickToCall(); }")
    return cti


@pytest.mark.parametrize(
    ("name", "number", "by_key"),
    [
        ("Call us", "+442036427900", False),
        ("Call us", "+442036427900", True),
        ("Carla", "1005", False),
        ("Hugo", "+442079460106", True),
        ("With a label and a zero", "+442036427900", False),
        ("At home", "+442036427900", False),
    ],
)
def test_a_number_can_be_called_by_click_and_enter_and_shows_the_state(
    shop: CtiPage, name: str, number: str, by_key: bool
) -> None:
    shop.login()
    link = shop.page.get_by_text(name, exact=True)

    if by_key:
        link.focus()
        shop.page.keyboard.press("Enter")
    else:
        link.click()

    call = shop.wait("INITIAL")["call"]
    assert call["destination"] == number
    expect(link).to_have_attribute("data-cti-state", "connected")
    shop.forget("terminate", call["id"])
    expect(link).to_have_attribute("data-cti-state", "hangup")
    expect(link).not_to_have_attribute("data-cti-state", "hangup", timeout=15_000)
    assert shop.page.url == f"{shop.url}/host.html"


def test_a_failed_call_is_shown_at_its_link_and_announced(shop: CtiPage) -> None:
    shop.login()

    shop.page.get_by_text("Busy line").click()

    expect(shop.page.get_by_text("Busy line")).to_have_attribute("data-cti-state", "cancel")
    expect(shop.page.locator("[aria-live]")).to_contain_text("not connected")


def test_a_service_code_is_neither_called_nor_an_error(shop: CtiPage) -> None:
    shop.login()
    shop.evaluate("addEventListener('click', (event) => event.preventDefault())")

    shop.page.get_by_text("A service code").click()

    shop.page.get_by_text("Carla").click()
    assert shop.wait("INITIAL")["call"]["destination"] == "1005"
    assert "ERROR" not in shop.names


def test_links_keep_their_default_action_without_a_login(shop: CtiPage) -> None:
    prevented = shop.evaluate("""() => new Promise((resolve) => {
      addEventListener("click", (event) => {
        resolve(event.defaultPrevented);
        event.preventDefault();
      });
      document.querySelector("a").click();
    })""")

    assert prevented is False
    assert shop.names == []


def test_disable_restores_the_page(shop: CtiPage) -> None:
    before = "document.querySelector('main').outerHTML"
    shop.evaluate("clickToCall.disable()")

    assert shop.evaluate(before).split() == SHOP.split()


def test_one_attribute_is_enough_if_the_user_logged_in_on_another_page(
    new_cti: Callable[..., CtiPage], new_page: Callable[[], Page], pbx: PbxServer
) -> None:
    agent = new_cti()
    agent.login()
    page = new_page()
    page.route(
        f"{pbx.url}/shop.html",
        lambda route: route.fulfill(body=ATTRIBUTE_ONLY, content_type="text/html"),
    )
    page.goto(f"{pbx.url}/shop.html")
    link = page.get_by_text("Call us")

    # That page has no script to wait for. The browser handles a click that comes too early.
    page.evaluate("addEventListener('click', (event) => event.preventDefault())")
    while link.get_attribute("data-cti-state") is None:
        link.click()

    expect(link).to_have_attribute("data-cti-state", "connected")
    assert agent.wait("CONNECTED")["call"]["destination"] == "+442036427900"
    assert agent.names.count("INITIAL") == 1
