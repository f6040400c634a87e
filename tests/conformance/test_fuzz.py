"""A short run of the fuzzer for CI: no input breaks a rule of `invariants`."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .corpus import STATES, STATUS_LINES, conversation, documents, torture
from .fuzz import Run, fuzz
from .invariants import BrokenRuleError, Target, judge_document, judge_values
from .mutation import NASTY

INPUTS = 10_000
EXAMPLES = 2_000
EDITED = 5
"""The number of inputs of one example; ten thousand in total."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_ten_thousand_damaged_messages_break_no_rule():
    run = fuzz(Run(seed=20261122), INPUTS)
    counts = run.target.counts
    assert run.inputs == INPUTS
    # Many inputs of each kind show that the fuzzer reaches the code.
    assert counts["accepted"] > INPUTS // 10
    assert counts["refused"] > INPUTS // 4
    assert counts["response"] > INPUTS // 10
    assert counts["changed"] > INPUTS // 100
    assert run.documents > INPUTS // 20
    assert all(counts[status] > 10 for status in ("200", "400", "405", "415", "420", "481", "505"))


MESSAGES = list(torture().values())
DOCUMENTS = documents()
EDIT = st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(NASTY))
EDITS = st.lists(st.lists(EDIT, max_size=2), min_size=EDITED, max_size=EDITED)


def edited(data: bytes, edits: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, word in edits:
        at = int(place * len(data))
        data = data[:at] + word + data[at + length :]
    return data


def test_ten_thousand_messages_from_hypothesis_break_no_rule():
    target, seen = Target(), {"inputs": 0, "documents": 0}

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from(DOCUMENTS),
        st.sampled_from(STATES),
        st.sampled_from(STATUS_LINES),
        st.sampled_from(MESSAGES),
        EDITS,
    )
    def damage(body, state, line, torture, edits):
        target.renew()
        live = conversation(target.asked[-1], 2 + seen["inputs"], body, state, line)
        for base, changes in zip([*live, torture, live[0]], edits, strict=True):
            data = edited(base, changes)
            target.feed(data)
            seen["inputs"] += 1
        judge_values(data)
        seen["documents"] += judge_document(edited(body.encode(), edits[0]))

    damage()
    counts = target.counts
    assert seen["inputs"] >= EXAMPLES * EDITED * 0.9
    assert counts["accepted"] > seen["inputs"] // 10
    assert counts["refused"] > seen["inputs"] // 4
    assert counts["response"] > seen["inputs"] // 20
    assert seen["documents"] > EXAMPLES // 10


def test_a_challenge_that_is_not_utf_8_is_not_copied_into_a_request():
    """Found with seed 7: output can be encoded after any input."""
    target = Target()
    target.renew()
    target.tick(300)
    answer = conversation(target.asked[-1], 2, "", "active", "401 Unauthorized")[1]
    target.feed(answer.replace(b'realm="pbx.test"', b'realm="\x85"'))


@pytest.mark.parametrize("damage", ["two", "none", "state", "forged"])
def test_a_user_agent_that_breaks_a_rule_is_detected(damage, monkeypatch):
    """The rules detect faults: each of these agents breaks one."""
    target = Target()
    target.renew()
    agent = target.peer.agent
    data = conversation(target.asked[0], 2, "", "active", "200 OK")[2]

    def drain() -> list[str]:
        sent, agent._outgoing = agent._outgoing, []
        return {
            "two": sent * 2,
            "none": [],
            "state": [text.replace(" 200 ", " 481 ") for text in sent],
            "forged": [text.replace("\r\nVia", "\r\nForged: 1\r\nVia") for text in sent],
        }[damage]

    monkeypatch.setattr(type(agent), "drain", lambda _: drain())
    if damage == "state":
        take = type(agent).receive

        def receive(self, data, now):
            take(self, data, now)
            self._by_node.clear()

        monkeypatch.setattr(type(agent), "receive", receive)
    with pytest.raises(BrokenRuleError):
        target.feed(data)
