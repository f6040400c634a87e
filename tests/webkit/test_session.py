"""Login, logout, and the state that outlives a page, in WebKit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from browser.cti_page import CtiPage
from browser.pbx_server import PbxServer


def test_a_login_by_password_emits_logged_in_subscribed_ready(
    new_cti: Callable[..., CtiPage],
) -> None:
    cti = new_cti()
    assert cti.evaluate("connector.isConnected()") is False

    assert cti.run("login", "anna@example.com", "demo")["name"] == "READY"

    assert cti.names == ["LOGGED_IN", "SUBSCRIBED", "READY"]
    subscribed, ready = cti.events[1:]
    assert (subscribed["uri"], subscribed["node"]) == ("10002@pbx.example", "user:10002")
    # The page's copy of the state is up to date inside the handler of the change.
    assert subscribed["uris"] == ["10002@pbx.example"]
    assert ready["connected"] is True


def test_a_login_with_a_second_factor(new_cti: Callable[..., CtiPage]) -> None:
    cti = new_cti()

    event = cti.run("login", "dora@example.com", "demo")

    assert cti.names == ["TWO_FACTOR_AUTH"]
    assert cti.run("twoFactorAuth", "123456", event["nonce"])["name"] == "READY"


def test_a_wrong_password_is_an_error_with_the_servers_message(
    new_cti: Callable[..., CtiPage],
) -> None:
    error = new_cti().refused("login", "anna@example.com", "wrong")

    assert (error["code"], error["message"]) == ("LOGIN_FAILED", "Invalid email and/or password.")


def test_a_reload_logs_in_again_and_replays_running_calls(cti: CtiPage, pbx: PbxServer) -> None:
    call_id = pbx.incoming()
    cti.wait("RINGING")
    cti.run("answer")

    cti.page.reload()

    cti.wait("READY")
    assert cti.wait("CONNECTED")["call"]["id"] == call_id
    assert cti.call_names() == ["CONNECTED"]
    cti.run("terminate", call_id)
    assert cti.call_names() == ["CONNECTED", "HANGUP"]


def test_after_an_outage_subscriptions_are_restored_and_ended_calls_hang_up(
    cti: CtiPage, pbx: PbxServer
) -> None:
    cti.run("subscribe", "queue:77")
    call_id = pbx.incoming()
    cti.wait("RINGING")
    cti.run("answer")
    pbx.control("sip", {"refuse": True})
    pbx.control("drop", {"forget": True})
    cti.page.wait_for_function("!connector.isConnected()")

    pbx.control(f"calls/{call_id}/hangup")
    pbx.control("sip", {"refuse": False})

    assert cti.wait("READY", 2)["connected"] is True
    assert cti.wait("HANGUP")["call"]["id"] == call_id
    assert cti.call_names() == ["RINGING", "CONNECTED", "HANGUP"]
    assert cti.names.count("SUBSCRIBED") == 2
    cti.page.wait_for_function("connector.getSubscriptionURIs().length === 2")
    pbx.incoming("queue:77")
    cti.wait("RINGING", node="queue:77")


def test_two_tabs_share_one_runtime_and_one_logout(
    new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    one = new_cti()
    one.login()
    call_id = pbx.incoming()
    one.wait("RINGING")

    two = new_cti()

    # The new tab receives the present state without a login and without its own connection.
    two.wait("RINGING")
    assert sorted(two.names) == ["LOGGED_IN", "READY", "RINGING", "SUBSCRIBED"]
    assert len(pbx.state()["sockets"]) == 1
    two.run("answer", call_id)
    one.wait("CONNECTED")
    one.run("terminate", call_id)
    two.wait("HANGUP")
    assert one.call_names() == ["RINGING", "CONNECTED", "HANGUP"]
    assert two.replays() == ["RINGING"]
    assert two.call_names() == ["CONNECTED", "HANGUP"]

    assert two.run("logout")["name"] == "LOGGED_OUT"
    one.wait("LOGGED_OUT")
    for tab in (one, two):
        assert tab.names.count("LOGGED_OUT") == 1
        assert tab.evaluate("connector.isConnected()") is False
        assert tab.evaluate("localStorage.length") == 0
    assert pbx.state()["subscriptions"] == []


def test_python_starts_from_the_snapshot(
    new_cti: Callable[..., CtiPage], pbx: PbxServer, dist: Path
) -> None:
    """The files for the start without a snapshot are missing, so such a start would fail."""
    for pattern in ("python_stdlib-*", "pycti-*"):
        for path in (dist / "assets").glob(pattern):
            path.unlink()
    cti = new_cti()
    cti.login()
    pbx.incoming()
    cti.wait("RINGING")
    assert cti.run("answer")["name"] == "CONNECTED"
