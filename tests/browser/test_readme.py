"""The README's example for a page, as it stands there, on a page that the demo's PBX serves."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from .pbx_server import PbxServer

ROOT = Path(__file__).parents[2]
START = 60_000


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
