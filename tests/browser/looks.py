"""Checks the appearance of a demo page: strict policy, light and dark, wide and narrow."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, expect

from pycti import bundle

from .engines import is_firefox

SCREENSHOTS = Path(__file__).parent / "screenshots"
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
STRICT = (
    "default-src 'self'; style-src 'self'; script-src 'self'; worker-src 'self'; "
    "connect-src 'self' ws: wss:"
)
SWITCH = """
    (scheme) => {
      document.documentElement.dataset.bsTheme = scheme;
      for (const one of document.querySelectorAll("[theme]")) one.setAttribute("theme", scheme);
    }
"""
SMALL_TARGETS = """
    [...document.querySelectorAll("button, input, select, textarea, summary, a.btn")]
      .filter((one) => one.checkVisibility({ opacityProperty: true }))
      .map((one) => [one.id || one.ariaLabel || one.textContent, one.getBoundingClientRect()])
      .filter(([, { width, height }]) => width > 2 && Math.min(width, height) < 24)
      .map(([name]) => name.trim())
"""


@functools.cache
def axe() -> str:
    """Return the source of axe-core."""
    return (bundle.development_packages() / "axe-core/axe.min.js").read_text("utf-8")


def screenshots(page: Page) -> Path:
    """Return the folder for screenshots of this browser."""
    browser = page.context.browser
    folder = SCREENSHOTS / (browser.browser_type.name if browser else "")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def wear(page: Page, scheme: str) -> None:
    """Set the light or dark theme, without transitions, so that all colours are final."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    if is_firefox(page.context.browser):
        # WebDriver BiDi cannot set the system's theme, so use the page's own switch.
        page.evaluate(SWITCH, scheme)


def take_picture(page: Page, name: str, **options: Any) -> None:
    """Save a screenshot."""
    page.screenshot(path=screenshots(page) / f"{name}.png", **options)


def open_strictly(page: Page, address: str) -> None:
    """Open a page. A violation of the policy is an error in the console."""
    page.route(re.compile(rf"^{re.escape(address)}(\?.*)?$"), _with_strict_policy)
    page.goto(address)


def _with_strict_policy(route: Route) -> None:
    response = route.fetch()
    headers = {**response.headers, "content-security-policy": STRICT}
    route.fulfill(response=response, headers=headers)


def findings(page: Page) -> list[str]:
    """Return all accessibility and layout errors of the current view."""
    # Run it in the tests' own world, so the page's policy stays unchanged.
    page.evaluate(axe())
    result: dict[str, Any] = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [
        *(
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ),
        *(f"too small: {name}" for name in page.evaluate(SMALL_TARGETS)),
        *(["the page scrolls sideways"] if wide else []),
    ]


def look(page: Page, name: str) -> list[str]:
    """Take a screenshot in every theme and size, and return all errors."""
    before = page.viewport_size
    wrong = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            wear(page, scheme)
            expect(page.locator(f"html[data-bs-theme={scheme}]")).to_be_attached()
            wrong += [f"{name}, {size}, {scheme}: {finding}" for finding in findings(page)]
            take_picture(page, f"{name}-{size}-{scheme}", full_page=True)
    if before:
        page.set_viewport_size(before)
    return wrong
