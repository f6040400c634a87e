"""Invalid input gives an ERROR event and a rejected promise, and sends no request."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import PbxServer
from .cti_page import CtiPage

REFUSED_INPUT = [
    ("login", (), "MISSING_ARGUMENT"),
    ("login", ("a@b.example", "c", "d"), "TOO_MANY_ARGUMENTS"),
    ("login", ("",), "BAD_ARGUMENT"),
    ("login", ({"email": "a@b.example"},), "BAD_ARGUMENT"),
    ("twoFactorAuth", ("123456",), "MISSING_ARGUMENT"),
    ("twoFactorAuth", ("", "nonce"), "BAD_ARGUMENT"),
    ("logout", ("now",), "TOO_MANY_ARGUMENTS"),
    ("answer", ("1", "2"), "TOO_MANY_ARGUMENTS"),
    ("answer", ("123",), "UNKNOWN_CALL"),
    ("call", (), "MISSING_ARGUMENT"),
    ("call", ("+442036427900", "+442036427900"), "TOO_MANY_ARGUMENTS"),
    ("call", ("",), "EMPTY_DESTINATION"),
    ("call", ("   ",), "EMPTY_DESTINATION"),
    ("call", (None,), "BAD_ARGUMENT"),
    ("call", (["+442036427900"],), "BAD_ARGUMENT"),
    ("call", ("call me",), "BAD_NUMBER"),
    ("call", ("+44 20 abc",), "BAD_NUMBER"),
    ("call", ("0034912345678",), "BAD_NUMBER"),
    ("call", ("+12345678901234567890",), "BAD_NUMBER"),
    ("call", ("(12)-34",), "BAD_NUMBER"),
    ("call", ("12x",), "BAD_EXTENSION"),
    ("call", ("1002",), "SELF_CALL"),
    ("call", ("10002",), "SELF_CALL"),
    ("terminate", (), "MISSING_ARGUMENT"),
    ("terminate", ("no such call",), "UNKNOWN_CALL"),
    ("transfer", ("1",), "MISSING_ARGUMENT"),
    ("transfer", ("1", "+442036427900"), "UNKNOWN_CALL"),
    ("transfer", ("1", "7"), "BAD_EXTENSION"),
    ("transfer", ("1", "*21"), "BAD_EXTENSION"),
    ("transfer", ("1", ""), "EMPTY_DESTINATION"),
    ("transfer", ("1", "1002"), "SELF_CALL"),
    ("subscribe", (), "MISSING_ARGUMENT"),
    ("subscribe", ("group:1",), "BAD_NODE_TYPE"),
    ("subscribe", ("queue",), "BAD_NODE_ID"),
    ("subscribe", ("queue:abc",), "BAD_NODE_ID"),
    ("subscribe", ("queue:7@evil.example",), "BAD_NODE_ID"),
    ("unsubscribe", ("user:10002",), "BAD_ARGUMENT"),
    ("apiRequest", ("GET",), "MISSING_ARGUMENT"),
    ("apiRequest", ("STEAL", "/users"), "BAD_ARGUMENT"),
    ("apiRequest", ("GET", "https://evil.example/"), "BAD_ARGUMENT"),
    ("apiRequest", ("GET", "//evil.example/"), "BAD_ARGUMENT"),
    ("apiRequest", ("GET", "/../../admin"), "BAD_ARGUMENT"),
    ("apiRequest", ("POST", "/calls", "to=1"), "BAD_ARGUMENT"),
]


def test_bad_input_is_refused_with_its_code_and_never_sent(cti: CtiPage, pbx: PbxServer) -> None:
    before = pbx.state()["version"]

    for method, arguments, code in REFUSED_INPUT:
        cti.clear()
        error = cti.refused(method, *arguments)

        assert error["code"] == code, (method, arguments, error)
        assert error["message"], (method, arguments)
        assert error["hint"], (method, arguments)
        assert [(event["name"], event["code"]) for event in cti.events] == [("ERROR", code)]

    assert pbx.state()["version"] == before
    assert cti.evaluate("connector.isConnected()") is True


def test_arguments_that_cannot_be_sent_are_refused(cti: CtiPage) -> None:
    code = cti.evaluate("connector.call(() => 1).catch((error) => error.code)")
    cyclic = cti.evaluate("""() => {
      const data = {}; data.self = data;
      return connector.apiRequest("POST", "/calls", data).catch((error) => error.code);
    }""")

    assert (code, cyclic) == ("BAD_ARGUMENT", "BAD_ARGUMENT")
    assert cti.names[-2:] == ["ERROR", "ERROR"]


def test_commands_need_a_connection(new_cti: Callable[..., CtiPage]) -> None:
    cti = new_cti()

    for method, arguments in (
        ("logout", ()),
        ("answer", ()),
        ("call", ("+442036427900",)),
        ("terminate", ("1",)),
        ("transfer", ("1", "1003")),
        ("subscribe", ("queue:77",)),
        ("unsubscribe", ("queue:77",)),
        ("apiRequest", ("GET", "/users")),
    ):
        assert cti.refused(method, *arguments)["code"] == "NOT_CONNECTED", method
    assert set(cti.names) == {"ERROR"}


def test_a_command_that_the_state_does_not_allow_gives_info_and_sends_nothing(
    cti: CtiPage, pbx: PbxServer
) -> None:
    assert cti.run("answer")["name"] == "INFO"
    call_id = pbx.incoming()
    cti.wait("RINGING")
    before = pbx.state()["version"]

    assert cti.run("transfer", call_id, "1003")["name"] == "INFO"
    assert pbx.state()["version"] == before

    cti.run("terminate", call_id)
    for method, arguments in (("terminate", ()), ("answer", ()), ("transfer", ("1003",))):
        outcome = cti.run(method, call_id, *arguments)
        assert (outcome["name"], outcome["code"]) == ("INFO", "NOT_ALLOWED"), method
    assert cti.names.count("INFO") == 5


def test_ignored_promises_never_become_unhandled_rejections(cti: CtiPage) -> None:
    cti.forget("call", "call me")
    cti.forget("terminate", "1")

    cti.wait("ERROR", 2)
    # The `trouble` fixture fails this test on any unhandled rejection.
    assert cti.run("apiRequest", "GET", "/ping")["data"]["response"] == "Pong"


def test_an_exception_in_the_pages_callback_does_not_stop_later_events(
    new_cti: Callable[..., CtiPage], trouble: list[str], pbx: PbxServer
) -> None:
    cti = new_cti()
    cti.evaluate("""() => {
      connector.destroy();
      window.seen = [];
      window.connector = new Cti.Connector({
        apiEndpoint: location.origin + "/v1.2/voipstudio",
        onMessage(event) { seen.push(event.name); throw new Error("the page's own mistake"); },
      });
    }""")

    cti.run("login", "demo-key-10002")

    assert cti.evaluate("seen") == ["LOGGED_IN", "SUBSCRIBED", "READY"]
    assert len(trouble) == 3
    assert all("console" in line and "own mistake" in line for line in trouble)
    trouble.clear()


def test_api_request_calls_the_vendors_callbacks(cti: CtiPage) -> None:
    total = cti.evaluate("""() => new Promise((resolve, reject) => {
      connector.apiRequest("GET", "/users", { limit: 2 }, (users) => resolve(users.total), reject);
    })""")
    failure = cti.evaluate("""() => new Promise((resolve, reject) => {
      connector.apiRequest("GET", "/nothing-here", null, reject, (error) => resolve(error.code));
    })""")

    assert total > 2
    assert failure == "API_ERROR"


@pytest.mark.parametrize("options", ["{}", "null", "{onMessage: 1}", "{onMessage() {}, load: 'x'}"])
def test_bad_options_throw_at_once(new_cti: Callable[..., CtiPage], options: str) -> None:
    cti = new_cti()
    code = cti.evaluate(f"""() => {{
      try {{ new Cti.Connector({options}); }} catch (error) {{ return error.code; }}
    }}""")
    assert code == "BAD_OPTIONS"
