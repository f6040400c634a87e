"""The history of ended calls: the server's records, merged with the call log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pycti.calls import causes
from pycti.contacts.call_log import LogRecord
from pycti.events import Call, CallStatus, Direction
from pycti.rest.services import Cdr

MOST = 1_000
"""The maximum number of records in one request."""


def merge(
    rows: Iterable[Cdr], known: Iterable[LogRecord], node: str, user: str, since: int, limit: int
) -> tuple[LogRecord, ...]:
    """Return at most ``limit`` records, the newest first, and each call once.

    ``rows`` come from the server, ``known`` from the call log. If both have a call, its notes and
    contact come from the log. ``since`` is in epoch milliseconds.
    """
    log = {record.key: record for record in known}
    found: dict[str, LogRecord] = {}
    # Oldest first: if a call has come back, only its first part has the server's id.
    for row in sorted(rows, key=lambda row: (row.end_time or 0, row.leg)):
        call_id, key = row.call_id, f"{user}/{row.call_id}"
        part = f"{row.call_id}{row.leg:03}"
        if row.leg and (f"{user}/{part}" in log or key in found):
            call_id, key = part, f"{user}/{part}"
        record = _record(row, node, call_id, key)
        found[key] = _completed(log[key], record) if key in log else record
    for key, record in log.items():
        if record.end_time is None or record.end_time >= since:
            found.setdefault(key, record)
    newest = sorted(found.values(), key=_when, reverse=True)
    return tuple(newest[:limit])


def _when(record: LogRecord) -> int:
    return record.end_time or record.call.start_time or 0


def _record(row: Cdr, node: str, call_id: str, key: str) -> LogRecord:
    # Nobody has declined a call at a phone that never rang.
    missed = row.incoming and not row.rang and row.answer_time is None
    call = Call(
        id=call_id,
        cid="",
        node=node,
        direction=Direction.IN if row.incoming else Direction.OUT,
        status=CallStatus.HANGUP,
        source=row.source,
        source_name=row.source_name,
        destination=row.destination,
        destination_name=row.destination_name,
        cause=causes.UNREACHABLE if missed else causes.cause_for(row.event, row.code),
        start_time=row.start_time,
        answer_time=row.answer_time,
        server_id=row.call_id,
    )
    return LogRecord(key, call, row.end_time, row.answer_time is not None)


def _completed(record: LogRecord, server: LogRecord) -> LogRecord:
    """Return the record of the log, with the values that only the server's record has."""
    call = replace(
        record.call,
        start_time=record.call.start_time or server.call.start_time,
        answer_time=record.call.answer_time or server.call.answer_time,
        cause=record.call.cause or server.call.cause,
    )
    end = server.end_time if record.end_time is None else record.end_time
    return replace(record, call=call, end_time=end, answered=record.answered or server.answered)
