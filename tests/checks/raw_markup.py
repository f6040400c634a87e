"""Find markup that the built documentation displays as text.

Sphinx does not warn about it. In reStructuredText, a title without a blank line above it, or a list
or directive directly after a paragraph, is part of that paragraph; a directive with one colon is a
comment and disappears.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

# Elements with literal text or without text.
LITERAL = frozenset({"code", "pre", "script", "style", "svg", "title"})
VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "wbr"})
BLOCKS = frozenset({"p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4", "div", "section"})

RAW = (
    re.compile(r"(?m)[=~\-^\"'+#*]{4,}[ \t]*$"),  # a title's underline
    re.compile(r"\n\s*(?:[*+-]|#\.|\d{1,2}\.)\s+\w"),  # a list item
    re.compile(r"\.\. [\w-]+::?(?:\s|$)|\.\. _\w"),  # a directive, a target
    re.compile(r"(?m)^\s*:[a-z ]+: "),  # a field
    re.compile(r":[a-z]+(?::[a-z]+)*:`"),  # a role
    re.compile(r"`"),  # literal or interpreted text
    re.compile(r"(?<!\w)\*\*?\w[^*\n]*\w\*\*?(?!\w)"),  # emphasis
    re.compile(r"\|\w+\|(?!\|)"),  # a substitution
    re.compile(r"\]\(https?:"),  # a link of Markdown
    re.compile(r"::\s*$"),  # a literal block that is none
)

SINGLE_COLON = re.compile(r"(?m)^\s*\.\. [a-z]\w*(?:[:-]\w+)*:(?!:)(?:\s.*)?$")
"""A directive without its second colon."""


class _Reader(HTMLParser):
    """Collects the text of each block, without literal parts."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._text = ""
        self._literal = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._end()
        if tag in LITERAL or (self._literal and tag not in VOID):
            if not self._literal:
                self._text += "\ufffc"
            self._literal += 1

    def handle_endtag(self, tag: str) -> None:
        if self._literal:
            self._literal -= 1
        if tag in BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._literal:
            self._text += data

    def close(self) -> None:
        super().close()
        self._end()

    def _end(self) -> None:
        if self._text.strip():
            self.blocks.append(self._text)
        self._text = ""


def in_html(html: str) -> Iterator[str]:
    """Return the blocks of a page that display markup."""
    start = html.find('role="main"')
    reader = _Reader()
    reader.feed(html[html.find(">", start) + 1 : html.find("</article>", start)])
    reader.close()
    for text in reader.blocks:
        if any(pattern.search(text) for pattern in RAW):
            yield " ".join(text.split())


def in_source(text: str) -> list[str]:
    """Return the comments of a source that were meant to be directives."""
    return [found.strip() for found in SINGLE_COLON.findall(text)]


def in_folder(pages: Path, sources: Path) -> list[str]:
    """Return all findings in the built pages and in their sources."""
    found = [
        f"{path.relative_to(pages)}: {text}"
        for path in sorted(pages.rglob("*.html"))
        if path.name not in ("genindex.html", "search.html", "py-modindex.html")
        for text in in_html(path.read_text("utf-8"))
    ]
    return found + [
        f"{path.relative_to(sources)}: {line}"
        for path in sorted(sources.rglob("*.rst"))
        for line in in_source(path.read_text("utf-8"))
    ]
