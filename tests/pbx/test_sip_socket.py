"""SIP over a real WebSocket."""

from __future__ import annotations

import asyncio

import aiohttp
import aiohttp.web
import pytest

from pycti.pbx.sip_socket import Socket

from .served import until
from .watching import subscribe_text


@pytest.mark.parametrize("path", ["/sip", "/"])
async def test_the_subprotocol_is_sip(client, path):
    async with client.http.ws_connect(path, protocols=("xmpp", "sip")) as ws:
        assert ws.protocol == "sip"


@pytest.mark.parametrize("protocols", [(), ("xmpp",)])
async def test_without_the_subprotocol_it_is_a_bad_request(client, protocols):
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await client.http.ws_connect("/sip", protocols=protocols)
    assert caught.value.status == 400


async def test_a_request_without_an_upgrade_gets_426(client):
    async with client.http.get("/sip") as answer:
        assert answer.status == 426


async def test_a_client_that_leaves_during_the_upgrade_is_no_error(client, monkeypatch, caplog):
    async def prepare(self, request):
        request.transport.close()
        raise aiohttp.ClientConnectionResetError("Cannot write to closing transport")

    monkeypatch.setattr(aiohttp.web.WebSocketResponse, "prepare", prepare)
    with pytest.raises(aiohttp.ClientError):
        await client.http.ws_connect("/sip", protocols=("sip",))
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_watcher_follows_a_call_from_ringing_to_its_end(anna, watcher):
    first = await watcher.subscribe()
    assert (first.full, first.states) == (True, {})
    call = await anna.incoming()
    assert await watcher.state("early") == {f"{call}-2": "early"}
    await anna.api("PATCH", f"/calls/{call}", {"state": "CONNECTED"})
    await watcher.state("early", "confirmed")
    await anna.api("DELETE", f"/calls/{call}")
    await watcher.state("early", "confirmed", "terminated")
    assert watcher.documents[-1].ends[f"{call}-2"] == ("local-bye", None)
    assert [one.version for one in watcher.documents] == [0, 1, 2, 3]


async def test_one_connection_watches_several_nodes(anna, watcher):
    await watcher.subscribe()
    await watcher.subscribe("queue:77")
    call = await anna.incoming("queue:77")
    await until(lambda: len(watcher.documents) == 4)
    told = {one.entity: one.states for one in watcher.documents[2:]}
    assert told == {
        "sip:queue-77@pbx.example": {f"{call}-2": "early"},
        "sip:10002@pbx.example": {f"{call}-3": "early"},
    }


async def test_a_keep_alive_is_answered_with_a_line_end(watcher):
    await watcher.ws.send_str("\r\n\r\n")
    await until(lambda: watcher.texts == ["\r\n"])


async def test_a_lone_line_end_is_not_answered(watcher):
    await watcher.ws.send_str("\r\n")
    await watcher.ws.send_str("\r\n\r\n")
    await until(lambda: watcher.texts)
    assert watcher.texts == ["\r\n"]


async def test_a_binary_message_is_accepted(watcher):
    await watcher.ws.send_bytes(subscribe_text(method="OPTIONS").encode())
    await until(lambda: watcher.answers)
    assert watcher.answers[0].status == 200


async def test_bytes_that_are_not_utf_8_are_harmless(watcher):
    text = subscribe_text(method="OPTIONS").encode().replace(b"tag=w1", b"tag=w\xff")
    await watcher.ws.send_bytes(text)
    await watcher.ws.send_str("\r\n\r\n")
    await until(lambda: watcher.texts)


@pytest.mark.parametrize("text", ["hello", "x" * 70_000])
async def test_data_that_is_not_sip_closes_the_connection(watcher, pbx, text):
    await watcher.ws.send_str(text)
    await until(lambda: watcher.ws.closed)
    assert watcher.ws.close_code in (1006, 1009)


async def test_a_malformed_request_is_answered(watcher):
    answer = await watcher.send(subscribe_text(Event="dialog;id=1;id=2"))
    assert answer.status == 400


async def test_closing_one_watcher_does_not_affect_others(anna, watcher):
    await watcher.subscribe()
    ws = await anna.http.ws_connect("/sip", protocols=("sip",))
    await ws.send_str("hello")
    assert (await ws.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    await anna.incoming()
    await watcher.state("early")
    await ws.close()


async def test_messages_are_not_compressed(client):
    async with client.http.ws_connect("/sip", protocols=("sip",), compress=15) as ws:
        assert ws.compress == 0


class StuckWebSocket:
    """A peer that reads nothing."""

    def __init__(self, error: type[Exception] | None = None) -> None:
        self.error = error
        self.remote = "127.0.0.1"
        self.transport = self
        self.aborted = False

    async def send_str(self, text: str) -> None:
        if self.error:
            raise self.error
        await asyncio.Event().wait()

    def abort(self) -> None:
        self.aborted = True


async def test_a_peer_that_never_reads_is_disconnected(monkeypatch):
    monkeypatch.setattr("pycti.pbx.sip_socket._MOST_WAITING", 10)
    stuck = StuckWebSocket()
    socket = Socket(1, stuck, stuck)
    for _ in range(12):
        socket.send("text")
    assert stuck.aborted
    assert not socket.open
    socket.send("text")
    await asyncio.wait_for(socket.flushed(), 2)


async def test_a_connection_that_breaks_while_writing_is_closed():
    broken = StuckWebSocket(ConnectionResetError)
    socket = Socket(1, broken, broken)
    socket.send("text")
    await until(lambda: not socket.open)
    await asyncio.wait_for(socket.flushed(), 2)


async def test_a_watcher_that_hangs_does_not_block_others(anna, watcher):
    await watcher.subscribe()
    deaf = await anna.http.ws_connect("/sip", protocols=("sip",))
    await anna.incoming()
    await asyncio.wait_for(watcher.state("early"), 2)
    await deaf.close()
