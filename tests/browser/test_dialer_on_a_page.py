"""How `<cti-dialer>` stands on a page: in a corner, moved, with the page's own connector."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from .conftest import PbxServer
from .dialer.page import START, DialerPage

ALEX = "+442036427900"


@pytest.fixture
def dialer(page: Page) -> DialerPage:
    return DialerPage(page)


def launcher(dialer: DialerPage) -> Locator:
    return dialer.element.get_by_role("button", name=re.compile("^Open the telephone"))


# On pages as they are


def test_detection_leaves_the_dialer_out(dialer: DialerPage, pbx: PbxServer) -> None:
    """A link on the card of a call would place a second call."""
    dialer.open(pbx.url, tail="<p>Tel. +44 20 7946 0199</p>")
    dialer.ready()
    pbx.control("phones/10002", {"ring_time": 600})
    pbx.control("incoming", {"to": "10002", "from": "+442079460777"})
    expect(dialer.button("Answer")).to_be_visible()
    expect(dialer.element).to_contain_text("+44 20 7946 0777")
    dialer.element.evaluate("(one) => { one.connector.clickToCall({ detect: true }); }")
    expect(dialer.page.get_by_role("link", name="+44 20 7946 0199")).to_be_visible()
    dialer.button("Answer").click()
    expect(dialer.button("Hang up")).to_be_visible()
    # What is added now is looked at after what the dialer has changed.
    dialer.page.evaluate("document.querySelector('main').append('Tel. +44 20 7946 0198')")
    expect(dialer.page.get_by_role("link", name="+44 20 7946 0198")).to_be_visible()
    expect(dialer.page.locator("a[data-cti-detected]")).to_have_count(2)


@pytest.mark.parametrize("encoding", ["windows-1252", "shift_jis"])
def test_a_page_in_an_old_encoding_shows_the_dialer_as_it_is(
    dialer: DialerPage, pbx: PbxServer, encoding: str
) -> None:
    """A classic script without an encoding of its own is read in the page's."""

    def as_old(route: Route) -> None:
        response = route.fetch()
        kind = response.headers["content-type"].partition(";")[0]
        route.fulfill(response=response, headers={**response.headers, "content-type": kind})

    html = '<!doctype html><title>A shop</title><script src="/dist/cti-dialer.js"></script>'
    html += '<cti-dialer api-endpoint="/v1.2/voipstudio"></cti-dialer>'
    dialer.page.route(
        f"{pbx.url}/old",
        lambda route: route.fulfill(body=html, content_type=f"text/html; charset={encoding}"),
    )
    dialer.page.route(f"{pbx.url}/dist/*.js", as_old)
    dialer.page.goto(f"{pbx.url}/old")
    assert dialer.page.evaluate("document.characterSet").lower() == encoding
    dialer.ready()
    expect(dialer.element.locator(".user")).to_have_text("Anna Bell · 1002")


# In a corner


def test_calls_can_be_a_badge_on_the_button(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.open(pbx.url, 'placement="corner" calls="badge"')
    launcher(dialer).click()
    dialer.ready()
    dialer.button("Close the telephone").click()
    pbx.control("phones/10002", {"ring_time": 600})
    pbx.incoming()
    expect(dialer.element.get_by_role("alert")).to_have_text("Alex Morgan is calling.")
    expect(launcher(dialer)).to_contain_text("1")
    expect(dialer.card("Alex Morgan")).to_be_hidden()
    launcher(dialer).click()
    expect(dialer.button("Answer")).to_be_focused()
    # The attribute counts at once.
    dialer.button("Close the telephone").click()
    dialer.element.evaluate("(one) => one.removeAttribute('calls')")
    expect(launcher(dialer)).to_be_visible()
    pbx.incoming(name="Mia Karlsson")
    expect(dialer.card("Mia Karlsson")).to_be_visible()


def test_the_button_opens_the_panel_and_escape_closes_it(
    dialer: DialerPage, pbx: PbxServer
) -> None:
    dialer.open(pbx.url, 'placement="corner"')
    panel = dialer.element.get_by_role("dialog", name="Telephone")
    expect(panel).to_be_hidden()
    dialer.page.keyboard.press("Tab")
    dialer.page.keyboard.press("Tab")
    expect(launcher(dialer)).to_be_focused()
    dialer.page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(dialer.element).to_have_attribute("open", "")
    expect(dialer.element.get_by_label("E-mail")).to_be_focused(timeout=START)

    dialer.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(launcher(dialer)).to_be_focused()
    expect(dialer.element).not_to_have_attribute("open", "")

    launcher(dialer).click()
    dialer.button("Close the telephone").click()
    expect(launcher(dialer)).to_be_focused()


def test_calls_come_up_above_the_closed_panel(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.open(pbx.url, 'placement="corner" open')
    dialer.ready()
    dialer.button("Close the telephone").click()
    pbx.incoming(name="Mia Karlsson")
    expect(dialer.element.get_by_role("alert")).to_have_text("Mia Karlsson is calling.")
    expect(dialer.number).to_be_hidden()
    dialer.button("Answer").click()
    expect(dialer.card("Mia Karlsson")).to_contain_text("Connected")
    expect(launcher(dialer)).to_have_accessible_name("Open the telephone, Ready, 1 call")

    dialer.button("Hide").click()
    expect(dialer.card("Mia Karlsson")).to_be_hidden()
    expect(launcher(dialer)).to_be_focused()
    launcher(dialer).press("Enter")
    expect(dialer.card("Mia Karlsson").get_by_role("button", name="Hang up")).to_be_focused()
    dialer.page.keyboard.press("Enter")
    expect(dialer.number).to_be_focused()


def test_a_page_may_open_it_and_fill_in_a_number(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.open(pbx.url, 'placement="corner"')
    dialer.element.evaluate("(dialer) => { dialer.open = true; }")
    # The page has opened it, not the user: the focus stays where it is.
    expect(dialer.element.get_by_label("E-mail")).to_be_visible(timeout=START)
    expect(dialer.page.locator("body")).to_be_focused()
    dialer.ready()
    dialer.button("Close the telephone").click()
    dialer.element.evaluate(
        "(dialer) => { window.toggled = 0; dialer.ontoggle = () => toggled++; }"
    )
    dialer.element.evaluate(f"(dialer) => dialer.dial('{ALEX}')")
    expect(dialer.number).to_be_focused()
    expect(dialer.number).to_have_value(ALEX)
    assert dialer.page.evaluate("toggled") == 1
    assert pbx.state()["calls"] == []
    dialer.number.press("Enter")
    expect(dialer.card("Alex Morgan")).to_be_visible()


def test_numbers_of_the_page_call_through_the_dialer(dialer: DialerPage, pbx: PbxServer) -> None:
    link = f'<a href="tel:{ALEX}">Ask us</a>'
    dialer.open(pbx.url, 'placement="corner" open click-to-call', head=link)
    dialer.ready()
    dialer.button("Close the telephone").click()
    dialer.page.get_by_role("link", name="Ask us").click()
    expect(dialer.card("Alex Morgan")).to_contain_text("Connected")
    dialer.button("Hang up").click()
    expect(dialer.card("Alex Morgan")).to_have_count(0)


# Its life on the page


def test_moved_it_goes_on(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.open(pbx.url)
    dialer.ready()
    dialer.call(ALEX)
    expect(dialer.card("Alex Morgan")).to_contain_text("Connected")
    dialer.element.evaluate(
        """(dialer) => {
          window.before = dialer.connector;
          document.querySelector("main").prepend(dialer);
        }"""
    )
    expect(dialer.card("Alex Morgan")).to_contain_text("Connected")
    assert dialer.element.evaluate(
        "(dialer) => dialer.connector === before && before.isConnected()"
    )


def test_removed_it_lets_go_and_put_back_it_is_as_before(
    dialer: DialerPage, pbx: PbxServer
) -> None:
    dialer.open(pbx.url)
    dialer.ready()
    dialer.call(ALEX)
    expect(dialer.card("Alex Morgan")).to_contain_text("Connected")
    outcome = dialer.element.evaluate(
        """async (dialer) => {
          const { connector } = dialer;
          window.kept = dialer;
          dialer.remove();
          await new Promise((resolve) => setTimeout(resolve));
          return connector.call("+442036427900").catch(({ code }) => code);
        }"""
    )
    assert outcome == "DESTROYED"
    dialer.page.evaluate("document.body.append(kept)")
    expect(dialer.card("Alex Morgan")).to_contain_text("Connected", timeout=START)


OWN = """
  window.heard = [];
  window.own = new Cti.Connector({
    apiEndpoint: "/v1.2/voipstudio",
    onMessage: ({ name }) => heard.push(name),
  });
  document.querySelector("cti-dialer").connector = own;
"""


def test_the_page_s_own_connector_is_used_and_left_alone(
    dialer: DialerPage, pbx: PbxServer
) -> None:
    dialer.page.route("**/own.js", lambda route: route.fulfill(body=OWN))
    head = '<script src="/dist/cti-connector.js"></script>'
    dialer.open(pbx.url, head=head, tail='<script src="/own.js"></script>')
    dialer.ready()
    assert dialer.element.evaluate("(dialer) => dialer.connector === own")
    assert "READY" in dialer.page.evaluate("heard")
    dialer.element.evaluate("(dialer) => dialer.remove()")
    assert dialer.page.evaluate("own.isConnected()")
    assert dialer.page.evaluate("performance.getEntriesByName(location.origin + "
                                "'/dist/cti-connector.mjs').length") == 0  # fmt: skip


LOOKUP = """
  const dialer = document.querySelector("cti-dialer");
  dialer.addEventListener("connector", () => {
    dialer.connector.lookup = async (number) => ({ name: `Customer ${number.slice(-3)}` });
  });
"""


def test_the_page_knows_the_names(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.page.route("**/lookup.js", lambda route: route.fulfill(body=LOOKUP))
    dialer.open(pbx.url, tail='<script src="/lookup.js"></script>')
    dialer.ready()
    pbx.incoming(name="")
    expect(dialer.card("Customer 900")).to_contain_text("+44 20 3642 7900")
    dialer.button("Decline").click()
    words = "You declined the call from Customer 900."
    expect(dialer.element.get_by_text(words).first).to_be_visible()


def test_it_speaks_the_page_s_language(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.open(pbx.url, lang="es-MX")
    expect(dialer.button("Iniciar sesión")).to_be_visible(timeout=START)
    dialer.element.get_by_label("Correo electrónico").fill("anna@example.com")
    dialer.page.evaluate("document.documentElement.lang = 'de'")
    expect(dialer.button("Anmelden")).to_be_visible()
    dialer.element.evaluate("(dialer) => { dialer.lang = 'en-GB'; }")
    expect(dialer.button("Log in")).to_be_visible()


def test_a_wrong_attribute_is_told(context: BrowserContext, pbx: PbxServer) -> None:
    dialer = DialerPage(context.new_page())
    with dialer.page.expect_console_message(lambda message: message.type == "error"):
        dialer.open(pbx.url, 'persist="for ever"')
    words = re.compile("persist must be one of")
    expect(dialer.element.get_by_role("region").get_by_text(words)).to_be_visible()


def test_a_connection_that_is_lost_comes_back(dialer: DialerPage, pbx: PbxServer) -> None:
    dialer.open(pbx.url)
    dialer.ready()
    pbx.control("sip", {"refuse": True})
    pbx.control("drop")
    expect(dialer.element.get_by_text("Reconnecting…")).to_be_visible()
    dialer.call(ALEX)
    words = "No connection. Try again in a moment."
    expect(dialer.number).to_have_accessible_description(words)
    pbx.control("sip", {"refuse": False})
    expect(dialer.element.get_by_text("Ready", exact=True).first).to_be_visible(timeout=START)


def test_recent_calls_are_kept_where_the_page_says(
    dialer: DialerPage, new_page: Callable[[], Page], pbx: PbxServer
) -> None:
    dialer.open(pbx.url, 'recents="local"')
    dialer.ready()
    dialer.call(ALEX)
    dialer.button("Hang up").click()
    expect(dialer.number).to_be_focused()

    other = DialerPage(new_page())
    other.open(pbx.url, 'recents="local"')
    other.element.get_by_role("tab", name="Recent").click(timeout=START)
    rows = other.element.get_by_role("list", name="Recent calls").get_by_role("button")
    expect(rows).to_contain_text(["Alex Morgan"])
    other.button("Clear the list").click()
    dialer.element.get_by_role("tab", name="Recent").click()
    expect(dialer.element.get_by_text("Your calls will be listed here.")).to_be_visible()

    none = DialerPage(new_page())
    none.open(pbx.url, 'recents="off"')
    expect(none.number).to_be_visible(timeout=START)
    expect(none.element.get_by_role("tab")).to_have_text(["Keypad", "People"])
