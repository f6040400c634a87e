"""Commands of pages: results, refusals, and the copy of the state."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from .pages import Office
from .world import DOWN


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    yield office
    await office.connector.aclose()
    if office.worker._connector is not None:
        await office.worker._connector.aclose()


class TestCommands:
    async def test_the_result_is_the_event_that_completed_the_command(self, office: Office):
        await office.hello()
        await office.command(1, 8, "login", "anna@example.com", "x")
        (result,) = office.of(1, "result")
        assert (result["id"], result["value"]["name"]) == (8, "READY")

    async def test_the_state_is_sent_before_the_event_of_its_change(self, office: Office):
        await office.hello()
        office.posts.clear()
        await office.command(1, 1, "login", "anna@example.com", "x")
        order = []
        for _, message in office.posts:
            if message["type"] == "state":
                order.append("state {params[user_id]} {nodes} {connected}".format(**message))
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

    async def test_the_state_is_sent_only_when_it_changed(self, office: Office):
        await office.log_in_page()
        await office.command(1, 2, "unsubscribe", "queue:77")
        await office.command(1, 3, "answer")
        assert office.of(0, "state") == []

    async def test_the_state_is_updated_when_a_node_is_unsubscribed(self, office: Office):
        await office.log_in_page()
        await office.command(1, 2, "subscribe", "queue:77")
        office.posts.clear()
        await office.command(1, 3, "unsubscribe", "queue:77")
        kinds = [message["type"] for _, message in office.posts]
        assert kinds == ["state", "result"]
        assert office.of(1, "result")[0]["value"] is None

    async def test_a_lost_connection_is_only_a_state(self, office: Office):
        await office.log_in_page()
        office.network = False
        await office.drop()
        assert [message["type"] for _, message in office.posts] == ["state"]
        assert office.of(0, "state")[0]["connected"] is False

    async def test_only_the_page_of_a_command_receives_its_error(self, office: Office):
        await office.log_in_page()
        await office.command(2, 5, "call", "abc")
        assert {page for page, _ in office.posts} == {2}
        assert office.events_of(2) == ["ERROR BAD_EXTENSION"]
        (refusal,) = office.of(2, "refusal")
        assert (refusal["id"], refusal["error"]["code"]) == (5, "BAD_EXTENSION")
        assert set(refusal["error"]) == {"code", "message", "hint"}

    async def test_only_the_page_of_a_command_receives_a_403(self, office: Office):
        await office.log_in_page()
        await office.command(2, 5, "answer")
        assert {page for page, _ in office.posts} == {2}
        assert office.events_of(2) == ["INFO NOT_ALLOWED"]
        assert office.of(2, "result")[0]["value"]["name"] == "INFO"

    async def test_every_page_receives_call_events(self, office: Office):
        await office.log_in_page()
        office.api["POST /calls"] = (201, {"data": {"id": 143}})
        await office.command(2, 5, "call", "10003")
        assert [message["event"]["name"] for message in office.of(0, "event")] == [
            "INITIAL",
            "ACCEPTED",
        ]
        assert office.of(2, "result")[0]["value"]["call"]["serverId"] == "143"

    async def test_an_error_that_was_emitted_is_not_emitted_twice(self, office: Office):
        await office.log_in_page()
        office.api["POST /calls"] = (412, {"message": "No phone."})
        await office.command(1, 5, "call", "10003")
        assert office.events_of(1)[0].startswith("INITIAL")
        assert office.events_of(1)[1].startswith("CANCEL")
        assert len(office.events_of(1)) == 2
        assert office.of(1, "refusal")[0]["error"]["message"] == "No phone."

    async def test_an_api_request_returns_the_json(self, office: Office):
        await office.log_in_page()
        office.api["GET /users"] = (200, {"data": [{"id": 1}]})
        await office.command(1, 5, "apiRequest", "GET", "/users")
        assert office.of(1, "result")[0]["value"] == {"data": [{"id": 1}]}

    async def test_an_answer_that_json_cannot_encode_is_an_error(self, office: Office):
        await office.log_in_page()
        office.api["GET /users"] = (200, '{"data": 1e999}')
        await office.command(1, 5, "apiRequest", "GET", "/users")
        assert office.of(1, "refusal")[0]["error"]["code"] == "API_ERROR"

    async def test_an_internal_error_rejects_the_command(self, office: Office, caplog):
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

    async def test_a_logout_deletes_the_token_on_all_pages(self, office: Office):
        await office.log_in_page()
        await office.command(1, 5, "logout")
        assert office.of(0, "token") == [{"type": "token", "token": None}]
        await office.hello(2)
        assert office.of(2, "token") == []

    async def test_a_login_without_a_network_fails_on_its_page(self, office: Office):
        office.api["POST /login"] = DOWN
        await office.hello()
        await office.command(1, 1, "login", "anna@example.com", "x")
        assert office.events_of(1) == ["ERROR NETWORK_ERROR"]
        assert office.of(0, "event") == []
