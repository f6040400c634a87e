"""Determine which of the worker's pages is in front."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(slots=True)
class _LastSeen:
    """The numbers of the last reports in which a page was focused and visible; 0 for never."""

    focused: int = 0
    visible: int = 0


class Foreground:
    """Chooses the page that last had the focus, else the one last visible, else the newest.

    Pages are identified by increasing numbers. When a page goes, the next best takes its place.
    """

    def __init__(self) -> None:
        self._pages: dict[int, _LastSeen] = {}
        self._reports = 0

    def report(self, page: int, *, focused: bool, visible: bool) -> None:
        """Process a page's report; an unknown page is added."""
        self._reports += 1
        seen = self._pages.setdefault(page, _LastSeen())
        if focused:
            seen.focused = self._reports
        if visible:
            seen.visible = self._reports

    def forget(self, page: int) -> None:
        """Remove a page that has gone or entered the back/forward cache."""
        self._pages.pop(page, None)

    def best(self, among: Collection[int] | None = None) -> int | None:
        """Return the page in front, among the pages in ``among`` if given."""
        pages = (page for page in self._pages if among is None or page in among)
        return max(pages, key=self._rank, default=None)

    def _rank(self, page: int) -> tuple[int, int, int]:
        seen = self._pages[page]
        return seen.focused, seen.visible, page
