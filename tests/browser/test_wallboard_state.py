"""What the wallboard makes of the connector's events: its pure modules, without a server."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from .conftest import PbxServer
from .wallboard.history import FOLLOWED, READY, Modules, answered, at, call, status

BEN: dict[str, Any] = {"node": "user:10003", "destination": "1003", "destinationName": "Ben Cole"}


@pytest.fixture
def modules(page: Page, pbx: PbxServer) -> Modules:
    return Modules(page, pbx.url)


# People


def test_who_wants_no_calls_is_not_free(modules: Modules) -> None:
    people = [{"node": "user:10003", "name": "Ben Cole", "busy": True}]
    modules.play(READY, ("onPeople", people))
    tile = modules.user("user:10003", 5)
    assert (tile["name"], tile["doing"], tile["seconds"]) == ("Ben Cole", "undisturbed", None)
    assert modules.summary(5)["free"] == 1  # user:10002

    people[0]["busy"] = False
    modules.play(READY, ("onPeople", people))
    assert modules.user("user:10003", 5)["doing"] == "free"


# Queues


def test_a_caller_waits_from_the_start_of_the_call_until_somebody_answers(modules: Modules) -> None:
    modules.play(READY, call("RINGING", 1))

    tile = modules.queue(12)
    assert (tile["name"], tile["level"], tile["longest"]) == ("Sales", "busy", 12)
    [line] = tile["waiting"]
    assert (line["who"], line["seconds"]) == ("Alex Morgan", 12)

    modules.play(READY, call("RINGING", 1), answered(8))
    tile = modules.queue(12)
    assert (tile["waiting"], tile["longest"], tile["level"]) == ([], None, "calm")
    assert (tile["answered"], tile["missed"], tile["average"]) == (1, 0, 8)
    assert tile["talking"][0]["seconds"] == 4


def test_the_longest_wait_is_that_of_the_oldest_call_not_of_the_first_that_was_told(
    modules: Modules,
) -> None:
    late = {"id": "2", "startTime": at(9)}
    modules.play(READY, call("RINGING", 10, **late), call("RINGING", 10))

    tile = modules.queue(20)
    assert [line["seconds"] for line in tile["waiting"]] == [20, 11]
    assert tile["longest"] == 20


@pytest.mark.parametrize(
    ("seconds", "level"), [(29, "busy"), (30, "warn"), (59, "warn"), (60, "alarm")]
)
def test_a_wait_that_reaches_a_limit_raises_the_level(
    modules: Modules, seconds: int, level: str
) -> None:
    modules.play(READY, call("RINGING", 0))
    assert modules.queue(seconds)["level"] == level
    assert modules.summary(seconds)["level"] == level


def test_a_call_that_ends_unanswered_is_missed_once(modules: Modules) -> None:
    end = call("HANGUP", 9, cause="cancelled")
    modules.play(READY, call("RINGING", 1), end, end)
    tile = modules.queue(10)
    assert (tile["answered"], tile["missed"], tile["waiting"]) == (0, 1, [])


def test_hold_and_the_end_of_an_answered_call_count_nothing_more(modules: Modules) -> None:
    known = {"answerTime": at(4)}
    modules.play(
        READY,
        call("RINGING", 1),
        answered(4),
        call("ON_HOLD", 5, **known),
        call("CONNECTED", 6, **known),
        call("HANGUP", 7, **known),
    )
    tile = modules.queue(10)
    assert (tile["answered"], tile["missed"], tile["talking"], tile["average"]) == (1, 0, [], 4)


def test_a_call_that_was_answered_before_the_page_was_opened_is_shown_but_not_counted(
    modules: Modules,
) -> None:
    before = {"answerTime": at(-20), "startTime": at(-30)}
    modules.play(READY, call("CONNECTED", 1, **before), call("HANGUP", 5, **before))
    assert modules.queue(6)["answered"] == 0

    # One that the page has only seen being answered, as events may leave states out, counts.
    modules.play(READY, answered(3))
    assert modules.queue(6)["answered"] == 1


def test_a_server_whose_clock_is_ahead_makes_no_negative_waits(modules: Modules) -> None:
    ahead = {"startTime": at(500)}
    modules.play(READY, call("RINGING", 1, **ahead), answered(4, **ahead))
    assert modules.queue(5)["average"] == 3
    modules.play(READY, call("RINGING", 1, **ahead), answered(4, **ahead, answerTime=at(0)))
    assert modules.queue(5)["average"] == 0


def test_the_average_is_over_the_answered_calls_of_all_queues(modules: Modules) -> None:
    support = {"id": "2", "node": "queue:78", "destinationName": "Support"}
    modules.play(
        status("ready", 0, ["queue:77", "queue:78", "user:10003"]),
        call("RINGING", 0),
        call("RINGING", 0, **support),
        answered(10),
        answered(20, **support),
        call("RINGING", 21, id="3", startTime=at(21)),
    )
    summary = modules.summary(25)
    assert (summary["waiting"], summary["longest"]) == (1, 4)
    assert (summary["answered"], summary["average"]) == (2, 15)
    assert (summary["free"], summary["users"]) == (1, 1)


def test_a_long_list_names_the_oldest_and_counts_the_others(modules: Modules) -> None:
    callers = [call("RINGING", 1, id=str(one), sourceName=f"Caller {one}") for one in range(1, 41)]
    script = "(all, now, lines) => all.shortened(lines).map(({ who }) => who)"

    modules.play(READY, *callers)
    waiting = modules.queue(5)["waiting"]
    names = [f"Caller {one}" for one in range(1, 6)]
    assert modules.run(script, waiting) == [*names, "and 35 more"]
    assert modules.run(script, waiting[:6]) == [*names, "Caller 6"]
    assert modules.summary(5)["waiting"] == 40


# People


def test_an_agent_rings_talks_and_is_free_again(modules: Modules) -> None:
    steps = [READY, call("RINGING", 1), call("RINGING", 1, **BEN)]
    modules.play(*steps)
    tile = modules.user("user:10003", 6)
    assert (tile["doing"], tile["who"], tile["via"]) == ("ringing", "Alex Morgan", "Sales")
    assert tile["seconds"] == 6

    steps += [answered(8), answered(8, **BEN)]
    modules.play(*steps)
    tile = modules.user("user:10003", 20)
    assert (tile["doing"], tile["who"], tile["seconds"]) == ("talking", "Alex Morgan", 12)
    assert modules.queue(20)["talking"][0]["how"] == "with Ben Cole"

    steps += [call("HANGUP", 30), call("HANGUP", 30, **BEN)]
    modules.play(*steps)
    tile = modules.user("user:10003", 34)
    assert (tile["doing"], tile["who"], tile["seconds"]) == ("free", "", 4)


def test_a_call_on_hold_is_shown_at_the_agent_and_in_the_queue_and_warns_in_time(
    modules: Modules,
) -> None:
    known = {"answerTime": at(8), **BEN}
    hold, again = call("ON_HOLD", 10, **known), call("ON_HOLD", 12, **known)
    modules.play(READY, call("RINGING", 1), answered(8), answered(8, **BEN), hold, again)

    tile = modules.user("user:10003", 15)
    assert (tile["doing"], tile["seconds"], tile["level"]) == ("hold", 5, "busy")
    [line] = modules.queue(15)["talking"]
    assert (line["how"], line["doing"]) == ("with Ben Cole, on hold", "hold")
    # Somebody who is on hold for a minute is about to hang up.
    assert modules.user("user:10003", 70)["level"] == "warn"
    assert modules.queue(70)["talking"][0]["level"] == "warn"


def test_with_several_calls_the_one_that_is_talked_in_comes_first(modules: Modules) -> None:
    other = {"id": "2", "sourceName": "anonymous <anonymous>", "source": "anonymous", **BEN}
    modules.play(READY, call("RINGING", 2, **other), answered(3, **BEN))
    tile = modules.user("user:10003", 5)
    assert (tile["doing"], tile["who"], tile["more"]) == ("talking", "Alex Morgan", 1)

    modules.play(READY, call("RINGING", 2, **other))
    assert modules.user("user:10003", 5)["who"] == "Anonymous caller"


def test_an_outbound_call_names_whom_it_goes_to_and_keeps_its_place_when_its_id_changes(
    modules: Modules,
) -> None:
    out = {
        "node": "user:10002",
        "direction": "OUTBOUND",
        "source": "1002",
        "sourceName": "Anna Bell",
        "destination": "+442079460106",
        "destinationName": "Hugo Reyes",
        "requestId": "r1",
    }
    modules.play(READY, call("INITIAL", 1, **out | {"id": "r1"}), call("RINGING", 2, **out))
    tile = modules.user("user:10002", 5)
    assert (tile["name"], tile["doing"], tile["who"], tile["more"]) == (
        *("Anna Bell", "calling", "Hugo Reyes", 0),
    )


# Conferences


def test_a_conference_has_those_who_are_in_it_and_those_who_join(modules: Modules) -> None:
    weekly = {"node": "conf:123456", "destinationName": "Weekly"}
    sam = {"id": "2", "sourceName": "Sam Lowe", "startTime": at(3), **weekly}
    modules.play(READY, answered(1, **weekly), call("RINGING", 3, **sam))
    room = modules.room("conf:123456", 11)
    assert [(one["who"], one["how"], one["seconds"]) for one in room["members"]] == [
        ("Alex Morgan", "", 10),
        ("Sam Lowe", "joining", None),
    ]
    modules.play(READY, answered(1, **weekly), call("HANGUP", 5, **weekly))
    assert modules.room("conf:123456", 11)["members"] == []


# The connection


def test_while_the_connection_is_lost_time_stands_still(modules: Modules) -> None:
    lost = status("connecting", 10, [])
    modules.play(READY, call("RINGING", 1), lost)
    board = modules.run("(all, now) => now")
    assert (board["connection"], board["lostAt"], board["losses"]) == ("lost", at(10), 1)
    # Nobody has told that they are not followed any more.
    assert board["followed"] == FOLLOWED
    assert modules.run("(all, now, at) => all.momentOf(now, at)", at(99)) == at(10)

    modules.play(READY, call("RINGING", 1), lost, status("connecting", 12, []), status("ready", 14))
    board = modules.run("(all, now) => now")
    assert (board["connection"], board["lostAt"], board["losses"]) == ("live", None, 1)
    assert board["away"] == 4000
    assert modules.queue(15)["longest"] == 15


def test_a_caller_who_is_gone_after_a_lost_connection_counts_as_neither(modules: Modules) -> None:
    lost = [READY, call("RINGING", 1), status("connecting", 5), status("ready", 9)]

    modules.play(*lost, call("HANGUP", 9))
    tile = modules.queue(10)
    assert (tile["answered"], tile["missed"], tile["unknown"], tile["waiting"]) == (0, 0, 1, [])

    # Where the server still tells why, it is known.
    modules.play(*lost, call("HANGUP", 12, cause="no answer"))
    assert modules.queue(12)["missed"] == 1

    # Answered meanwhile, nobody saw when: it counts, but has no part in the average.
    modules.play(*lost, call("CONNECTED", 9))
    tile = modules.queue(12)
    assert (tile["answered"], tile["average"], tile["talking"][0]["seconds"]) == (1, None, None)


def test_a_logout_forgets_everything(modules: Modules) -> None:
    modules.play(READY, call("RINGING", 1), answered(3), status("logged-out", 5, []))
    board = modules.run("(all, now) => now")
    assert board == modules.run("(all, now, at) => all.emptyBoard(at)", at(5))


def test_a_removed_node_leaves_nothing_behind(modules: Modules) -> None:
    modules.play(READY, call("RINGING", 1), call("RINGING", 1, **BEN), ("forget", "queue:77"))
    board = modules.run("(all, now) => now")
    assert [one["call"]["node"] for one in board["calls"].values()] == ["user:10003"]
    assert "queue:77" not in board["followed"]
    assert not modules.queue(5)["known"]


def test_a_refused_node_says_why_until_it_is_followed(modules: Modules) -> None:
    refusal = ("onRefusal", "queue:99", "Not found.")
    modules.play(READY, refusal)
    tile = modules.queue(1, "queue:99")
    assert (tile["name"], tile["problem"], tile["known"]) == ("Queue 99", "Not found.", False)

    subscribed = ("onEvent", {"name": "SUBSCRIBED", "node": "queue:99", "uri": "", "message": ""})
    modules.play(READY, refusal, (*subscribed, at(2)), status("ready", 2, [*FOLLOWED, "queue:99"]))
    tile = modules.queue(3, "queue:99")
    assert (tile["problem"], tile["known"]) == ("", True)


def test_a_call_that_the_connector_has_no_more_is_gone_and_counts_nothing(
    modules: Modules,
) -> None:
    ringing = call("RINGING", 1)
    modules.play(READY, ringing, call("RINGING", 1, **BEN), ("onCalls", [ringing[1]["call"]]))
    assert len(modules.queue(3)["waiting"]) == 1
    assert modules.user("user:10003", 3)["doing"] == "free"

    modules.play(READY, ringing, ("onCalls", []))
    tile = modules.queue(3)
    assert (tile["waiting"], tile["missed"], tile["unknown"]) == ([], 0, 0)


def test_a_name_from_a_directory_replaces_the_one_before(modules: Modules) -> None:
    named = call("RINGING", 2, sourceName="Alex Morgan, Morgan & Sons")[1]["call"]
    modules.play(READY, call("RINGING", 1), ("onContact", named))
    assert modules.queue(3)["waiting"][0]["who"] == "Alex Morgan, Morgan & Sons"
    # A call that has ended meanwhile does not come back.
    modules.play(READY, call("RINGING", 1), call("HANGUP", 2), ("onContact", named))
    assert modules.queue(3)["waiting"] == []
