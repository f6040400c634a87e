"""A connector on CPython, and a SIP server that suddenly offers only MD5."""

from __future__ import annotations

import pytest

from pycti.connector import Connector
from pycti.events import ActivityEvent, Event
from pycti.pbx import Pbx
from pycti.pbx.sip_server import SipServer

from .served import API, until


async def test_a_downgrade_gets_no_credentials_and_is_reported_once(
    monkeypatch: pytest.MonkeyPatch,
):
    heard: list[str] = []
    receive = SipServer.receive

    def record(self: SipServer, connection: object, text: str) -> bool:
        heard.append(text)
        return receive(self, connection, text)  # type: ignore[arg-type]

    monkeypatch.setattr(SipServer, "receive", record)
    events: list[Event] = []
    pbx = Pbx()
    await pbx.start()
    async with Connector(events.append, api_endpoint=f"{pbx.url}{API}") as connector:
        await connector.login("demo-key-10002")
        assert any("algorithm=SHA-256" in text for text in heard)
        digest = pbx._sockets._server._digest
        digest._algorithms = ("MD5",)
        digest._nonces.clear()
        pbx._sockets.drop()

        def refused() -> bool:
            problem = connector.problem
            return problem is not None and problem.code == "AUTH_DOWNGRADE"

        await until(refused, 60)
        # The server sends another challenge and gets no credentials again.
        before = len(heard)
        await until(lambda: len(heard) > before, 60)
        assert refused()
        assert not [e for e in events if isinstance(e, ActivityEvent) and e.name == "ERROR"]
        assert "algorithm=MD5" not in "".join(heard)

        digest._algorithms = ("SHA-256", "MD5")
        await until(connector.is_connected, 60)
    await pbx.stop()


async def test_a_server_with_only_md5_is_accepted():
    pbx = Pbx(algorithms=["MD5"])
    await pbx.start()
    async with Connector(api_endpoint=f"{pbx.url}{API}") as connector:
        await connector.login("demo-key-10002")
        pbx._sockets.drop()
        await until(lambda: not connector.is_connected(), 60)
        await until(connector.is_connected, 60)
    await pbx.stop()
