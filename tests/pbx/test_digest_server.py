"""Digest authentication: challenges, accepted credentials, and repeated challenges."""

from __future__ import annotations

import pytest

from pycti.pbx.digest_server import DigestServer
from pycti.sip.digest import DigestClient, response_hash
from pycti.sip.headers import Challenge
from pycti.sip.message import Response

from .watching import Watched, subscribe_text

URI = "sip:10002@pbx.example"


@pytest.fixture
def world() -> Watched:
    return Watched()


def challenges(answer: Response) -> list[Challenge]:
    assert answer.status == 401
    return [Challenge.parse(value) for value in answer.headers.get_all("WWW-Authenticate")]


def authorize(
    world: Watched, *, algorithm: str = "SHA-256", nonce: str = "", nc: str = "00000001",
    username: str = "10002", password: str | None = None, uri: str = URI, qop: str = "auth",
    realm: str = "pbx.example", written: str | None = None,
) -> str:  # fmt: skip
    nonce = nonce or challenges(world.ask(subscribe_text()))[0].get("nonce")
    password = world.accounts.sip_password("10002") if password is None else password
    assert password is not None
    response = response_hash(
        algorithm, username, "pbx.example", password, "SUBSCRIBE", uri, nonce, nc, "c0ffee", qop
    )
    return (
        f'Digest username="{username}", realm="{realm}", nonce="{nonce}", uri="{uri}", '
        f'response="{response}", cnonce="c0ffee", nc={nc}, qop={qop}, '
        f"algorithm={algorithm if written is None else written}"
    )


def test_both_algorithms_are_offered_best_first(world):
    offered = challenges(world.ask(subscribe_text()))
    assert [one.get("algorithm") for one in offered] == ["SHA-256", "MD5"]
    assert {one.get("realm") for one in offered} == {"pbx.example"}
    assert {one.get("qop") for one in offered} == {"auth"}
    assert {one.get("stale") for one in offered} == {""}


def test_the_offered_algorithms_are_configurable():
    server = DigestServer("pbx.example", lambda: 0.0, lambda _: None, algorithms=("MD5",))
    (one,) = server.challenges()
    assert "algorithm=MD5" in one[1]


def test_every_challenge_has_a_new_nonce(world):
    nonces = {challenges(world.ask(subscribe_text()))[0].get("nonce") for _ in range(3)}
    assert len(nonces) == 3


@pytest.mark.parametrize("algorithm", ["SHA-256", "MD5"])
def test_either_algorithm_is_accepted(world, algorithm):
    value = authorize(world, algorithm=algorithm)
    assert world.ask(subscribe_text(Authorization=value)).status == 200


def test_without_an_algorithm_it_is_md5(world):
    value = authorize(world, algorithm="MD5").replace(", algorithm=MD5", "")
    assert world.ask(subscribe_text(Authorization=value)).status == 200


def test_the_client_of_this_package_is_accepted(world):
    password = world.accounts.sip_password("10002")
    assert password is not None
    client = DigestClient("10002", password, lambda size: "ab" * size)
    first = world.ask(subscribe_text())
    client.challenged(first.headers.get_all("WWW-Authenticate"))
    value = client.authorization("SUBSCRIBE", URI)
    assert world.ask(subscribe_text(Authorization=value)).status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong"},
        {"username": "99999"},
        {"algorithm": "MD5", "written": "SHA-256"},
        {"algorithm": "MD5", "written": "SHA-512-256"},
        {"realm": "elsewhere.example"},
        {"qop": "auth-int"},
    ],
)
def test_wrong_credentials_get_a_challenge_that_is_not_stale(world, wrong):
    answer = world.ask(subscribe_text(Authorization=authorize(world, **wrong)))
    assert challenges(answer)[0].get("stale") == ""


def test_a_used_count_is_a_replay(world):
    nonce = challenges(world.ask(subscribe_text()))[0].get("nonce")
    value = authorize(world, nonce=nonce)
    assert world.ask(subscribe_text(Authorization=value)).status == 200
    world.connection.take()
    assert challenges(world.ask(subscribe_text(Authorization=value)))[0].get("stale") == "true"


def test_a_count_may_increase_and_skip_but_not_decrease(world):
    nonce = challenges(world.ask(subscribe_text()))[0].get("nonce")
    for count, status in (("00000001", 200), ("0000000a", 200), ("00000009", 401)):
        value = authorize(world, nonce=nonce, nc=count)
        assert world.ask(subscribe_text(Authorization=value)).status == status
        world.connection.take()


def test_an_expired_nonce_is_stale(world):
    value = authorize(world)
    world.timers.advance(300)
    assert challenges(world.ask(subscribe_text(Authorization=value)))[0].get("stale") == "true"


def test_a_nonce_of_an_earlier_start_is_stale(world):
    value = authorize(world, nonce="0123456789abcdef")
    assert challenges(world.ask(subscribe_text(Authorization=value)))[0].get("stale") == "true"


def test_an_expired_nonce_with_a_wrong_password_is_not_stale(world):
    value = authorize(world, nonce="0123456789abcdef", password="wrong")
    assert challenges(world.ask(subscribe_text(Authorization=value)))[0].get("stale") == ""


def test_credentials_for_another_uri_are_a_bad_request(world):
    value = authorize(world, uri="sip:10003@pbx.example")
    assert world.ask(subscribe_text(Authorization=value)).status == 400


@pytest.mark.parametrize(
    "value",
    [
        'Digest realm="pbx.example", username="10002", qop=auth, nc=1, cnonce="x", uri="sip:a"',
        'Digest realm="pbx.example", username="10002", qop=auth, nc=0000000g, cnonce="x"',
        'Digest realm="pbx.example", realm="pbx.example"',
        'Digest realm="pbx.example',
        "=",
    ],
)
def test_malformed_credentials_are_a_bad_request(world, value):
    assert world.ask(subscribe_text(Authorization=value)).status == 400


def test_another_scheme_is_ignored(world):
    assert world.ask(subscribe_text(Authorization="Basic YTpi")).status == 401


def test_the_number_of_stored_nonces_is_bounded(world):
    for _ in range(3):
        for _ in range(100):
            world.digest.challenges()
        world.timers.advance(300)
    world.digest.challenges()
    assert len(world.digest._nonces) == 1
