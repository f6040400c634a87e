"""Call log records on their way to pages: kept until a page has confirmed them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pycti.contacts.call_log import LogRecord

LIMIT = 100
"""So many records wait for a page; the oldest goes first."""


@dataclass(slots=True)
class _Parcel:
    record: LogRecord
    told: set[int] = field(default_factory=set)


class LogOutbox:
    """Gives each record to each page once, and loses none on the way from page to page."""

    def __init__(self) -> None:
        self._parcels: dict[str, _Parcel] = {}

    def put(self, record: LogRecord) -> None:
        """Take a new record, or a newer version of one."""
        self._parcels.pop(record.key, None)
        self._parcels[record.key] = _Parcel(record)
        if len(self._parcels) > LIMIT:
            del self._parcels[next(iter(self._parcels))]

    def take(self, pages: Iterable[int]) -> list[tuple[int, LogRecord]]:
        """Return what these pages have not been told yet, the oldest first."""
        listening = tuple(pages)
        due = []
        for parcel in self._parcels.values():
            for page in listening:
                if page not in parcel.told:
                    parcel.told.add(page)
                    due.append((page, parcel.record))
        return due

    def confirm(self, key: str) -> None:
        """A page has got the record: it need not wait for another."""
        self._parcels.pop(key, None)

    def forget(self, page: int) -> None:
        """A page has gone: what it has not confirmed is for others, or for it when it is back."""
        for parcel in self._parcels.values():
            parcel.told.discard(page)

    def clear(self) -> None:
        """The session has ended."""
        self._parcels.clear()
