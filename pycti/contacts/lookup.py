"""Ask the user's directory for the caller's name. Events never wait for the answer."""

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
"""Receives a number and the call; returns a contact or ``None``."""

TIMEOUT = 5.0
"""Seconds after which a missing answer of the directory counts as no contact."""


class Lookup:
    """Asks once per number. ``report`` receives the number's key after the answer or timeout."""

    def __init__(self, platform: Platform, report: Callable[[str], object]) -> None:
        self.contacts = Contacts()
        self.ask: Ask | None = None
        self._platform = platform
        self._report = report
        self._pending: dict[str, tuple[asyncio.Future[object], Handle]] = {}

    def see(self, call: Call) -> None:
        """Look up the other party, unless that is known or pending."""
        key = key_of(call.other_number) if self.ask is not None else ""
        if self.ask is None or not key or key in self._pending:
            return
        if self.contacts.settled(key, self._platform.now()):
            return
        question = asyncio.ensure_future(_answer(self.ask, call))
        late = self._platform.call_later(TIMEOUT, lambda: _give_up(question))
        self._pending[key] = (question, late)
        question.add_done_callback(lambda done: self._answered(key, done))

    def waits(self, call: Call) -> bool:
        """Return whether an answer is pending."""
        return key_of(call.other_number) in self._pending

    def clear(self) -> None:
        """Forget all answers and cancel the pending lookups."""
        asked = list(self._pending.values())
        self._pending.clear()
        self.contacts.clear()
        for question, late in asked:
            late.cancel()
            question.cancel()

    def _answered(self, key: str, question: asyncio.Future[object]) -> None:
        contact = _contact_of(question)
        current, late = self._pending.get(key, (None, None))
        if current is not question or late is None:
            return
        late.cancel()
        del self._pending[key]
        self.contacts.learn(key, contact, self._platform.now())
        self._report(key)


async def _answer(ask: Ask, call: Call) -> object:
    return await ask(call.other_number, call)


def _give_up(question: asyncio.Future[object]) -> None:
    question.cancel()


def _contact_of(question: asyncio.Future[object]) -> Contact | None:
    if question.cancelled():
        logger.info("a lookup timed out or was cancelled")
        return None
    error = question.exception()
    if error is not None:
        logger.warning("a lookup failed: %s", type(error).__name__)
        return None
    answer = question.result()
    contact = read_contact(answer)
    if answer is not None and contact is None:
        logger.warning("a lookup returned an invalid contact")
    return contact
