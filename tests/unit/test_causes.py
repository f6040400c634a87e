"""The cause is the SIP code's, else that of the dialog's event (RFC 4235 §3.7.1)."""

from __future__ import annotations

import pytest

from pycti.calls.causes import cause_of
from pycti.sip.dialog_info import Dialog


def ended(event: str = "", code: int | None = None) -> Dialog:
    return Dialog("1-1", "terminated", incoming=False, event=event, code=code)


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (486, "busy"),
        (600, "busy"),
        (408, "no answer"),
        (403, "rejected"),
        (603, "rejected"),
        (480, "unreachable"),
        (404, "not found"),
        (410, "not found"),
        (484, "not found"),
        (604, "not found"),
        (487, "cancelled"),
        (400, "unreachable"),
        (503, "unreachable"),
    ],
)
def test_the_sip_code_of_a_failure_gives_the_cause(code, cause):
    assert cause_of(ended("rejected", code)) == cause


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        ("cancelled", "cancelled"),
        ("rejected", "rejected"),
        ("replaced", "transferred"),
        ("local-bye", "hung up on this side"),
        ("remote-bye", "hung up by the other side"),
        ("error", "unreachable"),
        ("timeout", "no answer"),
    ],
)
def test_without_a_code_the_event_gives_the_cause(event, cause):
    assert cause_of(ended(event)) == cause


@pytest.mark.parametrize("code", [200, 302, 399])
def test_a_success_code_does_not_hide_the_event(code):
    assert cause_of(ended("remote-bye", code)) == "hung up by the other side"


@pytest.mark.parametrize("event", ["", "something-new"])
def test_without_a_reason_the_cause_is_empty(event):
    assert cause_of(ended(event)) == ""
