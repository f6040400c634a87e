"""The wallboard's chart, what it remembers, and what it says aloud: its pure modules."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from .conftest import PbxServer
from .wallboard.history import READY, Modules, answered, at, call, status


@pytest.fixture
def modules(page: Page, pbx: PbxServer) -> Modules:
    return Modules(page, pbx.url)


# The chart


def test_a_column_has_the_most_that_waited_at_once_and_what_happened(modules: Modules) -> None:
    modules.play(
        READY,
        call("RINGING", 1),
        call("RINGING", 2, id="2"),
        answered(5),
        call("HANGUP", 6, id="2", cause="cancelled"),
        ("onTick", at(31)),
        ("onTick", at(32)),
    )
    first, second = modules.columns(32)
    assert (first["waiting"], first["answered"], first["missed"]) == (2, 1, 1)
    assert (second["waiting"], second["answered"], second["missed"]) == (0, 0, 0)
    assert (second["start"] - first["start"], second["gap"]) == (30_000, False)
    # A queue that is not on the board has no part in it.
    assert {column["waiting"] for column in modules.columns(32, "queue:78")} == {0}


def test_whoever_waits_through_several_columns_is_in_each(modules: Modules) -> None:
    modules.play(READY, call("RINGING", 1), ("onTick", at(31)), ("onTick", at(61)))
    assert [column["waiting"] for column in modules.columns(61)] == [1, 1, 1]


def test_the_chart_shows_where_the_connection_was_lost(modules: Modules) -> None:
    modules.play(READY, ("onTick", at(1)), status("connecting", 31), ("onTick", at(61)),
                 status("ready", 62), ("onTick", at(91)))  # fmt: skip
    assert [column["gap"] for column in modules.columns(91)] == [False, True, True, False]


def test_what_is_older_than_the_chart_is_dropped(modules: Modules) -> None:
    ticks = [("onTick", at(30 * number)) for number in range(100)]
    modules.play(READY, call("RINGING", 1), *ticks)
    assert modules.run("(all, now) => now.history.length") == 30
    assert len(modules.columns(30 * 99)) == 30


def test_a_clock_that_is_set_back_reorders_nothing(modules: Modules) -> None:
    modules.play(READY, ("onTick", at(600)), call("RINGING", 300))
    [column] = modules.columns(600)
    assert column["waiting"] == 1


# What is remembered


@pytest.mark.parametrize(
    "text",
    [None, "", "{", "5", "[]", '{"nodes": 5}', '{"nodes": [5, null, {"node": "shop:1"}]}',
     '{"nodes": [{"node": "queue:<b>"}], "limits": {"warn": "x", "alarm": -1}}'],
)  # fmt: skip
def test_a_damaged_memory_is_an_empty_one(modules: Modules, text: str | None) -> None:
    choice = modules.run("(all, now, text) => all.parseChoice(text)", text)
    assert choice == {"nodes": [], "limits": {"warn": 30, "alarm": 60}}


def test_a_choice_comes_back_as_it_was_each_node_once(modules: Modules) -> None:
    nodes = [{"node": "queue:77", "name": "Hotline"}, {"node": "user:10002", "name": ""}]
    choice = {"nodes": nodes, "limits": {"warn": 20, "alarm": 40}}
    text = json.dumps(choice | {"nodes": [*nodes, nodes[0]]})
    assert modules.run("(all, now, text) => all.parseChoice(text)", text) == choice
    many = json.dumps({"nodes": [{"node": f"user:{number}"} for number in range(1, 99)]})
    length = "(all, now, text) => all.parseChoice(text).nodes.length"
    assert modules.run(length, many) == modules.run("(all) => all.MOST_NODES")


@pytest.mark.parametrize(
    ("given", "used"),
    [(["20", "40"], [20, 40]), (["90", "40"], [90, 90]), (["", ""], [30, 60]),
     (["120", "x"], [120, 120]), (["1e9", "1e9"], [3600, 3600]), (["0.2", "2"], [30, 30])],
)  # fmt: skip
def test_an_alarm_never_comes_before_its_warning(
    modules: Modules, given: list[str], used: list[int]
) -> None:
    limits = modules.run("(all, now, [warn, alarm]) => all.limitsOf(warn, alarm)", given)
    assert [limits["warn"], limits["alarm"]] == used


# What is read out


def test_only_the_connection_and_a_new_alarm_are_announced(modules: Modules) -> None:
    modules.play(READY, call("RINGING", 1), status("connecting", 70), status("ready", 80))
    script = """
      (all, now, [from, to, levels, at]) => {
        const chosen = [{ node: "queue:77", name: "" }];
        const queues = chosen.map((one) =>
          all.queueTile(past[to], one, { warn: 30, alarm: 60 }, at));
        return all.announcementOf(past[from], past[to], levels, queues);
      }
    """
    late, calm = {"queue:77": "alarm"}, {"queue:77": "warn"}
    assert modules.run(script, [1, 2, {}, at(1)]) == ""
    assert modules.run(script, [2, 2, calm, at(65)]) == "Sales: callers are waiting too long."
    assert modules.run(script, [2, 2, late, at(66)]) == ""
    assert modules.run(script, [2, 3, late, at(70)]).startswith("Connection lost.")
    assert modules.run(script, [3, 4, late, at(80)]).startswith("Connected again.")
