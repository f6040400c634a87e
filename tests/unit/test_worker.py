"""The page protocol of the worker (web/src/common/protocol.d.ts)."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator

import pytest

from pycti.pages.worker import start

from .documents import dialog, incoming
from .pages import Office


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    yield office
    await office.connector.aclose()
    if office.worker._connector is not None:
        await office.worker._connector.aclose()


CALL = {
    "id": "143", "cid": "7", "cause": "", "destination": "10002", "destinationName": "",
    "source": "+442036427900", "sourceName": "Ben", "direction": "INBOUND", "status": "CONNECTED",
    "node": "user:10002", "requestId": "", "startTime": 1790000000000.0, "answerTime": None,
}  # fmt: skip


class TestHello:
    async def test_a_page_receives_the_state_first(self, office: Office):
        await office.hello()
        assert office.posts == [
            (
                1,
                {
                    "type": "state",
                    "connected": False,
                    "loggedIn": False,
                    "uris": [],
                    "nodes": [],
                    "features": [],
                    "params": {"user_id": None, "sip_username": None, "sip_domain": None},
                    "problem": None,
                    "resume": None,
                },
            ),
            (1, {"type": "front", "front": True}),
        ]

    async def test_a_restored_session_counts_as_a_session(self, office: Office):
        office.hold("GET /me")
        await office.hello(token="t0ken")
        assert [state["loggedIn"] for state in office.of(1, "state")] == [True]

    async def test_the_options_of_the_first_page_set_the_servers(self, office: Office):
        await office.hello(token="t0ken", sipServer="wss://sip.test/x")
        assert office.socket.url == "wss://sip.test/x"

    async def test_the_stored_token_restores_the_session(self, office: Office):
        await office.hello(token="t0ken")
        assert office.asked == ["GET /me"]
        assert office.events_of(1) == ["LOGGED_IN", "SUBSCRIBED user:10002", "READY"]
        assert office.of(0, "token") == [{"type": "token", "token": "t0ken"}]

    async def test_ready_is_reported_to_javascript_after_the_page(self, office: Office):
        await office.hello()
        assert office.readies == []
        await office.command(1, 1, "login", "anna@example.com", "pa55word")
        assert [told[-1] for told in office.readies] == ["READY"]

    async def test_an_expired_token_is_deleted(self, office: Office):
        office.api["GET /me"] = (401, {})
        await office.hello(token="old")
        assert office.of(0, "token") == [{"type": "token", "token": None}]
        assert office.events_of(1) == ["LOGGED_OUT SESSION_EXPIRED"]

    async def test_a_new_page_receives_the_present_session(self, office: Office):
        await office.log_in_page()
        await office.command(1, 2, "subscribe", "queue:77")
        await office.dialogs(incoming("143-1", "early"))
        office.posts.clear()
        await office.hello(2)
        assert {page for page, message in office.posts if message["type"] != "front"} == {2}
        assert office.of(2, "state")[0]["connected"] is True
        assert office.of(2, "state")[0]["nodes"] == ["user:10002", "queue:77"]
        assert office.of(2, "token") == [{"type": "token", "token": "t0ken"}]
        assert office.events_of(2) == [
            "LOGGED_IN",
            "SUBSCRIBED user:10002",
            "SUBSCRIBED queue:77",
            "READY",
            "RINGING 143 again",
        ]

    async def test_a_new_page_receives_no_ready_while_the_connection_is_lost(self, office: Office):
        await office.log_in_page()
        office.network = False
        await office.drop()
        office.posts.clear()
        await office.hello(2)
        assert office.events_of(2) == ["LOGGED_IN", "SUBSCRIBED user:10002"]

    async def test_a_frozen_page_receives_only_what_it_missed(self, office: Office):
        await office.log_in_page()
        await office.dialogs(incoming("143-1", "early"))
        await office.dialogs(incoming("143-1", "confirmed"), incoming("144-1", "early"))
        office.posts.clear()
        await office.hello(1, calls=[{**CALL, "status": "RINGING"}])
        assert office.events_of(1)[-2:] == ["CONNECTED 143", "RINGING 144"]
        assert office.events_of(1).count("RINGING 143") == 0


class TestANewWorker:
    async def test_the_nodes_of_the_pages_are_followed_again(self, office: Office):
        await office.hello(token="t0ken", nodes=["user:10002", "queue:77", "ivr:5"])
        assert office.subscribes == ["10002 300", "ivr-5 300", "queue-77 300"]
        assert office.events_of(1)[-1] == "SUBSCRIBED queue:77"

    async def test_a_node_that_cannot_be_followed_again_emits_no_error(self, office: Office):
        """No page has sent this command."""
        office.sip["queue-77"] = "404 Not Found"
        await office.hello(token="t0ken", nodes=["queue:77", "nonsense"])
        assert office.events_of(1)[-2:] == ["SUBSCRIBED user:10002", "READY"]
        assert office.worker._connector.nodes == ["user:10002"]

    async def test_the_calls_of_a_node_that_cannot_be_followed_again_end(self, office: Office):
        office.sip["queue-77"] = "404 Not Found"
        call = {**CALL, "node": "queue:77"}
        await office.hello(token="t0ken", nodes=["queue:77"], calls=[call])
        assert office.events_of(1)[-1] == "HANGUP 143"

    async def test_calls_that_ended_without_a_worker_get_their_end(self, office: Office):
        await office.hello(token="t0ken", calls=[CALL])
        assert office.events_of(1)[-1] == "HANGUP 143"

    async def test_calls_that_continue_are_replayed(self, office: Office):
        office.sip["10002"] = None
        await office.hello(token="t0ken", calls=[CALL])
        office.sip.clear()
        office._subscriptions["10002"] = (office.socket, office.socket.sent[0])
        await office.dialogs(incoming("143-1", "confirmed"))
        told = [word for word in office.events_of(1) if "143" in word]
        assert told == ["CONNECTED 143 again"]
        await office.dialogs()
        assert office.events_of(1)[-1] == "HANGUP 143"

    async def test_a_node_of_a_new_page_is_followed_at_once(self, office: Office):
        await office.log_in_page()
        await office.hello(2, nodes=["queue:77"])
        assert office.subscribes[-1] == "queue-77 300"

    @pytest.mark.parametrize(
        "call",
        [
            None,
            5,
            "x",
            [],
            {},
            {**CALL, "status": "DREAMING"},
            {**CALL, "direction": None},
            {**CALL, "startTime": float("inf")},
            {**CALL, "startTime": float("nan")},
        ],
    )
    async def test_an_invalid_call_is_ignored(self, office: Office, call):
        await office.hello(token="t0ken", calls=[call, CALL])
        assert office.events_of(1)[-1] == "HANGUP 143"

    async def test_a_forged_server_id_cannot_leave_the_api(self, office):
        made_up = {**CALL, "requestId": "143", "serverId": "../../other"}
        await office.hello(token="t0ken", calls=[made_up])
        await office.command(1, 9, "apiRequest", "GET", "/calls/143")
        assert office.of(1, "refusal")[0]["error"]["code"] == "BAD_ARGUMENT"
        assert not [request for request in office.platform.requests if "other" in request.path]

    async def test_a_huge_cid_is_harmless(self, office: Office):
        await office.hello(token="t0ken", calls=[{**CALL, "cid": "9" * 5000}, CALL])
        assert office.events_of(1)[-1] == "HANGUP 143"


class TestOtherMessages:
    async def test_online_reconnects_at_once(self, office: Office):
        office.send(1, "online")  # before any hello there is no connection to restore
        await office.log_in_page()
        await office.drop()
        office.posts.clear()
        office.send(1, "online")
        await office.advance(0)
        assert office.events_of(1) == ["READY"]

    async def test_a_bye_removes_a_page(self, office: Office):
        await office.log_in_page()
        office.send(1, "bye")
        await office.dialogs(incoming("143-1", "early"))
        assert office.events_of(2) == ["RINGING 143"]

    async def test_a_command_before_any_hello_is_refused(self, office: Office):
        await office.command(1, 1, "call", "10003")
        assert [post["error"]["code"] for post in office.of(1, "refusal")] == ["NOT_CONNECTED"]
        assert office.asked == []

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "hello",
            "5",
            "null",
            "[]",
            '"hello"',
            "{}",
            '{"type": "dance"}',
            '{"type": 5}',
            '{"type": "command"}',
            '{"type": "command", "id": 1, "method": "call", "args": 5}',
            '{"type": "hello", "options": "x"}',
            '{"type": "hello", "options": {"apiEndpoint": 5}, "nodes": 5}',
            '{"type": "hello", "options": {}, "calls": 5}',
            "[" * 100_000,
            '{"type": ' + "9" * 5000 + "}",
        ],
    )
    async def test_a_malformed_message_is_dropped_with_a_log_line(
        self, office: Office, text: str, caplog
    ):
        with caplog.at_level(logging.WARNING):
            office.worker.receive(1, text)
        await office.settle()
        assert caplog.records
        await office.hello(2)
        assert office.of(2, "state")

    async def test_invalid_arguments_are_rejected_without_an_exception(self, office: Office):
        await office.log_in_page()
        for number, value in enumerate([None, 5, True, 1.5, [], {}, "\ud800", "x" * 10_000]):
            for method in ("call", "terminate", "subscribe", "login", "apiRequest"):
                arguments = [value] if method != "apiRequest" else ["GET", "/x", {"q": value}]
                office.api["POST /calls"] = (400, {})
                office.send(1, "command", id=f"{method}{number}", method=method, args=arguments)
        await office.settle()
        answered = {m["id"] for m in office.of(1, "refusal") + office.of(1, "result")}
        assert len(answered) == 8 * 5

    async def test_without_a_connector_nothing_is_sent(self, office: Office):
        from pycti.events import ActivityEvent, EventName

        office.worker._on_event(ActivityEvent(EventName.READY, "x"))
        assert office.posts == []

    async def test_the_entry_point_returns_the_input_function(self):
        exported: list[str] = []
        enter = start(exported.append)
        hello = {"type": "hello", "options": {}, "token": None, "nodes": [], "calls": []}
        state = enter("page", 1, json.dumps(hello))
        assert state.startswith('p1 {"type": "state"')
        assert exported == []


async def test_a_call_from_click_to_hangup_as_two_pages_see_it(office: Office):
    await office.log_in_page()
    await office.hello(2)
    office.posts.clear()
    office.api["POST /calls"] = (201, {"data": {"id": 143}})
    await office.command(1, 2, "call", "+442036427900")
    await office.dialogs(dialog("143-1", "early"))
    await office.dialogs(dialog("143-1", "confirmed"))
    await office.dialogs()
    names = [word.split()[0] for word in office.events_of(2)]
    assert names == ["INITIAL", "ACCEPTED", "RINGING", "CONNECTED", "HANGUP"]
    assert office.events_of(1) == office.events_of(2)
