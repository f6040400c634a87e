"""The directive ``.. faults::``: the tables of ``tests/unit/faults.py``, which its tests run.

``.. faults:: commands`` is the one of the commands that cannot be done.
"""

from __future__ import annotations

import runpy
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

# The fault stays in sight where the table is wider than the screen.
STAY = "position:sticky;left:0;text-align:left;background:var(--color-background-secondary)"

SOURCE = Path(__file__).parents[2] / "tests/unit/faults.py"


def _cell(text: str, nothing: str) -> str:
    if text == nothing:
        return f'<td class="nothing">{escape(nothing)}</td>'
    events = []
    for told in text.split(", "):
        name, _, code = told.partition(" ")
        events.append(f"<code>{escape(name)}</code>" + (f"<br>{escape(code)}" if code else ""))
    return f"<td>{'<br>'.join(events)}</td>"


def render(
    faults: dict[str, str], moments: dict[str, str], table: dict[str, tuple[str, ...]], nothing: str
) -> str:
    """Return the table as HTML, in a container that scrolls where the screen is narrow."""
    head = "".join(
        f'<th scope="col">{escape(name)}<br><small>{escape(what)}</small></th>'
        for name, what in moments.items()
    )
    rows = []
    for name, what in faults.items():
        cells = "".join(_cell(text, nothing) for text in table[name])
        title = f"{escape(name)}<br><small>{escape(what)}</small>"
        rows.append(f'<tr><th scope="row" style="{STAY}">{title}</th>{cells}</tr>')
    return (
        '<div class="scroll faults" tabindex="0" role="group" aria-label="What the page is told">'
        f'<table class="docutils generated"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def render_commands(commands: dict[str, tuple[str, str]], nothing: str) -> str:
    """Return the table of the commands as HTML."""
    rows = "".join(
        f'<tr><th scope="row" style="{STAY}">{escape(name)}<br><small>{escape(what)}</small></th>'
        f"{_cell(told, nothing)}</tr>"
        for name, (what, told) in commands.items()
    )
    return (
        '<div class="scroll faults" tabindex="0" role="group" aria-label="What commands lead to">'
        '<table class="docutils generated"><thead><tr><td></td>'
        f'<th scope="col">the page is told</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


class Faults(SphinxDirective):
    """``.. faults::`` or ``.. faults:: commands``."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(SOURCE))
        self.env.note_dependency(__file__)
        found = runpy.run_path(str(SOURCE))
        if self.arguments == ["commands"]:
            html = render_commands(found["COMMANDS"], found["NOTHING"])
        else:
            html = render(found["FAULTS"], found["MOMENTS"], found["TABLE"], found["NOTHING"])
        return [nodes.raw("", html, format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("faults", Faults)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
