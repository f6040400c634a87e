"""The rooms of the package: the allowed imports, and no circular imports of modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "pycti"

ROOMS = [
    # A room may import the rooms above it, but not those below it.
    "errors",
    "common",
    "events",
    "numbers",
    "sip",
    "platform",
    "rest",
    "calls",
    "contacts",
    "session",
    "commands",
    "connector",
    "pages",
    "pbx",
    "bundle",
    "cli",
]
APART = {
    "pbx": {"errors", "common", "events", "numbers", "sip", "pbx"},
    "bundle": {"errors", "bundle"},
}
"""Rooms with few imports; the browser's rooms neither import them nor are imported by them."""
ROOT_MODULES = {"__init__", "__main__"}


def _modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in PACKAGE.rglob("*.py")
    }


def _imports(path: Path, modules: dict[str, Path]) -> Iterator[str]:
    """Yield the modules of the package that ``path`` imports, including imports for types."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        package, _, module = node.module.partition(".")
        if package != "pycti":
            continue
        for alias in node.names:
            full = f"{module}.{alias.name}".lstrip(".")
            target = full if full in modules else module
            if target:
                yield target


def _graph() -> dict[str, set[str]]:
    modules = _modules()
    return {
        name: set(_imports(path, modules))
        for name, path in modules.items()
        if name not in ROOT_MODULES
    }


def _room(module: str) -> str:
    return module.partition(".")[0]


def test_each_module_is_in_a_room() -> None:
    assert {_room(name) for name in _graph()} == set(ROOMS)


def test_rooms_import_only_the_rooms_above_them() -> None:
    level = {room: number for number, room in enumerate(ROOMS)}
    wrong = [
        f"{name} imports {other}"
        for name, others in _graph().items()
        for other in others
        if level[_room(other)] > level[_room(name)]
        or _room(other) not in APART.get(_room(name), set(ROOMS))
        or (_room(other) in APART and _room(name) not in (_room(other), "cli"))
    ]
    assert not wrong


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = _graph()
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path[path.index(name) :], name))
        if name not in done:
            for other in graph[name]:
                visit(other, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_every_room_has_a_docstring() -> None:
    silent = [
        room
        for room in ROOMS
        if (PACKAGE / room).is_dir()
        and not ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text("utf-8")))
    ]
    assert not silent
