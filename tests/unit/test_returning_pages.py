"""A page that returns (back/forward cache, long silence) receives only the changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from .documents import incoming
from .pages import Office

ANNA = {"user": "10002", "connected": True}
NODES = ("user:10002",)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    await office.log_in_page()
    yield office
    for connector in (office.connector, office.worker._connector):
        if connector is not None:
            await connector.aclose()


async def come_back(
    office: Office, told: dict[str, Any], nodes: Any = NODES, calls: Any = (), token: str = "old"
) -> list[str]:
    """Send hello again and return the events to this page only."""
    office.posts.clear()
    office.send(
        1, "hello", options={}, token=token, nodes=list(nodes), calls=list(calls), told=told
    )
    await office.settle()
    return office.events_of(1)


async def test_a_page_that_missed_nothing_receives_nothing(office: Office):
    assert await come_back(office, ANNA) == []
    assert office.of(1, "state")[0]["connected"] is True


async def test_a_page_that_received_nothing_yet_receives_everything(office: Office):
    told = {"user": None, "connected": False}
    assert await come_back(office, told, ()) == ["LOGGED_IN", "SUBSCRIBED user:10002", "READY"]


async def test_new_nodes_and_the_restored_connection_are_reported(office: Office):
    await office.command(1, 2, "subscribe", "queue:77")
    told = {**ANNA, "connected": False}
    assert await come_back(office, told) == ["SUBSCRIBED queue:77", "READY"]


async def test_a_lost_connection_is_no_event(office: Office):
    await office.drop()
    assert await come_back(office, ANNA) == []
    assert office.of(1, "state")[0]["connected"] is False
    assert office.of(1, "state")[0]["problem"]["code"] == "NETWORK_ERROR"


async def test_a_logout_is_reported_and_the_old_token_is_deleted(office: Office):
    await office.command(1, 2, "logout")
    office.forget()
    assert await come_back(office, ANNA, calls=[call("143")]) == ["LOGGED_OUT"]
    assert office.of(1, "token") == [{"type": "token", "token": None}]
    assert office.asked == []


async def test_another_user_is_reported(office: Office):
    told = {"user": "10003", "connected": True}
    office.sip.clear()
    assert await come_back(office, told, ("user:10003",), [call("143", "user:10003")]) == [
        "LOGGED_OUT",
        "LOGGED_IN",
        "SUBSCRIBED user:10002",
        "READY",
    ]


async def test_a_node_that_another_page_left_is_not_followed_again(office: Office):
    await office.command(1, 2, "subscribe", "queue:77")
    before = len(office.subscribes)
    await office.command(1, 3, "unsubscribe", "queue:77")
    nodes = (*NODES, "queue:77")
    assert await come_back(office, ANNA, nodes, [call("9", "queue:77")]) == []
    assert [one for one in office.subscribes[before:] if not one.endswith(" 0")] == []


async def test_ended_and_new_calls_are_reported(office: Office):
    await office.dialogs(incoming("143-1", "confirmed"))
    known = [message["event"]["call"] for _, message in office.posts if "event" in message]
    await office.dialogs(incoming("143-1", "terminated"), incoming("144-1", "early"))
    assert sorted(await come_back(office, ANNA, calls=known)) == ["HANGUP 143", "RINGING 144"]


def call(identifier: str, node: str = "user:10002") -> dict[str, Any]:
    return {
        "id": identifier, "cid": "7", "cause": "", "destination": "10002", "destinationName": "",
        "source": "+442036427900", "sourceName": "Ben", "direction": "INBOUND",
        "status": "CONNECTED", "node": node, "requestId": "", "startTime": 1790000000000.0,
        "answerTime": None,
    }  # fmt: skip
