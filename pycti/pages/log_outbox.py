"""Keep log records until a page has confirmed them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pycti.contacts.call_log import LogRecord

LIMIT = 100
"""The number of log records that wait for a page; the oldest is dropped first."""


@dataclass(slots=True)
class _Entry:
    record: LogRecord
    sent_to: set[int] = field(default_factory=set)


class LogOutbox:
    """Sends each log record to each page once, and loses none when the user changes pages."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def put(self, record: LogRecord) -> None:
        """Add a log record, or a newer version of one."""
        self._entries.pop(record.key, None)
        self._entries[record.key] = _Entry(record)
        if len(self._entries) > LIMIT:
            del self._entries[next(iter(self._entries))]

    def take(self, pages: Iterable[int]) -> list[tuple[int, LogRecord]]:
        """Return the log records that have not been sent to ``pages``, the oldest first."""
        listening = tuple(pages)
        due = []
        for entry in self._entries.values():
            for page in listening:
                if page not in entry.sent_to:
                    entry.sent_to.add(page)
                    due.append((page, entry.record))
        return due

    def confirm(self, key: str) -> None:
        """Drop a log record that a page has stored."""
        self._entries.pop(key, None)

    def forget(self, page: int) -> None:
        """Forget a page that has gone: its unconfirmed log records are sent again."""
        for entry in self._entries.values():
            entry.sent_to.discard(page)

    def clear(self) -> None:
        """Forget all log records: the session has ended."""
        self._entries.clear()
