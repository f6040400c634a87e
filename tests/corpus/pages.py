"""The corpus: pages whose numbers and traps are marked, as the detector gets their text.

Every telephone number is inside ``<mark data-number="+34…">``, every number that is something
else inside ``<mark data-trap="kind">``, short numbers, which are left alone, inside
``<mark data-short>``. The marks themselves are no part of the page. ``held-out`` holds pages that
nobody looks at while the rules are tuned; ``abroad`` is what `corpus.abroad` measures with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

HERE = Path(__file__).parent
PARTS = ("tuning", "held-out")

# As in web/src/detect: what has a number of its own or is no running text, and what does not
# interrupt a line of text. Everything else does.
SKIPPED = {"a", "button", "code", "head", "label", "pre", "script", "style", "time"}
INLINE = {"abbr", "b", "bdi", "em", "i", "s", "small", "span", "strong", "u"}
LABEL = 40


@dataclass(frozen=True)
class Mark:
    """A marked place in a block's text."""

    start: int
    end: int
    kind: str
    number: str = ""


@dataclass
class Block:
    """Text that a reader sees as one line of thought, and the label it stands under."""

    text: str = ""
    label: str = ""
    marks: list[Mark] = field(default_factory=list)


@dataclass
class CorpusPage:
    """One page: ``html`` is what a browser gets, ``blocks`` what the detector gets."""

    name: str
    language: str
    country: str
    html: str
    blocks: list[Block]

    @property
    def numbers(self) -> list[str]:
        return [mark.number for block in self.blocks for mark in block.marks if mark.number]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._block = Block()
        self._skipped = 0
        self._open: list[Mark] = []
        self._said = ""
        self._header: list[str] = []
        self._row: list[str] = []
        self._row_tags: set[str] = set()
        self._head: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "mark":
            kind = given.get("data-trap") or ("short" if "data-short" in given else "number")
            here = len(self._block.text)
            self._open.append(Mark(here, here, kind, given.get("data-number") or ""))
            return
        if tag not in INLINE:
            self._end_block()
        if tag in SKIPPED:
            self._skipped += 1
        elif tag == "table":
            self._header = []
        elif tag == "tr":
            self._row, self._row_tags = [], set()
        elif tag in ("td", "th"):
            self._head = ""
            self._row_tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            opened = self._open.pop()
            closed = Mark(opened.start, len(self._block.text), opened.kind, opened.number)
            self._block.marks.append(closed)
            return
        if tag not in INLINE:
            self._end_block()
        if tag in SKIPPED:
            self._skipped -= 1
        elif tag in ("td", "th"):
            self._row.append(_spaced(self._head or ""))
            self._head = None
        elif tag == "tr" and not self._header:
            self._header = self._row if self._row_tags == {"th"} else [""]

    def handle_data(self, data: str) -> None:
        if self._skipped:
            return
        data = re.sub(r"\s", " ", data)
        if self._head is not None:
            self._head += data
        text = self._block.text
        if text[-1:].isdigit() and data[:1].isdigit() and not self._open:
            self._end_block()
        self._block.text += data

    def close(self) -> None:
        super().close()
        self._end_block()

    def _end_block(self) -> None:
        block, self._block = self._block, Block()
        text = _spaced(block.text)
        if not text:
            return
        block.label = "\n".join(filter(None, (self._column(), self._said)))
        self._said = text if len(text) <= LABEL and not re.search(r"\d{3}", text) else ""
        self.blocks.append(block)

    def _column(self) -> str:
        """The header of this cell's column, and of its row."""
        if self._head is None or len(self._row) >= len(self._header):
            return ""
        column = self._header[len(self._row)]
        return column if len(column) <= LABEL and not re.search(r"\d{3}", column) else ""


def _spaced(text: str) -> str:
    return " ".join(text.split())


def read(path: Path) -> CorpusPage:
    source = path.read_text("utf-8")
    reader = _Reader()
    reader.feed(source)
    reader.close()
    language, country = re.findall(r'<html lang="(..)[^"]*" data-country="(..)"', source)[0]
    return CorpusPage(
        path.stem, language, country, re.sub(r"</?mark\b[^>]*>", "", source), reader.blocks
    )


def pages(part: str) -> list[CorpusPage]:
    """Return the pages of ``tuning`` or ``held-out``."""
    return [read(path) for path in sorted((HERE / part).glob("*.html"))]
