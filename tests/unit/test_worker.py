"""The page protocol of the worker (web/src/protocol.d.ts)."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator

import pytest

from pycti.worker import Worker, start

from .documents import dialog, incoming
from .pages import Office
from .world import DOWN


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
    async def test_a_page_is_told_the_state_first(self, office: Office):
        await office.hello()
        assert office.posts == [
            (
                1,
                {
                    "type": "state",
                    "connected": False,
                    "uris": [],
                    "nodes": [],
                    "params": {"user_id": None, "sip_username": None, "sip_domain": None},
                },
            )
        ]

    async def test_the_first_page_says_where_the_servers_are(self, office: Office):
        await office.hello(token="t0ken", sipServer="ws://sip.test/x")
        assert office.socket.url == "ws://sip.test/x"

    async def test_the_remembered_token_restores_the_session(self, office: Office):
        await office.hello(token="t0ken")
        assert office.asked == ["GET /me"]
        assert office.events_of(1) == ["LOGGED_IN", "SUBSCRIBED user:10002", "READY"]
        assert office.of(0, "token") == [{"type": "token", "token": "t0ken"}]

    async def test_an_expired_token_is_forgotten(self, office: Office):
        office.api["GET /me"] = (401, {})
        await office.hello(token="old")
        assert office.of(0, "token") == [{"type": "token", "token": None}]
        assert office.events_of(1) == ["LOGGED_OUT SESSION_EXPIRED"]

    async def test_a_new_page_is_told_what_the_others_know(self, office: Office):
        await office.log_in_page()
        await office.command(1, 2, "subscribe", "queue:77")
        await office.dialogs(incoming("143-1", "early"))
        office.posts.clear()
        await office.hello(2)
        assert {page for page, _ in office.posts} == {2}
        assert office.of(2, "state")[0]["connected"] is True
        assert office.of(2, "state")[0]["nodes"] == ["user:10002", "queue:77"]
        assert office.of(2, "token") == [{"type": "token", "token": "t0ken"}]
        assert office.events_of(2) == [
            "LOGGED_IN",
            "SUBSCRIBED user:10002",
            "SUBSCRIBED queue:77",
            "READY",
            "RINGING 143",
        ]

    async def test_a_new_page_is_not_told_ready_while_the_connection_is_lost(self, office: Office):
        await office.log_in_page()
        office.network = False
        await office.drop()
        office.posts.clear()
        await office.hello(2)
        assert office.events_of(2) == ["LOGGED_IN", "SUBSCRIBED user:10002"]

    async def test_a_page_that_was_frozen_is_told_only_what_it_missed(self, office: Office):
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

    async def test_a_node_that_cannot_be_followed_again_is_told(self, office: Office):
        office.sip["queue-77"] = "404 Not Found"
        await office.hello(token="t0ken", nodes=["queue:77", "nonsense"])
        assert office.events_of(1)[-2:] == ["ERROR BAD_NODE_TYPE", "ERROR SIP_ERROR"]

    async def test_calls_that_ended_meanwhile_get_their_end(self, office: Office):
        await office.hello(token="t0ken", calls=[CALL])
        assert office.events_of(1)[-1] == "HANGUP 143"

    async def test_calls_that_go_on_are_not_repeated(self, office: Office):
        office.sip["10002"] = None
        await office.hello(token="t0ken", calls=[CALL])
        office.sip.clear()
        office._subscriptions["10002"] = (office.socket, office.socket.sent[0])
        await office.dialogs(incoming("143-1", "confirmed"))
        assert not any("143" in word for word in office.events_of(1))
        await office.dialogs()
        assert office.events_of(1)[-1] == "HANGUP 143"

    async def test_a_node_that_only_this_page_knows_is_followed_at_once(self, office: Office):
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
    async def test_a_call_that_is_none_is_left_out(self, office: Office, call):
        await office.hello(token="t0ken", calls=[call, CALL])
        assert office.events_of(1)[-1] == "HANGUP 143"

    async def test_a_cid_beyond_all_measure_does_no_harm(self, office: Office):
        await office.hello(token="t0ken", calls=[{**CALL, "cid": "9" * 5000}, CALL])
        assert office.events_of(1)[-1] == "HANGUP 143"


class TestCommands:
    async def test_the_result_is_the_event_that_concluded_the_command(self, office: Office):
        await office.hello()
        await office.command(1, 8, "login", "anna@example.com", "x")
        (result,) = office.of(1, "result")
        assert (result["id"], result["value"]["name"]) == (8, "READY")

    async def test_the_mirror_comes_before_the_event_that_announces_the_change(
        self, office: Office
    ):
        await office.hello()
        office.posts.clear()
        await office.command(1, 1, "login", "anna@example.com", "x")
        order = []
        for _, message in office.posts:
            if message["type"] == "state":
                order.append(
                    f"state {message['params']['user_id']} {message['nodes']} {message['connected']}"
                )
            elif message["type"] == "event":
                order.append(message["event"]["name"])
        assert order == [
            "state 10002 [] False",
            "LOGGED_IN",
            "state 10002 ['user:10002'] False",
            "SUBSCRIBED",
            "state 10002 ['user:10002'] True",
            "READY",
        ]

    async def test_the_mirror_is_sent_only_when_it_changed(self, office: Office):
        await office.log_in_page()
        await office.command(1, 2, "unsubscribe", "queue:77")
        await office.command(1, 3, "answer")
        assert office.of(0, "state") == []

    async def test_the_mirror_is_up_to_date_when_a_node_is_let_go_of(self, office: Office):
        await office.log_in_page()
        await office.command(1, 2, "subscribe", "queue:77")
        office.posts.clear()
        await office.command(1, 3, "unsubscribe", "queue:77")
        kinds = [message["type"] for _, message in office.posts]
        assert kinds == ["state", "result"]
        assert office.of(1, "result")[0]["value"] is None

    async def test_after_a_loss_the_mirror_says_so_first(self, office: Office):
        await office.log_in_page()
        office.network = False
        await office.drop()
        assert [message["type"] for _, message in office.posts] == ["state", "event"]
        assert office.of(0, "state")[0]["connected"] is False

    async def test_only_the_page_that_asked_is_told_of_its_error(self, office: Office):
        await office.log_in_page()
        await office.command(2, 5, "call", "abc")
        assert {page for page, _ in office.posts} == {2}
        assert office.events_of(2) == ["ERROR BAD_EXTENSION"]
        (refusal,) = office.of(2, "refusal")
        assert (refusal["id"], refusal["error"]["code"]) == (5, "BAD_EXTENSION")
        assert set(refusal["error"]) == {"code", "message", "hint"}

    async def test_only_the_page_that_asked_is_told_that_it_is_not_allowed(self, office: Office):
        await office.log_in_page()
        await office.command(2, 5, "answer")
        assert {page for page, _ in office.posts} == {2}
        assert office.events_of(2) == ["INFO NOT_ALLOWED"]
        assert office.of(2, "result")[0]["value"]["name"] == "INFO"

    async def test_every_page_is_told_of_calls(self, office: Office):
        await office.log_in_page()
        office.api["POST /calls"] = (201, {"data": {"id": 143}})
        await office.command(2, 5, "call", "10003")
        assert [message["event"]["name"] for message in office.of(0, "event")] == [
            "INITIAL",
            "ACCEPTED",
        ]
        assert office.of(2, "result")[0]["value"]["call"]["id"] == "143"

    async def test_an_error_that_an_event_has_told_of_is_not_told_twice(self, office: Office):
        await office.log_in_page()
        office.api["POST /calls"] = (412, {"message": "No phone."})
        await office.command(1, 5, "call", "10003")
        assert office.events_of(1)[0].startswith("INITIAL")
        assert office.events_of(1)[1].startswith("CANCEL")
        assert len(office.events_of(1)) == 2
        assert office.of(1, "refusal")[0]["error"]["message"] == "No phone."

    async def test_an_api_request_gives_the_json(self, office: Office):
        await office.log_in_page()
        office.api["GET /users"] = (200, {"data": [{"id": 1}]})
        await office.command(1, 5, "apiRequest", "GET", "/users")
        assert office.of(1, "result")[0]["value"] == {"data": [{"id": 1}]}

    async def test_an_answer_that_json_cannot_say_is_an_error_not_a_broken_message(
        self, office: Office
    ):
        await office.log_in_page()
        office.api["GET /users"] = (200, '{"data": 1e999}')
        await office.command(1, 5, "apiRequest", "GET", "/users")
        assert office.of(1, "refusal")[0]["error"]["code"] == "API_ERROR"

    async def test_even_a_defect_does_not_leave_the_page_waiting(self, office: Office, caplog):
        await office.log_in_page()
        office.api.pop("GET /users", None)  # the fake platform raises KeyError
        await office.command(1, 5, "apiRequest", "GET", "/users")
        assert office.of(1, "refusal")[0]["id"] == 5
        assert "apiRequest" in caplog.text

    async def test_a_second_factor_and_a_token(self, office: Office):
        office.api["POST /login"] = (202, {"nonce": "n", "message": "Code?"})
        await office.hello()
        await office.command(1, 1, "login", "anna@example.com", "x")
        assert office.of(1, "result")[0]["value"] == {
            "name": "TWO_FACTOR_AUTH",
            "message": "Code?",
            "nonce": "n",
        }

    async def test_a_logout_forgets_the_token_everywhere(self, office: Office):
        await office.log_in_page()
        await office.command(1, 5, "logout")
        assert office.of(0, "token") == [{"type": "token", "token": None}]
        await office.hello(2)
        assert office.of(2, "token") == []

    async def test_a_login_without_a_network_is_told_to_the_page_that_asked(self, office: Office):
        office.api["POST /login"] = DOWN
        await office.hello()
        await office.command(1, 1, "login", "anna@example.com", "x")
        assert office.events_of(1) == ["ERROR NETWORK_ERROR"]
        assert office.of(0, "event") == []


class TestOtherMessages:
    async def test_online_hurries_the_reconnection(self, office: Office):
        office.send(1, "online")  # before any hello: nothing to hurry
        await office.log_in_page()
        await office.drop()
        office.posts.clear()
        office.send(1, "online")
        await office.advance(0)
        assert office.events_of(1) == ["READY"]

    async def test_a_page_may_go(self, office: Office):
        await office.log_in_page()
        office.send(1, "bye")
        await office.dialogs(incoming("143-1", "early"))
        assert office.events_of(2) == ["RINGING 143"]

    async def test_a_command_before_any_hello_changes_nothing(self, office: Office):
        await office.command(1, 1, "call", "10003")
        assert office.posts == []

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
    async def test_what_is_malformed_is_dropped_with_a_log_line(
        self, office: Office, text: str, caplog
    ):
        with caplog.at_level(logging.WARNING):
            office.worker.receive(1, text)
        await office.settle()
        assert caplog.records
        await office.hello(2)
        assert office.of(2, "state")

    async def test_arguments_of_any_kind_are_refused_not_raised(self, office: Office):
        await office.log_in_page()
        for number, value in enumerate([None, 5, True, 1.5, [], {}, "\ud800", "x" * 10_000]):
            for method in ("call", "terminate", "subscribe", "login", "apiRequest"):
                arguments = [value] if method != "apiRequest" else ["GET", "/x", {"q": value}]
                office.api["POST /calls"] = (400, {})
                office.send(1, "command", id=f"{method}{number}", method=method, args=arguments)
        await office.settle()
        answered = {m["id"] for m in office.of(1, "refusal") + office.of(1, "result")}
        assert len(answered) == 8 * 5

    async def test_before_the_connector_is_there_nothing_is_told(self, office: Office):
        from pycti.events import ActivityEvent, EventName

        office.worker._on_event(ActivityEvent(EventName.READY, "x"))
        assert office.posts == []

    async def test_the_entry_point_returns_what_takes_messages(self):
        posts: list[tuple[int, str]] = []
        receive = start(lambda page, text: posts.append((page, text)))
        receive(
            1, json.dumps({"type": "hello", "options": {}, "token": None, "nodes": [], "calls": []})
        )
        assert json.loads(posts[0][1])["type"] == "state"
        assert isinstance(receive.__self__, Worker)  # type: ignore[attr-defined]


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
