"""The directive ``.. house::``: the picture of the architecture, layer by layer."""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

Room = tuple[str, str]

FLOORS: tuple[tuple[str, tuple[Room, ...]], ...] = (
    ("in each page", (("cti-connector.js", "queue, mirror of the state, pending promises"),)),
    (
        "in one worker for all tabs",
        (("web/src/worker", "starts Python"), ("pages", "serves every page")),
    ),
    (
        "asyncio",
        (("connector", "the public class"), ("commands", "table of commands")),
    ),
    ("", (("session", "login, connection, subscriptions"),)),
    (
        "no I/O, no clock",
        (("calls", "one record a call"), ("rest", "requests, answers"), ("sip", "RFC 3261, 6665")),
    ),
    ("the network", (("platform", "fetch and WebSocket, or aiohttp"),)),
)

LEFT, RIGHT, WIDTH = 42, 538, 580
TALL, GAP, TITLE = 46, 12, 20


def draw() -> str:
    """Return the figure as HTML."""
    parts, y = [], 4
    for title, rooms in FLOORS:
        if title:
            y += TITLE
            parts.append(f'<text class="when" x="{WIDTH / 2:g}" y="{y - 6}">{escape(title)}</text>')
        wide = (RIGHT - LEFT - GAP * (len(rooms) - 1)) / len(rooms)
        for number, (name, what) in enumerate(rooms):
            x = LEFT + number * (wide + GAP)
            middle = x + wide / 2
            parts.append(
                f'<rect class="box" x="{x:g}" y="{y}" width="{wide:g}" height="{TALL}" rx="5"/>'
                f'<text class="title" x="{middle:g}" y="{y + 20}">{escape(name)}</text>'
                f'<text class="small" x="{middle:g}" y="{y + 37}">{escape(what)}</text>'
            )
        y += TALL + GAP
    bottom = y - GAP
    parts += [
        f'<line class="arrow" x1="20" y1="{bottom}" x2="20" y2="14"/>'
        f'<path class="head" d="M20 4l-5 10h10z"/>',
        f'<line class="arrow" x1="560" y1="4" x2="560" y2="{bottom - 10}"/>'
        f'<path class="head" d="M560 {bottom}l-5 -10h10z"/>',
        _aside("events", 10, bottom / 2),
        _aside("commands", 574, bottom / 2),
    ]
    floors = "; ".join(", ".join(name for name, _ in rooms) for _, rooms in FLOORS)
    return (
        f'<figure class="house"><div class="scroll" tabindex="0" role="group" '
        f'aria-label="Layers"><svg viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" '
        f'role="img" aria-labelledby="house-title house-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="house-title">Layers</title><desc id="house-desc">Layers from the page down '
        f"to the network: {floors}. Events go up, commands go down.</desc>"
        f"{''.join(parts)}</svg></div></figure>"
    )


def _aside(text: str, x: float, y: float) -> str:
    return (
        f'<text class="when" x="{x:g}" y="{y:g}" transform="rotate(-90 {x:g} {y:g})">{text}</text>'
    )


class House(SphinxDirective):
    """``.. house::``."""

    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", draw(), format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("house", House)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
