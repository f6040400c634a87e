"""Serve the pages' listeners: screen pops, the call log, names, and which page is in front."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from pycti.connector import Connector
from pycti.contacts.call_log import LogRecord
from pycti.contacts.names import Contact
from pycti.events import Call, CallEvent, Event, EventName, Presence
from pycti.pages.foreground import Foreground
from pycti.pages.log_outbox import LogOutbox
from pycti.pages.screen_pops import PATIENCE, ScreenPops


class Send(Protocol):
    """The function that sends a message to a page."""

    def __call__(self, page: int, kind: str, **fields: object) -> None:
        """Send a message of type ``kind``."""


@dataclass(frozen=True, slots=True)
class _Listening:
    """The listeners of a page: ``lookup`` means that it can look up names."""

    names: frozenset[str] = frozenset()
    pop: str = "active"


@dataclass(slots=True, eq=False)
class _Question:
    page: int | None
    call: Call
    answer: asyncio.Future[object]


class Listeners:
    """The listening pages of a worker, identified by their numbers."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._connector: Connector | None = None
        self._listening: dict[int, _Listening] = {}
        self._front = Foreground()
        self._last_front: int | None = None
        self._outbox = LogOutbox()
        self._pops = ScreenPops()
        self._questions: dict[int, _Question] = {}
        self._last_question = 0
        self._handlers: dict[str, Callable[[int, dict[str, Any]], None]] = {
            "listen": self._listen,
            "focus": self._focus,
            "away": lambda page, _: self.leave(page),
            "contact": lambda _, message: self._answer(message),
            "logged": lambda _, message: self._outbox.confirm(str(message["key"])),
        }

    # Messages of pages

    def receive(self, page: int, kind: str, message: dict[str, Any]) -> bool:
        """Process a message; return whether its type belongs to this class."""
        handler = self._handlers.get(kind)
        if handler is not None:
            handler(page, message)
        return handler is not None

    def join(self, page: int, message: dict[str, Any], connector: Connector) -> None:
        """Process the rest of a page's hello, after the page has received the running calls."""
        self._connector = connector
        self._pops.node = connector.own_node
        self._pops.done(word for word in message.get("popped") or () if isinstance(word, str))
        for call in connector.calls:
            contact = connector.enrichment.contact_of(call)
            if contact is not None:
                self._send(page, "contact", call=call.to_json(), contact=contact)
        if self._last_front == page:
            self._last_front = None  # The page has forgotten that it is in front.
        self._focus(page, message.get("focus") or {})
        self._listen(page, message.get("listen") or {})

    def leave(self, page: int) -> None:
        """Remove a page that has gone or entered the back/forward cache."""
        self._listening.pop(page, None)
        self._front.forget(page)
        self._outbox.forget(page)
        for question in self._questions.values():
            if question.page == page:
                question.page = None
        self._changed()

    def _focus(self, page: int, message: dict[str, Any]) -> None:
        focused, visible = message.get("focused") is True, message.get("visible") is True
        self._front.report(page, focused=focused, visible=visible)
        self._changed()

    def _listen(self, page: int, message: dict[str, Any]) -> None:
        names = frozenset(word for word in message.get("names") or () if isinstance(word, str))
        self._listening[page] = _Listening(names, str(message.get("pop") or "active"))
        if "log" not in names:
            self._outbox.forget(page)
        if message.get("anew") is True and self._connector is not None:
            self._connector.enrichment.forget_answers()  # The page's directory has changed.
        self._changed()

    def _changed(self) -> None:
        if self._connector is None:
            return
        front = self._front.best()
        if front != self._last_front:
            if self._last_front in self._listening:
                self._send(self._last_front, "front", front=False)
            self._last_front = front
            if front is not None:
                self._send(front, "front", front=True)
        self._connector.enrichment.lookup = self._ask if self._pages_for("lookup") else None
        self._ask_again()
        self._send_log()
        self._pop_all()

    def _pages_for(self, name: str) -> list[int]:
        return [page for page, listening in self._listening.items() if name in listening.names]

    # Names

    async def _ask(self, _number: str, call: Call) -> object:
        self._last_question += 1
        number = self._last_question
        answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._questions[number] = _Question(None, call, answer)
        self._ask_again()
        try:
            return await answer
        finally:
            del self._questions[number]

    def _ask_again(self) -> None:
        """Send the questions that no page is answering to the page in front."""
        for number, question in self._questions.items():
            if question.page is None:
                question.page = page = self._front.best(self._pages_for("lookup"))
                if page is not None:
                    call = question.call
                    fields = {"number": call.other_number, "call": call.to_json()}
                    self._send(page, "lookup", id=number, **fields)

    def _answer(self, message: dict[str, Any]) -> None:
        question = self._questions.get(message["id"])
        # An answer for an earlier worker may have the same id, but rarely has the same number.
        matches = question is not None and question.call.other_number == message["number"]
        if question is not None and matches and not question.answer.done():
            question.answer.set_result(message["contact"])

    # Output of the connector

    def on_event(self, event: Event) -> None:
        """Process an event that has just been sent to the pages."""
        if isinstance(event, CallEvent):
            self._pop(event.call)
        elif event.name is EventName.LOGGED_IN and self._connector is not None:
            self._pops.node = self._connector.own_node
        elif event.name is EventName.LOGGED_OUT:
            self._pops.clear()
            self._outbox.clear()

    def on_contact(self, call: Call, contact: Contact | None) -> None:
        """Process a lookup's result: the contact of the other party, or ``None``."""
        if contact is not None:
            self._send(0, "contact", call=call.to_json(), contact=contact)
        self._pop(call)

    def on_log(self, record: LogRecord) -> None:
        """Send the log record of a call that has ended."""
        self._outbox.put(record)
        self._send_log()

    def on_presence(self, node: str, presence: Presence) -> None:
        """Send the new presence of a followed user to the pages that listen."""
        for page in self._pages_for("presence"):
            self._send(page, "presence", node=node, presence=presence.value)

    def _send_log(self) -> None:
        for page, record in self._outbox.take(self._pages_for("log")):
            self._send(page, "log", record=record.to_json())

    # Screen pops

    def _pop(self, call: Call) -> None:
        connector = self._connector
        if connector is None or not self._pops.is_candidate(call):
            return
        pages = self._poppers()
        platform, known = connector.platform, not connector.enrichment.awaits(call)
        if pages and self._pops.begin(call, platform.now()) and not known:
            platform.call_later(PATIENCE, self._pop_all)
        if pages and self._pops.due(call, platform.now(), known=known):
            self._pops.done([call.id])
            contact = connector.enrichment.contact_of(call)
            for page in pages:
                self._send(page, "pop", call=call.to_json(), contact=contact)
        self._pops.drop(call)

    def _pop_all(self) -> None:
        for call in self._connector.calls if self._connector is not None else ():
            self._pop(call)

    def _poppers(self) -> set[int]:
        """Return the pages that receive a pop: those with ``all``, and the one in front."""
        listening = [page for page in self._pages_for("pop") if self._listening[page].pop != "none"]
        front = self._front.best(listening)
        return {page for page in listening if self._listening[page].pop == "all" or page == front}
