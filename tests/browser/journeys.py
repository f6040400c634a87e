"""Navigations of users, and whether the connection survives: the table of ``browsers.rst``."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from .away import another_site, come_back
from .cti_page import CtiPage
from .pbx_server import PbxServer

TABLE = Path(__file__).parents[2] / "docs" / "browsers.csv"


def follow_a_link(cti: CtiPage) -> None:
    cti.page.goto(f"{cti.url}/host.html?another=page")


def reload(cti: CtiPage) -> None:
    cti.page.reload()


def go_and_come_back(cti: CtiPage) -> None:
    with another_site() as elsewhere:
        cti.page.goto(elsewhere)
        come_back(cti.page, f"{cti.url}/host.html")


def close_the_tab(cti: CtiPage) -> None:
    cti.page.close()


JOURNEYS: dict[str, Callable[[CtiPage], None]] = {
    "follows a link on the same site": follow_a_link,
    "reloads the page": reload,
    "goes to another site and comes back": go_and_come_back,
    "closes the tab and opens a new one": close_the_tab,
}


def documented(journey: str, engine: str) -> str:
    """Return the documented result of a journey."""
    with TABLE.open(newline="") as file:
        rows = {row["The user"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(JOURNEYS)
    return rows[journey][engine]


def measured(journey: str, new_cti: Callable[[], CtiPage], pbx: PbxServer) -> str:
    """Log in, make the journey, and return whether the connection survived."""
    cti = new_cti()
    cti.login()
    before = [socket["id"] for socket in pbx.state()["sockets"]]
    JOURNEYS[journey](cti)
    if journey.startswith("closes"):
        cti = new_cti()
    cti.page.wait_for_function("connector.isConnected()")
    return "goes on" if pbx.state()["sockets"][-1]["id"] == before[-1] else "new"
