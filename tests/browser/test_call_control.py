"""Every method of call control from a page: through the shim and the worker, against the PBX."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .cti_page import CtiPage
from .pbx_server import PbxServer
from .shim.harness import wait_for
from .workers import Reaper

LISTEN = """
  window.presences = [];
  connector.on("presence", ({ node, presence }) => presences.push(`${node} ${presence}`));
"""


def connected(cti: CtiPage, pbx: PbxServer) -> str:
    """Somebody has called, and talks."""
    call = pbx.incoming()
    cti.wait("RINGING")
    assert cti.run("answer", call)["name"] == "CONNECTED"
    cti.clear()
    return call


def consulted(cti: CtiPage, pbx: PbxServer, whom: str = "1005") -> tuple[str, str]:
    """Carla is asked during a call, and talks; returns the ids of both calls."""
    call = connected(cti, pbx)
    event = cti.run("consult", call, whom)
    assert event["name"] == "ACCEPTED"
    cti.wait("CONNECTED")
    return call, event["call"]["id"]


def legs(pbx: PbxServer) -> dict[str, dict[str, Any]]:
    """The live legs of all calls, by number."""
    live = [leg for call in pbx.state()["calls"] for leg in call["legs"]]
    return {leg["number"]: leg for leg in live if leg["state"] != "terminated"}


def ends(cti: CtiPage) -> dict[str, list[str]]:
    """The causes with which each call has ended, by its id."""
    found: dict[str, list[str]] = {}
    for event in cti.events:
        if event["name"] in ("HANGUP", "CANCEL"):
            found.setdefault(event["call"]["id"], []).append(event["call"]["cause"])
    return found


def test_hold_and_resume(cti: CtiPage, pbx: PbxServer) -> None:
    call = connected(cti, pbx)
    assert cti.run("hold", call)["name"] == "ON_HOLD"
    assert legs(pbx)["+442036427900"]["hears"] == []
    assert cti.run("hold", call)["code"] == "NOT_ALLOWED"
    assert cti.run("resume", int(call))["name"] == "CONNECTED"
    assert legs(pbx)["+442036427900"]["hears"] == ["1002"]


def test_tones(cti: CtiPage, pbx: PbxServer) -> None:
    call = connected(cti, pbx)
    assert cti.run("sendDigits", call, "12#") is None
    assert cti.run("sendDigits", call, 4) is None
    assert legs(pbx)["+442036427900"]["digits"] == "12#4"
    assert cti.refused("sendDigits", call, "12x")["code"] == "BAD_DIGITS"


def test_asking_first_and_then_connecting_the_two(cti: CtiPage, pbx: PbxServer) -> None:
    call, asked = consulted(cti, pbx)
    assert cti.call_names(call_id=call) == ["ON_HOLD"]
    assert cti.call_names(call_id=asked) == ["INITIAL", "ACCEPTED", "RINGING", "CONNECTED"]
    event = cti.run("completeTransfer", call, asked)
    assert (event["name"], event["call"]["cause"]) == ("HANGUP", "transferred")
    assert ends(cti) == {call: ["transferred"], asked: ["transferred"]}
    assert legs(pbx)["1005"]["hears"] == ["+442036427900"]
    assert cti.evaluate("connector.calls") == []


def test_going_back_and_forth(cti: CtiPage, pbx: PbxServer) -> None:
    call, asked = consulted(cti, pbx)
    assert cti.run("alternate", call)["name"] == "CONNECTED"
    assert legs(pbx)["1005"]["hears"] == []
    assert cti.run("alternate", call)["code"] == "NOT_ALLOWED"
    assert cti.run("alternate", asked)["name"] == "CONNECTED"
    assert cti.run("terminate", asked)["name"] == "HANGUP"
    assert cti.run("resume", call)["name"] == "CONNECTED"


@pytest.mark.parametrize("whom", ["1006", "+442079460103"])
def test_whoever_refuses_gives_the_first_call_back(cti: CtiPage, pbx: PbxServer, whom: str) -> None:
    call = connected(cti, pbx)
    asked = cti.run("consult", call, whom)["call"]["id"]
    cti.wait("CANCEL")
    cti.wait("CONNECTED")
    assert cti.call_names(call_id=call) == ["ON_HOLD", "CONNECTED"]
    assert list(ends(cti)) == [asked]


def test_sending_a_ringing_call_on(cti: CtiPage, pbx: PbxServer) -> None:
    call = pbx.incoming()
    cti.wait("RINGING")
    event = cti.run("deflect", call, "1008")
    assert (event["name"], event["call"]["cause"]) == ("HANGUP", "transferred")
    assert legs(pbx)["1008"]["state"] == "early"


def test_taking_a_colleagues_call(cti: CtiPage, pbx: PbxServer) -> None:
    cti.run("subscribe", "user:10003")
    call = pbx.incoming("10003")
    cti.wait("RINGING", node="user:10003")
    event = cti.run("pickup", call)
    assert (event["name"], event["call"]["node"]) == ("CONNECTED", "user:10002")
    gone = cti.wait("HANGUP", node="user:10003")
    assert gone["call"]["cause"] == "answered elsewhere"
    assert cti.run("terminate", call)["name"] == "HANGUP"


def test_parking_and_fetching(cti: CtiPage, pbx: PbxServer) -> None:
    call = connected(cti, pbx)
    slot = cti.run("park", call)
    assert slot == "701"
    assert cti.wait("HANGUP")["call"]["cause"] == "transferred"
    fetched = cti.run("unpark", slot)
    assert fetched["name"] == "ACCEPTED"
    talk = cti.wait("CONNECTED")["call"]
    assert (talk["id"], talk["destination"]) == (fetched["call"]["id"], "+442036427900")
    assert cti.refused("unpark", "the first")["code"] == "BAD_EXTENSION"


def test_a_parked_call_that_nobody_fetches_rings_again_as_a_new_one(
    cti: CtiPage, pbx: PbxServer
) -> None:
    """The call comes back with the server's id, under which another has ended just now."""
    call = connected(cti, pbx)
    assert cti.run("park", call) == "701"
    cti.wait("HANGUP")
    back = cti.wait("RINGING")["call"]  # After two minutes, at the pace of this PBX.
    assert back["id"] != back["serverId"] == call
    assert cti.run("answer", back["id"])["name"] == "CONNECTED"


def test_not_to_be_disturbed(cti: CtiPage, pbx: PbxServer) -> None:
    cti.evaluate(f"() => {{ {LISTEN} }}")
    assert cti.run("setDoNotDisturb", True) is True
    cti.page.wait_for_function("presences.includes('user:10002 do-not-disturb')")
    call = pbx.incoming()
    (record,) = wait_for(lambda: cti.run("history"), "a record of the call")
    assert (record["callId"], record["outcome"], record["direction"]) == (
        call,
        "missed",
        "INBOUND",
    )
    assert "RINGING" not in cti.names
    assert cti.run("setDoNotDisturb", False) is False
    assert cti.refused("setDoNotDisturb", "yes")["code"] == "BAD_ARGUMENT"


def test_how_a_colleague_is(cti: CtiPage, pbx: PbxServer) -> None:
    cti.evaluate(f"() => {{ {LISTEN} }}")
    assert cti.run("presence", "user:10003") == "unknown"
    cti.run("subscribe", "user:10003")
    call = pbx.incoming("10003")
    pbx.control(f"calls/{call}/answer")
    pbx.control(f"calls/{call}/hold")
    pbx.control(f"calls/{call}/hangup")
    pbx.control("phones/10003", {"registered": False})
    cti.page.wait_for_function("presences.at(-1) === 'user:10003 offline'")
    ben = [one for one in cti.evaluate("presences") if one.startswith("user:10003")]
    expected = ["free", "ringing", "talking", "on-hold", "free", "offline"]
    assert ben == [f"user:10003 {one}" for one in expected]
    assert cti.run("presence", "user:10003") == "offline"
    cti.run("unsubscribe", "user:10003")
    cti.page.wait_for_function("presences.at(-1) === 'user:10003 unknown'")


def test_history_has_each_call_once(cti: CtiPage, pbx: PbxServer) -> None:
    call = connected(cti, pbx)
    cti.run("note", call, "Wants a quote.")
    cti.run("terminate", call)
    placed = cti.run("call", "+442079460101")["call"]
    cti.wait("CANCEL")
    found = [(one["callId"], one["outcome"], one["notes"]) for one in cti.run("history")]
    assert found == [(placed["id"], "busy", ""), (call, "answered", "Wants a quote.")]
    assert len(cti.run("history", {"limit": 1})) == 1
    assert cti.refused("history", {"limit": 0})["code"] == "BAD_ARGUMENT"


def test_what_is_offered(cti: CtiPage, new_cti: Callable[..., CtiPage]) -> None:
    offered = set(cti.evaluate("[...connector.features]"))
    assert {"answer", "terminate", "transfer", "hold", "park", "history"} <= offered
    cti.run("logout")
    assert cti.evaluate("connector.features.size") == 0


@pytest.fixture
def old_server(pbx: PbxServer) -> Iterator[PbxServer]:
    """A PBX that says nothing of what it offers, as the vendor's cloud."""
    pbx.control("features", {"features": None})
    yield pbx
    pbx.control("reset")


def test_what_is_not_offered_sends_nothing(
    old_server: PbxServer, new_cti: Callable[..., CtiPage]
) -> None:
    cti = new_cti()
    cti.login()
    assert set(cti.evaluate("[...connector.features]")) == {"answer", "terminate", "transfer"}
    call = connected(cti, old_server)
    for method, *arguments in (
        ("hold", call),
        ("sendDigits", call, "1"),
        ("consult", call, "1005"),
        ("park", call),
        ("setDoNotDisturb", True),
        ("history",),
    ):
        assert cti.run(method, *arguments)["code"] == "NOT_SUPPORTED", method
    assert [event["code"] for event in cti.events if event["name"] == "INFO"] == [
        "NOT_SUPPORTED"
    ] * 6
    assert legs(old_server)["1002"]["state"] == "confirmed"


@pytest.mark.differs("workers")
@pytest.mark.parametrize("change", ["none", "asked gone", "caller gone"])
def test_a_worker_that_dies_in_the_middle_of_a_consultation(
    reaper: Reaper, new_cti: Callable[..., CtiPage], pbx: PbxServer, change: str
) -> None:
    """The next one knows both calls, and which waits on hold; each ends once."""
    cti = new_cti()
    cti.login()
    call, asked = consulted(cti, pbx)
    server_id = cti.evaluate("(id) => connector.calls.find((c) => c.id === id).serverId", asked)
    cti.clear()
    reaper.end_workers()
    if change == "asked gone":
        pbx.control(f"calls/{server_id}/hangup")
    elif change == "caller gone":
        pbx.control(f"calls/{call}/hangup")
    cti.wait("READY")
    left = {"none": {call, asked}, "asked gone": {call}, "caller gone": {asked}}[change]
    cti.page.wait_for_function("(count) => connector.calls.length === count", arg=len(left))
    running = {one["id"]: one["status"] for one in cti.evaluate("connector.calls")}
    assert running == {one: "ON_HOLD" if one == call else "CONNECTED" for one in left}
    if change == "none":
        assert cti.run("completeTransfer", call, asked)["call"]["cause"] == "transferred"
    else:
        for one in left:
            assert cti.run("terminate", one)["name"] == "HANGUP"
    cti.page.wait_for_function("connector.calls.length === 0")
    assert {one: len(causes) for one, causes in ends(cti).items()} == {call: 1, asked: 1}
