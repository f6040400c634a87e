"""A call rings in one tab only, and stops everywhere when it is taken anywhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import PbxServer
from .dialer.page import START, DialerPage
from .tab import one_page_has_the_focus

pytestmark = pytest.mark.differs("media")

# What sounds: sources that were started and not stopped, in contexts that run.
WATCH_AUDIO = """
  const sources = new Set();
  const isHeard = ({ context }) => context.state === "running";
  window.sounding = () => [...sources].filter(isHeard).length;
  const { start, stop } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...given) {
    sources.add(this);
    return start.apply(this, given);
  };
  AudioBufferSourceNode.prototype.stop = function (...given) {
    sources.delete(this);
    return stop.apply(this, given);
  };
"""


# Playwright's own looks at a page count as the user's touch: here only real ones do.
UNTOUCHED = """
  const activation = { hasBeenActive: false };
  Object.defineProperty(navigator, "userActivation", { value: activation });
  addEventListener("pointerdown", () => (activation.hasBeenActive = true), true);
"""


class Tab(DialerPage):
    def __init__(self, page: Page, url: str, script: str = "", head: str = "") -> None:
        super().__init__(page)
        page.add_init_script(WATCH_AUDIO + script)
        self.open(url, head=head)
        one_page_has_the_focus(page)

    def touch(self) -> None:
        """The user goes to this tab and clicks, before which a browser allows no sound."""
        self.page.bring_to_front()
        self.wait("document.hasFocus()")
        self.page.get_by_role("heading", name="A shop").click()

    def sounds(self) -> bool:
        sounding = bool(self.page.evaluate("sounding()"))
        assert self.ringing == sounding
        return sounding

    def until(self, sounds: bool) -> None:
        self.wait("Boolean(sounding())", sounds)
        assert self.ringing == sounds


@pytest.fixture
def new_tab(new_page: Callable[[], Page], pbx: PbxServer) -> Callable[..., Tab]:
    return lambda script="", head="": Tab(new_page(), pbx.url, script, head)


def ring(pbx: PbxServer, *tabs: Tab) -> str:
    call = pbx.incoming(name="Mia Karlsson")
    for tab in tabs:
        expect(tab.card("Mia Karlsson")).to_be_visible()
    return call


def test_only_the_tab_in_front_rings_and_all_stop_when_the_phone_answers(
    new_tab: Callable[..., Tab], pbx: PbxServer
) -> None:
    first = new_tab()
    first.ready()
    second = new_tab()
    expect(second.number).to_be_visible(timeout=START)
    second.touch()

    call = ring(pbx, first, second)
    second.until(sounds=True)
    assert not first.sounds()
    expect(second.button("Mute ringing")).to_be_visible()
    expect(first.button("Mute ringing")).to_be_hidden()

    pbx.control(f"calls/{call}/answer")
    for tab in (first, second):
        expect(tab.card("Mia Karlsson")).to_contain_text("Connected")
        assert not tab.sounds()


def test_answering_in_one_tab_stops_the_other_s_ringing(
    new_tab: Callable[..., Tab], pbx: PbxServer
) -> None:
    first = new_tab()
    first.ready()
    second = new_tab()
    expect(second.number).to_be_visible(timeout=START)
    second.touch()
    ring(pbx, first, second)
    second.until(sounds=True)

    first.button("Answer").click()
    second.until(sounds=False)
    expect(second.card("Mia Karlsson")).to_contain_text("Connected")


def test_the_tone_moves_with_the_user_from_tab_to_tab(
    new_tab: Callable[..., Tab], pbx: PbxServer
) -> None:
    first = new_tab()
    first.ready()
    second = new_tab()
    expect(second.number).to_be_visible(timeout=START)
    second.touch()
    ring(pbx, first, second)
    second.until(sounds=True)
    first.touch()
    first.until(sounds=True)
    assert not second.sounds()
    first.page.goto("about:blank")
    second.until(sounds=True)


ALONE = """
  document.addEventListener("DOMContentLoaded", () => {
    const options = { apiEndpoint: "/v1.2/voipstudio", shared: false, onMessage() {} };
    document.querySelector("cti-dialer").connector = new Cti.Connector(options);
  });
"""


def test_where_tabs_cannot_share_a_worker_one_rings_all_the_same(
    new_tab: Callable[..., Tab], pbx: PbxServer
) -> None:
    first = new_tab(ALONE, '<script src="/dist/cti-connector.js"></script>')
    first.ready()
    second = new_tab(ALONE, '<script src="/dist/cti-connector.js"></script>')
    expect(second.number).to_be_visible(timeout=START)
    second.touch()
    call = ring(pbx, first, second)
    second.until(sounds=True)
    assert not first.sounds()
    pbx.control(f"calls/{call}/answer")
    first.until(sounds=False)
    second.until(sounds=False)


def test_without_a_touch_it_is_silent_until_there_is_one(
    new_tab: Callable[..., Tab], pbx: PbxServer
) -> None:
    new_tab().ready()
    tab = new_tab(UNTOUCHED)
    expect(tab.number).to_be_visible(timeout=START)
    tab.page.bring_to_front()
    ring(pbx, tab)
    expect(tab.button("Mute ringing")).to_be_visible()
    assert not tab.sounds()
    tab.touch()
    tab.until(sounds=True)


def test_one_call_is_silenced_the_next_rings_again(
    new_tab: Callable[..., Tab], pbx: PbxServer
) -> None:
    tab = new_tab()
    tab.ready()
    ring(pbx, tab)
    tab.until(sounds=True)
    tab.button("Mute ringing").click()
    tab.until(sounds=False)
    expect(tab.card("Mia Karlsson")).to_contain_text("Incoming call")
    expect(tab.button("Answer")).to_be_focused()
    tab.button("Decline").click()
    expect(tab.card("Mia Karlsson")).to_have_count(0)
    ring(pbx, tab)
    tab.until(sounds=True)


def test_the_tone_is_switched_off_by_its_button_or_by_the_page(
    new_tab: Callable[..., Tab], pbx: PbxServer
) -> None:
    tab = new_tab()
    tab.ready()
    tone = tab.button("Ring tone")
    expect(tone).to_have_attribute("aria-pressed", "true")
    ring(pbx, tab)
    tab.until(sounds=True)
    tone.click()
    tab.until(sounds=False)
    tone.click()
    tab.until(sounds=True)
    tab.element.evaluate("(dialer) => dialer.setAttribute('ring', 'off')")
    tab.until(sounds=False)


def test_a_dialer_that_leaves_the_page_is_silent(
    new_tab: Callable[..., Tab], pbx: PbxServer
) -> None:
    tab = new_tab()
    tab.ready()
    ring(pbx, tab)
    tab.until(sounds=True)
    tab.element.evaluate("(dialer) => { window.kept = dialer; dialer.remove(); }")
    tab.wait("sounding()", 0)
