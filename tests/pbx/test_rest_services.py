"""The REST API of the services, over HTTP; each answer is held to the OpenAPI document."""

from __future__ import annotations

import asyncio

import pytest

from .manual import START
from .served import Client, Watcher, state, until
from .test_rest_calls import call_out


async def connected(client: Client, user: str = "10002") -> str:
    call = await client.incoming(user)
    assert (await client.api("PATCH", f"/calls/{call}", {"state": "CONNECTED"}))[0] == 200
    return call


async def legs_of(client: Client, call: str) -> dict[str, dict]:
    found = next(one for one in (await state(client))["calls"] if one["id"] == call)
    return {leg["number"]: leg for leg in found["legs"]}


async def test_hold_and_resume(anna):
    call = await connected(anna)
    status, body = await anna.api("PATCH", f"/calls/{call}", {"state": "ON_HOLD"})
    assert (status, body["data"]["state"]) == (200, "ON_HOLD")
    assert all(leg["hears"] == [] for leg in (await legs_of(anna, call)).values())
    assert (await anna.api("PATCH", f"/calls/{call}", {"state": "ON_HOLD"}))[0] == 400
    status, body = await anna.api("PATCH", f"/calls/{call}", {"state": "CONNECTED"})
    assert (status, body["data"]["state"]) == (200, "CONNECTED")
    assert (await legs_of(anna, call))["+442036427900"]["hears"] == ["1002"]


async def test_what_the_other_side_holds_is_not_resumed_from_here(anna):
    call = await connected(anna)
    await anna.control(f"calls/{call}/hold", {"side": "remote"})
    assert (await anna.api("PATCH", f"/calls/{call}", {"state": "CONNECTED"}))[0] == 400


async def test_digits(anna):
    call = await connected(anna)
    path = f"/calls/{call}/digits"
    assert await anna.api("POST", path, {"digits": "12#"}) == (204, None)
    assert await anna.api("POST", path, {"digits": 7}) == (204, None)
    assert (await legs_of(anna, call))["+442036427900"]["digits"] == "12#7"


@pytest.mark.parametrize("digits", ["", "1b", "1" * 65, " ", None, ["1"]])
async def test_digits_that_no_keypad_has(anna, digits):
    call = await connected(anna)
    status, body = await anna.api("POST", f"/calls/{call}/digits", {"digits": digits or ""})
    assert (status, body["errors"][0]["field"]) == (400, "digits")


async def test_a_consultation_and_its_transfer(anna, timers):
    call = await connected(anna)
    status, body = await anna.api("POST", "/calls", {"to": "1005", "consult": call})
    asking = body["data"]["id"]
    assert (status, body["data"]["state"]) == (201, "RINGING")
    assert (await anna.api("GET", f"/calls/{call}"))[1]["data"]["state"] == "ON_HOLD"
    path = f"/calls/{call}"
    assert (await anna.api("PATCH", path, {"transfer_to": asking}))[0] == 400
    timers.advance(2)
    assert (await anna.api("PATCH", path, {"transfer_to": asking}))[0] == 200
    assert (await anna.api("GET", "/calls"))[1]["total"] == 0
    assert (await anna.api("PATCH", path, {"transfer_to": asking}))[0] == 404


@pytest.mark.parametrize(("consult", "status"), [("1", 404), ([], 400)])
async def test_a_consultation_needs_a_call(anna, consult, status):
    assert (await anna.api("POST", "/calls", {"to": "1005", "consult": consult}))[0] == status


async def test_transfer_to_a_call_that_there_is_not(anna):
    call = await connected(anna)
    assert (await anna.api("PATCH", f"/calls/{call}", {"transfer_to": "1"}))[0] == 404


async def test_the_one_who_was_passed_on_steers_by_the_id_that_is_known_there(anna, ben, timers):
    call = await connected(anna)
    _, body = await anna.api("POST", "/calls", {"to": "1003", "consult": call})
    asking = body["data"]["id"]
    await ben.api("PATCH", f"/calls/{asking}", {"state": "CONNECTED"})
    await anna.api("PATCH", f"/calls/{call}", {"transfer_to": asking})
    assert (await ben.api("GET", "/calls"))[1]["data"][0]["id"] == asking
    assert (await ben.api("PATCH", f"/calls/{asking}", {"state": "ON_HOLD"}))[0] == 200
    assert (await anna.control(f"calls/{asking}/hangup"))[0] == 200
    assert (await ben.api("GET", "/calls"))[1]["total"] == 0


async def test_pickup(anna, ben):
    call = await anna.incoming("10003")
    assert (await ben.api("POST", f"/calls/{call}/pickup"))[0] == 400
    status, body = await anna.api("POST", f"/calls/{call}/pickup")
    assert (status, body["data"]["id"], body["data"]["state"]) == (200, call, "CONNECTED")
    assert (await ben.api("GET", "/calls"))[1]["total"] == 0


async def test_park_and_fetch(anna, ben, timers):
    call = await connected(anna)
    status, body = await anna.api("POST", f"/calls/{call}/park")
    assert (status, body) == (200, {"slot": "701"})
    assert (await anna.api("POST", f"/calls/{call}/park"))[0] == 404
    status, body = await call_out(ben, timers, "701")
    assert (status, body["data"]["state"], body["data"]["dst"]) == (
        201,
        "CONNECTED",
        "+442036427900",
    )
    assert (await ben.api("POST", "/calls", {"to": "701"}))[0] == 400


class TestDoNotDisturb:
    async def test_callers_find_the_phone_busy(self, anna, ben, timers):
        status, body = await anna.api("PATCH", "/users/me", {"dnd": True})
        assert (status, body["data"]["dnd"]) == (200, True)
        assert (await anna.api("GET", "/me"))[1]["data"]["dnd"] is True
        _, made = await call_out(ben, timers, "1002")
        timers.advance(1)
        _, records = await ben.api("GET", "/cdrs")
        assert (records["data"][0]["event"], records["data"][0]["code"]) == ("rejected", 486)
        assert records["data"][0]["id"] == made["data"]["id"]

    @pytest.mark.parametrize("body", [{}, {"dnd": 1}, {"dnd": "yes"}])
    async def test_is_true_or_false(self, anna, body):
        status, answer = await anna.api("PATCH", "/users/me", body)
        assert (status, answer["errors"][0]["field"]) == (400, "dnd")

    async def test_watchers_are_told_by_a_document_without_dialogs(self, anna, watcher: Watcher):
        first = await watcher.subscribe()
        assert 'device xmlns="urn:pycti:device" state="online"' in first.request.body.replace(
            "ns0:", ""
        )
        await anna.api("PATCH", "/users/me", {"dnd": True})
        await until(lambda: len(watcher.documents) == 2)
        told = watcher.documents[1]
        assert (told.full, told.states) == (False, {})
        assert 'state="dnd"' in told.request.body


class TestRecords:
    async def test_of_each_user_the_newest_first(self, anna, ben, timers):
        missed = await anna.incoming()
        await anna.control(f"calls/{missed}/hangup")
        timers.advance(10)
        answered = await connected(anna)
        timers.advance(60)
        await anna.api("DELETE", f"/calls/{answered}")
        _, body = await anna.api("GET", "/cdrs")
        assert [(one["id"], one["event"], one["code"]) for one in body["data"]] == [
            (answered, "local-bye", None),
            (missed, "cancelled", 487),
        ]
        assert body["data"][0] == {
            "id": answered,
            "leg": 2,
            "direction": "INBOUND",
            "src": "+442036427900",
            "src_name": "Alex Morgan",
            "dst": "1002",
            "dst_name": "Anna Bell",
            "start_time": int(START) + 10,
            "answer_time": int(START) + 10,
            "end_time": int(START) + 70,
            "event": "local-bye",
            "code": None,
            "rang": True,
        }
        assert (await ben.api("GET", "/cdrs"))[1] == {"data": [], "total": 0}

    async def test_what_could_not_reach_the_phone_was_missed(self, anna, timers):
        await anna.api("PATCH", "/users/me", {"dnd": True})
        call = await anna.incoming()
        timers.advance(1)
        _, body = await anna.api("GET", "/cdrs")
        assert [(one["id"], one["code"], one["rang"]) for one in body["data"]] == [
            (call, 486, False)
        ]

    async def test_a_call_whose_own_phone_nobody_picked_up_is_none(self, anna, pbx, timers):
        task = asyncio.create_task(anna.api("POST", "/calls", {"to": "1003"}))
        call = (await until(lambda: list(pbx.exchange.calls)))[0]
        await anna.api("DELETE", f"/calls/{call}")
        await task
        assert (await anna.api("GET", "/cdrs"))[1]["total"] == 0

    async def test_since_and_limit(self, anna, timers):
        for _ in range(3):
            call = await anna.incoming()
            await anna.control(f"calls/{call}/hangup")
            timers.advance(10)
        _, body = await anna.api("GET", "/cdrs?limit=2")
        assert (len(body["data"]), body["total"]) == (2, 3)
        _, body = await anna.api("GET", f"/cdrs?since={int(START) + 5}")
        assert body["total"] == 2

    @pytest.mark.parametrize("query", ["since=-1", "since=x", "limit=0", "limit=1001", "limit="])
    async def test_bad_queries(self, anna, query):
        assert (await anna.api("GET", f"/cdrs?{query}"))[0] == 400

    async def test_a_reset_forgets_them(self, anna, client):
        call = await anna.incoming()
        await anna.control(f"calls/{call}/hangup")
        await anna.control("reset")
        await client.login("anna")
        assert (await client.api("GET", "/cdrs"))[1]["total"] == 0


class TestFeatures:
    async def test_the_account_names_them(self, anna):
        _, body = await anna.api("GET", "/me")
        assert {"hold", "consult", "park", "history"} <= set(body["data"]["features"])

    async def test_the_control_api_takes_some_away_or_all_word_of_them(self, anna):
        assert (await anna.control("features", {"features": ["answer"]}))[0] == 200
        assert (await anna.api("GET", "/me"))[1]["data"]["features"] == ["answer"]
        await anna.control("features", {"features": None})
        assert "features" not in (await anna.api("GET", "/me"))[1]["data"]

    @pytest.mark.parametrize("features", ["answer", ["fly"], 1, [["answer"]]])
    async def test_which_it_knows(self, anna, features):
        assert (await anna.control("features", {"features": features}))[0] == 400


async def test_a_phone_has_so_many_lines(anna):
    assert (await anna.control("phones/10002", {"lines": 1}))[1]["lines"] == 1
    await connected(anna)
    assert (await anna.api("POST", "/calls", {"to": "1003"}))[0] == 400


@pytest.mark.parametrize("lines", [0, 1.5, True, None, 1_001])
async def test_lines_are_a_number(anna, lines):
    assert (await anna.control("phones/10002", {"lines": lines}))[0] == 400
