"""Servers need TLS, except on this machine."""

from __future__ import annotations

import pytest

from pycti.connector import Connector
from pycti.errors import CtiError, InputError
from pycti.rest.addresses import check_address, is_loopback

from .pages import Office
from .world import ME, World

HERE = ["127.0.0.1", "127.0.0.2", "127.255.1.9", "[::1]", "localhost", "LOCALHOST", "a.localhost"]
ELSEWHERE = [
    "10.0.0.1",
    "192.168.1.5",
    "0.0.0.0",
    "api.test",
    "localhost.evil.test",
    "127.0.0.1.evil.test",
    "evil-localhost",
    "127.1",
    "2130706433",
    "0x7f000001",
    "[::]",
    "[fe80::1]",
    "ｌocalhost",
    "127.0.0.1.",
]


@pytest.mark.parametrize("host", HERE)
def test_a_server_on_this_machine_needs_no_tls(host: str):
    assert is_loopback(host)
    assert check_address(f"http://{host}:8080/v1", "endpoint", "http")
    assert check_address(f"ws://{host}", "server", "ws")


@pytest.mark.parametrize("host", ELSEWHERE)
def test_any_other_server_needs_tls(host: str):
    assert not is_loopback(host)
    for url, scheme in ((f"http://{host}/v1", "http"), (f"WS://{host}", "ws")):
        with pytest.raises(InputError) as caught:
            check_address(url, "server", scheme)
        assert caught.value.code == "INSECURE_URL"
        assert "s://" in caught.value.hint


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.test/v1",
        "ftp://api.test",
        "wss://api.test",
        "https:///v1",
        "https://user:password@api.test",
        "http://127.0.0.1@evil.test",
        "http://evil.test\\@localhost/",
        "http://localhost\\.evil.test/",
        "http://localhost#@evil.test/",
        "https://api.test/v1#x",
        "https://api.test:/v1",
        "https://api.test/v 1",
        "https://api.test/v1\r\nX: y",
        "https://api.test/\tv1",
        " https://api.test",
        "https://a..test",
    ],
)
def test_an_ambiguous_url_is_rejected(url: str):
    with pytest.raises(InputError) as caught:
        check_address(url, "endpoint", "http")
    assert caught.value.code == "BAD_ARGUMENT"


@pytest.mark.parametrize(
    "url", ["https://api.test", "HTTPS://a-b.test:8443/v1/x", "https://é.test/?a=b"]
)
def test_with_tls_any_host_is_accepted(url: str):
    assert check_address(url, "endpoint", "http") == url


@pytest.mark.parametrize(
    "options",
    [
        {"api_endpoint": "http://api.test/v1"},
        {"sip_server": "ws://sip.test"},
        {"sip_server": ["wss://sip.test", "ws://sip.test"]},
    ],
)
async def test_the_connector_is_not_created(options):
    with pytest.raises(InputError) as caught:
        Connector(**options)
    assert caught.value.code == "INSECURE_URL"


async def test_a_worker_reports_the_error_and_starts_nothing():
    office = Office()
    await office.hello(token="t0ken", apiEndpoint="http://api.test/v1")
    await office.command(1, 1, "login", "anna@example.com", "pa55word")
    assert office.events_of(1) == ["ERROR INSECURE_URL", "ERROR NOT_CONNECTED"]
    assert [post["error"]["code"] for post in office.of(1, "refusal")] == ["NOT_CONNECTED"]
    assert office.asked == []


async def test_the_sip_server_of_the_account_needs_tls_too(world: World):
    world.api["GET /me"] = (200, {"data": {**ME, "sip_url": "ws://sip.test/x"}})
    task = world.start(world.connector.login("anna@example.com", "pa55word"))
    await world.settle()
    with pytest.raises(CtiError) as caught:
        await task
    assert caught.value.code == "INSECURE_URL"
    assert world.told == ["ERROR INSECURE_URL"]
    assert world.platform.sockets == []


async def test_a_restored_session_waits_for_a_secure_address(world: World):
    world.api["GET /me"] = (200, {"data": {**ME, "sip_url": "ws://sip.test/x"}})
    world.connector.restore("t0ken")
    await world.settle()
    assert world.platform.sockets == []
    world.api["GET /me"] = (200, {"data": ME})
    await world.advance(40)
    assert [socket.url for socket in world.platform.sockets] == ["wss://pbx.test:443"]


async def test_the_sip_server_option_overrides_the_account():
    world = World(sip_server="wss://sip.test")
    world.api["GET /me"] = (200, {"data": {**ME, "sip_url": "ws://other.test"}})
    await world.log_in()
    assert world.socket.url == "wss://sip.test"
    await world.connector.aclose()
