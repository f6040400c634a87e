"""The calls that have ended: the server's records and the log, each call once."""

from __future__ import annotations

from typing import Any

import pytest

from pycti.events import ActivityEvent
from pycti.pbx.accounts import FEATURES

from .documents import dialog, incoming
from .pages import Office
from .test_login import code_of
from .world import ME, World

ROUTE = "GET /cdrs?since=0&limit=100"


def row(call_id: object, end: float | None, **more: Any) -> dict[str, Any]:
    return {
        "id": call_id, "leg": 2, "direction": "INBOUND", "src": "+442036427900",
        "src_name": "Alex", "dst": "102", "dst_name": "Anna", "start_time": 1_790_000_000,
        "answer_time": None, "end_time": end, "event": "cancelled", "code": 487, "rang": True,
        **more,
    }  # fmt: skip


@pytest.fixture
async def desk(world: World) -> World:
    world.api["GET /me"] = (200, {"data": {**ME, "features": list(FEATURES)}})
    await world.log_in()
    return world


async def found(world: World, **options: int) -> list[dict[str, Any]]:
    records = await world.connector.history(**options)
    assert isinstance(records, list)
    return [record.to_json() for record in records]


async def test_what_was_missed_while_nothing_ran_is_there(desk: World):
    desk.api[ROUTE] = (200, {"data": [row("143", 1_790_000_030)]})
    (record,) = await found(desk)
    assert record == {
        "key": "10002@pbx.test/143",
        "callId": "143",
        "requestId": "",
        "node": "user:10002",
        "direction": "INBOUND",
        "number": "+442036427900",
        "name": "Alex",
        "contact": None,
        "startTime": 1_790_000_000_000,
        "answerTime": None,
        "endTime": 1_790_000_030_000,
        "duration": 0,
        "outcome": "missed",
        "cause": "cancelled",
        "notes": "",
    }


@pytest.mark.parametrize(
    ("more", "outcome", "cause"),
    [
        ({"event": "rejected", "code": 603}, "rejected", "rejected"),
        ({"event": "rejected", "code": 486}, "rejected", "busy"),
        ({"event": "rejected", "code": 486, "rang": False}, "missed", "unreachable"),
        ({"event": "replaced", "code": None}, "rejected", "transferred"),
        ({"event": "cancelled", "code": 200}, "missed", "answered elsewhere"),
        ({"answer_time": 1_790_000_010, "event": "local-bye", "code": None}, "answered",
         "hung up on this side"),
        ({"direction": "OUTBOUND", "event": "rejected", "code": 486}, "busy", "busy"),
        ({"code": True, "event": 7}, "missed", ""),
    ],
)  # fmt: skip
async def test_how_it_ended(desk: World, more: dict[str, Any], outcome: str, cause: str):
    desk.api[ROUTE] = (200, {"data": [row("143", 1_790_000_030, **more)]})
    (record,) = await found(desk)
    assert (record["outcome"], record["cause"]) == (outcome, cause)


async def test_a_call_that_both_know_is_there_once_with_its_notes(desk: World):
    await desk.dialogs(incoming("143-2", "confirmed"))
    await desk.connector.note("143", "Wants a quote.")
    await desk.dialogs(incoming("143-2", "terminated", event="remote-bye"))
    desk.api[ROUTE] = (200, {"data": [row("143", 1_790_000_030, answer_time=1_790_000_010)]})
    (record,) = await found(desk)
    assert (record["notes"], record["outcome"]) == ("Wants a quote.", "answered")
    assert record["answerTime"] == 1_790_000_010_000
    assert record["cause"] == "hung up by the other side"


async def test_a_call_of_ones_own_is_known_by_the_servers_id(desk: World):
    desk.api["POST /calls"] = (201, {"data": {"id": "144"}})
    placed = (await desk.connector.call("103")).call
    await desk.dialogs(dialog("144-1", "early", "103"))
    await desk.dialogs()
    desk.api[ROUTE] = (200, {"data": [row("144", 1_790_000_030, direction="OUTBOUND", leg=1)]})
    (record,) = await found(desk)
    assert record["callId"] == placed.id


async def test_a_call_that_has_come_back_is_there_twice(desk: World):
    rows = [row("143", 1_790_000_090, leg=4), row("143", 1_790_000_030)]
    desk.api[ROUTE] = (200, {"data": rows})
    assert [one["callId"] for one in await found(desk)] == ["143004", "143"]
    for leg in ("143-2", "143-4"):
        await desk.dialogs(incoming(leg, "confirmed"))
        await desk.dialogs(incoming(leg, "terminated", event="replaced"))
    assert sorted(one["callId"] for one in await found(desk)) == ["143", "143004"]
    desk.api[ROUTE] = (200, {"data": rows[:1]})
    assert sorted(one["callId"] for one in await found(desk)) == ["143", "143004"]


async def test_what_the_server_does_not_know_yet_comes_from_the_log(desk: World):
    await desk.dialogs(incoming("143-2", "early"))
    await desk.dialogs(incoming("143-2", "terminated", event="cancelled"))
    desk.api[ROUTE] = (200, {"data": []})
    assert [one["callId"] for one in await found(desk)] == ["143"]


async def test_since_and_limit(desk: World):
    await desk.dialogs(incoming("143-2", "early"))
    await desk.dialogs(incoming("143-2", "terminated", event="cancelled"))
    late = desk.platform.wall() + 10_500
    desk.api[f"GET /cdrs?since={late // 1000}&limit=2"] = (
        200,
        {"data": [row(str(one), late // 1000 + one) for one in (3, 2, 1)]},
    )
    assert [one["callId"] for one in await found(desk, since=late, limit=2)] == ["3", "2"]


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"143": {}},
        [None, "143", {}, row("", 5), row("1-2", 5), row("143", 5, direction="UP")],
    ],
)
async def test_what_is_no_record_is_left_out(desk: World, data: object):
    desk.api[ROUTE] = (200, {"data": data})
    assert await found(desk) == []


async def test_numbers_that_cannot_be_times_are_none(desk: World):
    desk.api[ROUTE] = (200, {"data": [row("1", 1e300, start_time="x", leg=-1), row("2", None)]})
    assert {one["endTime"] for one in await found(desk)} == {None}


async def test_an_answer_that_is_no_object_has_no_records(desk: World):
    desk.api[ROUTE] = (200, [])
    assert await found(desk) == []


@pytest.mark.parametrize(
    "options",
    [[], {"until": 1}, {"since": -1}, {"since": "0"}, {"since": 1e14}, {"limit": 0},
     {"limit": 1.5}, {"limit": 1001}, {"limit": True}, {"since": float("nan")}],
)  # fmt: skip
async def test_bad_options_send_nothing(desk: World, options: object):
    assert await code_of(desk, desk.connector._run("history", options)) == "BAD_ARGUMENT"
    assert desk.asked == []


async def test_whom_the_directory_knows_has_a_contact(desk: World):
    async def lookup(_number: str, _call: object) -> dict[str, str]:
        return {"name": "Alex Morgan"}

    desk.connector.enrichment.lookup = lookup
    await desk.dialogs(incoming("150-2", "early"))
    await desk.dialogs(incoming("150-2", "terminated", event="cancelled"))
    desk.api[ROUTE] = (200, {"data": [row("143", 1_790_000_030, src_name="")]})
    assert {one["contact"]["name"] for one in await found(desk)} == {"Alex Morgan"}


async def test_without_the_feature_it_is_info(ready: World):
    outcome = await ready.connector.history()
    assert isinstance(outcome, ActivityEvent)
    assert outcome.code == "NOT_SUPPORTED"


async def test_a_page_gets_plain_records():
    office = Office()
    office.api["GET /me"] = (200, {"data": {**ME, "features": ["history"]}})
    office.api["GET /cdrs?since=0&limit=1"] = (200, {"data": [row("143", 1_790_000_030)]})
    await office.log_in_page()
    await office.command(1, 3, "history", {"limit": 1})
    (record,) = office.of(1, "result")[-1]["value"]
    assert record["callId"] == "143"
    await office.worker._connector.aclose()
