"""Pages can only use the commands in the table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pycti.commands.call_control import CallControl
from pycti.connector import Connector
from pycti.errors import CtiError, NetworkError

from .pages import Office
from .world import World

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "login", "twoFactorAuth", "logout", "answer", "call", "terminate", "transfer", "hold", "resume",
    "alternate", "sendDigits", "consult", "completeTransfer", "deflect", "pickup", "park", "unpark",
    "setDoNotDisturb", "presence", "history", "subscribe", "unsubscribe", "note", "apiRequest",
}  # fmt: skip


def test_the_table_contains_exactly_the_public_commands():
    assert set(World().connector._commands._known) == ALLOWED


def test_the_protocol_declaration_lists_the_same_commands():
    text = (ROOT / "web/src/common/protocol.d.ts").read_text()
    (union,) = re.findall(r"export type Method =([^;]*);", text)
    assert set(re.findall(r'"(\w+)"', union)) == ALLOWED


NAMES = sorted(
    {name for kind in (Connector, CallControl) for name in dir(kind)} - ALLOWED
    | {"", " login", "login ", "LOGIN", "login\0", "logіn", "two_factor_auth", "api_request"}
    | {"_pump", "_known", "_log", "_ending", "constructor", "toString", "__proto__"}
)


@pytest.mark.parametrize("name", NAMES)
async def test_no_other_name_is_a_command(ready: World, name: str):
    sent = len(ready.socket.sent)
    for arguments in ([], ["1"], ["1", "2"]):
        with pytest.raises(CtiError) as caught:
            await ready.connector.execute(name, arguments)
        assert caught.value.code == "UNKNOWN_COMMAND"
        assert caught.value.hint
    assert (ready.asked, len(ready.socket.sent)) == ([], sent)


@pytest.mark.parametrize("method", [None, 5, True, [], ["login"], {}, {"login": 1}])
async def test_a_method_that_is_not_a_name_is_rejected(method):
    office = Office()
    await office.log_in_page()
    office.send(1, "command", id=2, method=method, args=[])
    await office.settle()
    assert [post["error"]["code"] for post in office.of(1, "refusal")] == ["UNKNOWN_COMMAND"]
    assert office.asked == []
    await office.worker._connector.aclose()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["__proto__", "__class__", "self", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@given(st.sampled_from(sorted(ALLOWED)), st.lists(VALUES, max_size=4))
async def test_arguments_of_any_shape_are_accepted_or_rejected_with_a_code(name, arguments):
    world = World()
    refused = NetworkError("NETWORK_ERROR", "Nobody is there.", "Nothing.")
    world.platform.answers |= dict.fromkeys(("POST /login", "POST /login2fa", "GET /me"), refused)
    with pytest.raises(CtiError) as caught:
        await world.connector.execute(name, arguments)
    assert re.fullmatch("[A-Z_0-9]+", caught.value.code)
    assert caught.value.hint


async def test_the_token_is_never_part_of_a_path(ready: World):
    """Servers and proxies log URLs."""
    for path, data in (
        ("/users?token=t0ken", None),
        ("/users/t0ken", None),
        ("/users?token=t%30ken", None),
        ("/users", {"token": "t0ken"}),
    ):
        with pytest.raises(CtiError) as caught:
            await ready.connector.api_request("GET", path, data)
        assert caught.value.code == "BAD_ARGUMENT"
    assert ready.asked == []
