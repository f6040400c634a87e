"""Marks the pages below ``es/`` as Spanish, for browsers and for screen readers."""

from __future__ import annotations

from sphinx.application import Sphinx


def _set_language(_app: Sphinx, page: str, _template: str, context: dict, _doctree: object) -> None:
    if page.startswith("es/"):
        context["language"] = "es"


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", _set_language)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
