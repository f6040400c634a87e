"""Tables that are made from the code at build time, so that they cannot go stale."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from pycti.common.machine import Table
from pycti.errors import HINTS

ROOT = Path(__file__).parents[2]

_JS_HINTS = re.compile(r"const HINTS = \{(.*?)\n\};", re.DOTALL)
_JS_HINT = re.compile(r"(\w+):\s*((?:\"[^\"]*\"\s*\+?\s*)+),")


def table(head: Sequence[str], rows: Iterable[Sequence[nodes.Node]]) -> nodes.table:
    """Return a table; every cell holds one inline node."""
    group = nodes.tgroup("", *(nodes.colspec("", colwidth=1) for _ in head), cols=len(head))
    group += nodes.thead("", _row([nodes.Text(text) for text in head]))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group, classes=["generated"])


def _row(cells: Iterable[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def _code(text: str) -> nodes.Node:
    return nodes.literal("", text) if text else nodes.Text("")


def _codes(names: Iterable[str]) -> nodes.Node:
    cell = nodes.inline()
    for name in names:
        cell += [nodes.Text(", ")] if cell.children else []
        cell += nodes.literal("", name)
    return cell


def page_hints() -> dict[str, str]:
    """Return the codes and remedies of the errors that the page's side finds itself."""
    source = (ROOT / "web/src/common/errors.js").read_text("utf-8")
    block = _JS_HINTS.search(source)
    if block is None:
        raise LookupError("web/src/common/errors.js has no HINTS")
    hints = _JS_HINT.findall(block[1] + ",")
    return {code: "".join(re.findall(r'"([^"]*)"', text)) for code, text in hints}


class ErrorCodes(SphinxDirective):
    """``.. error-codes:: python`` or ``page``: each code and its remedy."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        hints = HINTS if self.arguments[0] == "python" else page_hints()
        rows = ([_code(code), nodes.Text(hint)] for code, hint in hints.items())
        return [table(("code", "hint"), rows)]


class Transitions(SphinxDirective):
    """``.. transitions:: module``: the module's ``TABLE``, one row for each arrow."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        transitions: Table[Enum, Enum, Enum] = importlib.import_module(self.arguments[0]).TABLE
        merged: dict[tuple[Enum, Enum, tuple[Enum, ...]], list[str]] = {}
        for (state, event), (after, effects) in transitions.items():
            if state is not after or effects:
                merged.setdefault((state, after, effects), []).append(event.name)
        self.env.note_reread()
        rows, before = [], None
        for state, after, effects in sorted(merged, key=lambda key: (key[0].value, key[1].value)):
            first = _code("" if state is before else state.name)
            inputs = _codes(merged[state, after, effects])
            names = _codes(effect.name for effect in effects)
            rows.append([first, inputs, _code(after.name), names])
            before = state
        return [table(("state", "input", "next state", "effects"), rows)]


class Rooms(SphinxDirective):
    """``.. rooms::``: the rooms of the package in the order that ``tests/checks`` holds."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        tree = ast.parse((ROOT / "tests/checks/test_rooms.py").read_text("utf-8"))
        rooms = next(
            ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ROOMS"
        )
        rows = [(_codes([room]), nodes.Text(self._purpose(room))) for room in rooms]
        return [table(("room", "what it is for"), rows)]

    @staticmethod
    def _purpose(room: str) -> str:
        """Return the first sentence of the room's docstring."""
        folder = ROOT / "pycti" / room
        path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
        docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        return " ".join(docstring.partition("\n\n")[0].split()).replace("`", "")


class Value(SphinxRole):
    """``:value:`` and the full name of a constant: its number, as it is in the code."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        self.env.note_reread()
        module, _, name = self.text.rpartition(".")
        return [nodes.Text(f"{getattr(importlib.import_module(module), name):g}")], []


class Script(SphinxRole):
    """``:script:``, a file and a name: a number in the scripts, as it is there."""

    unit = 1

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        self.env.note_reread()
        file, name = self.text.split()
        source = (ROOT / "web/src" / file).read_text("utf-8")
        match = re.search(rf"\b{name}(?::| =) ([\d_]+)[,;]", source)
        if match is None:
            raise LookupError(f"web/src/{file} has no {name}")
        return [nodes.Text(f"{int(match[1]) / self.unit:g}")], []


class Timing(Script):
    """``:timing:``, a file and a name: a number of milliseconds in the scripts, in seconds."""

    unit = 1000


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_role("value", Value())
    app.add_role("script", Script())
    app.add_role("timing", Timing())
    app.add_directive("error-codes", ErrorCodes)
    app.add_directive("transitions", Transitions)
    app.add_directive("rooms", Rooms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
