"""National numbers and numbers in text with the real connector: Python in a worker of Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from corpus.pages import PARTS, CorpusPage, pages
from playwright.sync_api import Page, expect

from pycti.numbers import find_numbers

from .conftest import PbxServer
from .cti_page import CtiPage

CORPUS = [page for part in PARTS for page in pages(part)]
LINKS = "document.querySelectorAll('main a[data-cti-detected]:not([aria-hidden])')"
URIS = f"[...{LINKS}].map((link) => link.getAttribute('href'))"


def expected(page: CorpusPage) -> Iterator[str]:
    """What Python finds in the page's lines, as the corpus reads them."""
    for block in page.blocks:
        for found in find_numbers(block.text, page.country, block.label):
            yield f"tel:{found.number}" + (f";ext={found.extension}" if found.extension else "")


@pytest.mark.parametrize("country", ["GB", "US", "ES", "DE"])
def test_on_the_pages_of_the_corpus_the_browser_finds_what_python_finds(
    new_page: Callable[[], Page], pbx: PbxServer, country: str
) -> None:
    """The lines that the page's walk makes are those that the corpus was judged by."""
    for corpus_page in (one for one in CORPUS if one.country == country):
        body = re.search(r"<body>(.*)</body>", corpus_page.html, re.DOTALL)
        assert body
        cti = CtiPage(new_page(), pbx.url, {"defaultCountry": country}, f"<main>{body[1]}</main>")
        uris = list(expected(corpus_page))
        html = cti.evaluate("document.querySelector('main').innerHTML")

        cti.evaluate("() => { window.service = connector.clickToCall({ detect: true }); }")
        cti.page.wait_for_function(f"(count) => {LINKS}.length >= count", arg=len(uris))

        assert cti.evaluate(URIS) == uris, corpus_page.name
        cti.evaluate("service.disable()")
        assert cti.evaluate("document.querySelector('main').innerHTML") == html
        cti.page.close()


def test_a_number_in_the_text_of_a_page_calls(new_page: Callable[[], Page], pbx: PbxServer) -> None:
    body = "<p>Ring Alex on 020 3642 7900 (not on <s>020 7946 0101</s>).</p>"
    cti = CtiPage(new_page(), pbx.url, {"defaultCountry": "GB"}, body)
    cti.evaluate("() => { connector.clickToCall({ detect: true }); }")
    cti.login()
    link = cti.page.get_by_role("link", name="020 3642 7900")

    link.click()

    assert cti.wait("INITIAL")["call"]["destination"] == "+442036427900"
    expect(link).to_have_attribute("data-cti-state", "connected")


BRITISH = """
<p>Alex: <a id=link href="tel:020 3642 7900">call</a>, or phone 020 3642 7900.</p>
<p data-cti-country=US>Chicago: (312) 555-0142</p>
"""
AT_HOME = """<address>14 Harbour Road, London SW1A 1AA</address>
<meta itemprop=addressCountry content=GB>"""


def test_a_page_of_another_country_has_the_numbers_of_that_country(
    new_page: Callable[[], Page], pbx: PbxServer
) -> None:
    body = f"<main>{BRITISH}</main>{AT_HOME}"
    cti = CtiPage(new_page(), pbx.url, {"defaultCountry": "DE"}, body)
    cti.evaluate("() => { connector.clickToCall({ detect: true }); }")
    cti.page.wait_for_function(f"{LINKS}.length === 2")
    assert cti.evaluate(URIS) == ["tel:+442036427900", "tel:+13125550142"]

    cti.login()
    cti.page.click("#link")

    assert cti.wait("INITIAL")["call"]["destination"] == "+442036427900"


def test_where_one_sign_speaks_against_the_users_country_national_numbers_are_left_alone(
    new_page: Callable[[], Page], pbx: PbxServer
) -> None:
    body = f"<main>{BRITISH}</main>{AT_HOME.partition('<meta')[0]}"
    cti = CtiPage(new_page(), pbx.url, {"defaultCountry": "DE"}, body)
    cti.evaluate("() => { connector.clickToCall({ detect: true }); }")
    cti.page.wait_for_function(f"{LINKS}.length === 1")
    assert cti.evaluate(URIS) == ["tel:+13125550142"]

    cti.login()
    cti.page.click("#link")

    error = cti.wait("ERROR")
    assert (error["code"], "data-cti-country" in error["hint"]) == ("BAD_NUMBER", True)
    assert "INITIAL" not in cti.names


def test_national_numbers_are_called_and_transferred_to(
    new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    cti = new_cti(defaultCountry="GB")
    cti.login()

    accepted = cti.run("call", "(020) 3642-7900")

    assert accepted["call"]["destination"] == "+442036427900"
    cti.wait("CONNECTED")
    assert cti.refused("transfer", accepted["call"]["id"], "020 7946")["code"] == "BAD_NUMBER"
    assert cti.run("transfer", accepted["call"]["id"], "020 7946 0106")["name"] == "HANGUP"


def test_where_the_packages_are_missing_the_rest_works_and_later_they_do(
    new_cti: Callable[..., CtiPage],
) -> None:
    """A worker of the page's own, because only its requests can be held up here."""
    cti = new_cti(defaultCountry="GB", shared=False)
    cti.page.route("**/assets/*.whl", lambda route: route.abort())
    cti.login()

    error = cti.refused("call", "020 3642 7900")
    assert error["code"] == "NUMBERS_UNAVAILABLE"
    assert "bundle" in error["hint"]
    assert cti.run("call", "+442036427900")["name"] == "ACCEPTED"

    cti.page.unroute("**/assets/*.whl")
    cti.run("terminate", cti.wait("CONNECTED")["call"]["id"])
    assert cti.run("call", "020 3642 7900")["name"] == "ACCEPTED"
