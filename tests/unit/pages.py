"""A worker and its pages: messages in, and the messages to each page as parsed JSON."""

from __future__ import annotations

import json
from typing import Any

from pycti.pages.worker import Worker

from .world import FakePlatform, World


class Office(World):
    """A `World` whose connector belongs to a worker. Page 0 means all pages."""

    def __init__(self, platform: FakePlatform | None = None) -> None:
        super().__init__()
        if platform is not None:
            self.platform = platform
        self.posts: list[tuple[int, dict[str, Any]]] = []
        self.readies: list[list[str]] = []
        self.worker = Worker(self._post, self.platform, self._ready)

    def _ready(self) -> None:
        """Note what page 1 had been told by then."""
        self.readies.append(self.events_of(1))

    def _post(self, page: int, text: str) -> None:
        self.posts.append((page, json.loads(text, parse_constant=_refuse)))

    def send(self, page: int, kind: str, **fields: Any) -> None:
        self.worker.receive(page, json.dumps({"type": kind, **fields}))

    async def hello(
        self,
        page: int = 1,
        token: str | None = None,
        nodes: Any = (),
        calls: Any = (),
        **options: Any,
    ) -> None:
        options = {"apiEndpoint": "https://api.test/v1", **options}
        self.send(page, "hello", options=options, token=token, nodes=list(nodes), calls=list(calls))
        await self.settle()

    async def command(self, page: int, number: int, method: str, *arguments: Any) -> None:
        self.send(page, "command", id=number, method=method, args=list(arguments))
        await self.settle()

    def of(self, page: int, kind: str) -> list[dict[str, Any]]:
        """Return the messages to exactly that page."""
        return [message for to, message in self.posts if to == page and message["type"] == kind]

    def events_of(self, page: int) -> list[str]:
        """Return the events that were sent to that page or to all pages."""
        words = []
        for to, message in self.posts:
            if to in (0, page) and message["type"] == "event":
                event = message["event"]
                more = (
                    event["call"]["id"]
                    if "call" in event
                    else event.get("node", event.get("code", ""))
                )
                again = " again" if event.get("replay") else ""
                words.append(f"{event['name']} {more}".strip() + again)
        return words

    async def log_in_page(self) -> None:
        await self.hello()
        await self.command(1, 1, "login", "anna@example.com", "pa55word")
        self.posts.clear()
        self.platform.requests.clear()


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
