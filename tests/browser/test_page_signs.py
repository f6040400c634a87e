"""The signs of a page's country that the page's script collects."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from bundled import built
from corpus.abroad import SIGNS, abroad, host
from playwright.sync_api import Page, Route

SIGNS_OF = "async () => (await import('/detect.mjs')).signsOf(document)"


@pytest.fixture
def gather(new_page: Callable[[], Page]) -> Callable[..., dict[str, Any]]:
    """Return the signs of a page at this address."""
    (script,) = built().glob("assets/cti-detect-*.mjs")

    def serve(route: Route, html: str) -> None:
        if route.request.url.endswith(".mjs"):
            route.fulfill(body=script.read_text("utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    def gathered(
        html: str, address: str = "http://page.example/", change: str = ""
    ) -> dict[str, Any]:
        page = new_page()
        page.route("**/*", lambda route: serve(route, html))
        page.goto(address)
        signs = page.evaluate(SIGNS_OF)
        if change:
            page.evaluate(change)
            signs = page.evaluate(SIGNS_OF)
        page.close()
        return signs

    return gathered


def test_the_measured_pages_have_the_signs_that_the_measurement_assumes(
    gather: Callable[..., dict[str, Any]],
) -> None:
    known = json.loads(SIGNS.read_text("utf-8"))
    assert {page.name: gather(page.html, f"http://{host(page)}/") for page in abroad()} == known


def test_the_language_and_the_host_are_signs(gather: Callable[..., dict[str, Any]]) -> None:
    signs = gather("<!doctype html><html lang=de-AT><p>x", "http://shop.example.at/x")
    assert (signs["language"], signs["host"]) == ("de-AT", "shop.example.at")


def test_only_alternate_links_to_the_page_itself_count(
    gather: Callable[..., dict[str, Any]],
) -> None:
    head = """<!doctype html><link rel=canonical href=/kontakt>
      <link rel=alternate hreflang=de-AT href=/kontakt#x><link rel=alternate hreflang=de href="?a">
      <link rel=alternate hreflang=fr-FR href=/fr/><link rel=alternate href=/feed>
      <link rel=alternate hreflang=x href='http://['>"""
    assert gather(head, "http://page.example/?a")["alternates"] == ["de-AT", "de"]


def test_countries_and_numbers_in_schema_org_data_are_signs(
    gather: Callable[..., dict[str, Any]],
) -> None:
    signs = gather("""<!doctype html><script type="application/ld+json">
      {"address": {"addressCountry": {"@type": "Country", "name": "Austria"}},
       "branch": {"addressCountry":"AT"}, "telephone": "+43 1 5550123"}</script>
      <meta itemprop=addressCountry content=DE><b itemprop=addressCountry>France</b>""")
    assert signs["countries"] == ["DE", "France", "Austria", "AT"]
    assert signs["numbers"] == ["+43 1 5550123"]


def test_addresses_are_found_by_their_element_or_their_postcode(
    gather: Callable[..., dict[str, Any]],
) -> None:
    signs = gather("""<!doctype html><address>Am Markt 3<br>10115   Berlin</address>
      <p>Come to 14 Harbour Road, Salford M5 3AA.</p><p>Open 9 to 5, room 1234, plan 2026.</p>
      <footer><nav>Home</nav> A-1010 Wien</footer>""")
    assert signs["addresses"] == [
        "Am Markt 3\n10115 Berlin",
        "Home\nA-1010 Wien",
        "10115 Berlin",
        "Come to 14 Harbour Road, Salford M5 3AA.",
        "A-1010 Wien",
    ]


def test_numbers_with_a_country_code_are_read_from_links_and_text(
    gather: Callable[..., dict[str, Any]],
) -> None:
    signs = gather("""<!doctype html><a href='tel:+43-1-5550123'>x</a><a href='tel:01555'>x</a>
      <p>Call +43 (0)1 555 0124 or 01 555 0125, 1 + 1, + 3.</p>""")
    assert signs["numbers"] == ["+43-1-5550123", "+43 (0)1 555 0124"]


def test_only_the_start_and_the_end_of_a_long_page_are_read(
    gather: Callable[..., dict[str, Any]],
) -> None:
    def call(number: int) -> str:
        return f"<p>+43 1 555 {number:04}</p>"

    rest = "<p>x</p>" * 3_000
    signs = gather("<!doctype html>" + call(1) + rest + call(2) + rest + call(3) + "<p>end")
    assert signs["numbers"] == ["+43 1 555 0001", "+43 1 555 0003"]
    prose = f"<p>{'x' * 600}</p>" * 500
    signs = gather("<!doctype html>" + call(1) + prose + call(2) + prose + call(3))
    assert signs["numbers"] == ["+43 1 555 0001", "+43 1 555 0003"]
    many = gather("<!doctype html>" + "".join(map(call, range(100))))
    assert len(many["numbers"]) == 30


def test_a_document_is_read_once(gather: Callable[..., dict[str, Any]]) -> None:
    change = "document.documentElement.lang = 'de-AT'"
    assert gather("<!doctype html><html lang=fr>", change=change)["language"] == "fr"
