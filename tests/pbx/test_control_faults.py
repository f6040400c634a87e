"""Faults of the control API: connections and answers, with a manual clock for the phones."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import aiohttp
import pytest

from .served import API, Watcher, state, until


class TestConnections:
    async def test_drop_cuts_all_connections_without_a_close_frame(self, anna, watcher):
        await watcher.subscribe()
        assert await anna.control("drop") == (200, {"dropped": 1})
        await until(lambda: watcher.ws.closed)
        assert watcher.ws.close_code == 1006

    async def test_a_drop_keeps_subscriptions(self, anna, watcher):
        await watcher.subscribe()
        await anna.control("drop")
        (one,) = (await state(anna))["subscriptions"]
        assert one["socket"] is None

    async def test_a_drop_can_delete_subscriptions_like_a_restart(self, anna, watcher):
        await watcher.subscribe()
        await anna.control("drop", {"forget": True})
        assert (await state(anna))["subscriptions"] == []

    async def test_new_connections_can_be_refused(self, anna):
        assert await anna.control("sip", {"refuse": True}) == (200, {"refuse": True})
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await anna.http.ws_connect("/sip", protocols=("sip",))
        assert caught.value.status == 503
        await anna.control("sip", {"refuse": False})
        await (await Watcher.open(anna)).close()

    async def test_tokens_can_be_expired(self, anna):
        assert await anna.control("expire-tokens") == (200, {"expired": 1})
        assert (await anna.api("GET", "/me"))[0] == 401


class TestFlood:
    @pytest.mark.parametrize("count", [1, 2, 250])
    async def test_flood_sends_the_requested_number_of_documents(self, anna, watcher, count):
        await watcher.subscribe()
        status, body = await anna.control("flood", {"to": "10002", "count": count})
        assert status == 200
        assert (body["count"], body["acked"]) == (count, count)
        assert body["seconds"] > 0
        documents = watcher.documents[1:]
        assert [one.version for one in documents] == list(range(1, count + 1))
        bodies = [one.request.body.partition("<dialog ")[2] for one in documents]
        assert all(one != two for one, two in pairwise(bodies))

    async def test_flood_leaves_no_call_behind(self, anna, watcher):
        await watcher.subscribe()
        await anna.control("flood", {"to": "10002", "count": 5})
        states = [state for one in watcher.documents for state in one.states.values()]
        assert states == ["early", "confirmed", "confirmed", "confirmed", "terminated"]

    async def test_flood_ends_when_the_watcher_disconnects(self, anna, watcher):
        await watcher.subscribe()
        watcher._take = lambda _: anna.pbx._sockets.drop()
        status, body = await asyncio.wait_for(
            anna.control("flood", {"to": "10002", "count": 5000}), 5
        )
        assert status == 200
        assert body["acked"] < 5000

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"to": "10002", "count": 1}, 404),
            ({"to": "9999", "count": 1}, 404),
            ({"to": "10002"}, 400),
            ({"to": "10002", "count": 0}, 400),
            ({"to": "10002", "count": True}, 400),
            ({"to": "10002", "count": 10**9}, 400),
        ],
    )
    async def test_bad_input_is_rejected(self, client, body, status):
        assert (await client.control("flood", body))[0] == status


class TestFaults:
    async def test_a_fault_applies_the_given_number_of_times(self, anna):
        body = {"path": "/ping", "status": 503, "times": 2}
        assert (await anna.control("faults", body))[0] == 200
        answers = [(await anna.api("GET", "/ping"))[0] for _ in range(3)]
        assert answers == [503, 503, 200]

    async def test_a_fault_can_be_limited_to_a_method(self, anna):
        await anna.control("faults", {"path": "/calls", "method": "post", "status": 500})
        assert (await anna.api("POST", "/calls", {"to": "1003"}))[0] == 500
        assert (await anna.api("GET", "/calls"))[0] == 200

    async def test_a_star_in_the_path_matches_anything(self, anna):
        await anna.control("faults", {"path": "*", "status": 500})
        assert (await anna.api("GET", "/me"))[0] == 500
        assert (await anna.ask("GET", "/_pbx/state"))[0] == 200

    async def test_an_answer_can_be_delayed(self, anna):
        await anna.control("faults", {"path": "/ping", "delay": 0.05})
        loop = asyncio.get_running_loop()
        start = loop.time()
        assert (await anna.api("GET", "/ping"))[0] == 200
        assert loop.time() - start >= 0.05

    async def test_the_connection_can_be_cut(self, anna, caplog):
        await anna.control("faults", {"path": "/ping", "drop": True})
        with pytest.raises(aiohttp.ClientError):
            await anna.http.delete(API + "/ping")
        assert "Error handling request" not in caplog.text

    async def test_an_empty_object_removes_all_faults(self, anna):
        await anna.control("faults", {"path": "*", "status": 500})
        assert await anna.control("faults", {}) == (200, {"faults": []})
        assert (await anna.api("GET", "/me"))[0] == 200

    @pytest.mark.parametrize(
        "body",
        [
            {"status": 500},
            {"path": 1},
            {"path": "ping"},
            {"path": "*", "status": 200},
            {"path": "*", "status": "500"},
            {"path": "*", "status": True},
            {"path": "*", "delay": -1},
            {"path": "*", "drop": 1},
            {"path": "*", "times": 0},
            {"path": "*", "method": 5},
            {"path": "*", "colour": "red"},
        ],
    )
    async def test_bad_faults_are_rejected(self, client, body):
        status, answer = await client.control("faults", body)
        assert status == 400
        assert answer["message"]
        assert (await state(client))["faults"] == []
