"""The head start of a remembered session: first requests are sent while Python loads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from .conftest import PbxServer
from .cti_page import CtiPage
from .shim.harness import wait_for

pytestmark = pytest.mark.differs("start")


class Gate:
    """Delays the runtime of a dedicated worker, and counts requests for the account."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[Route] = []
        self.accounts = 0
        # Routes do not reach a shared worker's requests.
        page.context.route("**/assets/*.wasm", self._hold)
        page.context.route("**/me", self._count)

    def _hold(self, route: Route) -> None:
        self.held.append(route)

    def _count(self, route: Route) -> None:
        self.accounts += route.request.method == "GET"
        route.continue_()

    def open(self) -> None:
        self.page.context.unroute("**/assets/*.wasm")
        for route in self.held:
            route.continue_()


@pytest.fixture
def returning(new_page: Callable[[], Page], pbx: PbxServer) -> CtiPage:
    """A page whose user has logged in before, without a connection."""
    cti = CtiPage(new_page(), pbx.url, {"shared": False})
    cti.login()
    cti.page.goto("about:blank")
    wait_for(lambda: sockets(pbx) == 0, "no connection")
    return cti


def sockets(pbx: PbxServer) -> int:
    return len(pbx.state()["sockets"])


def connected(cti: CtiPage, pbx: PbxServer) -> bool:
    cti.page.evaluate("0")  # Playwright handles routes only while it is called.
    return sockets(pbx) == 1


def test_python_uses_the_account_and_the_socket_of_the_head_start(
    returning: CtiPage, pbx: PbxServer
) -> None:
    gate = Gate(returning.page)
    returning.page.goto(f"{pbx.url}/host.html")
    wait_for(lambda: connected(returning, pbx) and gate.accounts == 1, "a head start")
    (early,) = pbx.state()["sockets"]
    assert "READY" not in returning.names

    gate.open()
    returning.wait("READY")
    call = pbx.incoming()
    returning.wait("RINGING")
    returning.run("terminate", call)

    assert gate.accounts == 1
    assert [socket["id"] for socket in pbx.state()["sockets"]] == [early["id"]]


def test_a_click_while_python_loads_is_called(new_page: Callable[[], Page], pbx: PbxServer) -> None:
    body = '<a href="tel:+442036427900">Call us</a>'
    cti = CtiPage(new_page(), pbx.url, {"shared": False}, body)
    cti.login()
    cti.page.goto("about:blank")
    gate = Gate(cti.page)
    cti.page.goto(f"{pbx.url}/host.html")
    cti.evaluate("void connector.clickToCall()")
    cti.page.get_by_text("Call us").click()
    expect(cti.page.get_by_text("Call us")).to_have_attribute("data-cti-state", "waiting")

    gate.open()
    assert cti.wait("CONNECTED")["call"]["destination"] == "+442036427900"
    assert cti.call_names()[0] == "INITIAL"


def test_a_socket_that_closed_before_python_started_is_opened_again(
    returning: CtiPage, pbx: PbxServer
) -> None:
    gate = Gate(returning.page)
    returning.page.goto(f"{pbx.url}/host.html")
    wait_for(lambda: connected(returning, pbx) and gate.accounts == 1, "a head start")
    pbx.control("drop")

    gate.open()
    returning.wait("READY")
    assert sockets(pbx) == 1


def test_a_session_that_has_expired_leaves_no_socket(returning: CtiPage, pbx: PbxServer) -> None:
    pbx.control("expire-tokens")
    returning.page.goto(f"{pbx.url}/host.html")
    returning.wait("LOGGED_OUT")
    wait_for(lambda: sockets(pbx) == 0, "no connection")
    assert returning.evaluate("sessionStorage.length + localStorage.length") == 0
