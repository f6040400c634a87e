"""The log records of ended calls: outcomes and notes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pycti.calls import causes
from pycti.contacts.call_log import NOTES, RECENT, CallLog, LogRecord, outcome_of
from pycti.errors import InputError
from pycti.events import Call, CallEvent, CallStatus, Direction, EventName

OWN = "user:10002"
CALL = Call("143", "1", OWN, Direction.IN, CallStatus.HANGUP, "+442036427900", "Ben", "10002",
            "Anna", causes.HUNG_UP_THERE, "", 1000, 3000)  # fmt: skip


def ended(call: Call = CALL, at: int | None = 1, *, answered: bool = True) -> CallEvent:
    return CallEvent(EventName.HANGUP, call, at=at, answered=answered)


class Log(CallLog):
    """Collects the records that it reports."""

    def __init__(self) -> None:
        self.told: list[LogRecord] = []
        super().__init__(self.told.append)
        self.node, self.user = OWN, "10002@pbx.test"


class TestOutcome:
    @pytest.mark.parametrize("direction", Direction)
    def test_a_connected_call_was_answered(self, direction: Direction):
        assert outcome_of(replace(CALL, direction=direction), answered=True) == "answered"

    @pytest.mark.parametrize(
        ("cause", "inbound", "outbound"),
        [
            (causes.BUSY, "rejected", "busy"),
            (causes.NO_ANSWER, "missed", "no-answer"),
            (causes.REJECTED, "rejected", "rejected"),
            (causes.CANCELLED, "missed", "cancelled"),
            (causes.UNREACHABLE, "missed", "failed"),
            (causes.NOT_FOUND, "missed", "failed"),
            (causes.TRANSFERRED, "rejected", "failed"),
            ("the server's own sentence", "missed", "failed"),
            ("", "missed", "failed"),
        ],
    )
    def test_the_outcome_of_an_unanswered_call_follows_its_cause(
        self, cause: str, inbound: str, outbound: str
    ):
        call = replace(CALL, cause=cause)
        assert outcome_of(call, answered=False) == inbound
        assert outcome_of(replace(call, direction=Direction.OUT), answered=False) == outbound


class TestRecord:
    def test_to_json_has_the_javascript_fields(self):
        log = Log()
        log.see(ended(CALL, 63_400), {"name": "Ben Ash", "id": 7})
        assert [record.to_json() for record in log.told] == [
            {
                "key": "10002@pbx.test/143",
                "callId": "143",
                "requestId": "",
                "node": OWN,
                "direction": "INBOUND",
                "number": "+442036427900",
                "name": "Ben",
                "contact": {"name": "Ben Ash", "id": 7},
                "startTime": 1000,
                "answerTime": 3000,
                "endTime": 63_400,
                "duration": 60,
                "outcome": "answered",
                "cause": causes.HUNG_UP_THERE,
                "notes": "",
            }
        ]

    @pytest.mark.parametrize(
        ("answered", "since", "end", "seconds"),
        [
            (True, 3000, 3400, 0),
            (True, 3000, 2000, 0),
            (True, None, 9000, None),
            (True, 3000, None, None),
            (False, None, 9000, 0),
            (False, None, None, 0),
        ],
    )
    def test_duration_is_from_the_answer_to_the_end(
        self, answered: bool, since: int | None, end: int | None, seconds: int | None
    ):
        log = Log()
        log.see(ended(replace(CALL, answer_time=since), end, answered=answered), None)
        assert log.told[0].duration == seconds

    def test_only_ended_calls_of_the_user_are_recorded(self):
        log = Log()
        call = replace(CALL, status=CallStatus.CONNECTED)
        log.see(CallEvent(EventName.CONNECTED, call, at=1), None)
        log.see(ended(replace(CALL, node="queue:77")), None)
        assert log.told == []


class TestNotes:
    def test_notes_are_part_of_the_record(self):
        log = Log()
        log.write(CALL, "Wants a quote.")
        assert log.read(CALL) == "Wants a quote."
        log.see(ended(), None)
        assert log.told[0].notes == log.read(CALL) == "Wants a quote."

    def test_notes_on_a_request_move_to_its_call(self):
        log = Log()
        request = replace(CALL, id="c2c-1", request_id="c2c-1")
        call = replace(CALL, request_id="c2c-1")
        log.write(request, "First.")
        assert log.read(call) == "First."
        log.write(call, "Second.")
        assert log.read(call) == "Second."
        log.see(ended(call), None)
        assert log.told[0].notes == "Second."

    def test_notes_on_a_request_are_in_its_calls_record(self):
        log = Log()
        log.write(replace(CALL, id="c2c-1", request_id="c2c-1"), "First.")
        log.see(ended(replace(CALL, request_id="c2c-1")), None)
        assert log.told[0].notes == "First."

    def test_changed_notes_report_the_record_again_after_the_end(self):
        log = Log()
        log.see(ended(), None)
        log.write(CALL, "Late.")
        log.write(CALL, "Late.")
        assert [record.notes for record in log.told] == ["", "Late."]
        assert log.told[1] == replace(log.told[0], notes="Late.")

    def test_notes_have_a_maximum_length(self):
        log = Log()
        with pytest.raises(InputError, match="10001 characters"):
            log.write(CALL, "x" * (NOTES + 1))
        log.write(CALL, "x" * NOTES)
        assert len(log.read(CALL)) == NOTES

    def test_the_end_of_the_session_clears_everything(self):
        log = Log()
        log.write(CALL, "Wants a quote.")
        log.see(ended(replace(CALL, id="142")), None)
        log.clear()
        assert log.read(CALL) == log.read(replace(CALL, id="142")) == ""

    def test_the_number_of_records_is_bounded(self):
        log = Log()
        for number in range(RECENT + 1):
            log.write(replace(CALL, id=str(number)), "noted")
            log.see(ended(replace(CALL, id=str(number))), None)
        assert log.read(replace(CALL, id="0")) == ""
        assert log.read(replace(CALL, id="1")) == "noted"
