"""Each policy of docs/hosting.rst is sufficient, and has no unnecessary source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from .conftest import Open
from .host_page import HostPage
from .policies import lacking_one, policy, without
from .sites import OPEN, Answer, Site

pytestmark = pytest.mark.differs("policy")

WAYS = {
    # The page's policy, the policy of the worker's file, and the option that the page needs.
    "same-origin": ("same-origin", "worker", None),
    "frame": ("frame", "worker", None),
    "blob": ("blob", None, "blob:"),
    "own-worker": ("own-worker", "own-worker-file", "/cti-worker.mjs"),
}


class Hosting:
    """A page of the site in one of the ways to host, with the documented or a changed policy."""

    def __init__(self, open_page: Open, site: Site, cdn: Site, addresses: dict[str, str]) -> None:
        self.open_page = open_page
        self.site = site
        self.cdn = cdn
        self.addresses = addresses

    def open(
        self,
        way: str,
        shared: bool = True,
        lack: tuple[str, str, str] | None = None,
        **options: Any,
    ) -> HostPage:
        of_page, of_worker, worker_url = WAYS[way]
        page = self.policy(of_page, lack)
        worker = self.policy(of_worker, lack) if of_worker else ""
        headers = {"Content-Security-Policy": worker} if worker else {}
        for server in (self.site, self.cdn):
            server.headers = lambda name: OPEN | (headers if "cti-worker-" in name else {})
        imports = f'import "{self.cdn.url}/cti/cti-worker.mjs";'
        self.site.answers["/cti-worker.mjs"] = Answer(imports, "text/javascript", headers)
        base = "" if way == "same-origin" else self.cdn.url
        script = f"{base}/cti/cti-connector.js"
        return self.open_page(script, page, shared=shared, workerUrl=worker_url, **options)

    def policy(self, name: str, lack: tuple[str, str, str] | None) -> str:
        text = policy(name, self.addresses)
        if lack and lack[0] == name:
            text = without(text, lack[1], self.addresses.get(lack[2], lack[2]))
        return text


@pytest.fixture
def hosting(open_page: Open, site: Site, cdn: Site, addresses: dict[str, str]) -> Hosting:
    return Hosting(open_page, site, cdn, addresses)


@pytest.mark.parametrize("shared", [True, False], ids=["shared", "alone"])
@pytest.mark.parametrize("way", WAYS)
def test_the_documented_policy_is_sufficient(
    hosting: Hosting, new_page: Callable[[], Page], way: str, shared: bool
) -> None:
    tab = new_page()
    warnings: list[str] = []
    tab.on("console", lambda message: warnings.append(message.text))
    page = hosting.open(way, shared, page=tab, defaultCountry="GB" if shared else None)
    # A national number needs a package of the bundle.
    page.use("020 3642 7900" if shared else "+442036427900")
    assert "ERROR" not in page.names
    # No message of the browser, and none about a start without the snapshot.
    assert warnings == []


CASES = [
    (way, name, directive, source)
    for way, (of_page, of_worker, _) in WAYS.items()
    for name in (of_page, of_worker)
    if name
    for directive, source in lacking_one(name)
    # Without its script a page cannot report the error, but the browser does.
    if not (name == of_page and directive == "script-src" and source != "'wasm-unsafe-eval'")
]


@pytest.mark.parametrize(("way", "name", "directive", "source"), CASES)
def test_an_error_names_a_source_that_is_missing(
    hosting: Hosting,
    trouble: list[str],
    addresses: dict[str, str],
    way: str,
    name: str,
    directive: str,
    source: str,
) -> None:
    page = hosting.open(way, lack=(name, directive, source))

    imports = way == "own-worker" and source == "https://cdn.example" and directive != "connect-src"
    if imports and name == "own-worker" and page.engine == "firefox":
        # In this case only the file's own policy applies to the file's imports.
        page.run("login", "anna@example.com", "demo")
        return

    error = page.refused("login", "anna@example.com", "demo")

    told = page.wait("ERROR")
    assert {key: told[key] for key in ("code", "message", "hint")} == {
        key: error[key] for key in ("code", "message", "hint")
    }
    assert f"{directive} {addresses.get(source, source)}" in error["hint"]
    # Nothing reports that a policy has blocked an import of the page's own file, not even the
    # console. So the error lists it as one of several possible reasons.
    assert error["code"] in ("WORKER_BLOCKED", *(["WORKER_FAILED"] if imports else []))
    # The browser reports it, too.
    trouble.clear()
