"""Outbound and inbound calls, controlled from the page and from the phones, in a real browser."""

from __future__ import annotations

import pytest

from .conftest import PbxServer
from .cti_page import CtiPage

ALEX = "+442036427900"
BUSY = "+442079460101"
NEVER_ANSWERS = "+442079460102"
DECLINES = "+442079460103"
DOES_NOT_EXIST = "+442079460104"
HANGS_UP = "+442079460106"
UNREACHABLE = "+442079460108"
HOSTILE = "+442079460109"


def test_an_outbound_call_that_is_answered(cti: CtiPage) -> None:
    outcome = cti.run("call", "+44 (203) 642-7900")

    assert outcome["name"] == "ACCEPTED"
    call_id = cti.wait("CONNECTED")["call"]["id"]
    hangup = cti.run("terminate", call_id)

    assert hangup["name"] == "HANGUP"
    assert hangup["call"]["cause"] == "hung up on this side"
    assert cti.call_names() == ["INITIAL", "ACCEPTED", "RINGING", "CONNECTED", "HANGUP"]
    calls = [event["call"] for event in cti.events if "call" in event]
    request_id = calls[0]["id"]
    assert {call["requestId"] for call in calls} == {request_id}
    assert {call["cid"] for call in calls} == {calls[0]["cid"]}
    assert [call["id"] for call in calls] == [request_id] + [call_id] * 4
    assert {call["direction"] for call in calls} == {"OUTBOUND"}
    assert {call["destination"] for call in calls} == {ALEX}
    assert calls[3]["destinationName"] == "Alex Morgan"
    assert calls[0]["startTime"] <= calls[3]["answerTime"]
    assert calls[4]["status"] == "HANGUP"


@pytest.mark.parametrize(
    ("number", "cause", "rings"),
    [
        (BUSY, "busy", False),
        (NEVER_ANSWERS, "no answer", True),
        (DECLINES, "rejected", True),
        (DOES_NOT_EXIST, "not found", False),
        (UNREACHABLE, "unreachable", False),
        ("1006", "busy", False),
    ],
)
def test_an_outbound_call_that_is_not_answered(
    cti: CtiPage, number: str, cause: str, rings: bool
) -> None:
    cti.run("call", number)

    assert cti.wait("CANCEL")["call"]["cause"] == cause
    middle = ["RINGING"] if rings else []
    assert cti.call_names() == ["INITIAL", "ACCEPTED", *middle, "CANCEL"]


def test_a_call_without_a_registered_phone_is_cancelled_with_the_apis_message(
    cti: CtiPage, pbx: PbxServer
) -> None:
    pbx.control("phones/10002", {"registered": False})

    error = cti.refused("call", ALEX)

    assert error["code"] == "CALL_FAILED"
    assert error["message"] == "Unable to make a call with no VoIP clients registered"
    assert cti.call_names() == ["INITIAL", "CANCEL"]
    assert cti.wait("CANCEL")["call"]["cause"] == error["message"]
    assert "ERROR" not in cti.names


def test_a_number_that_the_server_refuses(cti: CtiPage) -> None:
    assert "not allowed" in cti.refused("call", "+449098790000")["message"].lower()
    assert cti.call_names() == ["INITIAL", "CANCEL"]


def test_an_outbound_call_can_be_cancelled_while_the_own_phone_rings(
    cti: CtiPage, pbx: PbxServer
) -> None:
    pbx.control("phones/10002", {"pickup_after": None})
    call = cti.ask("call", ALEX)
    request_id = cti.wait("INITIAL")["call"]["id"]

    assert cti.run("terminate", request_id)["name"] == "CANCEL"

    assert cti.settled(call)["error"]["code"] == "CALL_FAILED"
    assert cti.wait("CANCEL")["call"]["cause"] == "cancelled"
    assert cti.call_names() == ["INITIAL", "CANCEL"]
    assert pbx.state()["calls"] == []


def test_a_ringing_outbound_call_can_be_terminated(cti: CtiPage) -> None:
    cti.run("call", NEVER_ANSWERS)
    call_id = cti.wait("RINGING")["call"]["id"]

    assert cti.run("terminate", call_id)["name"] == "CANCEL"

    assert cti.call_names() == ["INITIAL", "ACCEPTED", "RINGING", "CANCEL"]
    assert cti.wait("CANCEL")["call"]["status"] == "HANGUP"


def test_an_id_may_be_a_number(cti: CtiPage, pbx: PbxServer) -> None:
    """Pages write ids into their markup: ``onclick="hangUp(1432310571129)"``."""
    call_id = int(pbx.incoming())
    cti.wait("RINGING")

    assert cti.run("answer", call_id)["name"] == "CONNECTED"
    assert cti.refused("terminate", call_id + 0.5)["code"] == "BAD_ARGUMENT"
    assert cti.run("terminate", call_id)["name"] == "HANGUP"


def test_an_inbound_call_is_answered_from_the_page(cti: CtiPage, pbx: PbxServer) -> None:
    call_id = pbx.incoming(name="Alex Morgan")
    ringing = cti.wait("RINGING")["call"]
    assert ringing["id"] == call_id
    assert (ringing["direction"], ringing["status"]) == ("INBOUND", "RINGING")
    assert (ringing["source"], ringing["sourceName"]) == (ALEX, "Alex Morgan")
    assert (ringing["node"], ringing["requestId"]) == ("user:10002", "")

    assert cti.run("answer")["name"] == "CONNECTED"

    pbx.control(f"calls/{call_id}/hangup")
    assert cti.wait("HANGUP")["call"]["cause"] == "hung up by the other side"
    assert cti.call_names() == ["RINGING", "CONNECTED", "HANGUP"]


def test_an_inbound_call_is_answered_at_the_phone(cti: CtiPage, pbx: PbxServer) -> None:
    call_id = pbx.incoming()
    cti.wait("RINGING")

    pbx.control(f"calls/{call_id}/answer")

    cti.wait("CONNECTED")
    assert cti.run("answer", call_id)["name"] == "INFO"
    assert cti.run("terminate", call_id)["name"] == "HANGUP"


def test_an_inbound_call_is_rejected_from_the_page_and_from_the_phone(
    cti: CtiPage, pbx: PbxServer
) -> None:
    first = pbx.incoming()
    cti.wait("RINGING")
    assert cti.run("terminate", first)["name"] == "HANGUP"

    second = pbx.incoming()
    cti.wait("RINGING", 2)
    pbx.control(f"calls/{second}/reject")

    cti.wait("HANGUP", 2)
    assert cti.call_names() == ["RINGING", "HANGUP"] * 2


def test_a_caller_who_gives_up(cti: CtiPage, pbx: PbxServer) -> None:
    call_id = pbx.incoming()
    cti.wait("RINGING")

    pbx.control(f"calls/{call_id}/hangup")

    call = cti.wait("HANGUP")["call"]
    assert (call["status"], call["cause"], call["answerTime"]) == ("HANGUP", "cancelled", None)


def test_answer_takes_the_newest_ringing_call(cti: CtiPage, pbx: PbxServer) -> None:
    pbx.incoming()
    newest = pbx.incoming()
    cti.wait("RINGING", 2)

    assert cti.run("answer")["call"]["id"] == newest


@pytest.mark.parametrize("side", ["local", "remote"])
def test_hold_and_resume_alternate(cti: CtiPage, pbx: PbxServer, side: str) -> None:
    call_id = pbx.incoming()
    cti.wait("RINGING")
    cti.run("answer")

    for count in (1, 2):
        pbx.control(f"calls/{call_id}/hold", {"side": side})
        cti.wait("ON_HOLD", count)
        pbx.control(f"calls/{call_id}/resume")
        cti.wait("CONNECTED", count + 1)
    cti.run("terminate", call_id)

    held = ["ON_HOLD", "CONNECTED"] * 2
    assert cti.call_names() == ["RINGING", "CONNECTED", *held, "HANGUP"]


@pytest.mark.parametrize("target", ["1005", "+442079460106"])
def test_a_transfer_to_a_colleague_and_to_a_number(
    cti: CtiPage, pbx: PbxServer, target: str
) -> None:
    call_id = pbx.incoming()
    cti.wait("RINGING")
    cti.run("answer")

    hangup = cti.run("transfer", call_id, target)

    assert hangup["name"] == "HANGUP"
    assert hangup["call"]["cause"] == "transferred"
    cti.page.wait_for_function(
        "async (target) => (await (await fetch('/_pbx/state')).json()).calls.some((call) =>"
        " call.legs.some((leg) => leg.number === target && leg.state === 'confirmed'))",
        arg=target,
    )
    assert cti.call_names() == ["RINGING", "CONNECTED", "HANGUP"]


def test_the_other_side_hangs_up(cti: CtiPage) -> None:
    cti.run("call", HANGS_UP)

    assert cti.wait("HANGUP")["call"]["cause"] == "hung up by the other side"


def test_a_call_between_colleagues_is_seen_by_each_in_its_direction(
    cti: CtiPage, pbx: PbxServer
) -> None:
    cti.run("subscribe", "user:10005")

    cti.run("call", "1005")

    own = cti.wait("CONNECTED", node="user:10002")["call"]
    watched = cti.wait("CONNECTED", node="user:10005")["call"]
    assert own["serverId"] == watched["serverId"] == watched["id"]
    assert (own["direction"], watched["direction"]) == ("OUTBOUND", "INBOUND")
    cti.run("terminate", own["id"])
    cti.wait("HANGUP", node="user:10005")
    assert cti.call_names("user:10005") == ["RINGING", "CONNECTED", "HANGUP"]


@pytest.mark.parametrize(
    ("node", "uri", "rings"),
    [
        ("user:10003", "10003@pbx.example", True),
        ("queue:77", "queue:77@pbx.example", True),
        ("ivr:55", "ivr:55@pbx.example", True),
        ("conf:123456", "conf:123456@pbx.example", True),
    ],
)
def test_each_type_of_node_can_be_followed(
    cti: CtiPage, pbx: PbxServer, node: str, uri: str, rings: bool
) -> None:
    event = cti.run("subscribe", node)

    assert (event["name"], event["node"], event["uri"]) == ("SUBSCRIBED", node, uri)
    assert uri in cti.evaluate("connector.getSubscriptionURIs()")
    assert cti.run("subscribe", node)["name"] == "SUBSCRIBED"
    pbx.incoming(node)
    call = cti.wait("RINGING", node=node)["call"]
    assert call["direction"] == "INBOUND"

    cti.run("unsubscribe", node)

    assert uri not in cti.evaluate("connector.getSubscriptionURIs()")
    assert cti.run("unsubscribe", node)["name"] == "INFO"


def test_a_node_that_does_not_exist_is_an_error(cti: CtiPage) -> None:
    assert cti.refused("subscribe", "queue:99999")["code"] == "SIP_ERROR"
    assert cti.evaluate("connector.getSubscriptionURIs()") == ["10002@pbx.example"]


def test_a_call_that_ends_during_a_lost_connection_is_reported(
    cti: CtiPage, pbx: PbxServer
) -> None:
    call_id = pbx.incoming()
    cti.wait("RINGING")
    cti.run("answer")

    pbx.control("sip", {"refuse": True})
    pbx.control("drop", {"forget": True})
    cti.page.wait_for_function("connector.status === 'connecting'")
    pbx.control(f"calls/{call_id}/hangup")
    pbx.control("sip", {"refuse": False})

    cti.wait("READY", 2)
    cti.wait("HANGUP")
    assert cti.call_names() == ["RINGING", "CONNECTED", "HANGUP"]


def test_a_call_that_survives_a_lost_connection_is_reported_once(
    cti: CtiPage, pbx: PbxServer
) -> None:
    call_id = pbx.incoming()
    cti.wait("RINGING")
    cti.run("answer")

    pbx.control("drop", {"forget": True})
    cti.wait("READY", 2)
    assert cti.run("terminate", call_id)["name"] == "HANGUP"

    assert cti.call_names() == ["RINGING", "CONNECTED", "HANGUP"]


def test_a_name_with_html_stays_text(cti: CtiPage, pbx: PbxServer) -> None:
    name = '<img src=x onerror="window.hacked = 1"> & \u202e"co" \\ \u2028'
    pbx.incoming(name=name)

    assert cti.wait("RINGING")["call"]["sourceName"] == name.strip()
    assert cti.evaluate("window.hacked ?? null") is None


def test_the_api_can_be_slow_and_fail(cti: CtiPage, pbx: PbxServer) -> None:
    for fault in ({"drop": True}, {"status": 503}):
        pbx.control("faults", {"path": "/calls", "method": "POST", **fault})
        assert cti.refused("call", ALEX)["code"] == "CALL_FAILED"
        pbx.control("faults")
    assert cti.call_names() == ["INITIAL", "CANCEL"] * 2

    pbx.control("faults", {"path": "/calls", "method": "POST", "delay": 0.3})
    cti.run("call", ALEX)
    cti.wait("CONNECTED")
    assert cti.call_names()[4:] == ["INITIAL", "ACCEPTED", "RINGING", "CONNECTED"]
