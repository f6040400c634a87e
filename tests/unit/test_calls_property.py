"""With any server and network: no repeated event, only allowed transitions, one end per call."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from pycti.calls.table import CallTable
from pycti.events import CallEvent, CallStatus
from pycti.sip.dialog_info import DialogView, Verdict, parse_dialog_info

from .documents import document, incoming
from .test_calls import ARROWS

OWN = "user:10002"
NEXT_STATES = {
    None: ["trying", "proceeding", "early", "confirmed", "terminated"],
    "trying": ["proceeding", "early", "confirmed", "terminated"],
    "proceeding": ["early", "confirmed", "terminated"],
    "early": ["early", "confirmed", "terminated"],
    "confirmed": ["confirmed", "hold", "terminated"],
    "hold": ["confirmed", "hold", "terminated"],
}
STEPS = st.lists(
    st.tuples(
        st.integers(1, 4),  # which call
        st.integers(1, 2),  # which leg
        st.integers(0, 4),  # which transition follows
        st.sampled_from(["full", "partial"]),
        st.sampled_from(["once", "once", "once", "twice", "lost", "late", "reconnect", "silent"]),
    ),
    max_size=40,
)


class Server:
    """The true state of the calls, and the documents about it."""

    def __init__(self) -> None:
        self.version = 0
        self.dialogs: dict[str, str] = {}

    def xml(self, key: str) -> str:
        state = self.dialogs[key]
        return incoming(key, "confirmed" if state == "hold" else state, hold=state == "hold")

    def step(self, key: str, way: int) -> None:
        options = NEXT_STATES.get(self.dialogs.get(key))
        if options:
            self.dialogs[key] = options[way % len(options)]

    def full(self) -> str:
        self.version += 1
        return document(self.version, *map(self.xml, self.dialogs))

    def partial(self, key: str) -> str:
        self.version += 1
        return document(self.version, self.xml(key), full=False)


@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_no_repeated_event_only_allowed_transitions_and_exactly_one_end(steps):
    server, view, table = Server(), DialogView(), CallTable()
    table.own = OWN
    told: defaultdict[str, list[CallStatus | None]] = defaultdict(lambda: [None])
    late: list[str] = []

    def check(events: list[CallEvent]) -> None:
        for event in events:
            history = told[event.call.cid]
            assert event.call.status in ARROWS[history[-1]], (history, event)
            history.append(event.call.status)

    newest = -1

    def deliver(text: str, *, fetched: bool = False) -> None:
        nonlocal newest
        info = parse_dialog_info(text)
        # The CSeq increases with the version here; a subscription drops out-of-order documents.
        if info.version <= newest:
            return
        newest = info.version
        change = view.apply(info, fetched=fetched)
        if change.verdict is Verdict.GAP:
            newest = server.version + 1
            change = view.apply(parse_dialog_info(server.full()))  # the answer to a refresh
        check(table.update(OWN, change, 0.0, 0))

    deliver(server.full())
    for call, leg, way, kind, fate in steps:
        key = f"{call}-{leg}"
        server.step(key, way)
        if fate == "silent":
            continue  # the server sends no document now
        text = server.full() if kind == "full" else server.partial(key)
        if fate == "reconnect":
            table.lost()
            view.renew()
            server.version, newest = 0, -1
            late.clear()
            text = server.full()
        if fate == "lost":
            continue
        if fate == "late":
            late.append(text)
            continue
        deliver(text)
        if fate == "twice":
            deliver(text)
        while late:
            deliver(late.pop())
    server.dialogs.clear()
    # A missing dialog ends when the fetched state omits it, too.
    deliver(server.full())
    deliver(server.full(), fetched=True)
    assert table.running() == []
    for history in told.values():
        assert [status for status in history if status is not None and status.ended] == [
            history[-1]
        ]
