"""Three origins: a site, a CDN with the bundle, and the PBX."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bundled import built
from playwright.sync_api import Page

from browser.conftest import PbxServer

from .host_page import HostPage
from .sites import Answer, Site


@pytest.fixture(scope="session")
def bundle_dir() -> Path:
    return built()


@pytest.fixture
def site(bundle_dir: Path) -> Iterator[Site]:
    """The server of the host pages. It also has the bundle, below ``/cti/``."""
    site = Site(bundle_dir)
    yield site
    site.stop()


@pytest.fixture
def cdn(bundle_dir: Path) -> Iterator[Site]:
    """The bundle on another origin."""
    site = Site(bundle_dir)
    yield site
    site.stop()


@pytest.fixture
def addresses(cdn: Site, pbx: PbxServer) -> dict[str, str]:
    """The addresses that replace the examples of the documentation."""
    return {
        "https://cdn.example": cdn.url,
        "https://api.example": pbx.url,
        "wss://sip.example": pbx.url.replace("http", "ws", 1),
    }


def html(script: str, body: str = "<h1>A shop</h1>") -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>A shop</title>'
        f'<body>{body}<script src="{script}"></script>'
    )


Open = Callable[..., HostPage]


@pytest.fixture
def open_page(new_page: Callable[[], Page], site: Site, pbx: PbxServer) -> Open:
    """Opens a page of the site with this script, policy and options."""

    def make(script: str, policy: str = "", page: Page | None = None, **options: Any) -> HostPage:
        headers = {"Content-Security-Policy": policy} if policy else {}
        site.answers["/"] = Answer(html(script), headers=headers)
        page = page or new_page()
        page.goto(f"{site.url}/")
        return HostPage(page, pbx.api, **options)

    return make
