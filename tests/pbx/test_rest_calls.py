"""Calls through the REST API over HTTP, with a manual clock for the phones."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from .manual import START, ManualTimers
from .served import Client, until


async def call_out(client: Client, timers: ManualTimers, to: str) -> tuple[int, Any]:
    """Place a call and pick up the own phone."""
    calls = client.pbx.exchange.calls
    count = len(calls)
    task = asyncio.create_task(client.api("POST", "/calls", {"to": to}))
    await until(lambda: len(calls) > count or task.done())
    timers.advance(2)
    return await task


class TestMakingCalls:
    async def test_post_calls_answers_when_the_own_phone_is_picked_up(self, anna, timers, pbx):
        task = asyncio.create_task(anna.api("POST", "/calls", {"to": "442036427900"}))
        await until(lambda: pbx.exchange.calls)
        _, listed = await anna.api("GET", "/calls")
        assert [one["state"] for one in listed["data"]] == ["INITIAL"]
        assert not task.done()
        timers.advance(2)
        status, body = await task
        assert status == 201
        assert body["data"]["id"] == listed["data"][0]["id"]
        assert body["data"]["state"] == "RINGING"

    async def test_a_call_can_be_read_until_it_ends(self, anna, timers):
        _, made = await call_out(anna, timers, "442036427900")
        timers.advance(2)
        path = f"/calls/{made['data']['id']}"
        status, body = await anna.api("GET", path)
        assert (status, body["data"]) == (
            200,
            {
                "id": made["data"]["id"],
                "state": "CONNECTED",
                "start_time": int(START),
                "connected_at": int(START) + 4,
                "src": "1002",
                "src_name": "Anna Bell",
                "dst": "+442036427900",
                "dst_name": "Alex Morgan",
                "context": "outbound",
            },
        )
        assert await anna.api("DELETE", path) == (204, None)
        assert await anna.api("GET", path) == (404, {"message": "No such call."})
        assert await anna.api("GET", "/calls") == (200, {"data": [], "total": 0})

    @pytest.mark.parametrize("to", [442036427900, "+442036427900", " 442036427900 "])
    async def test_the_number_may_have_other_notations(self, anna, timers, to):
        status, body = await call_out(anna, timers, to)
        assert (status, body["data"]["dst"]) == (201, "+442036427900")

    @pytest.mark.parametrize(
        ("to", "message"),
        [
            ("hello", "'hello' is not a valid number."),
            ("0442036427900", "0442036427900 is not a valid number."),
            ("9999", "9999 is not an extension of this PBX."),
            ("1002", "You cannot call yourself."),
            ("449098790001", "Calls to +449098790001 are not allowed."),
        ],
    )
    async def test_a_number_that_cannot_be_called_is_rejected(self, anna, to, message):
        assert await anna.api("POST", "/calls", {"to": to}) == (400, {"message": message})

    @pytest.mark.parametrize("body", [{}, {"to": ""}, {"to": None}, {"to": []}, {"to": True}])
    async def test_a_call_needs_a_number(self, anna, body):
        status, answer = await anna.api("POST", "/calls", body)
        assert (status, answer["errors"][0]["field"]) == (400, "to")

    async def test_a_user_without_a_phone_cannot_call(self, anna):
        await anna.control("phones/10002", {"registered": False})
        assert await anna.api("POST", "/calls", {"to": "442036427900"}) == (
            412,
            {"message": "Unable to make a call with no VoIP clients registered"},
        )

    @pytest.mark.parametrize(
        ("verb", "body", "message"),
        [
            ("reject", None, "Your phone rejected the call (603)."),
            ("hangup", {"side": "local"}, "The call was ended before your phone answered."),
        ],
    )
    async def test_the_own_phone_may_reject_the_call(self, anna, pbx, verb, body, message):
        task = asyncio.create_task(anna.api("POST", "/calls", {"to": "442036427900"}))
        call = (await until(lambda: list(pbx.exchange.calls)))[0]
        assert (await anna.control(f"calls/{call}/{verb}", body))[0] == 200
        assert await task == (400, {"message": message})

    async def test_the_own_phone_may_not_be_picked_up(self, anna, timers, pbx):
        await anna.control("phones/10002", {"pickup_after": None, "ring_time": 5})
        task = asyncio.create_task(anna.api("POST", "/calls", {"to": "442036427900"}))
        await until(lambda: pbx.exchange.calls)
        timers.advance(5)
        assert await task == (400, {"message": "Your phone did not answer."})

    async def test_a_call_whose_own_phone_still_rings_can_be_ended(self, anna, pbx):
        task = asyncio.create_task(anna.api("POST", "/calls", {"to": "442036427900"}))
        call = (await until(lambda: list(pbx.exchange.calls)))[0]
        assert (await anna.api("DELETE", f"/calls/{call}"))[0] == 204
        assert (await task)[0] == 400

    async def test_a_busy_destination_does_not_fail_the_request(self, anna, timers):
        status, _ = await call_out(anna, timers, "442079460101")
        assert status == 201


class TestSteeringCalls:
    async def test_patch_answers(self, anna):
        call = await anna.incoming()
        status, body = await anna.api("PATCH", f"/calls/{call}", {"state": "CONNECTED"})
        assert (status, body["data"]["state"]) == (200, "CONNECTED")

    async def test_patch_answers_only_a_ringing_call(self, anna):
        call = await anna.incoming()
        await anna.control(f"calls/{call}/answer")
        assert await anna.api("PATCH", f"/calls/{call}", {"state": "CONNECTED"}) == (
            400,
            {"message": "The call neither rings nor is on hold from your side."},
        )

    async def test_patch_transfers(self, anna, ben):
        call = await anna.incoming()
        await anna.api("PATCH", f"/calls/{call}", {"state": "CONNECTED"})
        status, body = await anna.api("PATCH", f"/calls/{call}", {"dst": "1003"})
        assert (status, body["data"]["state"]) == (200, "RINGING")
        assert (await anna.api("GET", f"/calls/{call}"))[0] == 404
        status, body = await ben.api("PATCH", f"/calls/{call}", {"state": "CONNECTED"})
        assert (body["data"]["src"], body["data"]["dst"]) == ("+442036427900", "1003")

    async def test_patch_deflects_a_ringing_call(self, anna, ben):
        call = await anna.incoming()
        status, _ = await anna.api("PATCH", f"/calls/{call}", {"dst": "1003"})
        assert status == 200
        assert (await anna.api("GET", f"/calls/{call}"))[0] == 404
        assert (await ben.api("GET", f"/calls/{call}"))[1]["data"]["state"] == "RINGING"

    async def test_a_call_that_the_user_has_placed_is_not_sent_on_while_it_rings(
        self, anna, timers
    ):
        _, made = await call_out(anna, timers, "1003")
        path = f"/calls/{made['data']['id']}"
        status, body = await anna.api("PATCH", path, {"dst": "1005"})
        assert status == 400
        assert "connected" in body["message"]

    async def test_patch_sets_an_action_link(self, anna):
        call = await anna.incoming()
        body = {"action_url": "https://crm.example/1", "action_text": "Open"}
        assert (await anna.api("PATCH", f"/calls/{call}", body))[0] == 200

    @pytest.mark.parametrize(
        "body",
        [{}, {"state": "HELD"}, {"state": "CONNECTED", "dst": "1003"}, {"dst": {}}, {"x": 1}],
    )
    async def test_patch_rejects_unknown_changes(self, anna, body):
        call = await anna.incoming()
        status, answer = await anna.api("PATCH", f"/calls/{call}", body)
        assert status == 400
        assert answer["message"]

    async def test_delete_declines_a_ringing_call(self, anna, pbx):
        call = await anna.incoming()
        assert await anna.api("DELETE", f"/calls/{call}") == (204, None)
        assert pbx.exchange.calls == {}

    async def test_a_call_of_other_users_is_not_found(self, anna, ben):
        call = await anna.incoming()
        for method, body in (("GET", None), ("PATCH", {"state": "CONNECTED"}), ("DELETE", None)):
            assert await ben.api(method, f"/calls/{call}", body) == (
                404,
                {"message": "No such call."},
            )
        assert (await ben.api("GET", "/calls"))[1]["data"] == []
        assert (await anna.api("GET", f"/calls/{call}"))[0] == 200
