"""Conversations recorded with Kamailio 5.6.3, played back, and their events."""

from __future__ import annotations

import pytest

from pycti.calls.record import NEXT
from pycti.calls.table import CallTable
from pycti.events import CallStatus
from pycti.sip.dialog_info import DialogView, parse_dialog_info
from pycti.sip.digest import response_hash
from pycti.sip.headers import Credentials

from .replay import PASSWORD, TRACES, USER, Replay, recorded


def told(*lines: str) -> list[str]:
    """Expand ``both RINGING 100 > 200``: the caller's node, then the callee's; ``later``: reverse.

    CANCEL for the caller's node is HANGUP for the callee's.
    """
    expanded = []
    for line in lines:
        who, name, source, _, destination = line.split()
        nodes = {"both": (source, destination), "later": (destination, source)}.get(who, (who,))
        for node in nodes:
            end = name == "CANCEL" and node == destination
            expanded.append(f"user:{node} {'HANGUP' if end else name} {source} > {destination}")
    return expanded


CALL = ("both RINGING 100 > 200", "both CONNECTED 100 > 200")
HELD = ("both ON_HOLD 100 > 200", "both CONNECTED 100 > 200")
END = ("both HANGUP 100 > 200",)

STORIES = {
    # Subscribe, ping, refresh, unsubscribe, without a call.
    "a_subscribe": told(),
    # The terminated dialog of an earlier call in the first documents is not reported.
    "b_call": told(*CALL, *END),
    # Each re-INVITE makes two documents.
    "b_hold": told(*CALL, *HELD, *END),
    # The same on a server that does not report hold: eight documents change nothing.
    "b_hold_plain": told("later RINGING 100 > 200", "both CONNECTED 100 > 200", *END),
    # Cancelled, rejected, to an unknown user, not answered; then a second concurrent call.
    "c_unanswered": told(
        "both RINGING 100 > 200",
        "both CANCEL 100 > 200",
        "both RINGING 100 > 200",
        "both CANCEL 100 > 200",
        "100 CANCEL 100 > 999",
        "both RINGING 100 > 200",
        "both CANCEL 100 > 200",
        *CALL,
        "both RINGING 300 > 100",
        "both CANCEL 300 > 100",
        *END,
    ),
    # The server rings the own phone and refers it, and the own phone calls; it holds twice.
    "d_click2call": told(
        "both RINGING controller > 100",
        "both CONNECTED controller > 100",
        "both HANGUP controller > 100",
        *CALL,
        *HELD,
        *HELD,
        *END,
    ),
    # Two servers share their dialogs and report the same; one call is live at the end.
    "g_dmq_n1": told(
        *CALL,
        *HELD,
        "100 RINGING controller > 100",
        "100 CONNECTED controller > 100",
        "100 HANGUP controller > 100",
        *CALL,
        *END,
    ),
    # Killed. A call that stays in Trying and is also present after the restart.
    "r_restart_kill9": told(),
    "r_restart_kill9_sqlite": told(),
    # Terminated during a call, which the new server does not know.
    "r_restart_term": told("later RINGING 100 > 200", "both CONNECTED 100 > 200", *END),
    # The callee is transferred to 300 and calls it.
    "x_transfer_callee": told(
        *CALL,
        *END,
        "both RINGING 200 > 300",
        "both CONNECTED 200 > 300",
        "both HANGUP 200 > 300",
    ),
    # The caller is transferred.
    "x_transfer_caller": told(
        *CALL,
        *END,
        "both RINGING 100 > 300",
        "both CONNECTED 100 > 300",
        "both HANGUP 100 > 300",
    ),
}
STORIES["g_dmq_n2"] = STORIES["g_dmq_n1"]

RUNNING = {name: ["CONNECTED", "CONNECTED"] for name in ("g_dmq_n1", "g_dmq_n2")}

AFTER_THE_LOSS = {"r_restart_kill9", "r_restart_kill9_sqlite"}
"""Recordings with a NOTIFY for a subscription of the lost connection."""


@pytest.mark.parametrize("name", sorted(STORIES))
def test_a_recording_gives_the_events_of_its_calls(name: str) -> None:
    replay = Replay().play(recorded(name))

    assert replay.told == STORIES[name]
    assert [call.status.value for call in replay.table.running()] == RUNNING.get(name, [])


@pytest.mark.parametrize("name", sorted(STORIES))
def test_every_recorded_notify_gets_the_recorded_response(name: str) -> None:
    answers = Replay().play(recorded(name)).answers

    assert answers
    # RFC 6665 §4.1.3: a NOTIFY without a subscription gets 481.
    strange = [(200, 481)] if name in AFTER_THE_LOSS else []
    assert [pair for pair in answers if pair != (200, 200)] == strange


@pytest.mark.parametrize("name", ["r_restart_kill9", "r_restart_term"])
def test_after_a_restart_every_node_is_subscribed_to_again(name: str) -> None:
    accepted = ["accepted user:100", "accepted user:200"]
    assert Replay().play(recorded(name)).said == accepted + accepted


# The dialogs of f_subscription, each on its own


@pytest.mark.parametrize(
    ("call_id", "said"),
    [
        ("024e3b612e", "failed user:100 401"),  # a wrong password
        ("ef2ab88353", "failed user:100 401"),  # an unknown user
        ("d1fb93a638", "failed user:100 489"),  # an unsupported event package
        ("eceb901a76", "failed user:100 489"),
    ],
)
def test_a_permanent_refusal_is_not_retried(call_id: str, said: str) -> None:
    replay = Replay().play(recorded("f_subscription", call_id))

    assert replay.said == [said]
    assert not replay.agent.drain()


def test_dialogs_that_ended_before_the_subscription_are_not_reported() -> None:
    replay = Replay().play(recorded("f_subscription", "58b9785567"))

    assert replay.said == ["accepted user:100"]
    assert replay.told == []
    assert replay.answers == [(200, 200)] * 3


def test_an_unknown_node_has_no_calls() -> None:
    replay = Replay().play(recorded("f_subscription", "a3accb60d6"))

    assert replay.said == ["accepted user:999"]
    assert replay.told == []


def test_an_expired_subscription_is_made_again() -> None:
    steps = recorded("f_subscription", "3ce12dde9e")
    ended = next(n for n, step in enumerate(steps) if "reason=timeout" in step.text)
    replay = Replay().play(steps[: ended + 1])
    old = replay.until_sent().headers.get("Call-ID")
    # Our refresh is not in the recording, so it gets no answer.
    replay.waiting.clear()
    new = replay.until_sent()

    assert new.headers.get("CSeq") == "1 SUBSCRIBE"
    assert new.headers.get("Call-ID") != old
    assert replay.said == ["accepted user:100"]


@pytest.mark.parametrize("call_id", ["8e431123f2", "29084da272"])
def test_a_481_to_a_refresh_makes_a_new_subscription(call_id: str) -> None:
    replay = Replay().play(recorded("f_subscription", call_id))

    (new,) = replay.waiting
    assert (new.uri, new.headers.get("CSeq")) == ("sip:100@pbx.test", "1 SUBSCRIBE")
    assert Replay().play(recorded("f_subscription", call_id)).told == []


def test_the_granted_expiry_overrides_the_requested_one() -> None:
    steps = recorded("f_subscription", "4d2eb4aab7")
    leaving = next(n for n, step in enumerate(steps) if step.header("Expires") == "0")
    replay = Replay().play(steps[:leaving])
    granted = replay.now
    replay.until_sent()

    # The server granted 3600 s; a refresh waits at most 32 s for its answer (RFC 3261 Timer F).
    assert round(replay.now - granted) == 3600 - 32


def test_after_unsubscribing_and_the_last_notify_the_dialog_is_dropped() -> None:
    steps = recorded("f_subscription", "4d2eb4aab7")
    replay = Replay().play(steps)
    assert replay.answers[-1] == (200, 200)

    last = next(step for step in reversed(steps) if step.text.startswith("NOTIFY "))
    replay.receive(last.text)

    assert [response.status for response in replay.responses.values()] == [481]


# Calculations in the recordings


def test_the_digest_equals_the_recorded_accepted_one() -> None:
    checked = 0
    for path in TRACES.glob("*.txt"):
        steps = recorded(path.stem)
        refused = {step.header("Via").split(";")[1] for step in steps if " 401 " in step.text[:12]}
        for step in steps:
            value = step.header("Authorization")
            if not value or step.header("Via").split(";")[1] in refused:
                continue
            credentials = Credentials.parse(value)
            fields = {
                name: credentials.get(name)
                for name in ("algorithm", "realm", "uri", "nonce", "nc", "cnonce", "qop")
            }
            expected = response_hash(username=USER, password=PASSWORD, method="SUBSCRIBE", **fields)
            assert credentials.get("response") == expected, (path.name, step.time)
            checked += 1
    assert checked > 40


# Kamailio with several processes under load


def document(version: int, *dialogs: str) -> str:
    """Return a full document; ``7 early`` is dialog 7 in that state."""
    parts = []
    for dialog in dialogs:
        number, state = dialog.split()
        parts.append(
            f'<dialog id="padi-6b02-{number}" call-id="{number}@x" direction="initiator">'
            f"<state>{state}</state>"
            "<remote><identity>sip:200@pbx.test</identity></remote>"
            "<local><identity>sip:100@pbx.test</identity></local></dialog>"
        )
    return (
        '<?xml version="1.0"?><dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" '
        f'version="{version}" state="full" entity="sip:100@pbx.test">{"".join(parts)}</dialog-info>'
    )


def play(*documents: str, fetched: str = "") -> tuple[list[str], CallTable]:
    """Return the events of dialog 2 in these documents, which arrive within milliseconds.

    ``fetched`` is the answer to a refresh at the end.
    """
    table, view, names = CallTable(), DialogView(), []
    for number, text in enumerate(filter(None, (*documents, fetched))):
        change = view.apply(parse_dialog_info(text), fetched=text is fetched)
        events = table.update("user:100", change, number / 1000, number)
        names += [event.name.value for event in events if event.call.id.endswith("-2")]
    return names, table


# A process can create a document before another process has stored the dialog, and still use the
# later version. This happened with 30 concurrent calls, in the second to fourth document.


def test_a_dialog_omitted_once_before_it_rang_is_reported_from_ringing() -> None:
    names, table = play(
        document(1, "1 confirmed"),
        document(2, "1 confirmed", "2 Trying"),
        document(3, "1 confirmed"),
        document(4, "1 confirmed", "2 Trying"),
        document(5, "1 confirmed", "2 early"),
        document(6, "1 confirmed", "2 confirmed"),
        document(7, "1 confirmed", "2 terminated"),
        document(8, "1 confirmed"),
    )
    assert names == ["RINGING", "CONNECTED", "HANGUP"]
    assert [call.id for call in table.running()] == ["padi-6b02-1"]


def test_a_dialog_omitted_once_while_it_rang_keeps_ringing() -> None:
    names, _ = play(
        document(1, "1 confirmed", "2 early"),
        document(2, "1 confirmed"),
        document(3, "1 confirmed", "2 early"),
        document(4, "1 confirmed", "2 confirmed"),
        document(5, "1 confirmed", "2 terminated"),
    )
    assert names == ["RINGING", "CONNECTED", "HANGUP"]


def test_a_dialog_that_the_fetched_state_omits_too_has_ended() -> None:
    names, table = play(
        document(1, "1 confirmed", "2 early"),
        document(2, "1 confirmed"),
        fetched=document(3, "1 confirmed"),
    )
    assert names[0] == "RINGING"
    assert len(names) == 2
    assert [call.id for call in table.running()] == ["padi-6b02-1"]


def test_out_of_order_documents_cause_only_allowed_transitions() -> None:
    table, view = CallTable(), DialogView()
    states = []
    order = [(1, "Trying"), (3, "confirmed"), (2, "early"), (5, "terminated"), (4, "confirmed")]
    newest = 0
    for second, (version, state) in enumerate(order):
        if version < newest:
            continue  # Its CSeq is old, too, so the subscription drops it.
        newest = version
        change = view.apply(parse_dialog_info(document(version, f"1 {state}")))
        events = table.update("user:100", change, float(second), second * 1000)
        states += [event.call.status for event in events]

    assert states == [CallStatus.CONNECTED, CallStatus.HANGUP]
    assert states[0] in NEXT[None]
    assert states[1] in NEXT[states[0]]
