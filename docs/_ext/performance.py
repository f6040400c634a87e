"""What the benchmark found, as tables and pictures, from ``docs/_static/bench/result.json``.

The directives are ``.. bench-facts::``, ``.. bench-targets::``, ``.. bench-medians::``,
``.. bench-measures::`` and ``.. bench-plot:: NAME``; ``tests/bench`` has the words and the drawing.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import ClassVar

from bench.catalog import MEASURES, TARGETS, TITLES, names
from bench.plots import PLOTS
from bench.report import WORDS, cell
from bench.results import Results
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "docs/_static/bench/result.json"


class Bench(SphinxDirective):
    """What all have in common."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(SOURCE))
        for path in (ROOT / "tests/bench").glob("*.py"):
            self.env.note_dependency(str(path))
        return [nodes.raw("", self.html(Results.load(SOURCE)), format="html")]

    def html(self, found: Results) -> str:
        raise NotImplementedError


class Facts(Bench):
    """``.. bench-facts::``: when, where and with what."""

    def html(self, found: Results) -> str:
        facts = found.facts
        versions = facts["versions"]
        words = (
            f"{facts['date']}, {facts['rounds']} rounds, {facts['cores']} cores, "
            f"{facts['system']}, Chromium {facts['browser']}, JsSIP {versions['jssip']}, "
            f"SIP.js {versions['sip.js']}, pycti {versions['pycti']}; "
            f"load of the machine at the start {facts['load']}."
        )
        return f"<p>{escape(words)}</p>"


class Targets(Bench):
    """``.. bench-targets::``: what has to be reached, and whether it is."""

    def html(self, found: Results) -> str:
        rows = []
        for target in TARGETS:
            measured, reached = target.write(found)
            kind = "reached" if reached else "missed"
            rows.append([target.title, target.wanted, measured,
                         f'<span class="{kind}">{WORDS[reached]}</span>'])  # fmt: skip
        return _table(["target", "wanted", "measured", ""], rows, "targets")


class Medians(Bench):
    """``.. bench-medians::``: every measure of every contender."""

    def html(self, found: Results) -> str:
        who = names(found)
        rows = []
        for measure in MEASURES:
            if measure.key not in found.samples:
                continue
            cells = [cell(found, measure, name) for name in who]
            unit = f", {measure.unit}" if measure.unit else ""
            rows.append([f"{measure.title}{unit}", *(
                f"{value}<br><small>{spread}</small>" if spread else value
                for value, spread in cells
            )])  # fmt: skip
        return _table(["", *(TITLES.get(name, name) for name in who)], rows, "medians")


class Measures(Bench):
    """``.. bench-measures::``: what each measure is."""

    def html(self, found: Results) -> str:
        terms = "".join(
            f"<dt>{escape(measure.title)}</dt><dd><p>{escape(measure.meaning)}</p></dd>"
            for measure in MEASURES
        )
        return f'<dl class="simple">{terms}</dl>'


class Plot(Bench):
    """``.. bench-plot:: NAME``."""

    required_arguments = 1
    option_spec: ClassVar = {}

    def html(self, found: Results) -> str:
        plot = next((one for one in PLOTS if one.name == self.arguments[0]), None)
        if plot is None:
            raise self.error(f"bench-plot: there is no {self.arguments[0]!r}")
        return (
            f'<figure class="bench"><figcaption>{escape(plot.title)}</figcaption>'
            f'<div class="wide" tabindex="0" role="group" aria-label="{escape(plot.title)}">'
            f"{plot.draw(found)}</div></figure>"
        )


def _table(head: list[str], rows: list[list[str]], kind: str) -> str:
    titles = "".join(f'<th scope="col">{escape(title)}</th>' for title in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )  # fmt: skip
    return (
        f'<div class="wide bench-{kind}" tabindex="0" role="group" aria-label="{kind}">'
        f'<table class="docutils generated"><thead><tr>{titles}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("bench-facts", Facts)
    app.add_directive("bench-targets", Targets)
    app.add_directive("bench-medians", Medians)
    app.add_directive("bench-measures", Measures)
    app.add_directive("bench-plot", Plot)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
