"""Events as pages see them (connector.md, Events)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pycti.errors import InputError
from pycti.events import ActivityEvent, Call, CallEvent, CallStatus, Direction, EventName
from pycti.pages.hello import read_call

CALL = Call(
    id="1432310571129",
    cid="7",
    node="user:10002",
    direction=Direction.IN,
    status=CallStatus.RINGING,
    source="+442036427900",
    source_name="Ben",
    destination="10002",
    start_time=1432310571000,
    server_id="1432310571129",
)


@pytest.mark.parametrize("enumeration", [EventName, CallStatus])
def test_the_value_of_every_constant_is_its_own_name(enumeration):
    assert [member.value for member in enumeration] == list(enumeration.__members__)


@pytest.mark.parametrize(
    ("number", "name", "told"),
    [
        ("anonymous", "", "anonymous <anonymous>"),
        ("anonymous", "A friend", "A friend"),
        ("+442036427900", "", ""),
        ("", "", ""),
    ],
)
def test_an_anonymous_caller_has_the_vendors_name(number, name, told):
    call = replace(CALL, source=number, source_name=name)
    assert call.to_json()["sourceName"] == told
    again = read_call(call.to_json())
    assert again is not None
    assert (again.source, again.source_name) == (number, name)


def test_directions_are_whole_words():
    assert (Direction.IN, Direction.OUT) == ("INBOUND", "OUTBOUND")


def test_every_call_state_has_an_event_with_its_name():
    assert {status.value for status in CallStatus} <= {name.value for name in EventName}


def test_the_call_states_are_those_of_the_manual():
    """CANCEL is an event and not a state: old pages check only the status."""
    assert list(CallStatus) == ["INITIAL", "ACCEPTED", "RINGING", "CONNECTED", "ON_HOLD", "HANGUP"]


def test_only_hangup_is_a_final_state():
    assert [status for status in CallStatus if status.ended] == ["HANGUP"]


def test_a_replay_has_the_replay_mark():
    event = CallEvent(EventName.RINGING, CALL, replay=True)
    assert event.to_json() == {"name": "RINGING", "call": CALL.to_json(), "replay": True}


def test_to_json_of_a_call_event():
    assert CallEvent(EventName.RINGING, CALL).to_json() == {
        "name": "RINGING",
        "call": {
            "id": "1432310571129",
            "cid": "7",
            "cause": "",
            "destination": "10002",
            "destinationName": "",
            "source": "+442036427900",
            "sourceName": "Ben",
            "direction": "INBOUND",
            "status": "RINGING",
            "node": "user:10002",
            "requestId": "",
            "serverId": "1432310571129",
            "startTime": 1432310571000,
            "answerTime": None,
        },
    }


def test_to_json_of_an_activity_event_omits_empty_fields_except_the_message():
    assert ActivityEvent(EventName.READY, "").to_json() == {"name": "READY", "message": ""}


def test_a_subscribed_event_has_the_uri_and_the_node():
    event = ActivityEvent(EventName.SUBSCRIBED, "ok", uri="queue:77@pbx.test", node="queue:77")
    assert event.to_json() == {
        "name": "SUBSCRIBED",
        "message": "ok",
        "uri": "queue:77@pbx.test",
        "node": "queue:77",
    }


def test_an_error_event_has_the_code_and_the_hint():
    error = InputError("BAD_NUMBER", "wrong", "Mend it.")
    assert ActivityEvent.from_error(error).to_json() == {
        "name": "ERROR",
        "message": "wrong",
        "code": "BAD_NUMBER",
        "hint": "Mend it.",
    }
