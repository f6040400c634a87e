"""Screen pops, with a fake worker."""

from __future__ import annotations

from typing import Any

import pytest

from .shim.harness import Shim, call_event, event, state
from .shim.listening import ADA, CALL, POP, heard, listen, ringing

pytestmark = pytest.mark.differs("focus")

pytest_plugins = [f"{__package__}.shim.fixtures"]

# The page with the focus takes the lock at once. The others must wait long enough here.
PATIENT = {"yield": 2000, "yieldHidden": 4000}


class TestPops:
    def test_a_pop_is_delivered_and_remembered_for_the_next_worker_and_page(
        self, shim: Shim
    ) -> None:
        listen(shim, "pop")
        shim.say(state(), ringing(), POP)
        assert heard(shim, 1) == [["pop", {"call": CALL, "contact": ADA}]]
        shim.say({"type": "failed", "error": {"code": "WORKER_DIED", "message": "Gone."}})
        assert shim.got("hello", 2)[1]["popped"] == ["c1"]
        shim.load(shim.page)
        shim.make()
        assert shim.got("hello")[-1]["popped"] == ["c1"]
        shim.say(event("LOGGED_OUT"))
        shim.until_names("LOGGED_OUT")
        assert shim.run("() => localStorage.length") == 0

    @pytest.mark.parametrize("value", ["{", "5", "null", '{"a": 1}'])
    def test_damaged_storage_is_ignored(self, shim: Shim, value: str) -> None:
        shim.run("(value) => localStorage.setItem('pycti:popped', value)", value)
        shim.make()
        assert shim.got("hello")[0]["popped"] == []

    def test_popped_calls_are_kept_in_memory_if_storage_is_blocked(self, shim: Shim) -> None:
        shim.run("""() => Object.defineProperty(window, 'localStorage', {
          get() { throw new DOMException('blocked', 'SecurityError'); },
        })""")
        listen(shim, "pop")
        shim.say(state(), ringing(), POP)
        heard(shim, 1)
        shim.say({"type": "failed", "error": {"code": "WORKER_DIED", "message": "Gone."}})
        assert shim.got("hello", 2)[1]["popped"] == ["c1"]
        shim.say(event("LOGGED_OUT"))
        shim.until("events.at(-1).name === 'LOGGED_OUT'")
        shim.say({"type": "failed", "error": {"code": "WORKER_DIED", "message": "Gone."}})
        assert shim.got("hello", 3)[2]["popped"] == []


class TestSeparateWorkers:
    """Pages with separate workers use a lock while a call rings."""

    def open(self, shim: Shim, page: Any, *, focus: bool, workers: int = 1) -> None:
        shim.run(f"() => {{ document.hasFocus = () => {str(focus).lower()}; }}", page=page)
        shim.page = page
        shim.run(
            """(timing) => {
          window.cti = make({ shared: false }, { timing });
          window.pops = [];
          cti.on("pop", ({ call }) => pops.push(call.id));
        }""",
            PATIENT,
        )
        # Every worker sends to every page.
        shim.got("hello", workers)

    def two(self, shim: Shim) -> tuple[Any, Any]:
        one, other = shim.page, shim.context.new_page()
        shim.load(other)
        self.open(shim, one, focus=False)
        self.open(shim, other, focus=True, workers=2)
        shim.say(state(), {"type": "front", "front": True})
        return one, other

    def test_the_page_with_the_focus_gets_the_lock(self, shim: Shim) -> None:
        one, other = self.two(shim)
        shim.until("cti.front", one)
        shim.say(ringing(), POP)
        shim.until("cti.calls.length && cti.front", other)
        shim.until("cti.calls.length && !cti.front", one)
        shim.until("pops.length === 1", other)

        # The next page in the queue gets the lock of a closed page. The call has already popped up.
        other.close()
        shim.until("cti.front", one)
        shim.page = one
        second = ringing(cid="d2", id="c2")
        shim.say(second, {**POP, "call": second["event"]["call"]})
        shim.until("pops.length", one)
        assert shim.run("() => pops", page=one) == ["c2"]

    def test_the_lock_follows_the_focus(self, shim: Shim) -> None:
        one, other = self.two(shim)
        shim.say(ringing(), POP)
        shim.until("cti.calls.length && cti.front", other)
        shim.run("() => { document.hasFocus = () => false; }", page=other)
        shim.run("() => { document.hasFocus = () => true; }", page=one)
        shim.run("() => { dispatchEvent(new Event('focus')); }", page=one)
        shim.until("cti.front", one)
        shim.until("!cti.front", other)
        shim.say(call_event("CONNECTED", direction="INBOUND", requestId=""))
        for page in (one, other):
            shim.until("cti.front", page)
        locks = "navigator.locks.query().then(({ held, pending }) => [...held, ...pending].length)"
        shim.until(f"{locks}.then((count) => count === 0)")
        assert [shim.run("() => pops", page=page) for page in (one, other)] == [[], ["c1"]]

    def test_a_pop_after_the_answer_is_for_the_page_with_the_focus(self, shim: Shim) -> None:
        one, other = self.two(shim)
        connected = call_event("CONNECTED", direction="INBOUND", requestId="")
        shim.say(ringing(), connected, POP, event("READY"))
        for page in (one, other):
            shim.until("events.length === 3", page)
        assert [shim.run("() => pops", page=page) for page in (one, other)] == [[], ["c1"]]

    def test_a_page_that_comes_back_from_the_cache_competes_again(self, shim: Shim) -> None:
        one, other = self.two(shim)
        shim.say(ringing())
        shim.until("cti.calls.length && cti.front", other)
        for word in ("pagehide", "pageshow"):
            script = "(w) => dispatchEvent(new PageTransitionEvent(w, { persisted: true }))"
            shim.run(script, word, page=one)
        shim.say({"type": "front", "front": True}, event("READY"))
        shim.until("events.at(-1).name === 'READY'", one)
        assert (shim.run("() => cti.front", page=one), shim.run("() => cti.front")) == (False, True)
        shim.run("() => cti.destroy()", page=other)
        shim.until("cti.front", one)

    def test_pops_can_appear_in_every_page(self, shim: Shim) -> None:
        one, other = self.two(shim)
        for page in (one, other):
            shim.run("() => { cti.pop = 'all'; }", page=page)
        shim.say(ringing(), POP)
        for page in (one, other):
            shim.until("pops.length === 1", page)

    def test_without_locks_every_page_is_in_front(self, shim: Shim) -> None:
        # This is the case on an insecure origin.
        shim.run("() => Object.defineProperty(navigator, 'locks', { value: undefined })")
        self.open(shim, shim.page, focus=False)
        shim.say(state(), {"type": "front", "front": True}, ringing(), POP)
        shim.until("pops.length === 1 && cti.front")
