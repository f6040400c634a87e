"""A short soak test with a number of actions, and a case that random use rarely reaches."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser.cti_page import CtiPage
from browser.engines import is_firefox
from browser.pbx_server import PbxServer
from browser.workers import Reaper
from playwright.sync_api import Browser

from .user import User
from .verdict import ENDS, faults_of

ACTIONS = 40


@pytest.mark.timeout(600)
def test_random_use_loses_no_event_and_repeats_none(browser: Browser, pbx: PbxServer) -> None:
    user = User(browser, pbx, seed=7)
    for _ in range(ACTIONS):
        user.act()
    assert user.finish() == []


@pytest.mark.parametrize("arrives", [False, True])
def test_a_call_whose_worker_is_ended_has_one_outcome_on_all_pages(
    new_cti: Callable[..., CtiPage], pbx: PbxServer, reaper: Reaper, arrives: bool
) -> None:
    pbx.control("phones/10002", {"pickup_after": None, "ring_time": 600})
    if not arrives:
        pbx.control("faults", {"path": "/calls", "method": "POST", "delay": 3.0, "drop": True})
    pages = [new_cti(), new_cti()]
    pages[0].login()
    pages[1].wait("READY")
    if is_firefox(pages[0].page.context.browser):
        # There, pages whose workers can be ended have their own: the other page sees no INITIAL.
        del pages[1]
    call = pages[0].ask("call", "+442036427900")
    for page in pages:
        page.wait("INITIAL")

    reaper.end_workers()

    assert pages[0].settled(call)["error"]["code"] == "WORKER_DIED"
    for page in pages:
        page.wait("READY", 2)
    if arrives:
        (running,) = pbx.state()["calls"]
        assert pages[0].call_names()[-1] not in ENDS
        pbx.control(f"calls/{running['id']}/hangup", {"side": "local"})
    for page in pages:
        page.page.wait_for_function(
            "connector.calls.length === 0 && events.some((e) => /HANGUP|CANCEL/.test(e.name))"
        )
        assert faults_of(page.events, left=False) == []


def test_the_verdict_detects_faults() -> None:
    def told(name: str, call_id: str = "1", request: str = "", **more: object) -> dict[str, object]:
        return {"name": name, "call": {"id": call_id, "node": "n", "requestId": request}, **more}

    whole = [told("INITIAL", "r", "r"), told("ACCEPTED", "1", "r"), told("CANCEL")]
    assert faults_of(whole, left=False) == []
    assert faults_of([told("RINGING"), told("RINGING", replay=True)], left=True) == []
    assert faults_of([told("RINGING"), told("RINGING")], left=True)
    assert faults_of([*whole, told("RINGING")], left=True)
    assert faults_of([*whole, told("CANCEL")], left=True)
    assert faults_of(whole[:2], left=False)
    assert faults_of(whole[:2], left=True) == []
    assert faults_of([{"name": "LOGGED_OUT", "message": "Why?"}], left=True)
