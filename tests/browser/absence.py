"""Calls that change while a page is away, and checks of the page's state after its return."""

from __future__ import annotations

import time

from .cti_page import CtiPage
from .pbx_server import PbxServer

OWN = "user:10002"


class Absence:
    """One call ends, a ringing one is answered at the phone, and others begin."""

    def __init__(self, cti: CtiPage, pbx: PbxServer) -> None:
        self.cti = cti
        self.pbx = pbx
        # With the tests' short times, callers would give up while the browser is still busy.
        pbx.control("phones/10002", {"ring_time": 600})
        cti.run("subscribe", "queue:77")
        cti.evaluate(
            "() => { window.shown = [];"
            " addEventListener('pageshow', ({ persisted }) => shown.push(persisted)); }"
        )
        self.first = self._ring("Ann", 1)
        cti.run("answer", self.first)
        self.second = self._ring("Bob", 2)

    def _ring(self, name: str, count: int) -> str:
        call_id = self.pbx.incoming(name=name)
        assert self.cti.wait("RINGING", count)["call"]["id"] == call_id
        return call_id

    def meanwhile(self) -> None:
        """Let people use their phones while the page is away."""
        self.pbx.control(f"calls/{self.first}/hangup")
        self.pbx.control(f"calls/{self.second}/answer")
        self.third = self.pbx.incoming(name="Cat")
        short = self.pbx.incoming(name="Dan")
        self.pbx.control(f"calls/{short}/hangup")

    def until_given_up(self) -> None:
        """Wait until the PBX, which gets no answers, has silently ended the subscription."""
        give_up = time.monotonic() + 60
        while any(one["node"] == OWN for one in self.pbx.state()["subscriptions"]):
            assert time.monotonic() < give_up, "its NOTIFYs are answered: nothing stands still"
            time.sleep(0.1)

    def expect_all_known(self) -> None:
        """Check that the page was not reloaded, and has received each event once."""
        cti = self.cti
        cti.page.wait_for_function("connector.isConnected()")
        cti.wait("HANGUP")
        self._wait_status(self.second, "CONNECTED")
        self._wait_status(self.third, "RINGING")
        assert cti.call_names(OWN, self.first) == ["RINGING", "CONNECTED", "HANGUP"]
        assert cti.call_names(OWN, self.second) == ["RINGING", "CONNECTED"]
        self._expect_nothing_twice()
        self._expect_work()
        assert cti.call_names(OWN, self.second) == ["RINGING", "CONNECTED", "HANGUP"]
        self._expect_nothing_twice()

    def expect_present_state(self) -> None:
        """Check that the page was reloaded, and knows the present state."""
        cti = self.cti
        cti.wait("READY")
        self._wait_status(self.second, "CONNECTED")
        self._wait_status(self.third, "RINGING")
        assert cti.call_names(OWN, self.first) == []
        self._expect_nothing_twice()
        self._expect_work()
        # If the worker continues, it marks events that earlier pages have received.
        told = cti.replays(OWN, self.second)[:1] + cti.call_names(OWN, self.second)
        assert told == ["CONNECTED", "HANGUP"]

    def _wait_status(self, call_id: str, status: str) -> None:
        test = "([id, status]) => connector.calls.some((c) => c.id === id && c.status === status)"
        self.cti.page.wait_for_function(test, arg=[call_id, status])

    def _expect_nothing_twice(self) -> None:
        last: dict[object, str] = {}
        repeated = []
        for event in self.cti.events:
            if event["name"] == "READY" or event.get("replay"):
                continue  # They are sent again after each lost connection.
            what = event["call"]["id"] if "call" in event else (event["name"], event.get("node"))
            if last.get(what) == event["name"]:
                repeated.append(event)
            last[what] = event["name"]
        assert repeated == []

    def _expect_work(self) -> None:
        """Check that events arrive and commands are confirmed."""
        cti = self.cti
        ended = len(cti.call_names(OWN, self.second)) + 1
        self.pbx.control(f"calls/{self.second}/hangup")
        count = "([id, n]) => events.filter((e) => e.call?.id === id && !e.replay).length >= n"
        cti.page.wait_for_function(count, arg=[self.second, ended])
        assert cti.run("terminate", self.third)["name"] == "HANGUP"
        assert cti.evaluate("connector.isConnected()") is True
        assert "10002@pbx.example" in cti.evaluate("connector.getSubscriptionURIs()")


def count_ticks(cti: CtiPage) -> None:
    """Start a counter in the page: ten per second, or as many as the browser allows."""
    cti.evaluate("() => { window.ticks = 0; setInterval(() => ticks++, 100); }")


def ticks(cti: CtiPage) -> int:
    """The value of the page's counter."""
    return int(cti.evaluate("ticks"))
