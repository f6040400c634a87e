"""Pages that get the connector from a wheel or from npm, or with an integrity hash."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from bundled import built
from distribution.archives import installed, without_node
from distribution.budget import FIRST_VISIT, LATER
from distribution.npm import bundled
from playwright.sync_api import BrowserContext, Page, expect

from pycti.bundle import integrity_lines

from .cti_page import CtiPage
from .pbx_server import PbxServer
from .site import Site

pytestmark = [pytest.mark.differs("start"), pytest.mark.timeout(600)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    server = Site(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def demo() -> Iterator[str]:
    """The address of the demo, which runs from an installed wheel without Node.js."""
    process = subprocess.Popen(
        [str(installed()), "-m", "pycti", "demo", "--port", "0", "--no-browser"],
        cwd="/", env=without_node(), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    yield next(
        match[1]
        for line in process.stdout
        if (match := re.search(r"The demo runs at (http://127\.0\.0\.1:\d+)", line))
    )
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


def test_the_demo_of_an_installed_wheel_is_ready(demo: str, page: Page) -> None:
    CtiPage(page, demo, {}).login()
    page.goto(demo)
    events = page.get_by_role("region", name="Live events")
    expect(events.get_by_text("READY", exact=True)).to_be_visible()


WORDS = "assets/cti-words-*.mjs"
BEHIND_READY = "assets/pyodide.cold-*.wasm"

APP = """
import Cti, { Connector } from "pycti";
import { CtiDialer } from "pycti/dialer";

Connector.scriptUrl = CtiDialer.scriptUrl = "/cti/";
globalThis.Cti = Cti;
"""


def test_a_page_bundles_the_npm_package_and_serves_its_other_files(
    site: Site, page: Page, pbx: PbxServer
) -> None:
    bundled(APP, site.root)
    body = f'<cti-dialer lang="es" api-endpoint="{pbx.api}"></cti-dialer>'
    options = {"apiEndpoint": pbx.api}
    cti = CtiPage(page, site.url, options, body, folder=site.root, source="/app.js")
    cti.login()
    dialer = page.get_by_role("region", name="Teléfono")
    expect(dialer.get_by_text("Listo", exact=True)).to_be_visible()
    expected = {pattern for pattern in FIRST_VISIT if "/" in pattern} | {WORDS}
    assert loaded(site) - {BEHIND_READY} == expected


def loaded(site: Site) -> set[str]:
    """The requests below `/cti/`, by the patterns of the budget."""
    asked = {
        path.removeprefix("/cti/").removesuffix(".gz") for path in site.asked if "/cti/" in path
    }
    return {one for one in FIRST_VISIT | LATER for path in asked if fnmatchcase(path, one)}


@pytest.fixture
def guarded(site: Site) -> Callable[[], str]:
    """Makes a page with the tag that `python -m pycti build` prints; returns its address."""
    shutil.copytree(built(), site.root / "cti")

    def make() -> str:
        tag, _ = integrity_lines(built())
        (site.root / "index.html").write_text(
            f"<!doctype html><title>Shop</title><link rel=icon href=data:,>{tag}"
        )
        return f"{site.url}/index.html"

    return make


def test_a_script_is_loaded_with_its_integrity(guarded: Callable[[], str], page: Page) -> None:
    page.goto(guarded())
    assert page.evaluate("typeof Cti.Connector") == "function"


def test_a_script_with_one_changed_byte_is_refused(
    guarded: Callable[[], str], site: Site, plain_page: Page
) -> None:
    script = site.root / "cti/cti-connector.js"
    content = script.read_bytes()
    script.write_bytes(content.replace(b"Cti: ", b"Cti; ", 1))
    assert script.read_bytes() != content
    plain_page.goto(guarded())
    assert plain_page.evaluate("typeof Cti") == "undefined"


@pytest.fixture
def plain_page(context: BrowserContext) -> Page:
    """A page that may have errors: the browser reports the scripts that it refuses."""
    return context.new_page()
