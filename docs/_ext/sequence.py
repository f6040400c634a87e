"""The directive ``.. sequence::``: a listing of messages as an SVG that follows the page's theme.

See ``listing.py`` for what is written below the directive. The picture has no script, takes its
colours from CSS (``_static/pycti.css``), and is repeated as a list of steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from textwrap import wrap
from typing import ClassVar

from docutils import nodes
from listing import TITLES, Arrow, Divider, Listing, Note, read_listing
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pycti.events import EventName

WIDTH = 716
"""No wider than the text column of the theme, in pixels."""

BOX = 96
WIDEST = 210
LINE = 16
CHARACTER = 6.4
"""A rough width; the labels leave room for error."""

MONO = 7.4
PAD = 10


@dataclass(slots=True)
class Drawing:
    """Draws one listing from the top down. ``y`` is where the next step begins."""

    listing: Listing
    y: float = 50
    parts: list[str] = field(default_factory=list)

    @property
    def pitch(self) -> float:
        """The distance between two participants."""
        gaps = max(1, len(self.listing.participants) - 1)
        return min(WIDEST, (WIDTH - BOX - 4) / gaps)

    @property
    def width(self) -> float:
        """The picture's width."""
        return self.pitch * (len(self.listing.participants) - 1) + BOX + 4

    def x(self, participant: str) -> float:
        """Return where the lifeline of ``participant`` is."""
        return BOX / 2 + 2 + self.pitch * self.listing.participants.index(participant)

    def draw(self) -> str:
        """Return the content of the ``svg`` element."""
        for step in self.listing.steps:
            if isinstance(step, Arrow):
                self._arrow(step)
            elif isinstance(step, Note):
                self._note(step)
            else:
                self._divider(step)
        lines = []
        for name in self.listing.participants:
            x = self.x(name)
            lines.append(f'<line class="life" x1="{x:g}" y1="34" x2="{x:g}" y2="{self.y:g}"/>')
            lines.append(
                f'<rect class="box" x="{x - BOX / 2:g}" y="2" width="{BOX}" height="32" rx="5"/>'
            )
            lines.append(f'<text class="who" x="{x:g}" y="23">{TITLES[name]}</text>')
        return "".join(lines + self.parts)

    def _arrow(self, step: Arrow) -> None:
        start, end = self.x(step.source), self.x(step.target)
        middle, room = (start + end) / 2, abs(end - start) - 14
        event, text = _split_event(step)
        if event:
            width = MONO * len(event) + 14
            self.parts.append(
                f'<rect class="pill" x="{middle - width / 2:g}" y="{self.y:g}" '
                f'width="{width:g}" height="18" rx="9"/>'
                f'<text class="event" x="{middle:g}" y="{self.y + 13:g}">{event}</text>'
            )
            self.y += 20
        self._text(text, middle, room)
        self.y += 5 if not event or text else 3
        way = 1 if end > start else -1
        tip = end - way
        self.parts.append(
            f'<line class="{"outcome" if step.outcome else "arrow"}" '
            f'x1="{start:g}" y1="{self.y:g}" x2="{tip - way * 7:g}" y2="{self.y:g}"/>'
            f'<path class="head" d="M{tip:g} {self.y:g}l{-way * 9} -4.5v9z"/>'
        )
        self.y += PAD

    def _note(self, step: Note) -> None:
        lines = wrap(step.label, int((self.pitch - 24) / CHARACTER))
        width = min(self.pitch - 8, CHARACTER * max(map(len, lines)) + 20)
        height = LINE * len(lines) + 8
        x = self.x(step.on)
        left = min(max(x - width / 2, 2), self.width - width - 2)
        self.parts.append(
            f'<rect class="note" x="{left:g}" y="{self.y:g}" '
            f'width="{width:g}" height="{height}" rx="3"/>'
        )
        self.y += 3
        self._lines(lines, left + width / 2, "inside")
        self.y += 5 + PAD

    def _divider(self, step: Divider) -> None:
        self.y += 4
        self.parts.append(
            f'<line class="divider" x1="0" y1="{self.y + 7:g}" '
            f'x2="{self.width:g}" y2="{self.y + 7:g}"/>'
        )
        self._lines([step.label], self.width / 2, "when")
        self.y += PAD + 2

    def _text(self, text: str, middle: float, room: float) -> None:
        if text:
            self._lines(wrap(text, int(room / CHARACTER), break_on_hyphens=False), middle)

    def _lines(self, lines: list[str], middle: float, kind: str = "label") -> None:
        for line in lines:
            self.y += LINE
            words = escape(line, quote=False)
            self.parts.append(
                f'<text class="{kind}" x="{middle:g}" y="{self.y - 4:g}">{words}</text>'
            )


def _split_event(step: Arrow) -> tuple[str, str]:
    word, _, rest = step.label.partition(" ")
    if step.target == "page" and not step.outcome and word in EventName.__members__:
        return word, rest
    return "", step.label


def render(title: str, name: str, listing: Listing) -> str:
    """Return the figure as HTML."""
    drawing = Drawing(listing)
    content = drawing.draw()
    width, height = round(drawing.width), round(drawing.y + 6)
    who = ", ".join(TITLES[one] for one in listing.participants)
    events = [label.partition(" ")[0] for label in listing.told()]
    told = ", ".join(event for event in events if event in EventName.__members__)
    steps = "".join(f"<li>{escape(step.words, quote=False)}</li>" for step in listing.steps)
    return (
        f'<figure class="sequence"><figcaption id="{name}">{escape(title, quote=False)}'
        f'</figcaption><div class="scroll" tabindex="0" role="group" aria-labelledby="{name}">'
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{escape(title, quote=False)}</title>'
        f'<desc id="{name}-desc">Between {who}. The page gets: {told or "no event"}. '
        f"All steps follow as a list.</desc>{content}</svg></div>"
        f"<details><summary>Steps as text</summary><ol>{steps}</ol></details></figure>"
    )


class Sequence(SphinxDirective):
    """``.. sequence:: Title``, and a listing below it."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        try:
            listing = read_listing(self.content)
        except ValueError as error:
            raise self.error(f"sequence: {error}") from None
        self.env.note_dependency(__file__)
        name = f"sequence-{self.env.new_serialno('sequence')}"
        return [nodes.raw("", render(self.arguments[0], name, listing), format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("sequence", Sequence)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
