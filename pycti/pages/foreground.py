"""Which of the pages that one worker serves is in front of the user."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(slots=True)
class _Sight:
    """When a page last had the focus and was last visible, counted in reports; 0 for never."""

    focused: int = 0
    visible: int = 0


class Foreground:
    """The page that last had the focus, else the one last visible, else the newest.

    Pages are known by numbers that grow. A page that goes gives its place to the next best.
    """

    def __init__(self) -> None:
        self._pages: dict[int, _Sight] = {}
        self._reports = 0

    def report(self, page: int, *, focused: bool, visible: bool) -> None:
        """Take what a page says of itself; a page that was not known is known from now on."""
        self._reports += 1
        sight = self._pages.setdefault(page, _Sight())
        if focused:
            sight.focused = self._reports
        if visible:
            sight.visible = self._reports

    def forget(self, page: int) -> None:
        """A page has gone, or is out of sight for good."""
        self._pages.pop(page, None)

    def best(self, among: Collection[int] | None = None) -> int | None:
        """Return the page in front, ``among`` these where they are given."""
        pages = (page for page in self._pages if among is None or page in among)
        return max(pages, key=self._rank, default=None)

    def _rank(self, page: int) -> tuple[int, int, int]:
        sight = self._pages[page]
        return sight.focused, sight.visible, page
