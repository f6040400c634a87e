"""A page in a real browser follows the calls of a real Kamailio; the REST API is the PBX's."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from browser.conftest import PbxServer, Trouble
from browser.cti_page import CtiPage
from browser.engines import new_context
from playwright.sync_api import Browser

from .kamailio import Kamailio
from .phones import Phones

ANNA, BEN = "10002", "10003"
OUTSIDE = "10005"


@pytest.fixture(scope="module")
def pbx() -> Iterator[PbxServer]:
    server = PbxServer()
    yield server
    server.stop()


@pytest.fixture
def server(pbx: PbxServer, new_server: Callable[..., Kamailio]) -> Kamailio:
    """A Kamailio with the PBX's users and their SIP passwords."""
    accounts = {OUTSIDE: "secret-of-carla"}
    for user in (ANNA, BEN):
        request = urllib.request.Request(
            f"{pbx.api}/me", headers={"X-Auth-Token": f"demo-key-{user}"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            account = json.load(response)["data"]
        accounts[account["id"]] = account["sip_password"]
    return new_server(accounts, account["sip_domain"])


@pytest.fixture
def phones(server: Kamailio, plug_in: Callable[[Kamailio], Phones]) -> Phones:
    return plug_in(server)


@pytest.fixture
def cti(browser: Browser, pbx: PbxServer, server: Kamailio) -> Iterator[CtiPage]:
    """Anna's page, logged in. At the end of the test it must have no errors."""
    context = new_context(browser)
    page, trouble = context.new_page(), Trouble()
    trouble.watch(page)
    cti = CtiPage(page, pbx.url, {"sipServer": server.url})
    cti.login()
    yield cti
    context.close()
    assert not trouble, "\n".join(trouble)


def test_a_login_subscribes_at_kamailio_and_is_ready(cti: CtiPage, server: Kamailio) -> None:
    assert cti.names == ["LOGGED_IN", "SUBSCRIBED", "READY"]
    assert cti.evaluate("connector.isConnected()") is True
    assert cti.evaluate("connector.getSubscriptionURIs()") == [f"{ANNA}@{server.domain}"]


def test_a_followed_call_is_reported_from_ringing_to_its_end(cti: CtiPage, phones: Phones) -> None:
    cti.run("subscribe", f"user:{BEN}")
    callee = phones.answers(BEN)
    phones.call(OUTSIDE, BEN).finish()
    callee.finish()
    cti.wait("HANGUP", node=f"user:{BEN}")

    assert cti.call_names(f"user:{BEN}") == ["RINGING", "CONNECTED", "HANGUP"]
    calls = [event["call"] for event in cti.events if "call" in event]
    assert {(call["source"], call["destination"]) for call in calls} == {(OUTSIDE, BEN)}
    assert {call["direction"] for call in calls} == {"INBOUND"}
    assert cti.call_names(f"user:{ANNA}") == []


@pytest.mark.parametrize("end", [Kamailio.kill, Kamailio.stop], ids=["kill -9", "terminate"])
def test_a_restart_during_a_call_ends_it_once_and_the_next_call_is_reported(
    cti: CtiPage, phones: Phones, server: Kamailio, end: Callable[[Kamailio], None]
) -> None:
    phones.answers(BEN)
    phones.call_until_bye(ANNA, BEN)
    cti.wait("CONNECTED")

    end(server)
    cti.page.wait_for_function("!connector.isConnected()")
    server.start()
    cti.wait("READY", count=2)
    cti.wait("HANGUP")

    phones.unplug()
    callee = phones.answers(BEN)
    phones.call(ANNA, BEN).finish()
    callee.finish()
    cti.wait("HANGUP", count=2)
    assert cti.call_names(f"user:{ANNA}") == ["RINGING", "CONNECTED", "HANGUP"] * 2
    activity = [event["name"] for event in cti.events if "call" not in event]
    assert activity == ["LOGGED_IN", "SUBSCRIBED", "READY", "READY"]
