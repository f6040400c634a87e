"""Every state of `<cti-dialer>`: axe finds nothing, nothing sticks out, everything can be hit."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from pycti import bundle

from .conftest import PbxServer
from .dialer.page import HERE, DialerPage
from .looks import take_picture, wear

STATES = re.findall(r'^  async "?([^"(]+)"?\(\)', (HERE / "states.js").read_text("utf-8"), re.M)
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
# A window of 1280 pixels at 400 % (WCAG 2.2, 1.4.10).
ZOOMED = {"width": 320, "height": 640}

STICKING_OUT = """
    (dialer) => {
      const panel = dialer.shadowRoot.querySelector(".panel");
      const { left, right } = panel.getBoundingClientRect();
      return [...panel.querySelectorAll("*")]
        .filter((one) => one.checkVisibility() && !one.closest("svg svg, path"))
        .map((one) => [one.className || one.tagName, one.getBoundingClientRect()])
        .filter(([, box]) => box.left < left - 1 || box.right > right + 1)
        .map(([name, box]) => `${name}: ${box.left} to ${box.right}, not ${left} to ${right}`);
    }
"""
SMALL_TARGETS = """
    (dialer) => [...dialer.shadowRoot.querySelectorAll("button, input, [role=option]")]
      .filter((one) => one.checkVisibility())
      .map((one) => [one.ariaLabel || one.textContent, one.getBoundingClientRect()])
      .filter(([, { width, height }]) => Math.min(width, height) < 24)
      .map(([name]) => name)
"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core. It is run as the tests' own, so the page's policy stays as it is."""
    return (bundle.development_packages() / "axe-core/axe.min.js").read_text("utf-8")


def findings(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    result: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def judge(dialer: DialerPage, axe: str) -> list[str]:
    """Return everything that is wrong with what is seen now."""
    return [*findings(dialer.page, axe), *geometry(dialer)]


def geometry(dialer: DialerPage) -> list[str]:
    wide = dialer.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [
        *dialer.element.evaluate(STICKING_OUT),
        *(f"too small: {name}" for name in dialer.element.evaluate(SMALL_TARGETS)),
        *(["the page scrolls sideways"] if wide else []),
    ]


@pytest.mark.parametrize("state", STATES)
def test_light_and_dark_wide_and_narrow(page: Page, pbx: PbxServer, axe: str, state: str) -> None:
    dialer = DialerPage(page)
    dialer.open_with_fake(pbx.url, 'theme="auto"')
    dialer.bring(state)
    wrong = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            wear(page, scheme)
            wrong += [f"{size}, {scheme}: {finding}" for finding in judge(dialer, axe)]
            name = f"dialer-{state.replace(' ', '-')}-{size}-{scheme}"
            take_picture(page, name)
    page.set_viewport_size(ZOOMED)
    wrong += [f"zoomed: {finding}" for finding in geometry(dialer)]
    for scheme in ("light", "dark"):
        wear(page, scheme)
        take_picture(page, f"dialer-{state.replace(' ', '-')}-zoomed-{scheme}", full_page=True)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("lang", "direction"), [("es", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_in_every_language_and_from_right_to_left(
    new_page: Any, pbx: PbxServer, axe: str, lang: str, direction: str
) -> None:
    wrong = []
    for state in STATES:
        page = new_page()
        page.set_viewport_size(ZOOMED)
        page.emulate_media(reduced_motion="reduce")
        dialer = DialerPage(page)
        dialer.open_with_fake(pbx.url, lang=lang, dir=direction)
        dialer.bring(state)
        wrong += [f"{state}: {finding}" for finding in judge(dialer, axe)]
        page.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("state", ["ready", "incoming", "transfer", "logged out"])
def test_in_a_corner_open_and_closed(page: Page, pbx: PbxServer, axe: str, state: str) -> None:
    dialer = DialerPage(page)
    dialer.open_with_fake(pbx.url, 'theme="auto" placement="corner"')
    wrong = []
    for opened in (False, True):
        dialer.element.evaluate("(dialer, open) => { dialer.open = open; }", opened)
        if not opened:
            dialer.bring(state)
        for size, (width, height) in (SIZES | {"zoomed": tuple(ZOOMED.values())}).items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                wear(page, scheme)
                found = judge(dialer, axe)
                wrong += [f"{opened}, {size}, {scheme}: {finding}" for finding in found]
                box = dialer.element.bounding_box()
                assert box is not None
                if box["x"] < 0 or box["y"] < 0:
                    wrong.append(f"{opened}, {size}: it leaves the window: {box}")
                name = f"dialer-corner-{'open' if opened else 'closed'}-{state}-{size}-{scheme}"
                take_picture(page, name)
    assert not wrong, "\n".join(wrong)


def test_a_card_takes_no_click_in_its_first_moment(page: Page, pbx: PbxServer) -> None:
    dialer = DialerPage(page)
    dialer.open_with_fake(pbx.url)
    dialer.bring("just incoming")
    found = page.evaluate(
        """() => {
          const buttons = dialer.shadowRoot.querySelector(".call-buttons");
          const [first] = buttons.getAnimations();
          const { pointerEvents } = getComputedStyle(buttons.querySelector("button"));
          first.finish();
          return [pointerEvents, getComputedStyle(buttons.querySelector("button")).pointerEvents];
        }"""
    )
    assert found == ["none", "auto"]


COLOUR = "(dialer) => getComputedStyle(dialer.shadowRoot.querySelector('.panel')).backgroundColor"
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(24, 30, 38)"


# In Firefox, Playwright cannot choose the system's colours.
@pytest.mark.engines("chromium")
def test_it_is_as_light_or_dark_as_the_page_unless_told_otherwise(
    page: Page, pbx: PbxServer
) -> None:
    page.emulate_media(color_scheme="dark")
    dialer = DialerPage(page)
    dialer.open_with_fake(pbx.url)

    def colour(theme: str, scheme: str) -> str:
        page.evaluate("(scheme) => { document.body.style.colorScheme = scheme; }", scheme)
        dialer.element.evaluate("(dialer, theme) => dialer.setAttribute('theme', theme)", theme)
        return str(dialer.element.evaluate(COLOUR))

    assert colour("", "") == LIGHT
    assert colour("", "dark") == DARK
    assert colour("", "light dark") == DARK
    assert colour("light", "dark") == LIGHT
    assert colour("dark", "light") == DARK
    assert colour("auto", "light") == DARK


def test_the_page_s_style_comes_in_by_properties_only(page: Page, pbx: PbxServer) -> None:
    dialer = DialerPage(page)
    dialer.open_with_fake(pbx.url)
    page.emulate_media(reduced_motion="reduce")
    submit = dialer.element.locator(".login .button.primary").first
    before = submit.bounding_box()
    page.evaluate(
        """() => Object.assign(document.body.style, {
          textTransform: "uppercase", letterSpacing: "1em", lineHeight: "4", textAlign: "center",
          whiteSpace: "pre", fontSize: "30px", fontFamily: "serif", color: "red",
        })"""
    )
    assert submit.bounding_box() is not None
    size = [submit.bounding_box()[side] == before[side] for side in ("width", "height")]
    assert size == [True, True]
    dialer.element.evaluate("(dialer) => dialer.style.setProperty('--cti-accent', 'rgb(1, 2, 3)')")
    assert submit.evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(1, 2, 3)"
