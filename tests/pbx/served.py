"""A started PBX and clients for it: HTTP, and a SIP watcher over a real WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import io
import secrets
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

from pycti.pbx import Pbx
from pycti.sip.digest import DigestClient
from pycti.sip.message import Request, Response, parse_message

from .contract import check_answer, check_request
from .watching import Document, subscribe_text

API = "/v1.2/voipstudio"


async def until(condition: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Wait until ``condition`` returns a true value, and return it."""
    async with asyncio.timeout(seconds):
        while not (value := condition()):  # noqa: ASYNC110  # any condition will do
            await asyncio.sleep(0.002)
        return value


class Client:
    """An HTTP client of a PBX."""

    def __init__(self, pbx: Pbx) -> None:
        self.pbx = pbx
        self.token = ""
        self.http = aiohttp.ClientSession(pbx.url)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        await self.http.close()

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | io.BytesIO | None = None,
        **headers: str,
    ) -> tuple[int, Any]:
        """Send a request and return the status and the JSON of the answer."""
        if self.token:
            headers.setdefault("X-Auth-Token", self.token)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        content: dict[str, Any] = {"data": raw} if raw is not None else {}
        if body is not None:
            content = {"json": body}
        async with self.http.request(method, path, headers=sent, **content) as answer:
            text = await answer.text()
            return answer.status, await answer.json() if text else None

    async def api(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Send a request to the REST API, and hold both sides to its document."""
        status, answer = await self.ask(method, API + path, body, **more)
        check_answer(method, path, status, answer)
        if status < 300 and "raw" not in more:
            check_request(method, path, body)
        return status, answer

    async def control(self, verb: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Send a request to the control API."""
        return await self.ask("POST", f"/_pbx/{verb}", body, **more)

    async def login(self, name: str = "anna") -> Self:
        status, body = await self.api(
            "POST", "/login", {"email": f"{name}@example.com", "password": "demo"}
        )
        assert status == 200
        self.token = body["user_token"]
        return self

    async def incoming(self, to: str = "10002", **more: str) -> str:
        status, body = await self.control("incoming", {"to": to, "from": "+442036427900", **more})
        assert status == 200, body
        return str(body["id"])


class Watcher:
    """Subscribes over a WebSocket, answers every NOTIFY, and stores the documents."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, user: str, password: str) -> None:
        self.ws = ws
        self.user = user
        self.documents: list[Document] = []
        self.answers: list[Response] = []
        self.texts: list[str] = []
        self._digest = DigestClient(user, password, secrets.token_hex)
        self._cseq = 0
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, client: Client) -> Self:
        _, me = await client.api("GET", "/me")
        ws = await client.http.ws_connect(me["data"]["sip_url"], protocols=("sip",))
        return cls(ws, me["data"]["id"], me["data"]["sip_password"])

    async def close(self) -> None:
        await self.ws.close()
        await self._reader

    async def send(self, text: str) -> Response:
        """Send a request and return its response."""
        count = len(self.answers)
        await self.ws.send_str(text)
        await until(lambda: len(self.answers) > count)
        return self.answers[-1]

    async def subscribe(self, node: str = "") -> Document:
        """Subscribe and return the first document."""
        address = f"{node or self.user}@pbx.example"
        call_id, count = secrets.token_hex(4), len(self.documents)
        answer = await self.send(self._text(address, call_id, None))
        assert answer.status == 401
        self._digest.challenged(answer.headers.get_all("WWW-Authenticate"))
        authorization = self._digest.authorization("SUBSCRIBE", f"sip:{address}")
        answer = await self.send(self._text(address, call_id, authorization))
        assert answer.status == 200
        await until(lambda: len(self.documents) > count)
        return self.documents[count]

    async def state(self, *wanted: str) -> dict[str, str]:
        """Wait for the dialogs' states in this order; return those of the last document."""

        def came() -> list[str]:
            return [state for one in self.documents for state in one.states.values()]

        await until(lambda: came()[-len(wanted) :] == list(wanted))
        return self.documents[-1].states

    def _text(self, address: str, call_id: str, authorization: str | None) -> str:
        self._cseq += 1
        return subscribe_text(
            address, user=self.user, call_id=call_id, cseq=self._cseq, Authorization=authorization
        )

    async def _read(self) -> None:
        async for message in self.ws:
            text = message.data
            if text == "\r\n":
                self.texts.append(text)
                continue
            parsed = parse_message(text)
            if isinstance(parsed, Response):
                self.answers.append(parsed)
            else:
                self._take(parsed)
                with contextlib.suppress(ConnectionError):
                    await self.ws.send_str(str(parsed.response(200)))

    def _take(self, request: Request) -> None:
        self.documents.append(Document(request))


async def state(client: Client, since: int | None = None) -> dict:
    query = "" if since is None else f"?since={since}"
    status, body = await client.ask("GET", f"/_pbx/state{query}")
    assert status == 200
    return body


async def legs(client: Client, call: str) -> dict[str, str]:
    """Return the states of a call's legs, by node or number."""
    found = next(one for one in (await state(client))["calls"] if one["id"] == call)
    return {leg["node"] or leg["number"]: leg["state"] for leg in found["legs"]}
