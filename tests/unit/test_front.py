"""The choice of the front page."""

from __future__ import annotations

from pycti.pages.foreground import Foreground


def front(*reports: tuple[int, str]) -> Foreground:
    """``(page, word)``: a page reports that it is focused, only visible, or hidden."""
    pages = Foreground()
    for page, word in reports:
        pages.report(page, focused=word == "focus", visible=word != "hidden")
    return pages


def test_without_pages_there_is_no_front_page():
    assert Foreground().best() is None


def test_the_page_that_last_had_the_focus_is_in_front():
    assert front((1, "focus"), (2, "focus"), (3, "visible")).best() == 2


def test_a_page_keeps_its_place_when_it_loses_the_focus_to_another_program():
    assert front((1, "focus"), (2, "visible"), (1, "visible"), (1, "hidden")).best() == 1


def test_without_focus_the_last_visible_page_is_in_front():
    assert front((1, "visible"), (2, "visible"), (3, "hidden"), (1, "visible")).best() == 1


def test_without_a_visible_page_the_newest_is_in_front():
    assert front((1, "hidden"), (3, "hidden"), (2, "hidden")).best() == 3


def test_when_the_front_page_goes_the_next_best_follows():
    pages = front((1, "focus"), (2, "focus"), (3, "visible"))
    pages.forget(2)
    assert pages.best() == 1
    pages.forget(1)
    assert pages.best() == 3
    pages.forget(3)
    pages.forget(3)
    assert pages.best() is None


def test_best_can_be_limited_to_some_pages():
    pages = front((1, "focus"), (2, "focus"), (3, "focus"))
    assert pages.best([1, 2]) == 2
    assert pages.best([]) is None
    assert pages.best([9]) is None
