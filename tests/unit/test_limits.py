"""The limits for a page's messages, and the errors beyond them."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest

from pycti.errors import StateError
from pycti.pages import limits
from pycti.pages.limits import Bucket, Limits

from .pages import Office

ROOT = Path(__file__).parents[2]
NOW = 1000.0


def spend(sent: Limits, count: int, method: str = "note", page: int = 1) -> None:
    for _ in range(count):
        with sent.command(page, method, 0, NOW):
            pass


def refused(sent: Limits, method: str = "note", now: float = NOW, followed: int = 0) -> StateError:
    with pytest.raises(StateError) as caught, sent.command(1, method, followed, now):
        pass
    return caught.value


class TestBucket:
    def test_a_bucket_allows_the_burst_and_then_the_rate(self):
        bucket = Bucket(3, 2)
        assert [bucket.take(1, NOW) for _ in range(4)] == [0, 0, 0, 0.5]
        assert bucket.take(1, NOW + 0.25) == 0.25
        assert bucket.take(1, NOW + 0.5) == 0

    def test_a_bucket_never_holds_more_than_the_burst(self):
        bucket = Bucket(3, 2)
        bucket.take(1, NOW)
        assert [bucket.take(1, NOW + 1e6) for _ in range(4)] == [0, 0, 0, 0.5]

    def test_an_amount_above_the_burst_never_fits(self):
        bucket = Bucket(3, 2)
        bucket.take(3, NOW)
        assert bucket.take(5, NOW) == 1.5


class TestCommands:
    def test_after_the_burst_the_error_says_when_to_try_again(self):
        sent = Limits()
        spend(sent, limits.COMMANDS_BURST)
        error = refused(sent)
        assert (error.code, error.hint) == ("RATE_LIMITED", "Try again in 1 s.")
        later = NOW + 1
        with sent.command(1, "note", 0, later):
            pass

    def test_each_page_has_its_own_limit(self):
        sent = Limits()
        spend(sent, limits.COMMANDS_BURST)
        spend(sent, 1, page=2)
        sent.forget(1)
        spend(sent, 1)

    def test_calls_are_counted_over_all_pages(self):
        """Each call rings a phone."""
        sent = Limits()
        for page in range(1, limits.CALLS_BURST + 1):
            spend(sent, 1, ("call", "transfer")[page % 2], page)
        error = refused(sent, "call")
        assert error.code == "RATE_LIMITED"
        assert "calls" in error.message
        spend(sent, 1, "terminate")

    def test_the_number_of_pending_commands_is_limited(self):
        sent = Limits()
        waiting = [sent.command(1, "note", 0, NOW + i) for i in range(limits.WAITING)]
        for command in waiting:
            command.__enter__()
        assert refused(sent, now=NOW + 1e6).code == "LIMIT_REACHED"
        waiting[0].__exit__(None, None, None)
        with sent.command(1, "note", 0, NOW + 1e6):
            pass

    def test_the_number_of_followed_nodes_is_limited(self):
        sent = Limits()
        error = refused(sent, "subscribe", followed=limits.SUBSCRIPTIONS)
        assert (error.code, error.hint) == ("LIMIT_REACHED", "Unsubscribe from others.")
        with sent.command(1, "subscribe", limits.SUBSCRIPTIONS - 1, NOW):
            # Pending subscriptions count, too.
            assert refused(sent, "subscribe", followed=limits.SUBSCRIPTIONS - 1).code
            spend(sent, 1, "unsubscribe")

    def test_a_thousand_concurrent_subscriptions_are_allowed(self):
        sent = Limits()
        running = [sent.command(1, "subscribe", 0, NOW) for _ in range(1000)]
        for command in running:
            command.__enter__()
        for command in running:
            command.__exit__(None, None, None)


def test_texts_are_counted():
    sent = Limits()
    sent.texts(1, limits.TEXTS_BURST, NOW)
    with pytest.raises(StateError) as caught:
        sent.texts(1, limits.TEXTS_RATE, NOW)
    assert (caught.value.code, caught.value.hint) == ("RATE_LIMITED", "Try again in 1 s.")
    sent.texts(1, limits.TEXTS_RATE, NOW + 1)


@pytest.mark.parametrize(
    ("file", "name", "limit"),
    [
        ("common/messages.js", "LONGEST", limits.MESSAGE_SIZE),
        ("worker/pages.js", "HELD", limits.WAITING),
    ],
)
def test_javascript_has_the_same_limits(file: str, name: str, limit: int):
    text = (ROOT / "web/src" / file).read_text()
    (number,) = re.findall(rf"{name} = ([\d_]+);", text)
    assert int(number) == limit


class TestWorker:
    async def test_a_flooding_page_gets_errors_and_does_not_block_others(self, monkeypatch):
        office = Office()
        await office.log_in_page()
        await office.hello(2)
        for number in range(limits.COMMANDS_BURST + 1):
            office.send(1, "command", id=number, method="note", args=["none"])
        await office.settle()
        codes = [post["error"]["code"] for post in office.of(1, "refusal")]
        assert (codes.count("RATE_LIMITED"), codes[-1]) == (2, "RATE_LIMITED")  # and the login
        assert office.events_of(1)[-1] == "ERROR RATE_LIMITED"
        await office.command(2, 1, "note", "none")
        assert office.of(2, "refusal")[-1]["error"]["code"] == "UNKNOWN_CALL"
        await office.worker._connector.aclose()

    async def test_too_many_texts_are_rejected(self):
        office = Office()
        await office.hello()
        for number in (1, 2):
            texts = [["x", ""]] * limits.TEXTS_BURST
            office.send(1, "detect", id=number, texts=texts)
        await office.settle()
        assert [post["id"] for post in office.of(1, "detected")] == [1]
        (refusal,) = office.of(1, "refusal")
        assert (refusal["id"], refusal["error"]["code"]) == (2, "RATE_LIMITED")
        await office.worker._connector.aclose()

    async def test_other_messages_are_dropped_with_one_log_line(self, caplog):
        office = Office()
        await office.hello()
        with caplog.at_level(logging.WARNING):
            for _ in range(limits.MESSAGES_BURST + 10):
                office.send(1, "focus", focused=True, visible=True)
        assert [record.getMessage() for record in caplog.records] == [
            "a page sends too many messages: some are dropped"
        ]
        office.send(1, "bye")
        office.posts.clear()
        await office.hello()
        assert office.of(1, "state")
        await office.worker._connector.aclose()

    async def test_a_message_that_is_too_long_is_dropped_unparsed(self, caplog):
        office = Office()
        await office.hello()
        office.posts.clear()
        text = json.dumps({"type": "command", "id": 1, "method": "note", "args": ["x"]})
        with caplog.at_level(logging.WARNING):
            office.worker.receive(1, text + " " * limits.MESSAGE_SIZE)
        await office.settle()
        assert len(caplog.records) == 1
        assert office.posts == []
        await office.worker._connector.aclose()

    async def test_the_nodes_of_a_returning_page_are_limited(self):
        office = Office()
        nodes = [f"queue:{number}" for number in range(limits.SUBSCRIPTIONS + 50)]
        office.hold("GET /me")
        await office.hello(token="t0ken", nodes=nodes)
        assert len(office.worker._nodes) == limits.SUBSCRIPTIONS
        await office.worker._connector.aclose()
