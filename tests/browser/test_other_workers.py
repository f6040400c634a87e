"""Pages of one user with different workers: a login or logout on one page reaches all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from .cti_page import CtiPage
from .pbx_server import PbxServer

pytestmark = pytest.mark.differs("storage")

SESSION = ["LOGGED_IN", "SUBSCRIBED", "READY"]


@pytest.fixture(params=["dedicated", "other server"])
def options(request: pytest.FixtureRequest, pbx: PbxServer) -> dict[str, Any]:
    """Options that give a page its own worker."""
    server = pbx.url.replace("http", "ws") + "/sip"
    return {"shared": False} if request.param == "dedicated" else {"sipServer": [server, server]}


@pytest.fixture
def other(cti: CtiPage, new_cti: Callable[..., CtiPage], options: dict[str, Any]) -> CtiPage:
    """A page with another worker, which is logged in with the remembered token."""
    other = new_cti(**options)
    other.wait("READY")
    other.clear()
    cti.clear()
    return other


def test_a_logout_reaches_a_page_with_another_worker(cti: CtiPage, other: CtiPage) -> None:
    cti.run("logout")

    other.wait("LOGGED_OUT")
    assert other.names == ["LOGGED_OUT"]
    assert other.evaluate("[connector.status, connector.isConnected()]") == ["logged-out", False]
    error = other.refused("terminate", "143")
    assert (error["code"], error["message"]) == ("NOT_CONNECTED", "Nobody is logged in.")
    assert cti.names == ["LOGGED_OUT"]


def test_an_expired_session_ends_on_both_pages(
    cti: CtiPage, other: CtiPage, pbx: PbxServer
) -> None:
    pbx.control("expire-tokens")
    cti.refused("apiRequest", "GET", "/users")

    other.wait("LOGGED_OUT")
    assert other.names == ["LOGGED_OUT"]


def test_a_login_as_another_user_reaches_the_other_page(cti: CtiPage, other: CtiPage) -> None:
    other.run("logout")
    cti.wait("LOGGED_OUT")
    other.run("login", "ben@example.com", "demo")

    cti.wait("READY")
    assert cti.names == ["LOGGED_OUT", *SESSION]
    assert other.names == ["LOGGED_OUT", *SESSION]
    users = [page.evaluate("connector._getParam('user_id')") for page in (cti, other)]
    assert users[0] == users[1] != "10002"


def test_pages_of_different_countries_share_a_worker_and_a_logout(
    cti: CtiPage, new_cti: Callable[..., CtiPage], pbx: PbxServer
) -> None:
    sockets = len(pbx.state()["sockets"])
    british = new_cti(defaultCountry="GB")
    british.wait("READY")
    assert len(pbx.state()["sockets"]) == sockets
    assert british.run("call", "020 3642 7900")["call"]["destination"] == "+442036427900"
    assert cti.refused("call", "020 3642 7900")["code"] == "BAD_NUMBER"
    cti.run("logout")
    british.wait("LOGGED_OUT")


@pytest.mark.parametrize("persist", ["session", "none"])
def test_pages_without_common_storage_do_not_share_a_session(
    cti: CtiPage, new_cti: Callable[..., CtiPage], persist: str
) -> None:
    other = new_cti(shared=False, persist=persist)
    other.login()
    cti.run("logout")
    assert other.run("apiRequest", "GET", "/users")["total"] > 3
    assert other.names == SESSION


def test_the_token_is_only_in_storage(cti: CtiPage, other: CtiPage) -> None:
    stored = json.loads(other.evaluate("JSON.stringify({ ...localStorage })"))
    assert list(stored) == [f"pycti:{cti.url}/v1.2/voipstudio"]
