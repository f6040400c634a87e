"""No log line and no repr contains a password, token or nonce."""

from __future__ import annotations

import logging

import pytest

from pycti.sip.message import Response, parse_message

from .documents import incoming
from .peer import Peer
from .wire import answer_text
from .world import DOWN, ME, World

SECRETS = ("pa55word", "sip-s3cret", "t0ken", "n0nce", "0paque")


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


CHALLENGE = 'WWW-Authenticate: Digest realm="pbx.test", nonce="n0nce", opaque="0paque", qop="auth"'


async def test_a_whole_session_leaves_no_secret_in_the_log(world: World, log):
    await world.log_in()
    await world.dialogs(incoming("143-1", "early"))
    world.api["GET /ping"] = DOWN
    world.api["PATCH /calls/143"] = (500, {"message": "no"})
    for work in (world.connector.answer("143"), world.connector.subscribe("queue:77")):
        world.start(work)
    await world.settle()
    await world.drop("code 1006")
    await world.advance(700)
    task = world.start(world.connector.logout())
    await world.settle()
    await task
    assert log.records
    assert leaks("\n".join(record.getMessage() for record in log.records)) == []


@pytest.mark.parametrize("route", ["POST /login", "GET /me"])
@pytest.mark.parametrize("answer", [DOWN, (401, {}), (500, "<html>"), (200, "{}")])
async def test_a_failed_login_leaves_no_secret_in_the_log(world: World, log, route, answer):
    world.api[route] = answer
    task = world.start(world.connector.login("anna@example.com", "pa55word"))
    await world.settle()
    error = task.exception()
    assert leaks(log.text + repr(error) + str(error) + repr(world.events)) == []


@pytest.mark.parametrize("damage", ["", '"', ", nonce=x", ",=1", "\x00", ";<"])
async def test_a_malformed_challenge_leaves_no_secret_in_the_log(log, damage):
    peer = Peer()
    peer.connect()
    peer.answer(
        "401 Unauthorized", CHALLENGE.replace('opaque="0paque"', f'opaque="0paque"{damage}')
    )
    peer.answer("401 Unauthorized", CHALLENGE + damage)
    assert leaks(log.text + repr(peer.reports)) == []


async def test_repr_contains_no_secret(ready: World):
    pump = ready.connector._pump
    agent = pump.subscriptions._link.agent
    response = parse_message(answer_text(ready.socket.sent[0], "401 Unauthorized", CHALLENGE))
    assert isinstance(response, Response)
    agent.identity.digest.challenged(response.headers.get_all("WWW-Authenticate"))
    shown = [repr(pump.session), repr(pump.session.account), repr(agent.identity), repr(agent)]
    assert leaks("".join(shown)) == []
    assert repr(ME["id"]) in repr(pump.session.account).replace("'", "")


async def test_the_token_is_only_in_the_header(ready: World):
    ready.api["GET /users"] = (200, {})
    await ready.connector.api_request("GET", "/users")
    assert all("t0ken" not in request.path for request in ready.platform.requests)
    assert "t0ken" not in "".join(ready.socket.sent)
    assert "sip-s3cret" not in "".join(ready.socket.sent)
