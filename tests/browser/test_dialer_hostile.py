"""Hostile words in `<cti-dialer>`: causes, codes and names that a server or a caller chooses."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import PbxServer
from .dialer.page import DialerPage

NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"]
HTML = "<img src=x onerror='window.pwned = 1'><script>window.pwned = 1</script>"


@pytest.fixture
def dialer(page: Page, pbx: PbxServer) -> DialerPage:
    dialer = DialerPage(page)
    dialer.open_with_fake(pbx.url)
    page.evaluate("ready()")
    return dialer


@pytest.mark.parametrize("name", NAMES)
def test_a_word_that_every_object_has_is_a_word(dialer: DialerPage, name: str) -> None:
    """A cause is the server's; it is shown, and not taken for one of the dialer's own."""
    page = dialer.page
    for status, more in (
        ("CANCEL", {"direction": "OUTBOUND"}),
        ("HANGUP", {"direction": "INBOUND"}),
        ("HANGUP", {"direction": "OUTBOUND"}),
    ):
        call = {"id": name, "cid": name, "cause": name, "requestId": name, **more}
        page.evaluate("(call) => fake.call_('RINGING', { ...call, cause: '' })", call)
        page.evaluate("([status, call]) => fake.call_(status, call)", [status, call])
        page.evaluate("settle()")
    page.evaluate("(code) => fake.emit({ name: 'ERROR', message: 'Oh.', code })", name)
    page.evaluate("settle()")
    shown = dialer.element.evaluate("(element) => element.shadowRoot.textContent")
    assert "[native code]" not in shown
    assert "[object Object]" not in shown
    # It goes on: the next call is shown as ever.
    page.evaluate("fake.call_('RINGING', { sourceName: 'Mia Karlsson' })")
    expect(dialer.element.get_by_role("alert")).to_have_text("Mia Karlsson is calling.")


def test_a_caller_s_name_stays_text(dialer: DialerPage) -> None:
    page = dialer.page
    page.evaluate("(name) => fake.call_('RINGING', { sourceName: name })", HTML)
    expect(dialer.element.get_by_role("alert")).to_contain_text("<img src=x")
    page.evaluate("(cause) => fake.call_('HANGUP', { sourceName: cause, cause })", HTML)
    page.evaluate("settle()")
    assert page.evaluate("window.pwned") is None
    count = "(element) => element.shadowRoot.querySelectorAll('img, script').length"
    assert dialer.element.evaluate(count) == 0
