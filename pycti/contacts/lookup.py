"""Asks the user's own directory who is calling. No event ever waits for the answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from pycti.contacts.names import Contact, Contacts, key_of, read_contact
from pycti.events import Call
from pycti.platform import Handle, Platform

logger = logging.getLogger("pycti")

Ask: TypeAlias = "Callable[[str, Call], Awaitable[object]]"
"""Gets a number and the call that it is needed for; gives a contact, or ``None``."""

TIMEOUT = 5.0
"""Seconds until a directory that does not answer counts as one that knows nothing."""


class Lookup:
    """Asks once per number. ``tell`` gets the number's key when its answer is there, or is late."""

    def __init__(self, platform: Platform, tell: Callable[[str], object]) -> None:
        self.contacts = Contacts()
        self.ask: Ask | None = None
        self._platform = platform
        self._tell = tell
        self._asked: dict[str, tuple[asyncio.Future[object], Handle]] = {}

    def see(self, call: Call) -> None:
        """Ask who is on the other side, unless that is known or asked already."""
        key = key_of(call.other_number) if self.ask is not None else ""
        if self.ask is None or not key or key in self._asked:
            return
        if self.contacts.settled(key, self._platform.now()):
            return
        question = asyncio.ensure_future(_answer(self.ask, call))
        late = self._platform.call_later(TIMEOUT, lambda: _give_up(question))
        self._asked[key] = (question, late)
        question.add_done_callback(lambda done: self._answered(key, done))

    def waits(self, call: Call) -> bool:
        """Whether an answer is still to come."""
        return key_of(call.other_number) in self._asked

    def clear(self) -> None:
        """Forget every answer, and wait for none."""
        asked = list(self._asked.values())
        self._asked.clear()
        self.contacts.clear()
        for question, late in asked:
            late.cancel()
            question.cancel()

    def _answered(self, key: str, question: asyncio.Future[object]) -> None:
        contact = _contact_of(question)
        known, late = self._asked.get(key, (None, None))
        if known is not question or late is None:
            return
        late.cancel()
        del self._asked[key]
        self.contacts.learn(key, contact, self._platform.now())
        self._tell(key)


async def _answer(ask: Ask, call: Call) -> object:
    return await ask(call.other_number, call)


def _give_up(question: asyncio.Future[object]) -> None:
    question.cancel()


def _contact_of(question: asyncio.Future[object]) -> Contact | None:
    if question.cancelled():
        logger.info("a lookup was given up")
        return None
    error = question.exception()
    if error is not None:
        logger.warning("a lookup failed: %s", type(error).__name__)
        return None
    answer = question.result()
    contact = read_contact(answer)
    if answer is not None and contact is None:
        logger.warning("a lookup answered with something that is no contact")
    return contact
