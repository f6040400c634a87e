"""Checks of a page after it was frozen, for every browser driver."""

from __future__ import annotations

import time

from .absence import Absence, count_ticks, ticks
from .away import another_site, asleep, come_back
from .cti_page import CtiPage
from .pbx_server import PbxServer

LONG = 13
"""Seconds: longer than a page waits for a silent worker, so that it notices its own sleep, and
longer than the timers of a background page."""


def in_the_cache_with_its_worker(cti: CtiPage, pbx: PbxServer) -> None:
    """Go to another site and back. The worker is frozen in the meantime, too."""
    absence = Absence(cti, pbx)
    with another_site() as elsewhere:
        cti.page.goto(elsewhere)
        absence.meanwhile()
        absence.until_given_up()
        come_back(cti.page, f"{pbx.url}/host.html")
        absence.expect_all_known()
    assert cti.evaluate("shown") == [True]


def in_the_cache_while_the_worker_runs(cti: CtiPage, other: CtiPage, pbx: PbxServer) -> None:
    """Do the same, while another page keeps the worker running."""
    other.wait("READY")
    absence = Absence(cti, pbx)
    with another_site() as elsewhere:
        cti.page.goto(elsewhere)
        absence.meanwhile()
        other.wait("HANGUP")
        come_back(cti.page, f"{pbx.url}/host.html")
        absence.expect_all_known()
    # A message from the worker would have removed it from the cache.
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
    """A hidden page. At most ``at_most`` of its timers run in `LONG` seconds.

    Create it while the page is visible.
    """

    def __init__(self, cti: CtiPage, pbx: PbxServer) -> None:
        self._cti = cti
        self._absence = Absence(cti, pbx)
        count_ticks(cti)

    def endure(self, at_most: int) -> None:
        """Let calls change while the page is hidden."""
        begun = ticks(self._cti)
        self._absence.meanwhile()
        time.sleep(LONG)
        assert ticks(self._cti) - begun <= at_most, "nothing holds the page back"

    def expect_all_known(self) -> None:
        """Check that the hidden page knows the changes before the user returns."""
        self._absence.expect_all_known()
        assert self._cti.evaluate("document.hidden") is True
