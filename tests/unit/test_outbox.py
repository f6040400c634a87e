"""The log records that wait for pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pycti.contacts.call_log import LogRecord
from pycti.events import Call, CallStatus, Direction
from pycti.pages.log_outbox import LIMIT, LogOutbox

CALL = Call("143", "1", "user:10002", Direction.IN, CallStatus.HANGUP)


def record(key: str) -> LogRecord:
    return LogRecord(key, CALL, 1)


@pytest.fixture
def outbox() -> LogOutbox:
    return LogOutbox()


def test_every_listening_page_receives_a_record_once(outbox: LogOutbox):
    outbox.put(record("a"))
    assert outbox.take([1, 2]) == [(1, record("a")), (2, record("a"))]
    assert outbox.take([1, 2]) == []


def test_unsent_records_wait_for_the_next_page_in_order(outbox: LogOutbox):
    for key in "abc":
        outbox.put(record(key))
    assert outbox.take([]) == []
    assert [told.key for _, told in outbox.take([7])] == ["a", "b", "c"]


def test_a_confirmed_record_is_dropped(outbox: LogOutbox):
    outbox.put(record("a"))
    outbox.take([1])
    outbox.confirm("a")
    outbox.confirm("a")
    assert outbox.take([2]) == []


def test_an_unconfirmed_record_goes_to_the_next_page(outbox: LogOutbox):
    outbox.put(record("a"))
    outbox.take([1])
    outbox.forget(1)
    assert outbox.take([1]) == [(1, record("a"))]
    assert outbox.take([2]) == [(2, record("a"))]


def test_a_newer_version_replaces_the_older(outbox: LogOutbox):
    outbox.put(record("a"))
    outbox.take([1])
    newer = replace(record("a"), notes="Late.")
    outbox.put(newer)
    assert outbox.take([1, 2]) == [(1, newer), (2, newer)]


def test_the_oldest_record_is_dropped_first(outbox: LogOutbox):
    for number in range(LIMIT + 1):
        outbox.put(record(str(number)))
    kept = [told.key for _, told in outbox.take([1])]
    assert (kept[0], len(kept)) == ("1", LIMIT)


def test_clear_forgets_all_records(outbox: LogOutbox):
    outbox.put(record("a"))
    outbox.clear()
    assert outbox.take([1]) == []
