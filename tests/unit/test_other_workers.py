"""Pages of one origin with different workers: a change of the session applies to all."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from .pages import Office
from .world import DOWN, ME


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """A worker whose page is logged in as Anna."""
    office = Office()
    await office.log_in_page()
    yield office
    await office.connector.aclose()
    if office.worker._connector is not None:
        await office.worker._connector.aclose()


async def stored(office: Office, token: object) -> None:
    office.send(1, "stored", token=token)
    await office.settle()


def asked(office: Office) -> list[str]:
    return [f"{one} {one.token}" for one in office.platform.requests]


async def test_a_logout_elsewhere_ends_the_session_without_a_request(
    office: Office,
):
    await stored(office, None)
    assert office.events_of(1) == ["LOGGED_OUT"]
    assert office.of(0, "event")[0]["event"]["message"] == "Logged out in another tab."
    assert office.of(0, "state")[-1]["loggedIn"] is False
    assert asked(office) == []
    assert office.socket.closed


async def test_the_next_command_fails_with_not_connected(office: Office):
    await stored(office, None)
    await office.command(1, 2, "terminate", "143")
    (refusal,) = office.of(1, "refusal")
    assert refusal["error"]["code"] == "NOT_CONNECTED"
    assert refusal["error"]["message"] == "Nobody is logged in."


async def test_the_stored_session_continues(office: Office):
    await stored(office, "t0ken")
    assert office.posts == []
    assert asked(office) == []


async def test_a_login_of_another_user_elsewhere_replaces_the_session(office: Office):
    office.api["GET /me"] = (200, {"data": {**ME, "id": 10003}})
    await stored(office, "0ther")
    assert office.events_of(1) == ["LOGGED_OUT", "LOGGED_IN", "SUBSCRIBED user:10003", "READY"]
    assert asked(office) == ["GET /me 0ther", "GET /me 0ther"]
    assert [one["token"] for one in office.of(0, "token")] == [None, "0ther"]


async def test_another_token_of_the_same_user_is_adopted_without_an_event(office: Office):
    await stored(office, "0ther")
    assert office.events_of(1) == []
    assert [one["token"] for one in office.of(0, "token")] == ["0ther"]
    await office.command(1, 2, "apiRequest", "GET", "/ping")
    assert asked(office)[-1] == "GET /ping 0ther"


async def test_a_request_in_progress_gets_its_answer(office: Office):
    held = office.hold("GET /users")
    await office.command(1, 2, "apiRequest", "GET", "/users")
    await stored(office, "0ther")
    held.set_result((200, {"data": []}))
    await office.settle()
    assert office.of(1, "result")[0]["value"] == {"data": []}


async def test_an_invalid_token_is_ignored(office: Office):
    office.api["GET /me"] = (401, {"message": "No."})
    await stored(office, "0ther")
    assert office.posts == []


async def test_a_token_that_cannot_be_checked_ends_the_old_session(office: Office):
    office.api["GET /me"] = DOWN
    await stored(office, "0ther")
    assert office.events_of(1) == ["LOGGED_OUT"]
    office.api["GET /me"] = (200, {"data": ME})
    await office.advance(40)
    assert office.events_of(1)[-1] == "READY"


async def test_a_login_elsewhere_logs_in_here(office: Office):
    await stored(office, None)
    office.posts.clear()
    await stored(office, "t0ken")
    assert office.events_of(1) == ["LOGGED_IN", "SUBSCRIBED user:10002", "READY"]


async def test_a_login_in_progress_has_priority(office: Office):
    await stored(office, None)
    held = office.hold("POST /login")
    await office.command(1, 2, "login", "anna@example.com", "pa55word")
    await stored(office, None)
    held.set_result((200, {"user_token": "n3w", "user_id": 7}))
    await office.settle()
    # The page's own login is newer than the logout, and will update the storage.
    assert "READY" in office.events_of(1)
    await stored(office, "n3w")
    assert office.events_of(1)[-1] == "READY"


async def test_a_pending_second_factor_is_not_disturbed(office: Office):
    await stored(office, None)
    office.api["POST /login"] = (200, {"message": "Code?", "nonce": "n"})
    await office.command(1, 2, "login", "dora@example.com", "pa55word")
    office.posts.clear()
    await stored(office, "0ther")
    assert office.posts == []


async def test_a_new_page_with_a_newer_token_updates_the_session(office: Office):
    office.api["GET /me"] = (200, {"data": {**ME, "id": 10003}})
    await office.hello(2, token="0ther")
    assert office.of(2, "token") == []
    assert office.events_of(1)[-1] == "READY"
    assert office.of(0, "state")[-1]["params"]["user_id"] == "10003"


async def test_a_new_page_without_a_token_checks_the_session(
    office: Office,
):
    office.api["GET /ping"] = (401, {"message": "No."})
    await office.hello(2)
    assert office.events_of(1) == ["LOGGED_OUT SESSION_EXPIRED"]


@pytest.mark.parametrize("token", [5, [], {}, True])
async def test_an_invalid_stored_message_is_dropped(office: Office, token: object):
    await stored(office, token)
    assert office.posts == []


# The country is an option of each page


async def test_pages_of_one_worker_use_their_own_countries(office: Office):
    await office.hello(1, defaultCountry="GB")
    await office.hello(2, defaultCountry="DE")
    await office.hello(3)
    office.posts.clear()
    for page in (1, 2, 3):
        office.send(page, "detect", id=7, texts=[["030 23125000", ""]])
    await office.settle()
    found = [office.of(page, "detected")[0]["found"] for page in (1, 2, 3)]
    assert [spans[0][3] if spans else None for spans in found] == [
        "tel:+443023125000",
        "tel:+493023125000",
        None,
    ]
    office.api["POST /calls"] = (201, {"data": {"id": 143}})
    await office.command(2, 8, "call", "030 23125000")
    assert office.platform.requests[-1].body == {"to": "493023125000"}
    await office.command(1, 9, "call", "020 7946 0199")
    assert office.platform.requests[-1].body == {"to": "442079460199"}
    await office.command(3, 10, "call", "020 7946 0199")
    assert office.of(3, "refusal")[0]["error"]["code"] == "BAD_NUMBER"


async def test_the_plans_are_loaded_for_a_page_that_joins_with_a_country(office: Office):
    await office.hello(2)
    assert office.platform.loads == 0
    await office.hello(3, defaultCountry="GB")
    assert office.platform.loads == 1


async def test_a_page_that_has_gone_leaves_no_country(office: Office):
    await office.hello(2, defaultCountry="GB")
    office.send(2, "bye")
    assert office.worker._countries == {}
