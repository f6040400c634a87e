"""Several pages, workers that die, and the work on the page's own thread."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from .conftest import PbxServer
from .cti_page import CtiPage
from .engines import is_firefox
from .tab import Tab
from .workers import Reaper

pytestmark = pytest.mark.differs("workers")


def test_two_pages_share_one_connection_and_each_gets_every_event_once(
    new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    one = new_cti()
    one.login()
    call_id = pbx.incoming()
    one.wait("RINGING")
    sockets = len(pbx.state()["sockets"])

    two = new_cti()

    # The new page gets the present state at once, without a login.
    two.wait("RINGING")
    assert sorted(two.names) == ["LOGGED_IN", "READY", "RINGING", "SUBSCRIBED"]
    assert two.evaluate("connector.getSubscriptionURIs()") == ["10002@pbx.example"]
    assert len(pbx.state()["sockets"]) == sockets

    two.run("answer", call_id)
    one.wait("CONNECTED")
    one.run("terminate", call_id)
    two.wait("HANGUP")
    assert one.call_names() == ["RINGING", "CONNECTED", "HANGUP"]
    # Events that other pages received before are marked.
    assert two.replays() == ["RINGING"]
    assert two.call_names() == ["CONNECTED", "HANGUP"]

    # Only the page that caused an error receives it.
    two.refused("call", "nonsense")
    two.run("logout")
    one.wait("LOGGED_OUT")
    assert "ERROR" not in one.names
    assert one.evaluate("localStorage.length") == 0


COUNT = """
  window.arrived = [];
  const { set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
  Object.defineProperty(MessagePort.prototype, "onmessage", {
    set(listener) {
      set.call(this, (event) => {
        arrived.push([].concat(event.data).map((text) => JSON.parse(text)));
        listener(event);
      });
    },
  });
"""


def test_texts_in_quick_succession_are_sent_as_one_message_in_order(
    new_page: Callable[[], Page], cti: CtiPage
) -> None:
    page = new_page()
    page.add_init_script(COUNT)
    two = CtiPage(page, cti.url, {})
    two.wait("READY")
    # All of these follow from this page's first message.
    messages = two.evaluate("arrived")
    (together,) = [texts for texts in messages if any("event" in text for text in texts)]
    assert [text["event"]["name"] for text in together if "event" in text] == two.names
    assert two.names == ["LOGGED_IN", "SUBSCRIBED", "READY"]


def test_closing_a_page_does_not_affect_other_pages(
    new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    one = new_cti()
    one.login()
    two = new_cti()
    two.wait("READY")

    one.page.close()

    pbx.incoming()
    two.wait("RINGING")
    assert two.run("answer")["name"] == "CONNECTED"


def test_a_navigation_keeps_the_login_the_connection_and_the_calls(
    new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    cti = new_cti()
    cti.login()
    call_id = pbx.incoming()
    cti.wait("RINGING")
    cti.run("answer")
    before = [socket["id"] for socket in pbx.state()["sockets"]]

    cti.page.goto(f"{pbx.url}/host.html?another=page")

    # The worker continues (extendedLifetime, or with the old page in the back/forward cache), so
    # the new page gets the present state at once.
    cti.wait("READY")
    cti.wait("CONNECTED")
    assert [socket["id"] for socket in pbx.state()["sockets"]] == before
    assert cti.run("terminate", call_id)["name"] == "HANGUP"
    assert (cti.replays(), cti.call_names()) == (["CONNECTED"], ["HANGUP"])


def test_a_page_can_have_its_own_connection(
    new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    cti = new_cti(shared=False)
    cti.login()
    pbx.incoming()
    cti.wait("RINGING")
    assert cti.run("answer")["name"] == "CONNECTED"


KILL_DEDICATED = """() => {
  const Original = Worker;
  window.Worker = class extends Original {
    constructor(...args) { super(...args); window.worker = this; }
  };
}"""


@pytest.mark.parametrize("shared", [True, False])
def test_a_killed_worker_is_replaced_and_no_event_is_lost_or_doubled(
    new_cti: Callable[..., CtiPage], pbx: PbxServer, reaper: Reaper, shared: bool
) -> None:
    cti = new_cti(shared=shared)
    cti.page.add_init_script(f"({KILL_DEDICATED})()")
    cti.page.reload()
    cti.login()
    cti.run("subscribe", "queue:77")
    ended, running = pbx.incoming(), pbx.incoming()
    cti.wait("RINGING", 2)
    for call_id in (ended, running):
        cti.run("answer", call_id)
    cti.clear()

    if shared:
        reaper.end_workers()
    else:
        cti.evaluate("worker.terminate()")
    assert cti.wait_status("starting")["problem"]["code"] == "WORKER_DIED"
    pbx.control(f"calls/{ended}/hangup")

    assert cti.wait("READY")["connected"] is True
    hangup = cti.wait("HANGUP")
    assert hangup["call"]["id"] == ended
    cti.page.wait_for_function("connector.getSubscriptionURIs().length === 2")
    cti.run("terminate", running)
    assert cti.call_names(call_id=ended) == ["HANGUP"]
    assert cti.call_names(call_id=running) == ["HANGUP"]
    # The connector restores it by itself, so there is no error.
    assert not {"ERROR", "INFO"} & set(cti.names)
    assert set(cti.replays(call_id=running)) <= {"CONNECTED", "ON_HOLD"}


@pytest.fixture
def requested(
    new_cti: Callable[..., CtiPage], pbx: PbxServer, browser: Browser, reaper: Reaper
) -> tuple[list[CtiPage], str]:
    """Pages that saw INITIAL, whose worker died before the API answered; the call's id."""
    # In Firefox, the tests can only end workers that belong to one page.
    pages = [new_cti() for _ in range(1 if is_firefox(browser) else 2)]
    pages[0].login()
    pages[-1].wait("READY")
    pbx.control("phones/10002", {"pickup_after": None, "ring_time": 600})
    command = pages[0].ask("call", "+442036427900")
    for page in pages:
        page.wait("INITIAL")
    # INITIAL comes before the request has reached the server.
    while not pbx.state()["calls"]:
        pages[0].page.wait_for_timeout(50)
    reaper.end_workers()
    assert pages[0].settled(command)["error"]["code"] == "WORKER_DIED"
    assert pages[0].wait("ERROR")["code"] == "WORKER_DIED"
    for page in pages:
        page.wait("READY", 2)
    return pages, pbx.state()["calls"][0]["id"]


def test_a_requested_call_ends_once_on_every_page_when_the_worker_died(
    requested: tuple[list[CtiPage], str], pbx: PbxServer
) -> None:
    pages, ringing = requested
    pbx.control(f"calls/{ringing}/hangup", {"side": "local"})
    for page in pages:
        end = page.wait("CANCEL")
        assert end["call"]["id"] == page.wait("INITIAL")["call"]["id"]
        assert page.call_names()[0] == "INITIAL"
        assert page.call_names().count("CANCEL") == 1


def test_a_requested_call_continues_on_every_page_when_the_worker_died(
    requested: tuple[list[CtiPage], str], pbx: PbxServer
) -> None:
    pages, ringing = requested
    pbx.control(f"calls/{ringing}/answer", {"user": "10002"})
    for page in pages:
        connected = page.wait("CONNECTED")
        assert connected["call"]["id"] == page.wait("INITIAL")["call"]["id"]
    pages[-1].run("terminate", pages[-1].wait("INITIAL")["call"]["id"])
    for page in pages:
        page.wait("HANGUP")
        assert page.call_names()[0] == "INITIAL"
        assert page.call_names()[-2:] == ["CONNECTED", "HANGUP"]


def test_a_worker_that_cannot_start_gives_an_error_and_is_retried(
    new_page: Callable[[], Page], pbx: PbxServer
) -> None:
    page = new_page()
    # Routes do not apply to a shared worker's requests, so this page has its own worker.
    broken = {"on": True}
    page.context.route(
        "**/*.wasm", lambda route: route.abort() if broken["on"] else route.continue_()
    )
    cti = CtiPage(page, pbx.url, {"shared": False})

    login = cti.ask("login", "anna@example.com", "demo")

    assert cti.settled(login)["error"]["code"] == "WORKER_FAILED"
    assert cti.wait("ERROR")["code"] == "WORKER_FAILED"
    broken["on"] = False
    cti.login()


def test_destroy_releases_everything_of_this_page(
    new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    cti = new_cti()
    cti.login()

    cti.evaluate("connector.destroy()")

    assert cti.refused("call", "+442036427900")["code"] == "DESTROYED"
    assert cti.evaluate("connector.isConnected()") is False
    other = new_cti()
    other.wait("READY")
    pbx.incoming()
    other.wait("RINGING")
    assert "RINGING" not in cti.names


def test_python_does_not_run_on_the_pages_thread(
    new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    cti = new_cti(load="interaction")
    cti.login()
    assert pbx.control("flood", {"to": "10002", "count": 500})["acked"] == 500
    cti.wait("HANGUP")

    assert len(cti.call_names()) > 400
    loaded = cti.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert not [name for name in loaded if "pyodide" in name]


class TestBackForwardCache:
    """A page in the back/forward cache is frozen, and shown again when the user comes back."""

    LISTEN = "addEventListener('pageshow', ({ persisted }) => { window.kept = persisted; });"

    # Chromium does not cache the only page of a shared worker (test_frozen.py).
    @pytest.mark.engines("firefox")
    def test_the_only_page_of_a_worker_gets_missed_events_once_and_in_order(
        self, cached_context: BrowserContext, pbx: PbxServer
    ) -> None:
        self.come_back(cached_context, pbx, alone=True)

    def test_a_page_beside_another_gets_missed_events_once_and_in_order(
        self, cached_context: BrowserContext, pbx: PbxServer
    ) -> None:
        self.come_back(cached_context, pbx, alone=False)

    def come_back(self, cached_context: BrowserContext, pbx: PbxServer, alone: bool) -> None:
        cti = Tab(cached_context.new_page(), pbx.url, {}, self.LISTEN)
        cti.login()
        other = None if alone else Tab(cached_context.new_page(), pbx.url, {})
        if other:
            other.wait("READY")
        pbx.control("phones/10002", {"ring_time": 600})
        call_id = pbx.incoming()
        cti.wait("RINGING")

        cti.page.goto(f"{pbx.url}/_pbx/state")
        pbx.control(f"calls/{call_id}/answer")
        pbx.control(f"calls/{call_id}/hangup")
        later = pbx.incoming()
        if other:
            other.wait("RINGING", 2)
        cti.page.evaluate("setTimeout(() => history.back())")

        cti.page.wait_for_function("window.kept === true")
        cti.wait("RINGING", 2)
        assert cti.call_names(call_id=call_id) == ["RINGING", "CONNECTED", "HANGUP"]
        assert cti.call_names(call_id=later) == ["RINGING"]
        assert cti.names[:3] == ["LOGGED_IN", "SUBSCRIBED", "READY"]
        assert len(cti.names) == 7
        assert cti.run("answer", later)["name"] == "CONNECTED"
