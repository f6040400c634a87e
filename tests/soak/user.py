"""A user with three tabs who performs random actions, and callers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from browser.conftest import Trouble
from browser.cti_page import CtiPage
from browser.engines import is_firefox, new_context
from browser.pbx_server import PbxServer
from browser.shim.harness import wait_for
from browser.workers import Reaper
from playwright.sync_api import Browser, Error

from .verdict import faults_of

BODY = (
    '<main><a href="tel:+442036427900">Call us</a> <a href="sip:1005@pbx.example">Carla</a></main>'
)
CLICK_TO_CALL = "window.listen = (connector) => connector.clickToCall();"
IDLE = "connector.isConnected() && connector.calls.length === 0"
MOST_CALLS = 4
LONGEST = 400
"""The time between two actions, in milliseconds."""
# The third tab has its own worker.
TABS: list[dict[str, Any]] = [{}, {"defaultCountry": "GB"}, {"shared": False}]


class User:
    """All actions follow from ``seed``, except for the speed of browser and server."""

    def __init__(self, browser: Browser, pbx: PbxServer, seed: int) -> None:
        self._random = random.Random(seed)
        self._pbx = pbx
        pbx.control("reset")
        pbx.control("phones/10002", {"ring_time": 600, "lines": MOST_CALLS})
        self._context = new_context(browser)
        self._reaper = Reaper(browser, self._context)
        self._can_go_offline = not is_firefox(browser)
        self.trouble = Trouble()
        self.done: Counter[str] = Counter()
        self.lives: list[tuple[str, list[dict[str, Any]], bool]] = []
        self._tabs = [self._open(options) for options in TABS]
        self._tabs[0].login()
        for tab in self._tabs:
            tab.wait("READY")
        self._actions: list[tuple[int, Callable[[], object]]] = [
            (6, self.incoming),
            (5, self.answer),
            (2, self.answer_at_the_phone),
            (3, self.hold),
            (3, self.resume),
            (4, self.hang_up),
            (3, self.terminate),
            (3, self.click_to_call),
            (2, self.drop),
            (1, self.forget),
            (1, self.go_offline),
            (2, self.reload),
            (2, self.navigate),
            (2, self.open_another),
            (2, self.end_workers),
        ]

    @property
    def told(self) -> int:
        """The number of events that pages received."""
        return sum(len(events) for _, events, _ in self.lives)

    def act(self) -> None:
        """Perform one action and pause."""
        weights, actions = zip(*self._actions, strict=True)
        (action,) = self._random.choices(actions, weights)
        self.done[action.__name__] += 1
        action()
        self._pause()

    def finish(self) -> list[str]:
        """Wait for the end of all calls, and return all faults."""
        faults: list[str] = []
        with suppress(AssertionError):
            wait_for(self._is_idle, "the end of all calls", seconds=60)
        for number, tab in enumerate(self._tabs):
            if not tab.evaluate(IDLE):
                how = "connector.status + ' with ' + JSON.stringify(connector.calls)"
                faults.append(f"tab {number} is {tab.evaluate(how)}")
            self._keep(tab, left=False)
        self._context.close()
        for number, (name, events, left) in enumerate(self.lives):
            found = faults_of(events, left=left)
            faults.extend(f"document {number} ({name}): {one}" for one in found)
        return [*faults, *self.trouble]

    def _is_idle(self) -> bool:
        """Hang up every call. A click of a moment ago may still start one."""
        for call_id in self._calls():
            self._steer(call_id, "hangup")
        return not self._calls() and all(tab.evaluate(IDLE) for tab in self._tabs)

    # Actions of other phones and of the network

    def incoming(self) -> None:
        if len(self._calls()) < MOST_CALLS:
            self._pbx.incoming(name=f"Caller {self._random.randrange(100)}")

    def answer_at_the_phone(self) -> None:
        self._steer_any("answer")

    def hold(self) -> None:
        self._steer_any("hold")

    def resume(self) -> None:
        self._steer_any("resume")

    def hang_up(self) -> None:
        self._steer_any("hangup")

    def drop(self) -> None:
        self._pbx.control("drop")

    def forget(self) -> None:
        self._pbx.control("drop", {"forget": True})

    def go_offline(self) -> None:
        """Take the network down and up again. Browsers keep their open sockets."""
        self._pbx.control("sip", {"refuse": True})
        if self._can_go_offline:
            self._context.set_offline(True)
        self._pbx.control("drop")
        self._pause()
        self._pbx.control("sip", {"refuse": False})
        if self._can_go_offline:
            self._context.set_offline(False)

    # Actions of the user

    def answer(self) -> None:
        self._any_tab().forget("answer")

    def terminate(self) -> None:
        ids = self._calls()
        if ids:
            self._any_tab().forget("terminate", self._random.choice(ids))

    def click_to_call(self) -> None:
        if len(self._calls()) < MOST_CALLS:
            number = self._random.randrange(2)
            script = "(number) => document.querySelectorAll('main a')[number].click()"
            tab = self._any_tab()
            # Without a connection the browser would open the link with another program.
            if tab.evaluate("connector.isConnected()"):
                tab.evaluate(script, number)

    def reload(self) -> None:
        tab = self._any_tab()
        self._keep(tab)
        tab.page.reload()

    def navigate(self) -> None:
        tab = self._any_tab()
        self._keep(tab)
        tab.page.goto(f"{tab.url}/host.html?page={self._random.randrange(1000)}")

    def open_another(self) -> None:
        number = self._random.randrange(len(self._tabs))
        self._keep(self._tabs[number])
        self._tabs[number].page.close()
        self._tabs[number] = self._open(TABS[number])

    def end_workers(self) -> None:
        # There may be no worker at the moment.
        with suppress(AssertionError, Error):
            self._reaper.end_workers()

    # Helpers

    def _open(self, options: dict[str, Any]) -> CtiPage:
        page = self._context.new_page()
        self.trouble.watch(page)
        page.add_init_script(CLICK_TO_CALL)
        return CtiPage(page, self._pbx.url, options, BODY)

    def _any_tab(self) -> CtiPage:
        return self._random.choice(self._tabs)

    def _keep(self, tab: CtiPage, *, left: bool = True) -> None:
        self.lives.append((f"tab {self._tabs.index(tab)}", tab.events, left))

    def _calls(self) -> list[str]:
        return [str(call["id"]) for call in self._pbx.state()["calls"]]

    def _steer_any(self, verb: str) -> None:
        ids = self._calls()
        if ids:
            self._steer(self._random.choice(ids), verb)

    def _steer(self, call_id: str, verb: str) -> None:
        # The call's state may not allow it, or the call may have ended.
        with suppress(AssertionError):
            self._pbx.control(f"calls/{call_id}/{verb}")

    def _pause(self) -> None:
        self._tabs[0].page.wait_for_timeout(self._random.randrange(LONGEST))
