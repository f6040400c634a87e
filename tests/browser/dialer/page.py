"""A page with nothing but the dialer, and a hand on it as a person has one."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from browser.shim.harness import wait_for

# No word of styles and pictures: the dialer needs none.
STRICT = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self' ws: wss:"
HTML = """<!doctype html>
<html lang="LANG" dir="DIR"><meta charset="utf-8"><title>A shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<body><main><h1>A shop</h1><p><a href="/dist/manifest.json">A link</a></p></main>
HEAD<script src="/dist/cti-dialer.js"></script><cti-dialer ATTRIBUTES></cti-dialer>
TAIL"""
HERE = Path(__file__).parent
# The first start of Python in a fresh browser profile takes seconds on a busy machine.
START = 60_000


class DialerPage:
    """What is seen of the dialer in one tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.element = page.locator("cti-dialer")

    def open(self, url: str, attributes: str = "", **given: str) -> None:
        """Load a page of this site, under a strict policy. ``given``: lang, dir, head, tail."""
        text = {"LANG": "en", "DIR": "ltr", "HEAD": "", "TAIL": ""}
        text |= {name.upper(): value for name, value in given.items()}
        text["ATTRIBUTES"] = f'api-endpoint="/v1.2/voipstudio" {attributes}'
        html = re.sub("LANG|DIR|HEAD|TAIL|ATTRIBUTES", lambda found: text[found[0]], HTML)
        headers = {"content-security-policy": STRICT, "content-type": "text/html"}
        self.page.route(
            re.compile(rf"^{re.escape(url)}/shop(\?.*)?$"),
            lambda route: route.fulfill(body=html, headers=headers),
        )
        self.page.goto(f"{url}/shop")

    def open_with_fake(self, url: str, attributes: str = "", **given: str) -> None:
        """The same with `fake-connector.js`, and `states.js`, which gives it to the dialer."""
        self.page.route(
            re.compile(rf"^{re.escape(url)}/(fake-connector|states)\.js$"),
            lambda route: route.fulfill(path=HERE / route.request.url.rsplit("/", 1)[1]),
        )
        tail = '<script src="/fake-connector.js"></script><script src="/states.js"></script>'
        self.open(url, attributes, tail=tail, **given)
        expect(self.element.locator(".panel")).to_be_attached()

    def bring(self, state: str) -> None:
        """Bring the dialer with the fake connector into a state of `states.js`."""
        self.page.evaluate("(name) => STATES[name]()", state)

    def button(self, name: str) -> Locator:
        return self.element.get_by_role("button", name=name, exact=True)

    @property
    def number(self) -> Locator:
        return self.element.get_by_role("combobox", name="Name or number")

    def card(self, name: str) -> Locator:
        """The card of the call with ``name``."""
        return self.element.get_by_role("group", name=name)

    def log_in(self, email: str = "anna@example.com", password: str = "demo") -> None:
        field = self.element.get_by_label("E-mail")
        # In Firefox, Playwright cannot select what is in an e-mail field, and adds to it.
        field.fill("")
        field.fill(email)
        self.element.get_by_label("Password").fill(password)
        self.element.get_by_label("Password").press("Enter")

    def ready(self) -> None:
        """Log in and wait until calls can be made."""
        self.log_in()
        expect(self.number).to_be_visible(timeout=START)

    def call(self, number: str) -> None:
        self.number.fill(number)
        self.number.press("Enter")

    def wait(self, expression: str, value: object = True) -> None:
        """Wait until it has this value. (`wait_for_function` looks by `eval`, which the policy
        forbids from the second look on.)
        """
        wait_for(lambda: self.page.evaluate(expression) == value, f"{expression} is {value}")

    @property
    def ringing(self) -> bool:
        return bool(self.element.evaluate("(dialer) => dialer.ringing"))
