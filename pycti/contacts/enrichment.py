"""Add names from the user's directory to events, and keep notes and the call log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from pycti.contacts.call_log import CallLog, LogRecord
from pycti.contacts.lookup import Ask, Lookup
from pycti.contacts.names import Contact, key_of
from pycti.events import Call, CallEvent, Event, EventName
from pycti.platform import Platform

logger = logging.getLogger("pycti")

OnContact: TypeAlias = "Callable[[Call, Contact | None], object]"
OnLog: TypeAlias = "Callable[[LogRecord], object]"


class Enrichment:
    """Processes events between the call table and the listeners. ``running`` returns live calls."""

    def __init__(
        self,
        platform: Platform,
        running: Callable[[], list[Call]],
        on_contact: OnContact | None = None,
        on_log: OnLog | None = None,
    ) -> None:
        self.log = CallLog(self._logged)
        self._running = running
        self._on_contact = on_contact
        self._on_log = on_log
        self._lookup = Lookup(platform, self._answered)
        # Calls that have ended and whose log record waits for the directory's answer.
        self._unnamed: list[CallEvent] = []

    # The directory

    @property
    def lookup(self) -> Ask | None:
        """The function that looks up names; setting it looks up the running calls."""
        return self._lookup.ask

    @lookup.setter
    def lookup(self, ask: Ask | None) -> None:
        self._lookup.ask = ask
        for call in self._running():
            self._lookup.see(call)

    def named(self, call: Call) -> Call:
        """Return the call with the name from the directory if the network sends none."""
        return self._lookup.contacts.named(call)

    def complete(self, record: LogRecord) -> LogRecord:
        """Return the record with the name and the contact that the directory has."""
        if record.contact is not None:
            return record
        return replace(record, call=self.named(record.call), contact=self.contact_of(record.call))

    def contact_of(self, call: Call) -> Contact | None:
        """Return the contact of the other party if the directory has answered."""
        return self._lookup.contacts.of(call)

    def awaits(self, call: Call) -> bool:
        """Return whether the directory's answer is pending."""
        return self._lookup.waits(call)

    def forget_answers(self) -> None:
        """Look up every number again from now on."""
        self._lookup.contacts.clear()

    def _answered(self, key: str) -> None:
        for call in self._running():
            if key_of(call.other_number) == key:
                _safely(self._on_contact, self.named(call), self.contact_of(call))
        unnamed, self._unnamed = self._unnamed, []
        for event in unnamed:
            self._end(event)

    # Events

    def name(self, event: Event) -> Event:
        """Return the event with the name from the directory."""
        if not isinstance(event, CallEvent):
            return event
        call = self.named(event.call)
        return event if call is event.call else replace(event, call=call)

    def take(self, event: Event) -> Event:
        """Process an event before it is emitted, and return it with the name, like `name`."""
        if isinstance(event, CallEvent):
            if self._lookup.ask is None and self._lookup.contacts.empty:
                return event
            self._lookup.see(event.call)
        elif event.name is EventName.LOGGED_OUT:
            self._hurry()
        return self.name(event)

    def told(self, event: Event) -> None:
        """Process an event after it has been emitted."""
        if isinstance(event, CallEvent):
            if event.call.status.ended:
                self._end(event)
        elif event.name is EventName.LOGGED_OUT:
            self.log.clear()

    def close(self) -> None:
        """Stop all lookups."""
        self._hurry()
        self.log.clear()

    def _hurry(self) -> None:
        """End the session: drop its answers and do not delay its log records any longer."""
        self._lookup.clear()
        unnamed, self._unnamed = self._unnamed, []
        for event in unnamed:
            self._end(event)

    def _end(self, event: CallEvent) -> None:
        if self._lookup.waits(event.call):
            self._unnamed.append(event)
        else:
            call = self.named(event.call)
            self.log.see(replace(event, call=call), self.contact_of(call))

    def _logged(self, record: LogRecord) -> None:
        _safely(self._on_log, record)


def _safely(callback: Callable[..., object] | None, *arguments: object) -> None:
    """Call the user's callback; log its exception and continue."""
    if callback is not None:
        try:
            callback(*arguments)
        except Exception:
            logger.exception("a callback raised")
