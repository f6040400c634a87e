"""Outbound and inbound calls from a page and its links, in WebKit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from browser.cti_page import CtiPage
from browser.driven_page import DrivenPage
from browser.pbx_server import PbxServer
from selenium.webdriver.common.keys import Keys

ALEX = "+442036427900"
BUSY = "+442079460101"


def test_an_outbound_call_is_answered(cti: CtiPage) -> None:
    outcome = cti.run("call", "+44 (203) 642-7900")

    assert outcome["name"] == "ACCEPTED"
    call_id = cti.wait("CONNECTED")["call"]["id"]
    assert cti.run("terminate", call_id)["call"]["cause"] == "hung up on this side"
    assert cti.call_names() == ["INITIAL", "ACCEPTED", "RINGING", "CONNECTED", "HANGUP"]
    calls = [event["call"] for event in cti.events if "call" in event]
    assert {call["requestId"] for call in calls} == {calls[0]["id"]}
    assert [call["id"] for call in calls[1:]] == [call_id] * 4


def test_an_outbound_call_to_a_busy_number(cti: CtiPage) -> None:
    cti.run("call", BUSY)

    assert cti.wait("CANCEL")["call"]["cause"] == "busy"
    assert cti.call_names() == ["INITIAL", "ACCEPTED", "CANCEL"]


def test_an_inbound_call_is_answered_and_transferred(cti: CtiPage, pbx: PbxServer) -> None:
    call_id = pbx.incoming(name="Zoë O’Neil 🌻")
    call = cti.wait("RINGING")["call"]
    assert (call["id"], call["direction"]) == (call_id, "INBOUND")
    assert (call["source"], call["sourceName"]) == (ALEX, "Zoë O’Neil 🌻")

    assert cti.run("answer")["name"] == "CONNECTED"
    assert cti.run("transfer", call_id, "1005")["call"]["cause"] == "transferred"

    assert cti.call_names() == ["RINGING", "CONNECTED", "HANGUP"]


def test_the_caller_hangs_up_while_it_rings(cti: CtiPage, pbx: PbxServer) -> None:
    call_id = pbx.incoming()
    cti.wait("RINGING")

    pbx.control(f"calls/{call_id}/hangup")

    assert cti.wait("HANGUP")["call"]["id"] == call_id
    assert cti.call_names() == ["RINGING", "HANGUP"]


def test_a_telephone_link_places_a_call_and_shows_its_state(
    new_cti: Callable[..., CtiPage],
) -> None:
    cti = new_cti('<a href="tel:+44-203-642-7900">Call us</a> <a href="tel:+442079460101">Busy</a>')
    cti.evaluate("() => { connector.clickToCall(); }")
    cti.login()
    page: DrivenPage = cti.page

    page.find("a").click()

    call = cti.wait("INITIAL")["call"]
    assert call["destination"] == ALEX
    state = "document.querySelector('a').dataset.ctiState"
    page.wait_for_function(f"{state} === 'connected'")
    cti.forget("terminate", call["id"])
    page.wait_for_function(f"{state} === 'hangup'")
    page.wait_for_function(f"{state} === undefined")
    assert page.evaluate("location.href") == f"{cti.url}/host.html"

    page.find("a:last-of-type").send_keys(Keys.ENTER)

    assert cti.wait("CANCEL")["call"]["destination"] == BUSY
    told = "document.querySelector('[aria-live]').textContent.includes('not connected')"
    page.wait_for_function(told)


def test_a_detected_number_places_a_call(new_cti: Callable[..., CtiPage]) -> None:
    text = "<p>Ring Alex on 020 3642 7900 (not on <s>020 7946 0101</s>).</p>"
    cti = new_cti(text, defaultCountry="GB")
    cti.evaluate("() => { connector.clickToCall({ detect: true }); }")
    cti.login()
    cti.page.wait_for_function("document.querySelector('p a')?.textContent === '020 3642 7900'")

    cti.page.find("p a").click()

    assert cti.wait("INITIAL")["call"]["destination"] == ALEX
    cti.page.wait_for_function("document.querySelector('p a').dataset.ctiState === 'connected'")


DIALER = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>A shop</title><link rel="icon" href="data:,">
<body><h1>A shop</h1><script src="/dist/cti-dialer.js"></script>
<cti-dialer api-endpoint="/v1.2/voipstudio"></cti-dialer>
"""


def test_the_dialer_places_and_controls_calls(
    new_page: Callable[[], DrivenPage], pbx: PbxServer, dist: Path
) -> None:
    (dist / "demo" / "dialer.html").write_text(DIALER)
    page = new_page()
    page.goto(f"{pbx.url}/dialer.html")
    dialer = "document.querySelector('cti-dialer').shadowRoot"

    def press(name: str) -> None:
        buttons = f"[...{dialer}.querySelectorAll('button')]"
        named = f"{buttons}.find((one) => (one.ariaLabel ?? one.textContent).trim() === '{name}')"
        page.wait_for_element(named).click()

    email = page.wait_for_element(f"{dialer}.querySelector('[type=email]')")
    email.send_keys("anna@example.com")
    password = page.wait_for_element(f"{dialer}.querySelector('[type=password]')")
    password.send_keys("demo", Keys.ENTER)
    number = page.wait_for_element(f"{dialer}.querySelector('[role=combobox]')")

    number.send_keys(ALEX, Keys.ENTER)
    page.wait_for_function(f"{dialer}.textContent.includes('Connected')")
    press("Hang up")
    page.wait_for_function(f"!{dialer}.textContent.includes('Connected')")

    call_id = pbx.incoming(name="Mia Karlsson")
    page.wait_for_function(f"{dialer}.textContent.includes('Mia Karlsson')")
    press("Answer")
    page.wait_for_function(f"{dialer}.textContent.includes('Connected')")
    pbx.control(f"calls/{call_id}/hangup")
    page.wait_for_function(f"!{dialer}.textContent.includes('Connected')")
