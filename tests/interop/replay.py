"""Play a recorded conversation to the user agent, unmodified and with the recording's clock.

A recording consists of blocks: ``===== seconds direction ws``, then one message and a newline.
``>>>`` is a message of the recording client, ``<<<`` one of the server, and ``---`` the end of the
connection, after which the clock restarts at zero.

In the server's messages only the identifiers of the client are replaced: Call-IDs, tags and
branches of its SUBSCRIBEs become ours. If the recording client acted earlier than ours (a refresh
after half a second), the clock advances until ours acts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from pycti.calls.table import CallTable
from pycti.sip.headers import NameAddr
from pycti.sip.identity import Identity
from pycti.sip.incoming import read
from pycti.sip.keepalive import PING, PONG
from pycti.sip.message import Request, Response, parse_message, top_via
from pycti.sip.subscription import Accepted, DialogsChanged, Failed
from pycti.sip.user_agent import UserAgent

TRACES = Path(__file__).with_name("traces")
USER, PASSWORD = "console", "consolepw"

_BLOCK = re.compile(r"^=====\s+([0-9.]+) (>>>|<<<|---) ws\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    time: float
    direction: str
    text: str

    @property
    def call_id(self) -> str:
        return self.header("Call-ID")

    def header(self, name: str) -> str:
        match = re.search(rf"^{name}: (.*?)\r$", self.text, re.MULTILINE | re.IGNORECASE)
        return match[1] if match else ""


def recorded(name: str, call_id: str | None = None) -> list[Step]:
    """Read a recording, or the messages of one of its dialogs."""
    blocks = _BLOCK.split((TRACES / f"{name}.txt").read_bytes().decode())[1:]
    steps = [
        Step(float(time), direction, text.removesuffix("\n"))
        for time, direction, text in zip(blocks[::3], blocks[1::3], blocks[2::3], strict=True)
    ]
    return [step for step in steps if call_id in (None, step.call_id)]


def counting_entropy() -> Callable[[int], str]:
    """Return values that never repeat and do not occur in the recording."""
    numbers = count(1)
    return lambda size: f"{next(numbers):0{2 * size}x}"


class Replay:
    """One user agent and one call table. ``told`` are the call events as text."""

    def __init__(self) -> None:
        self.now = 0.0
        self.told: list[str] = []
        self.said: list[str] = []
        self.answers: list[tuple[int, int]] = []
        self.agent = UserAgent(Identity(USER, PASSWORD, "pbx.test", counting_entropy(), "WS"))
        self.table = CallTable()
        self.table.own = "user:100"
        self._base: float | None = None
        self._ours: dict[str, str] = {}
        self._dialogs: set[str] = set()
        self.waiting: list[Request] = []
        self.responses: dict[str, Response] = {}

    def play(self, steps: list[Step]) -> Replay:
        for step in steps:
            self._let_pass(step)
            if step.direction == "---":
                self._lose()
            elif step.direction == "<<<":
                self.receive(step.text)
            elif step.text.startswith("SUBSCRIBE "):
                self._subscribe(step)
            elif step.text == PING:
                self.agent.probe(self.now)
                self.look()
            elif step.text.startswith("SIP/2.0 "):
                self._compare(step)
        return self

    def receive(self, text: str) -> None:
        """Process one message of the server."""
        for theirs, ours in self._ours.items():
            text = text.replace(theirs, ours)
        self.agent.receive(read(text), self.now)
        self.look()

    def look(self) -> None:
        """Collect the agent's messages and reports."""
        for text in self.agent.drain():
            if text == PING:
                self.said.append("ping")
                self.agent.receive(PONG, self.now)
                continue
            message = parse_message(text)
            if isinstance(message, Request):
                self.waiting.append(message)
            else:
                self.responses[top_via(message).branch] = message
        for report in self.agent.reports():
            match report:
                case DialogsChanged(node, change):
                    wall = round(self.now * 1000)
                    for event in self.table.update(node, change, self.now, wall):
                        call = event.call
                        line = f"{node} {event.name} {call.source} > {call.destination}"
                        self.told.append(line)
                case Accepted(node):
                    self.said.append(f"accepted {node}")
                case Failed(node, status, _, again):
                    self.said.append(f"failed {node} {status}" + (" again" if again else ""))
                case _:
                    self.said.append("dead")

    def until_sent(self) -> Request:
        """Advance the clock until the agent sends a SUBSCRIBE, and return it."""
        while not self.waiting:
            assert self.agent.deadline is not None
            self.now = max(self.now, self.agent.deadline)
            self.agent.tick(self.now)
            self.look()
        return self.waiting[0]

    # Internals

    def _let_pass(self, step: Step) -> None:
        if self._base is None:
            self._base = self.now - step.time
            self.agent.connected(self.now)
            self.look()
        self.now = max(self.now, self._base + step.time)
        deadline = self.agent.deadline
        if deadline is not None and deadline <= self.now:
            self.agent.tick(self.now)
            self.look()

    def _lose(self) -> None:
        self.agent.disconnected(self.now)
        self.table.lost()
        self.look()
        self.waiting.clear()
        # The dialogs of the old connection are gone.
        self._dialogs = set(self._ours)
        self.now += 1.0
        self._base = None

    def _subscribe(self, step: Step) -> None:
        theirs = parse_message(step.text)
        assert isinstance(theirs, Request)
        if step.call_id in self._dialogs:
            return  # The recording client refreshed an old subscription; ours makes a new one.
        to = _to(theirs)
        node = f"user:{to.uri.user}"
        if step.header("Expires") == "0" and step.header("CSeq") != "1 SUBSCRIBE":
            self.agent.unsubscribe(node, self.now)
        elif not to.tag:
            self.agent.subscribe(node, str(to.uri), self.now)
        self.look()
        before = self.now
        self.until_sent()
        if self._base is not None:
            self._base += self.now - before
        ours = next(request for request in self.waiting if _to(request).uri == to.uri)
        self.waiting.remove(ours)
        for name in (_branch, _call_id, _from_tag):
            self._ours[name(theirs)] = name(ours)

    def _compare(self, step: Step) -> None:
        theirs = parse_message(step.text)
        assert isinstance(theirs, Response)
        ours = self.responses.pop(top_via(theirs).branch)
        assert ours.headers.get("CSeq") == theirs.headers.get("CSeq")
        self.answers.append((theirs.status, ours.status))


def _to(request: Request) -> NameAddr:
    return NameAddr.parse(request.headers.require("To"))


def _branch(request: Request) -> str:
    return top_via(request).branch


def _call_id(request: Request) -> str:
    return request.headers.require("Call-ID")


def _from_tag(request: Request) -> str:
    return NameAddr.parse(request.headers.require("From")).tag
