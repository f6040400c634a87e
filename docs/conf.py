"""How Sphinx builds these pages: ``sphinx-build -W -b html docs docs/_build/html``."""

from __future__ import annotations

import sys
from pathlib import Path

DOCS = Path(__file__).parent
# The tests, because some tables and pictures are made by what they are made of.
sys.path[:0] = [str(DOCS / "_ext"), str(DOCS.parent), str(DOCS.parent / "tests")]

from pycti import __version__  # noqa: E402 - found only now

project = "pycti"
author = "the authors of pycti"
copyright = "the authors of pycti"
release = version = __version__

extensions = [
    "sphinx.ext.autodoc",
    "docstrings",
    "faults",
    "generated",
    "house",
    "languages",
    "performance",
    "sequence",
]
exclude_patterns = ["_build"]
default_role = "py:obj"
highlight_language = "python"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "mixed"
autodoc_type_aliases = {name: name for name in ("Event", "Json", "Report")}
autodoc_default_options = {"members": True}
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = f"pycti {version}"
html_static_path = ["_static"]
html_css_files = ["pycti.css"]
html_copy_source = False
html_show_sourcelink = False
