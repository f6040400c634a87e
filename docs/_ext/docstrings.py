"""Reads the sections of docstrings (Args, Raises, Example) in functions and classes.

As ``sphinx.ext.napoleon`` does, but not in the docstrings of constants and attributes: those are
sentences, in which it would take what comes before a colon for a type.
"""

from __future__ import annotations

import re

from sphinx.application import Sphinx
from sphinx.ext.napoleon import Config, GoogleDocstring

_CONFIG = Config()
_ALIAS = re.compile(r"TypeAliasForwardRef\('(\w+)'\)")


def _read_sections(
    _app: Sphinx, what: str, name: str, obj: object, _options: object, lines: list[str]
) -> None:
    if what not in ("attribute", "data", "property"):
        lines[:] = GoogleDocstring(lines, _CONFIG, what=what, name=name, obj=obj).lines()


def _name_aliases(
    _app: Sphinx,
    _what: str,
    _name: str,
    _obj: object,
    _options: object,
    arguments: str | None,
    returned: str | None,
) -> tuple[str | None, str | None]:
    """Write a type alias by its name, also inside of other types."""
    plain = [text and _ALIAS.sub(r"\1", text) for text in (arguments, returned)]
    return plain[0], plain[1]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", _read_sections)
    app.connect("autodoc-process-signature", _name_aliases)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
