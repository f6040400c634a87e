"""Names from outside are only used as dictionary keys, never as attributes or methods."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pycti.contacts.names import read_contact
from pycti.errors import CtiError
from pycti.events import CallEvent
from pycti.sip.fields import Headers
from pycti.sip.headers import Challenge

from .documents import incoming
from .pages import Office
from .world import ME, World

NAMES = ["__class__", "__dict__", "__init__", "__proto__", "constructor", "_pump", "self", "get"]


@pytest.mark.parametrize("name", NAMES)
def test_parameters_and_headers_are_found_by_their_sent_names(name: str):
    challenge = Challenge.parse(f'Digest {name}="x", nonce="n"')
    assert (challenge.get(name), challenge.get("nonce")) == ("x", "n")
    assert Challenge.parse('Digest nonce="n"').get(name) == ""
    headers = Headers([(name, "x"), ("Event", "dialog")])
    assert headers.get_all(name) == ["x"]
    assert Headers([("Event", "dialog")]).get(name) is None


@pytest.mark.parametrize("name", NAMES)
async def test_json_with_such_names_changes_nothing(name: str):
    world = World()
    hostile: dict[str, Any] = {name: {"name": "x", "user_id": "666", "token": "stolen"}}
    world.api["GET /me"] = (200, {"data": {**ME, **hostile}, **hostile})
    world.api["GET /users"] = (200, hostile)
    await world.log_in()
    connector = world.connector
    assert connector.get_param(name) is None
    assert connector.get_param("user_id") == "10002"
    assert await connector.api_request("GET", "/users") == hostile
    assert read_contact({"name": "Ann", **hostile}) == {"name": "Ann", **hostile}
    assert read_contact(hostile) is None
    await connector.aclose()


@pytest.mark.parametrize("name", NAMES)
async def test_a_call_may_have_the_name_of_a_builtin_as_its_id(ready: World, name: str):
    await ready.dialogs(incoming(name, "early"))
    (event,) = [event for event in ready.events if isinstance(event, CallEvent)]
    assert event.call.id == name
    assert [call.id for call in ready.connector.calls] == [name]
    for other in set(NAMES) - {name}:
        with pytest.raises(CtiError) as caught:
            await ready.connector.terminate(other)
        assert caught.value.code == "UNKNOWN_CALL"
    for node in (name, f"user:{name}", f"{name}:1"):
        with pytest.raises(CtiError) as caught:
            await ready.connector.subscribe(node)
        assert caught.value.code in ("BAD_NODE_TYPE", "BAD_NODE_ID")
    await ready.dialogs()
    assert ready.connector.calls == []


KINDS = [
    "hello",
    "online",
    "command",
    "detect",
    "bye",
    "listen",
    "focus",
    "away",
    "contact",
    "logged",
]
FIELDS = [
    "options", "token", "nodes", "calls", "listen", "focus", "popped", "id", "method", "args",
    "texts", "names", "pop", "anew", "focused", "visible", "number", "contact", "key", *NAMES[:4],
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6)
    | st.sampled_from(["login", "call", "10003", "user:10002", "pop", "log", "lookup"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
MESSAGES = st.builds(
    lambda kind, fields: {**fields, "type": kind},
    st.sampled_from(KINDS) | VALUES,
    st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(MESSAGES, max_size=6))
async def test_messages_of_one_page_never_stop_the_service_of_others(messages: list[object]):
    """Each message is processed, rejected with a code, or dropped with a log line."""
    logging.disable(logging.CRITICAL)
    try:
        office = Office()
        await office.log_in_page()
        for message in messages:
            office.worker.receive(2, json.dumps(message))
            await office.settle()
        codes = {post["error"]["code"] for post in office.of(2, "refusal")}
        assert "INTERNAL_ERROR" not in codes
        await office.hello(3)
        assert office.of(3, "state")
        await office.worker._connector.aclose()
    finally:
        logging.disable(logging.NOTSET)
