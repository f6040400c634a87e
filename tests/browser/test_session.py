"""Login, logout, and what a session survives, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import PbxServer
from .cti_page import CtiPage

pytestmark = pytest.mark.differs("storage")


def test_a_login_by_password_sends_logged_in_subscribed_ready(
    new_cti: Callable[..., CtiPage],
) -> None:
    cti = new_cti()
    assert cti.evaluate("connector.isConnected()") is False

    outcome = cti.run("login", "anna@example.com", "demo")

    assert outcome["name"] == "READY"
    assert cti.names == ["LOGGED_IN", "SUBSCRIBED", "READY"]
    subscribed, ready = cti.events[1:]
    assert (subscribed["uri"], subscribed["node"]) == ("10002@pbx.example", "user:10002")
    # The mirror is up to date inside the handler that announces the change.
    assert subscribed["uris"] == ["10002@pbx.example"]
    assert ready["connected"] is True
    assert cti.evaluate("connector._getParam('user_id')") == "10002"
    assert cti.evaluate("connector._getParam('sip_password') ?? null") is None


@pytest.mark.parametrize("key", ["demo-key-10002", "10002:demo-key-10002"])
def test_a_login_by_api_key(new_cti: Callable[..., CtiPage], key: str) -> None:
    cti = new_cti()
    assert cti.run("login", key)["name"] == "READY"


def test_a_login_with_a_second_factor(new_cti: Callable[..., CtiPage]) -> None:
    cti = new_cti()

    event = cti.run("login", "dora@example.com", "demo")
    assert event["name"] == "TWO_FACTOR_AUTH"
    assert cti.names == ["TWO_FACTOR_AUTH"]

    assert cti.refused("twoFactorAuth", "000000", event["nonce"])["code"] == "LOGIN_FAILED"
    event = cti.run("login", "dora@example.com", "demo")
    assert cti.run("twoFactorAuth", "123456", event["nonce"])["name"] == "READY"


def test_a_wrong_password_gives_an_error_with_the_servers_message(
    new_cti: Callable[..., CtiPage],
) -> None:
    cti = new_cti()

    error = cti.refused("login", "anna@example.com", "wrong")

    assert error["code"] == "LOGIN_FAILED"
    assert error["message"] == "Invalid email and/or password."
    assert error["name"] == "CtiError"
    assert error["hint"]
    assert cti.names == ["ERROR"]
    assert cti.events[0]["code"] == "LOGIN_FAILED"


def test_a_logout_ends_the_session_on_the_server_and_in_the_browser(
    cti: CtiPage, pbx: PbxServer
) -> None:
    subscriptions = len(pbx.state()["subscriptions"])

    assert cti.run("logout")["name"] == "LOGGED_OUT"

    assert cti.evaluate("connector.isConnected()") is False
    assert cti.evaluate("connector.getSubscriptionURIs()") == []
    assert (
        cti.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    )
    assert len(pbx.state()["subscriptions"]) == subscriptions - 1
    assert cti.refused("logout")["code"] == "NOT_CONNECTED"


def test_a_refused_logout_gives_an_error_and_still_removes_the_token(
    cti: CtiPage, pbx: PbxServer
) -> None:
    pbx.control("faults", {"path": "/logout", "status": 500})

    assert cti.refused("logout")["code"] == "API_ERROR"

    cti.wait("LOGGED_OUT")
    assert cti.evaluate("Object.keys(localStorage).length") == 0


def test_an_expired_token_ends_the_session_once(cti: CtiPage, pbx: PbxServer) -> None:
    pbx.control("expire-tokens")

    error = cti.refused("apiRequest", "GET", "/users")

    assert error["code"] == "SESSION_EXPIRED"
    assert cti.names.count("LOGGED_OUT") == 1
    assert cti.wait("LOGGED_OUT")["code"] == "SESSION_EXPIRED"
    assert cti.wait("LOGGED_OUT")["connected"] is False


def test_a_network_failure_is_not_a_logout(cti: CtiPage, pbx: PbxServer) -> None:
    cti.evaluate("statuses.length = 0")
    pbx.control("sip", {"refuse": True})
    pbx.control("drop")

    told = cti.wait_status("connecting")
    assert told["problem"]["code"] == "NETWORK_ERROR"
    assert cti.evaluate("connector.status") == "connecting"

    pbx.control("sip", {"refuse": False})
    assert cti.wait("READY", 2)["connected"] is True
    assert cti.evaluate("connector.status") == "ready"
    assert not {"LOGGED_OUT", "ERROR", "INFO"} & set(cti.names)
    assert cti.names.count("SUBSCRIBED") == 1


def test_running_calls_are_replayed_after_a_reconnection(cti: CtiPage, pbx: PbxServer) -> None:
    pbx.control("phones/10002", {"lines": 3})
    cti.run("subscribe", "queue:77")
    waiting, ended, talking = pbx.incoming("queue:77"), pbx.incoming(), pbx.incoming()
    cti.wait("RINGING", 2, node="user:10002")
    cti.wait("RINGING", node="queue:77")
    for call_id in (ended, talking):
        cti.run("answer", call_id)
    cti.clear()
    pbx.control("sip", {"refuse": True})
    pbx.control("drop")
    cti.wait_status("connecting")
    pbx.control(f"calls/{ended}/hangup")
    pbx.control("sip", {"refuse": False})

    cti.wait("HANGUP")
    assert cti.wait("RINGING", node="queue:77")["replay"] is True
    assert cti.names[0] == "READY"
    assert cti.call_names() == ["HANGUP"]
    assert cti.replays(call_id=ended) == []
    (status,) = cti.replays(call_id=talking)
    assert status in ("CONNECTED", "ON_HOLD")
    assert cti.replays("queue:77", waiting) == ["RINGING"]


def test_every_subscription_comes_back_after_a_lost_connection(
    cti: CtiPage, pbx: PbxServer
) -> None:
    for node in ("queue:77", "conf:123456"):
        cti.run("subscribe", node)
    pbx.control("drop", {"forget": True})
    cti.wait("READY", 2)

    cti.page.wait_for_function("connector.isConnected()")
    pbx.incoming("queue:77")

    cti.wait("RINGING", node="queue:77")
    assert len(cti.evaluate("connector.getSubscriptionURIs()")) == 3


def test_a_reload_restores_the_session_and_reports_running_calls(
    cti: CtiPage, pbx: PbxServer
) -> None:
    call_id = pbx.incoming()
    cti.wait("RINGING")
    cti.run("answer")

    cti.page.reload()

    cti.wait("READY")
    event = cti.wait("CONNECTED")
    assert event["call"]["id"] == call_id
    # If the worker continues, it marks events that the previous page has received.
    assert cti.replays()[:1] + cti.call_names() == ["CONNECTED"]
    cti.run("terminate", call_id)
    assert cti.replays()[:1] + cti.call_names() == ["CONNECTED", "HANGUP"]


def test_nothing_but_the_token_is_stored(cti: CtiPage) -> None:
    stored = cti.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")

    assert "token" in stored
    assert "demo" not in stored.replace(cti.url, "")
    assert cti.evaluate("document.cookie") == ""


def test_persist_none_stores_nothing(new_cti: Callable[..., CtiPage]) -> None:
    cti = new_cti(persist="none", shared=False)
    cti.login()
    assert cti.evaluate("localStorage.length + sessionStorage.length") == 0

    cti.page.reload()

    assert cti.refused("call", "+442036427900")["code"] == "NOT_CONNECTED"


def test_a_second_login_succeeds_for_the_same_user_and_fails_for_another(
    cti: CtiPage,
) -> None:
    assert cti.run("login", "anna@example.com", "demo")["name"] == "READY"
    assert cti.refused("login", "ben@example.com", "demo")["code"] == "ALREADY_LOGGED_IN"


def test_commands_before_the_runtime_has_started_run_in_order(
    new_cti: Callable[..., CtiPage],
) -> None:
    cti = new_cti()

    # All at once, milliseconds after the page was opened.
    cti.evaluate("""() => {
      ask("login", "login", "anna@example.com", "demo");
      ask("subscribe", "subscribe", "queue:77");
      ask("users", "apiRequest", "GET", "/users");
    }""")

    assert cti.settled("login")["value"]["name"] == "READY"
    assert cti.settled("subscribe")["value"]["node"] == "queue:77"
    assert cti.settled("users")["value"]["total"] > 3
