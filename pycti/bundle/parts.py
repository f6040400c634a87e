"""The parts that the pages of the demo share: written once, put into each page by the build.

``web/demo/common/parts.html`` has each part in a ``<template id="…">``. A page names a part in a
comment, with a value for each of its gaps::

    <!-- part: brand picture="images/spoke.svg" title="Spoke CRM" -->

A line of a part with the gap ``{styles…}`` is repeated for each word of ``styles``. What a page has
between a part's comment and ``<!-- end: NAME -->`` goes into the gap ``{slot}``. The gap ``{root}``
is the way from the page to ``web/demo/``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent, indent

from pycti.bundle.node import BundleError

PARTS = Path("common/parts.html")

_PART = re.compile(r'^<template id="([\w-]+)">\n(.*?)^</template>$', re.DOTALL | re.MULTILINE)
_COMMENT = r'^([ \t]*)<!-- part: ([\w-]+)((?:\s+[\w-]+="[^"]*")*)\s*-->\n'
_PLAIN = re.compile(_COMMENT, re.MULTILINE)
_AROUND = re.compile(_COMMENT + r"(.*?)^\1<!-- end: \2 -->\n", re.DOTALL | re.MULTILINE)
_VALUE = re.compile(r'([\w-]+)="([^"]*)"')
_REPEATED = re.compile(r"^.*\{([\w-]+)…\}.*\n", re.MULTILINE)
_SLOT = re.compile(r"^([ \t]*)\{slot\}\n", re.MULTILINE)
_GAP = re.compile(r"\{([\w-]+)\}")
_HINT = f"Correct the comment in the page, or the part in web/demo/{PARTS}."


def read_parts(demo: Path) -> dict[str, str]:
    """Return the parts by their names; none if the demo has no such file."""
    path = demo / PARTS
    text = path.read_text("utf-8") if path.is_file() else ""
    return {name: dedent(part) for name, part in _PART.findall(text)}


def fill_in(page: Path, text: str, parts: Mapping[str, str]) -> str:
    """Return the page with its parts. ``page`` is its path below ``web/demo``.

    Raises ``BundleError`` for a part or a gap that does not exist.
    """
    folder = "" if page.parent == Path() else f"{page.parent.as_posix()}/"
    root = "../" * folder.count("/") or "./"
    here = f'<a href="{root}{folder}"'

    def part(found: re.Match[str]) -> str:
        margin, name, values, *slot = found.groups()
        if name not in parts:
            raise BundleError(f"{page}: there is no part “{name}”.", _HINT)
        filled = _fill_gaps(parts[name], {"root": root, **dict(_VALUE.findall(values))}, page, name)
        filled = filled.replace(f"{here}>", f'{here} aria-current="page">')
        content = dedent(slot[0]) if slot else ""
        return indent(_SLOT.sub(lambda gap: indent(content, gap[1]), filled), margin)

    return _PLAIN.sub(part, _AROUND.sub(part, text))


def _fill_gaps(part: str, given: Mapping[str, str], page: Path, name: str) -> str:
    used = {"root", "slot"}

    def value(gap: str) -> str:
        used.add(gap)
        if gap not in given:
            raise BundleError(f"{page}: the part “{name}” needs {gap}=.", _HINT)
        return given[gap]

    def repeat(line: re.Match[str]) -> str:
        return "".join(line[0].replace(f"{{{line[1]}…}}", one) for one in value(line[1]).split())

    part = _REPEATED.sub(repeat, part)
    part = _GAP.sub(lambda gap: gap[0] if gap[1] == "slot" else value(gap[1]), part)
    if unused := given.keys() - used:
        raise BundleError(f"{page}: the part “{name}” has no gap {min(unused)}.", _HINT)
    return part
