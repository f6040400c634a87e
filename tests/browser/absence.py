"""What happens to a user's calls while the page is away, and what it must know when it is back."""

from __future__ import annotations

import time

from .cti_page import CtiPage
from .pbx_server import PbxServer

OWN = "user:10002"


class Absence:
    """One answered call ends meanwhile, one that rings is answered at the phone, others ring."""

    def __init__(self, cti: CtiPage, pbx: PbxServer) -> None:
        self.cti = cti
        self.pbx = pbx
        # At the tests' pace, callers would give up while the browser is still busy.
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
        """What people do at their phones while the page is away."""
        self.pbx.control(f"calls/{self.first}/hangup")
        self.pbx.control(f"calls/{self.second}/answer")
        self.third = self.pbx.incoming(name="Cat")
        short = self.pbx.incoming(name="Dan")
        self.pbx.control(f"calls/{short}/hangup")

    def until_given_up(self) -> None:
        """Wait until the PBX, which gets no answers, has ended the subscription without a word."""
        give_up = time.monotonic() + 60
        while any(one["node"] == OWN for one in self.pbx.state()["subscriptions"]):
            assert time.monotonic() < give_up, "its NOTIFYs are answered: nothing stands still"
            time.sleep(0.1)

    def expect_all_known(self) -> None:
        """The page was not loaded anew, and knows how things stand: each thing once."""
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
        """The page was loaded anew, and knows what there is now."""
        cti = self.cti
        cti.wait("READY")
        self._wait_status(self.second, "CONNECTED")
        self._wait_status(self.third, "RINGING")
        assert cti.call_names(OWN, self.first) == []
        self._expect_nothing_twice()
        self._expect_work()
        # Where the worker lives on, it marks what earlier pages have been told.
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
                continue  # They are told again after each loss.
            what = event["call"]["id"] if "call" in event else (event["name"], event.get("node"))
            if last.get(what) == event["name"]:
                repeated.append(event)
            last[what] = event["name"]
        assert repeated == []

    def _expect_work(self) -> None:
        """News arrive, and commands are confirmed."""
        cti = self.cti
        ended = len(cti.call_names(OWN, self.second)) + 1
        self.pbx.control(f"calls/{self.second}/hangup")
        count = "([id, n]) => events.filter((e) => e.call?.id === id && !e.replay).length >= n"
        cti.page.wait_for_function(count, arg=[self.second, ended])
        assert cti.run("terminate", self.third)["name"] == "HANGUP"
        assert cti.evaluate("connector.isConnected()") is True
        assert "10002@pbx.example" in cti.evaluate("connector.getSubscriptionURIs()")


def count_ticks(cti: CtiPage) -> None:
    """Let the page count ten a second, or as often as the browser lets it."""
    cti.evaluate("() => { window.ticks = 0; setInterval(() => ticks++, 100); }")


def ticks(cti: CtiPage) -> int:
    """How far it has counted."""
    return int(cti.evaluate("ticks"))
