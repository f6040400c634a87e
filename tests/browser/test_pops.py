"""Screen pops: once for each inbound call of the user, in the tab that the user sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import PbxServer
from .tab import LOOKUP, Tab
from .workers import Reaper

Tabs = Callable[..., Tab]
# Calls ring until the test ends them, however slow the machine is.
pytestmark = [pytest.mark.differs("focus"), pytest.mark.usefixtures("patient_phone")]
SHARED = pytest.mark.parametrize("shared", [True, False], ids=["one worker", "a worker each"])


@pytest.fixture
def patient_phone(pbx: PbxServer) -> None:
    pbx.control("phones/10002", {"ring_time": 600})


def two(new_tab: Tabs, **options: object) -> tuple[Tab, Tab]:
    """Two tabs of one user. Both are ready, and the second has the focus."""
    one = new_tab(**options)
    one.login()
    other = new_tab(**options)
    other.wait("READY")
    other.show()
    return one, other


@SHARED
def test_a_call_pops_up_once_in_the_tab_that_has_the_focus(
    new_tab: Tabs, pbx: PbxServer, shared: bool
) -> None:
    one, other = two(new_tab, shared=shared)
    pbx.control("phones/10002", {"lines": 3})

    first = pbx.incoming()
    (pop,) = other.heard("pop")
    one.wait("RINGING")

    assert (pop["call"]["id"], pop["call"]["status"]) == (first, "RINGING")
    assert pop["contact"] is None

    one.show()
    second = pbx.incoming()
    one.heard("pop")
    assert (one.pops, other.pops) == ([second], [first])

    other.show()
    third = pbx.incoming()
    other.heard("pop", 2)
    assert (one.pops, other.pops) == ([second], [first, third])


@SHARED
def test_a_call_does_not_pop_up_again_after_a_tab_switch_or_reload(
    new_tab: Tabs, pbx: PbxServer, shared: bool
) -> None:
    one, other = two(new_tab, shared=shared)
    pbx.incoming()
    other.heard("pop")

    one.show()
    one.page.reload()
    one.wait("RINGING")
    later = pbx.incoming()

    one.heard("pop")
    assert one.pops == [later]
    assert len(other.pops) == 1


def test_only_own_inbound_calls_pop_up(new_tab: Tabs, pbx: PbxServer) -> None:
    tab = new_tab()
    tab.login()
    tab.run("subscribe", "user:10003")
    pbx.incoming(to="10003")
    tab.wait("RINGING", node="user:10003")
    tab.run("call", "+442036427900")
    tab.wait("CONNECTED")

    mine = pbx.incoming()

    assert [pop["call"]["id"] for pop in tab.heard("pop")] == [mine]


def test_a_call_that_has_not_popped_up_does_so_in_the_next_tab(
    new_tab: Tabs, pbx: PbxServer
) -> None:
    deaf = new_tab()
    deaf.login()
    deaf.evaluate("connector.pop = 'none'")
    call_id = pbx.incoming()
    deaf.wait("RINGING")

    tab = new_tab()

    assert [pop["call"]["id"] for pop in tab.heard("pop")] == [call_id]
    later = new_tab()
    later.wait("RINGING")
    second = pbx.incoming()
    later.heard("pop")
    assert (deaf.pops, tab.pops, later.pops) == ([], [call_id], [second])


def test_pops_can_appear_in_every_tab_or_in_none(new_tab: Tabs, pbx: PbxServer) -> None:
    one, other = two(new_tab, pop="all")
    first = pbx.incoming()
    one.heard("pop")
    other.heard("pop")
    assert (one.pops, other.pops) == ([first], [first])
    assert one.evaluate("connector.pop") == "all"

    other.evaluate("connector.pop = 'none'")
    one.evaluate("connector.pop = 'active'")
    second = pbx.incoming()
    one.heard("pop", 2)
    assert (one.pops, other.pops) == ([first, second], [first])


def test_a_pop_waits_for_the_lookup(new_tab: Tabs, pbx: PbxServer) -> None:
    tab = new_tab(LOOKUP)
    tab.login()

    pbx.control("incoming", {"to": "10002", "from": "+4930901820"})

    (pop,) = tab.heard("pop")
    assert pop["contact"] == {
        "name": "Alexandra Morgan", "company": "Morgan Ltd", "url": "/customers/7",
    }  # fmt: skip
    assert pop["call"]["sourceName"] == "Alexandra Morgan"


def test_a_pop_does_not_wait_forever_for_the_lookup(new_tab: Tabs, pbx: PbxServer) -> None:
    tab = new_tab("connector.lookup = () => new Promise(() => {});")
    tab.login()

    call_id = pbx.incoming()

    (pop,) = tab.heard("pop")
    assert (pop["call"]["id"], pop["contact"]) == (call_id, None)


def test_a_replaced_worker_does_not_pop_up_calls_again(
    new_tab: Tabs, pbx: PbxServer, reaper: Reaper
) -> None:
    tab = new_tab()
    tab.login()
    first = pbx.incoming()
    tab.heard("pop")

    reaper.end_workers()
    tab.wait("READY", 2)
    second = pbx.incoming()

    tab.heard("pop", 2)
    assert tab.pops == [first, second]


class TestFront:
    def test_one_tab_is_in_front_and_the_next_one_replaces_it(self, new_tab: Tabs) -> None:
        one, two, three = new_tab(), new_tab(), new_tab()
        three.show()
        three.wait_front()
        one.show()
        one.wait_front()
        assert [tab.front for tab in (one, two, three)] == [True, False, False]
        two.show()
        two.wait_front()
        one.wait_front(False)

        two.evaluate("connector.destroy()")
        one.wait_front()

        one.page.goto("about:blank")
        three.wait_front()

    def test_tabs_without_a_shared_worker_agree_while_a_call_rings(
        self, new_tab: Tabs, pbx: PbxServer
    ) -> None:
        one, other = two(new_tab, shared=False)
        call_id = pbx.incoming()
        one.wait("RINGING")
        other.wait_front()
        one.wait_front(False)

        one.show()
        one.wait_front()
        other.wait_front(False)
        one.page.close()
        other.wait_front()

        other.run("answer", call_id)
        held = "navigator.locks.query().then(({ held, pending }) => held.length + pending.length)"
        other.page.wait_for_function(f"{held}.then((count) => count === 0)")
