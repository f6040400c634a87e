"""Bad input causes no request, but an ERROR event and an error with a stable code."""

from __future__ import annotations

import pytest

from pycti.errors import CtiError

from .world import World

ROWS = [
    ("login", [], "MISSING_ARGUMENT"),
    ("login", ["a", "b", "c"], "TOO_MANY_ARGUMENTS"),
    ("login", [""], "BAD_ARGUMENT"),
    ("login", ["a\r\nX: y"], "BAD_ARGUMENT"),
    ("login", [None], "BAD_ARGUMENT"),
    ("login", [True], "BAD_ARGUMENT"),
    ("login", ["a@b.c", 1.5], "BAD_ARGUMENT"),
    ("twoFactorAuth", ["123"], "MISSING_ARGUMENT"),
    ("twoFactorAuth", ["1", "2", "3"], "TOO_MANY_ARGUMENTS"),
    ("twoFactorAuth", ["", "n"], "BAD_ARGUMENT"),
    ("logout", ["now"], "TOO_MANY_ARGUMENTS"),
    ("answer", ["1", "2"], "TOO_MANY_ARGUMENTS"),
    ("answer", [{}], "BAD_ARGUMENT"),
    ("answer", ["999"], "UNKNOWN_CALL"),
    ("call", [], "MISSING_ARGUMENT"),
    ("call", ["1", "2"], "TOO_MANY_ARGUMENTS"),
    ("call", [""], "EMPTY_DESTINATION"),
    ("call", ["  "], "EMPTY_DESTINATION"),
    ("call", ["0442036427900"], "BAD_NUMBER"),
    ("call", ["not a number"], "BAD_NUMBER"),
    ("call", ["abc"], "BAD_EXTENSION"),
    ("call", [[]], "BAD_ARGUMENT"),
    ("call", ["10002"], "SELF_CALL"),
    ("call", [10002], "SELF_CALL"),
    ("call", ["102"], "SELF_CALL"),
    ("terminate", [], "MISSING_ARGUMENT"),
    ("terminate", ["999"], "UNKNOWN_CALL"),
    ("terminate", ["1", "2"], "TOO_MANY_ARGUMENTS"),
    ("transfer", ["1"], "MISSING_ARGUMENT"),
    ("transfer", ["999", ""], "EMPTY_DESTINATION"),
    ("transfer", ["999", "1"], "BAD_EXTENSION"),
    ("transfer", ["999", "*97"], "BAD_EXTENSION"),
    ("transfer", ["999", "0442036427900"], "BAD_NUMBER"),
    ("transfer", ["999", "10002"], "SELF_CALL"),
    ("transfer", ["999", "10003"], "UNKNOWN_CALL"),
    ("subscribe", [], "MISSING_ARGUMENT"),
    ("subscribe", ["group:1"], "BAD_NODE_TYPE"),
    ("subscribe", ["queue:abc"], "BAD_NODE_ID"),
    ("subscribe", [77], "BAD_NODE_TYPE"),
    ("unsubscribe", ["queue:abc"], "BAD_NODE_ID"),
    ("unsubscribe", ["user:10002"], "BAD_ARGUMENT"),
    ("apiRequest", ["GET"], "MISSING_ARGUMENT"),
    ("apiRequest", ["GET", "/x", {}, 1], "TOO_MANY_ARGUMENTS"),
    ("apiRequest", ["GET", "//evil.test/x"], "BAD_ARGUMENT"),
    ("apiRequest", ["TRACE", "/x"], "BAD_ARGUMENT"),
    ("hangUpEverything", [], "UNKNOWN_COMMAND"),
    ("__init__", [], "UNKNOWN_COMMAND"),
]


@pytest.mark.parametrize(("name", "arguments", "code"), ROWS)
async def test_bad_input_has_a_code_and_a_remedy_and_sends_nothing(
    ready: World, name, arguments, code
):
    sent = len(ready.socket.sent)
    with pytest.raises(CtiError) as caught:
        await ready.connector.execute(name, arguments)
    assert caught.value.code == code
    assert caught.value.message
    assert caught.value.hint
    assert ready.asked == []
    assert len(ready.socket.sent) == sent


CONNECTED_ONLY = [
    ("answer", []),
    ("call", ["10003"]),
    ("terminate", ["1"]),
    ("transfer", ["1", "10003"]),
    ("subscribe", ["queue:77"]),
    ("unsubscribe", ["queue:77"]),
    ("apiRequest", ["GET", "/users"]),
    ("logout", []),
]


@pytest.mark.parametrize(("name", "arguments"), CONNECTED_ONLY)
async def test_without_a_session_nothing_is_sent(world: World, name, arguments):
    with pytest.raises(CtiError) as caught:
        await world.connector.execute(name, arguments)
    assert caught.value.code == "NOT_CONNECTED"
    assert world.asked == []


async def test_an_error_is_emitted_before_it_is_raised(world: World):
    with pytest.raises(CtiError):
        await world.connector.call("abc")
    assert world.told == ["ERROR BAD_EXTENSION"]
    assert world.last_error.hint


@pytest.mark.parametrize("number", ["*97", "*", "##", "97"])
async def test_a_service_code_is_not_the_own_number(ready: World, number: str):
    """Not even if the account has no extension."""
    account = ready.connector._pump.session.account
    assert account is not None
    ready.api["POST /calls"] = (201, {"data": {"id": 143}})
    await ready.connector.call(number)
    assert ready.asked == ["POST /calls"]


async def test_numbers_may_be_numbers(ready: World):
    ready.api["POST /calls"] = (201, {"data": {"id": 143}})
    await ready.connector.execute("call", [442036427900])
    assert ready.platform.requests[0].body == {"to": "442036427900"}
