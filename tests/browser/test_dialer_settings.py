"""The settings of `<cti-dialer>`, and "do not disturb"."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import PbxServer
from .dialer.page import DialerPage

# What the ring tone does, without sound.
AUDIO = """
  window.heard = [];
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function () {
    heard.push({ loop: this.loop, sample: this.buffer.getChannelData(0)[400] });
    start.call(this);
  };
  const Gain = GainNode;
  window.GainNode = class extends Gain {
    constructor(audio, options) {
      super(audio, options);
      window.gain = this;
    }
  };
"""


@pytest.fixture
def faked(page: Page, pbx: PbxServer) -> DialerPage:
    page.add_init_script(AUDIO)
    made = DialerPage(page)
    made.open_with_fake(pbx.url)
    return made


def open_settings(dialer: DialerPage) -> None:
    dialer.bring("ready")
    dialer.button("Settings").click()


def is_disturbed(pbx: PbxServer) -> bool:
    """Whether callers reach the user's phone."""
    (user,) = (user for user in pbx.state()["accounts"] if user["id"] == "10002")
    return user["phone"]["dnd"] is False


def stored(dialer: DialerPage) -> Any:
    return dialer.page.evaluate("JSON.parse(localStorage.getItem('cti-dialer.settings'))")


def test_do_not_disturb_is_switched_at_the_server(page: Page, pbx: PbxServer) -> None:
    dialer = DialerPage(page)
    dialer.open(pbx.url)
    dialer.ready()
    switch = dialer.button("Do not disturb")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(dialer.element.locator(".header")).to_contain_text("Do not disturb")
    assert is_disturbed(pbx) is False
    dialer.page.reload()
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    expect(dialer.element.locator(".header")).to_contain_text("Ready")
    assert is_disturbed(pbx) is True


def test_what_another_tab_has_switched_is_shown(faked: DialerPage) -> None:
    faked.bring("ready")
    for presence, pressed in (("do-not-disturb", "true"), ("talking", "true"), ("free", "false")):
        faked.page.evaluate(
            "(presence) => fake.tell('presence', { node: 'user:10002', presence })", presence
        )
        expect(faked.button("Do not disturb")).to_have_attribute("aria-pressed", pressed)


def test_without_the_feature_there_is_no_switch(faked: DialerPage) -> None:
    faked.page.evaluate("fake.features = new Set(['answer', 'terminate'])")
    faked.bring("ready")
    expect(faked.button("Do not disturb")).to_have_count(0)


def test_a_switch_that_fails_is_told(faked: DialerPage) -> None:
    faked.bring("ready")
    faked.page.evaluate("fake.outcomes.setDoNotDisturb = { code: 'TIMEOUT' }")
    faked.button("Do not disturb").click()
    expect(faked.element.locator(".notice")).to_contain_text("The server is not responding.")
    expect(faked.button("Do not disturb")).to_have_attribute("aria-pressed", "false")


def test_the_settings_open_and_close_from_the_keyboard(faked: DialerPage) -> None:
    faked.bring("ready")
    gear = faked.button("Settings")
    gear.press("Enter")
    expect(faked.element.get_by_label("Tone", exact=True)).to_be_focused()
    expect(faked.number).to_be_hidden()
    faked.page.keyboard.press("Escape")
    expect(gear).to_be_focused()
    expect(faked.number).to_be_visible()


def test_tone_and_volume_are_heard_and_stay(faked: DialerPage) -> None:
    open_settings(faked)
    faked.button("Listen").click()
    faked.element.get_by_label("Tone", exact=True).select_option("2")
    faked.button("Listen").click()
    faked.wait("heard.length", 2)
    first, second = faked.page.evaluate("heard")
    assert not first["loop"]
    assert first["sample"] != second["sample"]
    faked.element.get_by_label("Volume").fill("40")
    faked.wait("Math.round(gain.gain.value * 100)", 40)
    assert stored(faked)["sound"] == "2"
    assert stored(faked)["volume"] == 0.4
    faked.page.reload()
    open_settings(faked)
    expect(faked.element.get_by_label("Tone", exact=True)).to_have_value("2")
    expect(faked.element.get_by_label("Volume")).to_have_value("40")


def test_outputs_are_offered_where_the_browser_names_them(page: Page, pbx: PbxServer) -> None:
    page.add_init_script(
        """
        AudioContext.prototype.setSinkId = async function (id) { window.sink = id; };
        const devices = navigator.mediaDevices ?? {};
        devices.enumerateDevices = async () => [
          { kind: "audiooutput", deviceId: "default", label: "Default" },
          { kind: "audiooutput", deviceId: "desk", label: "Speaker on the desk" },
          { kind: "audioinput", deviceId: "mic", label: "Microphone" },
        ];
        """
    )
    dialer = DialerPage(page)
    dialer.open_with_fake(pbx.url)
    open_settings(dialer)
    output = dialer.element.get_by_label("Play on")
    output.select_option("Speaker on the desk")
    dialer.button("Listen").click()
    dialer.wait("window.sink", "desk")


def test_outputs_without_names_are_not_offered(faked: DialerPage) -> None:
    open_settings(faked)
    expect(faked.element.get_by_label("Volume")).to_be_visible()
    expect(faked.element.get_by_label("Play on")).to_be_hidden()


def test_the_language_changes_at_once_and_stays(faked: DialerPage) -> None:
    open_settings(faked)
    faked.element.get_by_label("Language").select_option("Deutsch")
    chosen = faked.element.get_by_label("Sprache")
    expect(chosen).to_be_focused()
    faked.page.reload()
    faked.bring("ready")
    expect(faked.button("Einstellungen")).to_be_visible()
