"""The corpus: how precisely telephone numbers are found, and how completely."""

from __future__ import annotations

from pathlib import Path

import phonenumbers
import pytest

from pycti.numbers import find_numbers

from .abroad import COUNTRIES, abroad, after, before, scores, table
from .pages import PARTS, CorpusPage, pages
from .scores import Score, by_language, report

CORPUS = {part: pages(part) for part in PARTS}
EVERY_PAGE = [page for part in CORPUS.values() for page in part]


def test_precision_and_recall_over_the_whole_corpus(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("", *report(), sep="\n")

    score = by_language(EVERY_PAGE)["all"]

    assert score.precision >= 0.99
    assert score.recall >= 0.97


@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_no_language_falls_behind(language: str) -> None:
    score = by_language(EVERY_PAGE)[language]
    assert score.precision >= 0.98
    assert score.recall >= 0.97


def test_pages_that_the_rules_were_not_tuned_on() -> None:
    """Words that no rule knows make this part the harder one: it is held to less."""
    score = by_language(CORPUS["held-out"])["all"]
    assert score.precision >= 0.97
    assert score.recall >= 0.97


def test_without_the_rules_a_fifth_of_what_is_found_is_none() -> None:
    """Why the rules are there: the same pages with the library's own matcher."""
    score = Score()
    for page in EVERY_PAGE:
        for block in page.blocks:
            known = [mark for mark in block.marks if mark.number]
            for match in phonenumbers.PhoneNumberMatcher(block.text, page.country):
                hit = any(mark.start < match.end and match.start < mark.end for mark in known)
                score += Score(right=hit, wrong=not hit)
    assert score.precision < 0.8


def test_without_a_country_only_international_numbers_count() -> None:
    expected, found = [], []
    for page in EVERY_PAGE:
        for block in page.blocks:
            expected += [
                mark.number.partition(";")[0]
                for mark in block.marks
                if mark.number and block.text[mark.start :].startswith(("+", "(+"))
            ]
            found += [one.number for one in find_numbers(block.text, None, block.label)]
    assert len(expected) > 100
    assert sorted(found) == sorted(expected)


# The corpus itself


def test_there_are_enough_pages_numbers_and_traps_in_each_language() -> None:
    for language in ("en", "es", "de"):
        some = [page for page in EVERY_PAGE if page.language == language]
        marks = [mark for page in some for block in page.blocks for mark in block.marks]
        assert len(some) >= 8
        assert sum(bool(mark.number) for mark in marks) >= 200
        assert sum(not mark.number for mark in marks) >= 400


def test_a_good_part_of_it_is_held_out() -> None:
    held_out = CORPUS["held-out"]
    assert len(held_out) >= 0.3 * len(EVERY_PAGE)
    assert {page.language for page in held_out} == {"en", "es", "de"}
    names = [page.name for page in EVERY_PAGE]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: page.name)
def test_every_marked_number_can_exist(page: CorpusPage) -> None:
    for number in page.numbers:
        parsed = phonenumbers.parse(number.partition(";")[0], None)
        assert phonenumbers.is_valid_number(parsed), number


# Pages of five countries, for users of five countries


def test_the_table_of_the_manual_is_what_is_measured() -> None:
    manual = (Path(__file__).parents[2] / "docs/javascript.rst").read_text("utf-8")
    measured = "\n".join(table())
    assert measured in manual, measured


def test_at_home_no_number_is_lost_and_abroad_few_are_wrong() -> None:
    old, new = scores(before), scores(after())
    for country in COUNTRIES:
        assert new[country, country] == old[country, country]
        assert new[country, country].wrong == 0
        assert new[country, country].missed == 0
    for pair, score in new.items():
        assert score.right >= old[pair].right
        assert score.wrong <= old[pair].wrong
    wrong = sum(score.wrong for score in new.values())
    assert wrong * 5 <= sum(score.wrong for score in old.values())
    right = sum(score.right for score in new.values())
    assert right >= 2 * sum(score.right for score in old.values())


@pytest.mark.parametrize("page", abroad(), ids=lambda page: page.name)
def test_every_number_abroad_can_exist(page: CorpusPage) -> None:
    for number in page.numbers:
        assert phonenumbers.is_valid_number(phonenumbers.parse(number, None)), number
