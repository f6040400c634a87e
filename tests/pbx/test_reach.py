"""The PBX answers only this machine, and warns if other machines can reach it."""

from __future__ import annotations

import logging

import pytest
from aiohttp import WSServerHandshakeError

from pycti.pbx import Pbx

from .served import API, Client, Watcher

FOREIGN = ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example",
           "10.1.2.3", "[", "", "[::ffff:8.8.8.8]"]  # fmt: skip
PATHS = [f"{API}/me", f"{API}/login", "/_pbx/state", "/sip", "/", "/dist/x.js", "/x"]


@pytest.mark.parametrize("host", FOREIGN)
async def test_a_foreign_host_name_is_refused_everywhere(anna: Client, host: str):
    """DNS rebinding: the name of a foreign page resolves to this machine."""
    for path in PATHS:
        async with anna.http.get(path, headers={"Host": host}) as response:
            assert response.status in (400, 421), path  # 400 is the library's own refusal
            assert "sip_password" not in await response.text()
            assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "shop.localhost", "127.0.0.1", "[::1]"])
async def test_the_host_names_of_this_machine_are_accepted(anna: Client, name: str):
    port = anna.pbx.url.rpartition(":")[2]
    assert (await anna.api("GET", "/me", Host=f"{name}:{port}"))[0] == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "file://", "http://[", "x"])
@pytest.mark.parametrize("path", ["/sip", "/"])
async def test_a_foreign_website_gets_no_websocket(client: Client, origin: str, path: str):
    with pytest.raises(WSServerHandshakeError) as caught:
        await client.http.ws_connect(path, protocols=("sip",), headers={"Origin": origin})
    assert caught.value.status == 403
    assert (await client.control("reset"))[0] == 200


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://shop.localhost", ""])
async def test_sites_of_this_machine_and_tools_get_a_websocket(client: Client, origin: str):
    headers = {"Origin": origin} if origin else {}
    async with client.http.ws_connect("/sip", protocols=("sip",), headers=headers) as socket:
        assert socket.protocol == "sip"


async def test_further_names_can_be_configured():
    pbx = Pbx(names=["shop.example"])
    await pbx.start()
    async with Client(pbx) as client:
        await client.login("anna")
        assert (await client.api("GET", "/me", Host="Shop.example"))[0] == 200
        headers = {"Origin": "https://shop.example"}
        async with client.http.ws_connect("/sip", protocols=("sip",), headers=headers) as socket:
            assert socket.protocol == "sip"
        assert (await client.api("GET", "/me", Host="other.example"))[0] == 421
    await pbx.stop()


async def test_sandboxed_pages_can_be_allowed():
    pbx = Pbx(names=["null"])
    await pbx.start()
    headers = {"Origin": "null"}
    async with (
        Client(pbx) as client,
        client.http.ws_connect("/sip", protocols=("sip",), headers=headers) as socket,
    ):
        assert socket.protocol == "sip"
    await pbx.stop()


async def test_listening_beyond_loopback_logs_a_warning(caplog: pytest.LogCaptureFixture):
    pbx = Pbx()
    with caplog.at_level(logging.WARNING):
        await pbx.start("0.0.0.0")
    port = pbx.url.rpartition(":")[2]
    (record,) = caplog.records
    assert record.name == "pycti.pbx"
    for words in ("0.0.0.0", "other machines", "published", "place calls", "encrypted"):
        assert words in record.getMessage()
    async with Client(pbx) as client:
        # Requests may use the address, but no name.
        assert (await client.api("GET", "/me", Host=f"10.1.2.3:{port}"))[0] == 401
        assert (await client.api("GET", "/me", Host="evil.example"))[0] == 421
    await pbx.stop()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_listening_on_loopback_logs_no_warning(host: str, caplog: pytest.LogCaptureFixture):
    pbx = Pbx()
    await pbx.start(host)
    await pbx.stop()
    assert caplog.records == []


async def test_a_watcher_on_this_machine_works(anna: Client):
    watcher = await Watcher.open(anna)
    await watcher.close()
