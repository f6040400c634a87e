"""A connector in a simulated world: scripted REST, scripted SIP, and a manual clock."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pycti.calls.table import CallTable
from pycti.connector import Connector
from pycti.errors import CtiError, NetworkError
from pycti.events import ActivityEvent, CallEvent, Event, Status
from pycti.platform import SocketListener

from .documents import document
from .wire import answer_text, counting_entropy, header, notify_text

ENDPOINT = "https://api.test/v1"
ME = {
    "id": 10002, "sip_password": "sip-s3cret", "sip_domain": "pbx.test",
    "email": "anna@example.com", "ext": "102",
}  # fmt: skip
Answer: TypeAlias = "tuple[int, object] | NetworkError | asyncio.Future[tuple[int, object]]"
HOUR = 3600.0
PING, PONG = "\r\n\r\n", "\r\n"
DOWN = NetworkError("NETWORK_ERROR", "The server cannot be reached.")


@dataclass
class Sent:
    """A REST request that was sent."""

    method: str
    path: str
    token: str | None
    body: object

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class FakeSocket:
    """A WebSocket that records sent messages as raw text."""

    def __init__(self, url: str, listener: SocketListener) -> None:
        self.url = url
        self.listener = listener
        self.sent: list[str] = []
        self.closed = False
        self.opened = False

    def send(self, text: str) -> None:
        assert not self.closed
        self.sent.append(text)

    def close(self) -> None:
        self.closed = True


@dataclass
class Timer:
    due: float
    callback: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class FakePlatform:
    """A scripted `pycti.platform.Platform`."""

    answers: dict[str, Answer | list[Answer]] = field(default_factory=dict)
    requests: list[Sent] = field(default_factory=list)
    sockets: list[FakeSocket] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    time: float = 1000.0
    asleep: float = 0.0
    """Seconds for which the clock of `now` has been stopped."""
    refuse_url: str = ""
    loads: int = 0
    no_numbers: str = ""
    entropy: Callable[[int], str] = field(default_factory=counting_entropy)

    def now(self) -> float:
        return self.time

    def wall(self) -> int:
        return 1_790_000_000_000 + int((self.time + self.asleep) * 1000)

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        timer = Timer(self.time + delay, callback)
        self.timers.append(timer)
        return timer

    async def fetch(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None, timeout: float
    ) -> tuple[int, str]:
        path = url.removeprefix(ENDPOINT)
        data = None if body is None else json.loads(body)
        self.requests.append(Sent(method, path, headers.get("X-Auth-Token"), data))
        await asyncio.sleep(0)
        answer = self.answers[f"{method} {path}"]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, NetworkError):
            raise NetworkError(answer.code, answer.message)
        status, content = await answer if isinstance(answer, asyncio.Future) else answer
        return status, content if isinstance(content, str) else json.dumps(content)

    async def load_numbers(self) -> None:
        self.loads += 1
        await asyncio.sleep(0)
        if self.no_numbers:
            raise CtiError("NUMBERS_UNAVAILABLE", self.no_numbers)

    def open_socket(self, url: str, listener: SocketListener) -> FakeSocket:
        if self.refuse_url:
            raise NetworkError("NETWORK_ERROR", self.refuse_url)
        self.sockets.append(FakeSocket(url, listener))
        return self.sockets[-1]


class World:
    """The connector, and the servers around it."""

    def __init__(self, **options: object) -> None:
        self.platform = FakePlatform(
            {
                "POST /login": (200, {"message": "ok", "user_token": "t0ken", "user_id": 7}),
                "POST /logout": (200, {}),
                "GET /me": (200, {"data": ME}),
                "GET /ping": (200, {"data": {"response": "Pong"}}),
            }
        )
        self.events: list[Event] = []
        self.tokens: list[str | None] = []
        self.statuses: list[str] = []
        self.sip: dict[str, str | None] = {}
        self.network = True
        self._subscriptions: dict[str, tuple[FakeSocket, str]] = {}
        self._version = 0
        self._read: dict[int, int] = {}
        self.tasks: list[asyncio.Task[object]] = []
        settings: dict[str, object] = {
            "on_message": self.events.append,
            "on_token": self.tokens.append,
            "on_status": self._look,
            "api_endpoint": ENDPOINT,
            "platform": self.platform,
            **options,
        }
        self.connector = Connector(**settings)  # type: ignore[arg-type]

    # Observations

    def _look(self, status: Status) -> None:
        """Record the status and the problem's code."""
        problem = self.connector.problem
        self.statuses.append(f"{status} {problem.code if problem else ''}".strip())

    @property
    def api(self) -> dict[str, Answer | list[Answer]]:
        return self.platform.answers

    @property
    def names(self) -> list[str]:
        return [str(event.name) for event in self.events]

    @property
    def told(self) -> list[str]:
        """Return ``NAME id`` of call events, ``NAME code`` of others; replays have ``again``."""
        words = []
        for event in self.events:
            more = event.call.id if isinstance(event, CallEvent) else event.code
            again = " again" if isinstance(event, CallEvent) and event.replay else ""
            words.append(f"{event.name} {more}".strip() + again)
        return words

    @property
    def asked(self) -> list[str]:
        return [str(request) for request in self.platform.requests]

    @property
    def socket(self) -> FakeSocket:
        return self.platform.sockets[-1]

    @property
    def subscribes(self) -> list[str]:
        """Return ``user expires`` of every SUBSCRIBE on all sockets."""
        texts = [text for socket in self.platform.sockets for text in socket.sent]
        return [
            header(text, "To").partition("@")[0].removeprefix("<sip:")
            + " "
            + header(text, "Expires")
            for text in texts
            if text.startswith("SUBSCRIBE ")
        ]

    @property
    def last_error(self) -> ActivityEvent:
        return [e for e in self.events if isinstance(e, ActivityEvent) and e.name == "ERROR"][-1]

    def forget(self) -> None:
        """Forget all events and requests so far."""
        self.events.clear()
        self.statuses.clear()
        self.platform.requests.clear()

    # Actions

    def start(self, work: object) -> asyncio.Task[object]:
        task: asyncio.Task[object] = asyncio.ensure_future(work)  # type: ignore[arg-type]
        self.tasks.append(task)
        return task

    def hold(self, route: str) -> asyncio.Future[tuple[int, object]]:
        """Delay the next answers of a route until the returned future has a result."""
        future: asyncio.Future[tuple[int, object]] = asyncio.get_running_loop().create_future()
        self.api[route] = future
        return future

    async def settle(self) -> None:
        """Run everything that is due now."""
        for _ in range(6):
            for _ in range(8):
                await asyncio.sleep(0)
            self._serve()

    async def advance(self, seconds: float) -> None:
        """Advance the clock and fire each timer when it is due."""
        platform = self.platform
        end = platform.time + seconds
        await self.settle()
        for _ in range(3000):
            platform.timers = [timer for timer in platform.timers if not timer.cancelled]
            timer = min(platform.timers, key=lambda timer: timer.due, default=None)
            if timer is None or timer.due > end:
                platform.time = end
                return
            platform.timers.remove(timer)
            platform.time = max(platform.time, timer.due)
            timer.callback()
            await self.settle()
        raise AssertionError("timers without end")

    async def log_in(self) -> None:
        task = self.start(self.connector.login("anna@example.com", "pa55word"))
        await self.settle()
        assert task.done()
        await task
        self.forget()

    async def follow(self, node: str) -> None:
        task = self.start(self.connector.subscribe(node))
        await self.settle()
        await task
        self.forget()

    def next_notify(self, state: str, body: str = "", of: str = "10002") -> str:
        """Return the text of the next NOTIFY to the follower of ``of``."""
        _, asked = self._subscriptions[of]
        self._version += 1
        return notify_text(asked, self._version, state, body)

    def next_document(self, *dialogs: str, of: str = "10002", full: bool = True) -> str:
        """Return the text of the next NOTIFY, with a document of these dialogs."""
        text = document(self._version + 1, *dialogs, full=full, entity=of)
        return self.next_notify("active;expires=300", text, of)

    def deliver(self, text: str, of: str = "10002") -> None:
        """Deliver ``text`` without running the loop."""
        socket, _ = self._subscriptions[of]
        socket.listener.received(text)

    async def dialogs(self, *dialogs: str, of: str = "10002") -> None:
        """Send a full document with these dialogs to the follower of ``of``."""
        self.deliver(self.next_document(*dialogs, of=of), of)
        await self.settle()

    async def notify(self, state: str, of: str = "10002") -> None:
        self.deliver(self.next_notify(state, of=of), of)
        await self.settle()

    async def drop(self, reason: str = "code 1006") -> None:
        """Cut the WebSocket."""
        self.socket.closed = True
        self.socket.listener.closed(reason)
        await self.settle()

    def _serve(self) -> None:
        for number, socket in enumerate(self.platform.sockets):
            if socket.closed:
                continue
            if not socket.opened and self.network:
                socket.opened = True
                socket.listener.opened()
            while not socket.closed and self._read.get(number, 0) < len(socket.sent):
                text = socket.sent[self._read.get(number, 0)]
                self._read[number] = self._read.get(number, 0) + 1
                if text.startswith("SUBSCRIBE "):
                    self._answer(socket, text)

    def _answer(self, socket: FakeSocket, text: str) -> None:
        user = header(text, "To").partition("@")[0].removeprefix("<sip:")
        line = self.sip.get(user, "200 OK")
        if line is None:
            return
        expires = header(text, "Expires")
        socket.listener.received(answer_text(text, line, f"Expires: {expires}"))
        if line.startswith("2") and expires != "0":
            self._subscriptions[user] = (socket, text)
            self._version += 1
            socket.listener.received(notify_text(text, self._version, f"active;expires={expires}"))


def table(world: World) -> CallTable:
    return world.connector._pump.calls


def records(world: World) -> int:
    """Return the number of call records, including ended calls."""
    return sum(map(len, table(world)._nodes.values()))
