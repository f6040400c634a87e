"""What a page must know after it stood still, whatever the browser that drives it."""

from __future__ import annotations

import time

from .absence import Absence, count_ticks, ticks
from .away import another_site, asleep, come_back
from .cti_page import CtiPage
from .pbx_server import PbxServer

LONG = 13
"""Seconds: longer than a page lets its worker be silent, so that it knows of its sleep, and than
the timers of a page in the background."""


def in_the_cache_with_its_worker(cti: CtiPage, pbx: PbxServer) -> None:
    """The user goes to another site and back; meanwhile the worker stands still, too."""
    absence = Absence(cti, pbx)
    with another_site() as elsewhere:
        cti.page.goto(elsewhere)
        absence.meanwhile()
        absence.until_given_up()
        come_back(cti.page, f"{pbx.url}/host.html")
        absence.expect_all_known()
    assert cti.evaluate("shown") == [True]


def in_the_cache_while_the_worker_runs(cti: CtiPage, other: CtiPage, pbx: PbxServer) -> None:
    """As above; the other page keeps the worker awake."""
    other.wait("READY")
    absence = Absence(cti, pbx)
    with another_site() as elsewhere:
        cti.page.goto(elsewhere)
        absence.meanwhile()
        other.wait("HANGUP")
        come_back(cti.page, f"{pbx.url}/host.html")
        absence.expect_all_known()
    # A word from the worker would have thrown it out of the cache.
    assert cti.evaluate("shown") == [True]


def in_the_cache_during_a_logout(cti: CtiPage, other: CtiPage, pbx: PbxServer) -> None:
    other.wait("READY")
    cti.evaluate("() => { window.kept = true; }")
    with another_site() as elsewhere:
        cti.page.goto(elsewhere)
        other.run("logout")
        come_back(cti.page, f"{pbx.url}/host.html")
        cti.wait("LOGGED_OUT")
    assert cti.evaluate("kept") is True
    assert cti.names == ["LOGGED_IN", "SUBSCRIBED", "READY", "LOGGED_OUT"]
    assert cti.evaluate("connector.isConnected()") is False


def asleep_with_the_browser(cti: CtiPage, pbx: PbxServer) -> None:
    absence = Absence(cti, pbx)
    with asleep():
        absence.meanwhile()
        absence.until_given_up()
        time.sleep(LONG)
    absence.expect_all_known()


class Background:
    """A page that others hide: ``at_most`` so many of its timers run in `LONG` seconds.

    Begun while the page is shown.
    """

    def __init__(self, cti: CtiPage, pbx: PbxServer) -> None:
        self._cti = cti
        self._absence = Absence(cti, pbx)
        count_ticks(cti)

    def endure(self, at_most: int) -> None:
        """Let things happen while the page is hidden."""
        begun = ticks(self._cti)
        self._absence.meanwhile()
        time.sleep(LONG)
        assert ticks(self._cti) - begun <= at_most, "nothing holds the page back"

    def expect_all_known(self) -> None:
        """It knows it where it is, and has not waited for the user."""
        self._absence.expect_all_known()
        assert self._cti.evaluate("document.hidden") is True
