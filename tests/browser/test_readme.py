"""The README: its example runs as it is written, and its picture is one of the demo."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .dialer.page import DialerPage
from .looks import SCREENSHOTS, wear
from .pbx_server import PbxServer

ROOT = Path(__file__).parents[2]
START = 60_000
PICTURE = SCREENSHOTS / "readme.jpg"
"""It is in the repository. Delete it, and run this test, for a new one."""
MOST_BYTES = 100_000


def test_the_example_of_the_readme_runs_against_the_demo(page: Page, pbx: PbxServer) -> None:
    blocks = re.findall(r"```html\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (example,) = (block for block in blocks if "new Cti.Connector" in block)
    shown = "<script>function showCaller(...who) { window.caller = who; }</script>"
    page.route(
        f"{pbx.url}/readme",
        lambda route: route.fulfill(
            body=f"<!doctype html><title>Page</title>{shown}{example}", content_type="text/html"
        ),
    )
    page.goto(f"{pbx.url}/readme")
    expect(page).to_have_title("Ready", timeout=START)
    pbx.incoming(name="Alex Morgan")
    page.wait_for_function("window.caller")
    assert page.evaluate("caller") == ["Alex Morgan", "+442036427900"]


@pytest.mark.engines("chromium")
def test_the_picture_of_the_readme_is_one_of_the_demo(page: Page, pbx: PbxServer) -> None:
    pbx.control("phones/10002", {"ring_time": 600})
    page.set_viewport_size({"width": 1240, "height": 660})
    page.goto(f"{pbx.url}/crm/")
    page.get_by_role("button", name="Log in as Anna").click()
    let_call = page.get_by_role("button", name="Let Alex Morgan call")
    let_call.click(timeout=START)
    expect(page.get_by_role("article", name="Alex Morgan")).to_contain_text("Owner, Morgan Cycles")
    dialer = DialerPage(page)
    expect(dialer.card("Alex Morgan")).to_contain_text("Incoming call")
    for name in ("Decline", "Answer"):
        expect(dialer.button(name)).to_be_visible()
    expect(dialer.element).to_contain_text("Anna Bell · 1002")

    if not PICTURE.exists():
        wear(page, "light")
        page.mouse.move(0, 0)
        page.get_by_label("Notes on this call").first.focus()
        page.screenshot(path=PICTURE, type="jpeg", quality=70)
    assert f"({PICTURE.relative_to(ROOT).as_posix()})" in (ROOT / "README.md").read_text("utf-8")
    assert PICTURE.stat().st_size <= MOST_BYTES
