"""Just enough of a SIP server (RFC 3261, 6665, 7118) to flood a watcher with NOTIFYs.

Nothing is checked and nobody is challenged: what is measured is the other side.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.documents import Node

DOMAIN = "pbx.example"

_HEADER = re.compile(r"(?im)^(via|from|to|call-id|cseq|contact|expires)[ \t]*:[ \t]*(.*?)[ \t]*\r$")
_USER = re.compile(r"sips?:([^@;>]+)@")
_EXPIRES = 3600

Write = Callable[[bytes], object]


@dataclass(slots=True)
class Subscription:
    """One watcher of one node."""

    node: Node
    head: str
    cseq: int = 0

    def notify(self, body: str) -> bytes:
        """Return the next NOTIFY as a WebSocket frame."""
        self.cseq += 1
        branch = f"z9hG4bK{self.node.user}x{self.cseq}"
        text = self.head % (branch, self.cseq, len(body)) + body
        return frame(text.encode())


@dataclass(slots=True)
class Burst:
    """How a number of NOTIFYs went. Times are epoch seconds, ``busy`` is this process's CPU's."""

    count: int
    first: float = 0.0
    answered: float = 0.0
    refused: int = 0
    busy: float = 0.0


def frame(payload: bytes) -> bytes:
    """Return an unmasked text frame (RFC 6455 §5.2)."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2) + payload
    return b"\x81\x7f" + size.to_bytes(8) + payload


class Connection:
    """One WebSocket: its subscriptions, and what it has answered."""

    def __init__(self, write: Write, spend: float = 0.0) -> None:
        self._write = write
        self._spend = spend
        self.subscriptions: dict[str, Subscription] = {}
        self._sent = 0
        self._answers = 0
        self._refusals = 0
        self._last = 0.0
        self._level = asyncio.Event()

    # What comes in

    def receive(self, text: str) -> None:
        """Take one message."""
        if text.startswith("SIP/2.0 2"):
            self._answered()
        elif text.startswith("SIP/2.0 1"):
            return
        elif text.startswith("SIP/2.0 "):
            self._refusals += 1
            self._answered()
        elif text == "\r\n\r\n":
            self._write(frame(b"\r\n"))
        elif text.strip():
            self._request(text)

    def _answered(self) -> None:
        self._answers += 1
        self._last = time.time()
        if self._answers == self._sent:
            self._level.set()

    def _request(self, text: str) -> None:
        method = text.partition(" ")[0]
        found = [(name.lower(), value) for name, value in _HEADER.findall(text)]
        fields = dict(reversed(found))
        if method == "ACK":
            return
        expires = min(int(fields.get("expires", _EXPIRES)), _EXPIRES)
        user = _USER.search(fields["to"])
        tag = f"{secrets.token_hex(4)}" if ";tag=" not in fields["to"] else ""
        to = f"{fields['to']};tag={tag}" if tag else fields["to"]
        lines = ["SIP/2.0 200 OK", *(f"Via: {value}" for name, value in found if name == "via")]
        lines += [f"From: {fields['from']}", f"To: {to}", f"Call-ID: {fields['call-id']}"]
        lines += [f"CSeq: {fields['cseq']}", f"Expires: {expires}", "Content-Length: 0"]
        # A registration is told its own contact, everybody else the server's.
        own = fields.get("contact", "") if method == "REGISTER" else f"<sip:notifier@{DOMAIN}>"
        lines += [f"Contact: {own}"]
        self._write(frame(("\r\n".join(lines) + "\r\n\r\n").encode()))
        if method == "SUBSCRIBE" and user:
            self._subscribed(user[1], fields, to, expires)

    def _subscribed(self, user: str, fields: dict[str, str], to: str, expires: int) -> None:
        known = self.subscriptions.get(user)
        if known is None or f"Call-ID: {fields['call-id']}\r" not in known.head:
            uri = fields["contact"].strip("<>").partition(">")[0]
            head = (
                f"NOTIFY {uri} SIP/2.0\r\nVia: SIP/2.0/WS {DOMAIN};branch=%s\r\nMax-Forwards: 70"
                f"\r\nFrom: {to}\r\nTo: {fields['from']}\r\nCall-ID: {fields['call-id']}"
                f"\r\nCSeq: %d NOTIFY\r\nContact: <sip:notifier@{DOMAIN}>\r\nEvent: dialog"
                f"\r\nSubscription-State: active;expires={_EXPIRES}"
                "\r\nContent-Type: application/dialog-info+xml\r\nContent-Length: %d\r\n\r\n"
            )
            known = self.subscriptions[user] = Subscription(Node(user, DOMAIN), head)
        if expires == 0:
            del self.subscriptions[user]
        self._notify(known.notify(known.node.full()))

    def _notify(self, notify: bytes) -> None:
        self._sent += 1
        self._write(notify)

    # What is sent for measuring

    async def flood(self, count: int, users: list[str], calls: int) -> Burst:
        """Send ``count`` documents back to back, over so many calls of each of ``users`` by turns.

        All are written before the first is sent, one WebSocket frame and one write each.
        """
        watched = [self.subscriptions[user] for user in users]
        frames = []
        for number in range(count):
            one = watched[number % len(watched)]
            slot = number // len(watched) % calls
            frames.append(one.notify(one.node.step(slot)))
        return await self._send(frames)

    async def hang_up(self) -> Burst:
        """End every call."""
        frames = []
        for one in self.subscriptions.values():
            frames += [one.notify(one.node.hang_up(slot)) for slot in list(one.node.slots)]
        return await self._send(frames)

    async def pace(self, user: str, rate: float, count: int) -> Burst:
        """Send ``count`` documents at so many a second, each with its time of sending."""
        one, burst = self.subscriptions[user], await self._begin(count)
        loop = asyncio.get_running_loop()
        start = loop.time()
        for number in range(count):
            await asyncio.sleep(start + number / rate - loop.time())
            body = one.node.step(0, f"at {time.time() * 1000:.3f}")
            self._notify(one.notify(body))
        return await self._finish(burst)

    async def _send(self, frames: list[bytes]) -> Burst:
        burst = await self._begin(len(frames))
        busy = time.process_time()
        for one in frames:
            if self._spend:
                await self._work()
            self._notify(one)
        burst = await self._finish(burst)
        burst.busy = time.process_time() - busy
        return burst

    async def _work(self) -> None:
        """Do what takes a server its time for each NOTIFY, and look at what has come in."""
        until = time.perf_counter() + self._spend
        while time.perf_counter() < until:
            pass
        await asyncio.sleep(0)

    async def _begin(self, count: int) -> Burst:
        await self._all_answered()
        self._refusals = 0
        return Burst(count, time.time())

    async def _finish(self, burst: Burst) -> Burst:
        await self._all_answered()
        burst.answered, burst.refused = self._last, self._refusals
        return burst

    async def _all_answered(self) -> None:
        async with asyncio.timeout(120):
            while self._answers < self._sent:
                self._level.clear()
                await self._level.wait()
