"""How well numbers are found: counted, not judged by eye. Run it to see every error.

``python -m tests.corpus.scores [tuning | held-out]``; without a name, only the counts of both.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pycti.numbers import find_numbers

from .pages import PARTS, Block, CorpusPage, Mark, pages


@dataclass
class Score:
    """Right, wrong and missed numbers."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.4f}  recall {self.recall:.4f}  "
            f"({self.right} right, {self.wrong} wrong, {self.missed} missed)"
        )


@dataclass
class Error:
    """A number that was found wrongly, or missed."""

    page: str
    block: Block
    start: int
    end: int
    what: str

    def __str__(self) -> str:
        text = self.block.text
        before, after = text[max(0, self.start - 40) : self.start], text[self.end : self.end + 15]
        label = self.block.label.replace("\n", " / ")
        return f"{self.page}: {self.what}: {before}[{text[self.start : self.end]}]{after} ({label})"


def check(page: CorpusPage, country: str | None = "") -> tuple[Score, list[Error]]:
    """Return how well the page's numbers are found, and what went wrong.

    ``country`` is whose national numbers count, by default the page's own.

    A number is right where it overlaps with its mark and is the same, extension included.
    """
    score = Score()
    errors = []
    country = page.country if country == "" else country
    for block in page.blocks:
        unfound = [mark for mark in block.marks if mark.number]
        for found in find_numbers(block.text, country, block.label):
            number = f"{found.number};ext={found.extension}" if found.extension else found.number
            mark = _overlapping(unfound, number, found.start, found.end)
            if mark is None:
                score.wrong += 1
                errors.append(Error(page.name, block, found.start, found.end, f"wrong {number}"))
            else:
                score.right += 1
                unfound.remove(mark)
        score.missed += len(unfound)
        errors += [Error(page.name, block, one.start, one.end, "missed") for one in unfound]
    return score, errors


def _overlapping(marks: Iterable[Mark], number: str, start: int, end: int) -> Mark | None:
    for mark in marks:
        if mark.number == number and mark.start < end and start < mark.end:
            return mark
    return None


def by_language(corpus: Iterable[CorpusPage]) -> dict[str, Score]:
    """Return the scores of each language, and of all."""
    scores: dict[str, Score] = {}
    for page in corpus:
        score, _ = check(page)
        for name in (page.language, "all"):
            scores[name] = scores.get(name, Score()) + score
    return dict(sorted(scores.items(), key=lambda item: (item[0] == "all", item[0])))


def report() -> Iterator[str]:
    """Return one line for each part and language."""
    parts = {part: pages(part) for part in PARTS}
    corpora = {**parts, "whole corpus": [page for part in parts.values() for page in part]}
    for name, corpus in corpora.items():
        for language, score in by_language(corpus).items():
            yield f"{name:<12}  {language:<3}  {score}"


def main() -> None:
    for part in sys.argv[1:]:
        for page in pages(part):
            for error in check(page)[1]:
                print(error)
    for line in report():
        print(line)


if __name__ == "__main__":
    main()
