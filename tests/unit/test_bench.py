"""The texts, calculations and plots of the benchmark, without its timings."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bench.catalog import BY_KEY, MEASURES, TARGETS, names
from bench.documents import Node
from bench.plots import PLOTS, STYLE
from bench.report import cell, show
from bench.results import Results
from rich.console import Console

from pycti.sip.dialog_info import parse_dialog_info

DOCS = Path(__file__).parents[2] / "docs/_static/bench"

# Every value is exactly at the limit of its target.
AT_THE_LIMIT = {
    "cold": {"pycti": [1000.0], "pyodide": [4000.0]},
    "navigation": {"pycti": [40.0], "jssip": [120.0]},
    "long_tasks": {"pycti": [0.0]},
    "shim_bytes": {"pycti": [12_000.0]},
    "shim_time": {"pycti": [5.0]},
    "rate": {"pycti": [1200.0], "jssip": [400.0], "sipjs": [200.0], "ceiling": [1200 / 0.65]},
    "p50": {"pycti": [3.7], "jssip": [2.7]},
    "p99": {"pycti": [8.4], "jssip": [8.4]},
    "first_bytes": {"pycti": [8_000_000.0]},
    "second_bytes": {"pycti": [0.0]},
    "memory_1": {"pycti": [100.0]},
    "memory_5": {"pycti": [130.0]},
    "subscriptions_1": {"pycti": [500.0]},
    "subscriptions_1000": {"pycti": [600.0]},
}


def results(samples: dict[str, dict[str, list[float]]]) -> Results:
    found = Results()
    for measure, row in samples.items():
        for name, values in row.items():
            for value in values:
                found.add(measure, name, value)
    return found


def worse(samples: dict[str, dict[str, list[float]]]) -> dict[str, dict[str, list[float]]]:
    """Return samples in which the connector is one percent worse in every measure."""
    more = {"rate": 0.99, "memory_1": 1.0, "subscriptions_1": 1.0}
    return {
        measure: row | {"pycti": [row["pycti"][0] * more.get(measure, 1.01) or 0.1]}
        for measure, row in samples.items()
    }


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.title)
def test_a_target_is_met_at_its_limit_and_missed_below(target) -> None:
    assert target.write(results(AT_THE_LIMIT))[1] is True
    assert target.write(results(worse(AT_THE_LIMIT)))[1] is False
    assert target.write(Results()) == ("not measured", None)


def test_medians_and_extremes_come_from_the_samples() -> None:
    found = results({"rate": {"pycti": [900.0, 1500.0, 1000.0], "jssip": [500.0]}})

    assert found.median("rate", "pycti") == 1000
    assert found.ratio("rate", "pycti", "jssip") == 2
    assert cell(found, BY_KEY["rate"], "pycti") == ("1\u202f000", "900–1\u202f500")
    assert cell(found, BY_KEY["rate"], "jssip") == ("500", "")
    assert cell(found, BY_KEY["rate"], "sipjs") == ("", "")


def test_saved_results_can_be_loaded(tmp_path: Path) -> None:
    found = results(AT_THE_LIMIT)
    found.facts = {"rounds": 1}

    found.save(tmp_path / "result.json")

    assert Results.load(tmp_path / "result.json") == found


def test_the_tables_name_every_measure_and_every_target() -> None:
    samples = {measure.key: {"pycti": [1.0], "peer": [2.0]} for measure in MEASURES}
    console = Console(file=io.StringIO(), width=200)

    show(results(samples), console)

    text = console.file.getvalue()
    for one in (*MEASURES, *TARGETS):
        assert one.title in text
    assert names(results(samples)) == ["pycti", "peer"]
    assert "this connector" in text
    assert "peer" in text


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.name)
def test_a_picture_names_each_contender_and_each_value(plot) -> None:
    found = results({key: {"pycti": [1234.0], "jssip": [4321.0]} for key in plot.measures})

    root = ElementTree.fromstring(plot.draw(found, style=STYLE))

    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"this connector", "JsSIP"} <= set(texts)
    if not plot.sizes:
        for key in plot.measures:
            assert {BY_KEY[key].write(1234), BY_KEY[key].write(4321)} <= set(texts)
    assert plot.draw(Results()) == ""


def test_the_pictures_of_the_documentation_show_its_samples() -> None:
    found = Results.load(DOCS / "result.json")

    for plot in PLOTS:
        assert (DOCS / f"{plot.name}.svg").read_text("utf-8") == plot.draw(found, style=STYLE)


def test_each_document_changes_one_call() -> None:
    node = Node("10002", "pbx.example")

    assert parse_dialog_info(node.full()).dialogs == ()
    told = []
    for text in (*(node.step(slot) for slot in (0, 1, 0, 0, 0)), node.hang_up(1), node.step(1)):
        info = parse_dialog_info(text)
        (dialog,) = info.dialogs
        told.append((info.version, dialog.id[-4:], dialog.state, dialog.on_hold))

    assert told == [
        (1, "01-1", "early", False),
        (2, "02-1", "early", False),
        (3, "01-1", "confirmed", False),
        (4, "01-1", "confirmed", True),
        (5, "01-1", "confirmed", False),
        (6, "02-1", "terminated", False),
        (7, "03-1", "early", False),
    ]
