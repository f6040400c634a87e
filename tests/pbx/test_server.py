"""Starting and stopping; several PBXs share nothing."""

from __future__ import annotations

import asyncio
import logging
import shutil
import ssl
from pathlib import Path

import aiohttp
import pytest

from pycti.pbx import LoopTimers, Pbx

from .served import Client, Watcher, until
from .watching import subscribe_text


async def test_several_pbxs_in_one_process_share_nothing(client, anna):
    other = Pbx(control=True)
    await other.start()
    async with Client(other) as stranger:
        await anna.incoming()
        assert (await stranger.ask("GET", "/_pbx/state"))[1]["calls"] == []
        assert (await stranger.api("GET", "/me", X_Auth_Token=anna.token))[0] == 401
    await other.stop()


async def test_port_0_uses_a_free_port(pbx):
    assert pbx.url.startswith("http://127.0.0.1:")
    assert not pbx.url.endswith(":0")


async def test_a_running_pbx_cannot_be_started(pbx):
    with pytest.raises(RuntimeError):
        await pbx.start()


async def test_a_pbx_can_be_started_after_an_error(pbx):
    other = Pbx()
    with pytest.raises(OSError, match="address already in use"):
        await other.start(port=int(pbx.url.rpartition(":")[2]))
    await other.start()
    await other.stop()


async def test_a_pbx_can_be_stopped_twice_and_restarted():
    pbx = Pbx()
    await pbx.stop()
    await pbx.start()
    await pbx.stop()
    await pbx.stop()
    assert pbx.url == ""
    await pbx.start()
    await pbx.stop()


async def test_stopping_does_not_wait_for_clients(timers):
    pbx = Pbx(control=True, timers=timers)
    await pbx.start()
    async with Client(pbx) as client:
        await client.login()
        watcher = await Watcher.open(client)
        await watcher.subscribe()
        calling = asyncio.create_task(client.api("POST", "/calls", {"to": "1003"}))
        await until(lambda: pbx.exchange.calls)
        version = (await client.ask("GET", "/_pbx/state"))[1]["version"]
        waiting = asyncio.create_task(client.ask("GET", f"/_pbx/state?since={version}"))
        await until(lambda: pbx._feed._waiters)
        await asyncio.wait_for(pbx.stop(), 3)
        await until(lambda: watcher.ws.closed)
        await asyncio.wait({calling, waiting}, timeout=2)
        assert calling.done()
        assert waiting.done()
        await asyncio.gather(calling, waiting, return_exceptions=True)
    assert timers.pending == 0


async def test_real_time_and_pace_make_a_call_from_end_to_end():
    pbx = Pbx(control=True, pace=0.005)
    await pbx.start()
    async with Client(pbx) as client:
        await client.login()
        watcher = await Watcher.open(client)
        await watcher.subscribe()
        status, _ = await client.api("POST", "/calls", {"to": "442079460106"})
        assert status == 201
        await watcher.state("trying", "early", "confirmed", "terminated")
        await watcher.close()
    await pbx.stop()


async def test_loop_timers_run_and_cancel():
    timers, fired = LoopTimers(), []
    timers.call_later(0.0, lambda: fired.append("no"))()
    timers.call_later(0.0, lambda: fired.append("yes"))
    await until(lambda: fired)
    assert fired == ["yes"]


async def test_no_secret_is_logged(caplog, client):
    caplog.set_level(logging.DEBUG)
    await client.login()
    watcher = await Watcher.open(client)
    await watcher.subscribe()
    await client.api("POST", "/login", {"email": "anna@example.com", "password": "Tr0ub4dor"})
    await watcher.send(subscribe_text(Authorization='Digest response="Tr0ub4dor'))
    await watcher.ws.send_str("not SIP: Tr0ub4dor")
    await until(lambda: watcher.ws.closed)
    _, me = await client.api("GET", "/me")
    logged = "\n".join(
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(("pycti", "aiohttp"))
    )
    assert logged
    for secret in (client.token, me["data"]["sip_password"], "Tr0ub4dor"):
        assert secret not in logged
    await watcher.close()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
async def test_over_tls_the_sip_url_is_wss(tmp_path: Path):
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    process = await asyncio.create_subprocess_exec(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
        "-keyout", str(key), "-out", str(certificate), stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert await process.wait() == 0
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)
    pbx = Pbx(control=True)
    await pbx.start(ssl_context=server)
    trust = ssl.create_default_context(cafile=certificate)
    async with Client(pbx) as client:
        await client.http.close()
        client.http = aiohttp.ClientSession(pbx.url, connector=aiohttp.TCPConnector(ssl=trust))
        await client.login()
        _, me = await client.api("GET", "/me")
        assert me["data"]["sip_url"] == pbx.url.replace("https", "wss") + "/sip"
        watcher = await Watcher.open(client)
        await watcher.subscribe()
        await client.control("drop")
        await until(lambda: watcher.ws.closed)
        assert watcher.ws.close_code == 1006
    await pbx.stop()
