"""The control API over HTTP, with a manual clock for the phones."""

from __future__ import annotations

import asyncio
import json

import pytest

from .served import legs, state, until


class TestIncoming:
    @pytest.mark.parametrize(
        ("to", "node"),
        [
            ("10002", "user:10002"),
            ("1002", "user:10002"),
            ("user:10002", "user:10002"),
            ("queue:77", "queue:77"),
            ("770", "queue:77"),
            ("ivr:55", "ivr:55"),
            ("conf:123456", "conf:123456"),
        ],
    )
    async def test_incoming_reaches_any_node(self, client, to, node):
        assert (await legs(client, await client.incoming(to)))[node] == "early"

    async def test_incoming_shows_the_name_of_the_caller(self, anna, watcher):
        await watcher.subscribe()
        await anna.incoming(name='<b>"Anna" & Co</b>')
        await watcher.state("early")
        assert "&lt;b&gt;&quot;Anna&quot; &amp; Co&lt;/b&gt;" in watcher.documents[-1].request.body

    async def test_incoming_uses_the_name_of_a_listed_number(self, client):
        await client.incoming()
        assert (await state(client))["calls"][0]["src_name"] == "Alex Morgan"

    async def test_the_caller_may_be_anonymous(self, client):
        status, _ = await client.control("incoming", {"to": "1002"})
        assert status == 200
        assert (await state(client))["calls"][0]["src"] == "anonymous"

    @pytest.mark.parametrize(
        ("body", "status", "word"),
        [
            ({}, 400, "to is missing"),
            ({"to": "9999"}, 404, "not in the directory"),
            ({"to": "442036427900"}, 404, "not in the directory"),
            ({"to": "1002", "from": "x"}, 400, "from has to be"),
            ({"to": "1002", "from": 1.5}, 400, "from has to be"),
            ({"to": "1002", "name": "x" * 201}, 400, "200 characters"),
            ({"to": "1002", "colour": "red"}, 400, "Unknown field 'colour'"),
        ],
    )
    async def test_bad_input_is_explained(self, client, body, status, word):
        answer = await client.control("incoming", body)
        assert answer[0] == status
        assert word in answer[1]["message"]


class TestCalls:
    async def test_answer_hold_resume_hangup(self, client, pbx):
        call = await client.incoming()
        for verb, expected in (("answer", "confirmed"), ("hold", "held"), ("resume", "confirmed")):
            assert await client.control(f"calls/{call}/{verb}") == (200, {"id": call})
            assert (await legs(client, call))["user:10002"] == expected
        leg = pbx.exchange.calls[call].legs[1]
        await client.control(f"calls/{call}/hangup")
        assert leg.event == "remote-bye"
        assert pbx.exchange.calls == {}

    async def test_the_user_side_may_hang_up(self, client, pbx):
        call = await client.incoming()
        await client.control(f"calls/{call}/answer")
        leg = pbx.exchange.calls[call].legs[1]
        await client.control(f"calls/{call}/hangup", {"side": "local"})
        assert leg.event == "local-bye"

    async def test_the_other_party_may_hold(self, client, pbx):
        call = await client.incoming()
        await client.control(f"calls/{call}/answer")
        await client.control(f"calls/{call}/hold", {"side": "remote"})
        assert pbx.exchange.calls[call].holders == {1}
        assert (await legs(client, call))["user:10002"] == "held"
        assert (await client.control(f"calls/{call}/resume"))[0] == 200

    async def test_reject(self, client, pbx):
        call = await client.incoming()
        leg = pbx.exchange.calls[call].legs[1]
        await client.control(f"calls/{call}/reject")
        assert (leg.event, leg.code) == ("rejected", 603)

    async def test_a_given_member_of_a_queue_answers(self, client):
        call = await client.incoming("queue:77")
        await client.control(f"calls/{call}/answer", {"user": "10003"})
        assert await legs(client, call) == {
            "+442036427900": "confirmed",
            "queue:77": "confirmed",
            "user:10002": "terminated",
            "user:10003": "confirmed",
        }

    async def test_the_own_phone_is_picked_up_before_the_destination(self, anna, pbx):
        await anna.control("phones/10002", {"pickup_after": None})
        task = asyncio.create_task(anna.api("POST", "/calls", {"to": "1003"}))
        call = (await until(lambda: list(pbx.exchange.calls)))[0]
        assert await legs(anna, call) == {"user:10002": "trying"}
        await anna.control(f"calls/{call}/answer")
        assert (await task)[0] == 201
        assert await legs(anna, call) == {"user:10002": "early", "user:10003": "early"}
        await anna.control(f"calls/{call}/answer")
        assert await legs(anna, call) == {"user:10002": "confirmed", "user:10003": "confirmed"}

    @pytest.mark.parametrize(
        ("path", "body", "status", "word"),
        [
            ("1/answer", None, 404, "No such call"),
            ("{}/dance", None, 404, "verbs are"),
            ("{}/answer", {"user": "10003"}, 400, "No phone rings"),
            ("{}/hold", None, 400, "connected"),
            ("{}/resume", None, 400, "not on hold"),
            ("{}/resume", {"side": "local"}, 400, "not on hold"),
            ("{}/hangup", {"side": "left"}, 400, "side has to be"),
            ("{}/hangup", {"force": True}, 400, "Unknown field"),
        ],
    )
    async def test_bad_input_is_explained(self, client, path, body, status, word):
        call = await client.incoming()
        answer = await client.control(f"calls/{path.format(call)}", body)
        assert answer[0] == status
        assert word in answer[1]["message"]


class TestPhones:
    async def test_phone_settings_can_be_changed(self, client, timers):
        status, body = await client.control(
            "phones/10002", {"answer_after": 3, "ring_time": 9, "dnd": False}
        )
        assert (status, body) == (
            200,
            {
                "registered": True,
                "pickup_after": 2.0,
                "answer_after": 3.0,
                "ring_time": 9.0,
                "dnd": False,
                "lines": 2,
            },
        )
        call = await client.incoming()
        timers.advance(3)
        assert (await legs(client, call))["user:10002"] == "confirmed"

    @pytest.mark.parametrize(
        ("user", "body", "status"),
        [
            ("99999", {}, 404),
            ("10002", {"dnd": "yes"}, 400),
            ("10002", {"registered": None}, 400),
            ("10002", {"ring_time": None}, 400),
            ("10002", {"answer_after": -1}, 400),
            ("10002", {"answer_after": True}, 400),
            ("10002", {"pickup_after": 1e9}, 400),
            ("10002", {"volume": 11}, 400),
        ],
    )
    async def test_bad_settings_are_rejected(self, client, user, body, status):
        answer = await client.control(f"phones/{user}", body)
        assert answer[0] == status
        assert answer[1]["message"]

    @pytest.mark.parametrize(
        "raw", [b'{"ring_time": NaN}', b'{"ring_time": Infinity}', b"[1]", b"{"]
    )
    async def test_invalid_json_is_rejected(self, client, raw):
        assert (await client.control("phones/10002", raw=raw))[0] == 400


class TestState:
    async def test_the_state_contains_no_secret(self, anna, watcher, pbx):
        await watcher.subscribe()
        _, me = await anna.api("GET", "/me")
        text = json.dumps(await state(anna))
        for secret in (anna.token, me["data"]["sip_password"], "demo-key", '"demo"', "123456"):
            assert secret not in text.replace("conf:123456", "")

    async def test_the_state_describes_the_outside_numbers(self, client):
        outside = {one["number"]: one["does"] for one in (await state(client))["outside"]}
        assert outside["+442079460101"] == "is busy"

    async def test_the_state_lists_the_subscriptions(self, anna, watcher):
        await watcher.subscribe("queue-77")
        body = await state(anna)
        assert [one["id"] for one in body["sockets"]] == [1]
        (one,) = body["subscriptions"]
        assert (one["node"], one["user"], one["socket"]) == ("queue:77", "10002", 1)

    async def test_state_waits_for_a_change(self, client):
        version = (await state(client))["version"]
        waiting = asyncio.create_task(state(client, version))
        await until(lambda: client.pbx._feed._waiters)
        call = await client.incoming()
        body = await asyncio.wait_for(waiting, 2)
        assert body["version"] > version
        assert [one["id"] for one in body["calls"]] == [call]

    async def test_state_does_not_wait_if_it_has_already_changed(self, client):
        await asyncio.wait_for(state(client, 999), 2)

    async def test_state_answers_after_a_timeout_without_a_change(self, client, monkeypatch):
        monkeypatch.setattr("pycti.pbx.control._LONGEST_POLL", 0.01)
        version = (await state(client))["version"]
        assert (await state(client, version))["version"] == version

    async def test_the_version_must_be_a_number(self, client):
        assert (await client.ask("GET", "/_pbx/state?since=x"))[0] == 400


class TestGuard:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "same-site"},
        ],
    )
    async def test_other_websites_are_refused(self, client, headers):
        for method, path in (("GET", "/_pbx/state"), ("POST", "/_pbx/drop"), ("POST", "/_pbx/no")):
            status, body = await client.ask(method, path, **headers)
            assert (status, body) == (403, {"message": "Other origins may not control this PBX."})

    async def test_the_servers_own_pages_are_allowed(self, client, pbx):
        headers = {"Origin": pbx.url, "Sec_Fetch_Site": "same-origin"}
        assert (await client.control("drop", **headers))[0] == 200
        port = pbx.url.rpartition(":")[2]
        headers = {"Origin": f"http://localhost:{port}", "Host": f"localhost:{port}"}
        assert (await client.control("drop", **headers))[0] == 200

    async def test_there_is_no_cors(self, client):
        async with client.http.get("/_pbx/state") as answer:
            assert "Access-Control-Allow-Origin" not in answer.headers
        async with client.http.options(
            "/_pbx/drop", headers={"Origin": "https://a.example"}
        ) as answer:
            assert answer.status == 403

    @pytest.mark.parametrize(
        ("method", "path", "status"), [("GET", "drop", 405), ("POST", "no", 404)]
    )
    async def test_errors_are_json(self, client, method, path, status):
        answer = await client.ask(method, f"/_pbx/{path}")
        assert answer[0] == status
        assert answer[1]["message"]
