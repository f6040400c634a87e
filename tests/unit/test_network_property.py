"""The whole connector between a simulated server and an unreliable network.

The server is an RFC 6665 notifier with its own calls; the connector is the real one, on a platform
with a manual clock. ``PYCTI_EXAMPLES=5000`` runs more histories.

These histories exclude cases in which the information is lost, so that no rule can hold:

- The user dials a number on the phone while a request to the same number has no answer. The two
  calls cannot be distinguished and are reported as one.
- A connection that dies silently is detected only if it has answered a CRLF ping before. Here
  every server answers pings, and only such a connection dies silently.
- A call that was connected and then rings elsewhere (a transfer) stays CONNECTED: there is no
  transition back to RINGING.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pycti.calls.causes import NOT_REPORTED
from pycti.calls.record import NEXT
from pycti.events import CallEvent, CallStatus

from .documents import dialog, document
from .wire import answer_text, header, notify_text
from .world import DOWN, FakeSocket, World

EXAMPLES = int(os.environ.get("PYCTI_EXAMPLES", "200"))
USERS = {"user:10002": "10002", "queue:77": "queue-77"}
NUMBERS = ("+442036427900", "+34910602002")
BY_HAND = ("+33123456789", "104")
REMEMBERED = 12.0
"""Seconds that terminated dialogs stay in full documents (sip-facts 4)."""


@dataclass
class Leg:
    key: str
    remote: str
    users: frozenset[str]
    direction: str
    state: str = "trying"
    hold: bool = False
    ended: float = 0.0

    def xml(self) -> str:
        return dialog(
            self.key, self.state, self.remote, direction=self.direction, hold=self.hold, event=""
        )


@dataclass
class ServerCall:
    id: str
    legs: list[Leg] = field(default_factory=list)
    requested: bool = False
    accepted: bool = False
    was_connected: bool = False

    @property
    def alive(self) -> list[Leg]:
        return [leg for leg in self.legs if leg.state != "terminated"]

    def status_for(self, user: str) -> frozenset[CallStatus | None]:
        """Return the states that a connector may report to a follower of ``user``."""
        legs = [leg for leg in self.alive if user in leg.users]
        talking = [leg for leg in legs if leg.state == "confirmed"]
        if talking:
            hold = any(leg.hold for leg in talking)
            return frozenset({CallStatus.ON_HOLD if hold else CallStatus.CONNECTED})
        if any(leg.state == "early" for leg in legs):
            known = {CallStatus.RINGING}
            if self.was_connected:
                known |= {CallStatus.CONNECTED, CallStatus.ON_HOLD}
            return frozenset(known)
        if legs and self.accepted and user == "10002":
            return frozenset({CallStatus.ACCEPTED})
        if legs and self.requested and user == "10002":
            return frozenset({CallStatus.ACCEPTED, None})  # The answer was lost.
        if legs and self.was_connected:
            return frozenset({None, CallStatus.CONNECTED, CallStatus.ON_HOLD})
        if legs and any(leg.ended for leg in self.legs):
            return frozenset({None, CallStatus.RINGING})  # Another leg rang: no transition back.
        return frozenset({None})


@dataclass
class Subscription:
    socket: FakeSocket
    asked: str
    user: str
    until: float = 0.0
    version: int = -1
    cseq: int = 0


@dataclass
class Request:
    answer: asyncio.Future[tuple[int, object]]
    call: ServerCall


class Net(World):
    """The connector, an unreliable network, and a server with the true state."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: dict[str, ServerCall] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.requests: list[Request] = []
        self.fate = "well"
        self.late: list[tuple[FakeSocket, str]] = []
        self.answering: set[FakeSocket] = set()
        self.deaf: set[FakeSocket] = set()
        self.numbers = 0
        self._seen: dict[FakeSocket, int] = {}

    # The clock and the loop

    async def settle(self) -> None:
        """Like `World.settle`, but stop when nothing happens any more."""
        quiet = 0
        while quiet < 2:
            before = self._activity()
            for _ in range(4):
                await asyncio.sleep(0)
            self._serve()
            quiet = quiet + 1 if self._activity() == before else 0

    def _activity(self) -> tuple[int, int, int, int]:
        sent = sum(len(socket.sent) for socket in self.platform.sockets[-2:])
        sockets = len(self.platform.sockets)
        return sent, sockets, len(self.events), len(self.platform.requests)

    # SIP

    def _serve(self) -> None:
        for socket in self.platform.sockets[-2:]:
            if socket.closed or socket in self.deaf:
                continue
            if not socket.opened and self.network:
                socket.opened = True
                socket.listener.opened()
            while not socket.closed and self._seen.get(socket, 0) < len(socket.sent):
                text = socket.sent[self._seen.get(socket, 0)]
                self._seen[socket] = self._seen.get(socket, 0) + 1
                if text == "\r\n\r\n":
                    self.answering.add(socket)
                    socket.listener.received("\r\n")
                elif text.startswith("SUBSCRIBE "):
                    self._answer(socket, text)
                elif text.startswith("SIP/2.0"):
                    self._answered(text)

    def _answered(self, text: str) -> None:
        assert text.split()[1] in ("200", "481"), text

    def _answer(self, socket: FakeSocket, text: str) -> None:
        key = header(text, "Call-ID")
        known = self.subscriptions.get(key)
        now = self.platform.time
        refresh = "tag=" in header(text, "To")
        if refresh and (known is None or known.until < now):
            self.subscriptions.pop(key, None)
            socket.listener.received(answer_text(text, "481 Subscription does not exist"))
            return
        user = header(text, "To").partition("@")[0].removeprefix("<sip:")
        expires = int(header(text, "Expires"))
        socket.listener.received(answer_text(text, "200 OK", f"Expires: {expires}"))
        if known is None:
            known = self.subscriptions[key] = Subscription(socket, text, user)
        known.until = now + expires
        self.notify(known, full=True)

    def notify(self, to: Subscription, legs: Iterable[Leg] = (), *, full: bool) -> None:
        """Send a document to one subscriber through the simulated network."""
        now = self.platform.time
        if to.until < now:
            return
        if full:
            every = [leg for call in self.calls.values() for leg in call.legs]
            recent = [
                leg for leg in every if leg.state != "terminated" or leg.ended + REMEMBERED > now
            ]
            legs = [leg for leg in recent if to.user in leg.users]
        else:
            legs = [leg for leg in legs if to.user in leg.users]
            if not legs:
                return
        xml = [leg.xml() for leg in legs]
        self._pass_on(to.socket, self._document(to, xml, full))
        if self.fate == "again":  # A re-INVITE repeats the document (sip-facts 6).
            self._pass_on(to.socket, self._document(to, xml, full))

    def _document(self, to: Subscription, xml: list[str], full: bool) -> str:
        to.version += 1
        to.cseq += 1
        # Without dialogs there is sometimes no body (sip-facts 5).
        bare = full and not xml and to.version % 2
        body = "" if bare else document(to.version, *xml, full=full, entity=to.user)
        left = int(to.until - self.platform.time)
        return notify_text(to.asked, to.cseq, f"active;expires={left}", body)

    def _pass_on(self, socket: FakeSocket, text: str) -> None:
        if self.fate == "lost":
            return
        if self.fate == "late":
            self.late.append((socket, text))
            return
        for _ in range(2 if self.fate == "twice" else 1):
            self._deliver(socket, text)

    def _deliver(self, socket: FakeSocket, text: str) -> None:
        if not socket.closed and socket not in self.deaf:
            socket.listener.received(text)

    def catch_up(self) -> None:
        """Deliver the delayed messages, the last one first."""
        while self.late:
            self._deliver(*self.late.pop())

    # The true state

    def changed(self, legs: Iterable[Leg], *, full: bool) -> None:
        legs = list(legs)
        for subscription in list(self.subscriptions.values()):
            self.notify(subscription, legs, full=full)

    def new_call(self, remote: str, users: Iterable[str], direction: str) -> ServerCall:
        self.numbers += 1
        call = ServerCall(str(14300000000 + self.numbers))
        self.calls[call.id] = call
        call.legs.append(Leg(f"{call.id}-1", remote, frozenset(users), direction))
        return call

    def fork(self, call: ServerCall, **more: object) -> Leg:
        first = call.legs[0]
        key = f"{call.id}-{len(call.legs) + 1}"
        leg = Leg(key, first.remote, first.users, first.direction, **more)  # type: ignore[arg-type]
        call.legs.append(leg)
        return leg

    def end(self, *legs: Leg) -> list[Leg]:
        for leg in legs:
            leg.state, leg.ended = "terminated", self.platform.time
        return list(legs)

    def restart(self) -> None:
        """Restart the server, which loses its state (sip-facts 13)."""
        self.subscriptions.clear()
        for call in self.calls.values():
            call.legs.clear()


async def act(net: Net, what: str, k: int, fate: str) -> None:
    """Perform one action of a user, a caller, the server or the network."""
    net.fate = fate
    full = k % 3 == 0
    running = [call for call in net.calls.values() if call.alive]
    call = running[k % len(running)] if running else None
    leg = call.alive[k % len(call.alive)] if call else None
    match what:
        case "inbound":
            users = (["10002"], ["queue-77"], ["10002", "queue-77"])[k % 3]
            net.changed(net.new_call(NUMBERS[k % 2], users, "recipient").legs, full=full)
        case "by hand":
            call = net.new_call(BY_HAND[k % 2], ["10002"], "initiator")
            net.changed(call.legs, full=full)
        case "call":
            future = net.hold("POST /calls")
            before = net.asked.count("POST /calls")
            net.start(net.connector.call(NUMBERS[k % 2]))
            await net.settle()
            if net.asked.count("POST /calls") > before:
                call = net.new_call(NUMBERS[k % 2], ["10002"], "initiator")
                call.requested = True
                net.requests.append(Request(future, call))
                net.changed(call.legs, full=full)
        case "api" if net.requests:
            request = net.requests.pop(k % len(net.requests))
            if k < 5 and (request.call.alive or k < 2):
                request.call.accepted = True
                request.answer.set_result((201, {"data": {"id": int(request.call.id)}}))
            elif k == 5:
                request.answer.set_exception(type(DOWN)(DOWN.code, DOWN.message))
            else:
                net.changed(net.end(*request.call.alive), full=full)
                request.answer.set_result((486, {"message": "Busy here"}))
            await net.settle()
        case "fork" if call and not call.was_connected:
            net.changed([net.fork(call)], full=full)
        case "on" if call and leg:
            steps = {"trying": "proceeding", "proceeding": "early", "early": "confirmed"}
            if leg.state in steps:
                leg.state = "early" if k > 2 and leg.state == "trying" else steps[leg.state]
                changed = [leg]
                if leg.state == "confirmed":
                    call.was_connected = True
                    changed += net.end(*(other for other in call.alive if other is not leg))
                net.changed(changed, full=full)
        case "hold" if leg and leg.state == "confirmed":
            leg.hold = not leg.hold
            net.changed([leg], full=full)
        case "transfer" if call and leg and leg.state == "confirmed":
            other = net.fork(call, state="early" if k % 2 else "confirmed")
            other.users -= {"10002"}
            net.changed([other, *net.end(leg)], full=full)
        case "end" if call and leg:
            legs = call.alive if k % 3 else [leg]
            net.changed(net.end(*legs), full=full)
        case "full":
            net.changed((), full=True)
        case "cut":
            net.network = k % 2 == 0
            await net.drop()
            if k > 3:
                net.connector.wake()
        case "online":
            net.network = True
            net.connector.wake()
        case "restart":
            net.restart()
            await net.drop()
        case "forget":
            net.subscriptions.clear()
        case "sleep":
            net.platform.time += (30, 300, 3600, 8 * 3600)[k % 4]
            if k > 3 and net.socket in net.answering:
                net.deaf.add(net.socket)  # The NAT has dropped the connection silently.
            net.connector.wake()
        case "wait":
            await net.advance((1, 5, 11, 13, 31, 61, 130, 290)[k])
        case _:
            pass
    await net.settle()
    await net.advance(0.2)
    if fate != "late":
        net.catch_up()
        await net.settle()


async def quiesce(net: Net) -> None:
    """Repair the network, answer pending requests, and refresh with full documents."""
    net.fate, net.network = "well", True
    net.catch_up()
    for k, request in enumerate(net.requests):
        if k % 2 and request.call.alive:
            request.call.accepted = True
            request.answer.set_result((201, {"data": {"id": int(request.call.id)}}))
        else:
            net.end(*request.call.alive)
            request.answer.set_result((480, {"message": "No answer"}))
    net.requests.clear()
    await net.settle()
    await net.advance(1000)


def check_events(net: Net) -> None:
    """Check for repeated events, forbidden transitions and the order of the session's events."""
    told: defaultdict[tuple[str, str], list[CallStatus | None]] = defaultdict(lambda: [None])
    session = []
    subscribed = []
    for event in net.events:
        if isinstance(event, CallEvent):
            history = told[event.call.node, event.call.cid]
            if event.replay:
                assert event.call.status is history[-1], (history, event)
                assert not event.call.status.ended
                continue
            assert event.call.status in NEXT[history[-1]], (history, event)
            history.append(event.call.status)
        elif event.name == "SUBSCRIBED":
            subscribed.append(event.node)
        elif event.name == "READY":
            session.append("ready")
    assert subscribed == list(USERS)
    changes = [status.partition(" ")[0] for status in net.statuses]
    changes = [status for status, _ in itertools.groupby(changes)]
    assert changes == ["connecting", "ready"] * (len(changes) // 2)
    assert session == ["ready"] * changes.count("ready")


def check_truth(net: Net) -> None:
    """Check that the connector and the server have the same running calls."""
    given_up = {
        event.call.server_id
        for event in net.events
        if isinstance(event, CallEvent) and event.call.cause == NOT_REPORTED
    }
    said = {(call.node, call.server_id or call.id): call.status for call in net.connector.calls}
    for node, user in USERS.items():
        for call in net.calls.values():
            status = said.pop((node, call.id), None)
            # A call that was given up and is named later is a new one, which starts with RINGING.
            if call.id in given_up and user == "10002" and status is None:
                status = CallStatus.ACCEPTED
            assert status in call.status_for(user), (node, call, status)
    assert said == {}


def check_ends(net: Net) -> None:
    """Check that every reported call has ended once, and a request's end has its id."""
    assert net.connector.calls == []
    ends: defaultdict[object, int] = defaultdict(int)
    keys = set()
    requests = {
        event.call.request_id
        for event in net.events
        if isinstance(event, CallEvent) and event.call.status is CallStatus.INITIAL
    }
    for event in net.events:
        if isinstance(event, CallEvent):
            call = event.call
            key = call.request_id or (call.node, call.cid)
            keys.add(key)
            ends[key] += call.status.ended
    assert requests <= keys
    # The first events of a call may lack the request id that it got later.
    tied = {
        (event.call.node, event.call.cid)
        for event in net.events
        if isinstance(event, CallEvent) and event.call.request_id
    }
    assert {key: ends[key] for key in keys - tied} == dict.fromkeys(keys - tied, 1)


async def live(steps: list[tuple[str, int, str]]) -> None:
    net = Net()
    try:
        login = net.start(net.connector.login("anna@example.com", "pa55word"))
        await net.settle()
        assert login.done()
        following = net.start(net.connector.subscribe("queue:77"))
        await net.settle()
        assert following.done()
        for what, k, fate in steps:
            await act(net, what, k, fate)
        await quiesce(net)
        assert net.connector.is_connected()
        check_events(net)
        check_truth(net)
        for call in net.calls.values():
            net.changed(net.end(*call.alive), full=False)
        await net.settle()
        await net.advance(700)
        check_events(net)
        check_ends(net)
    finally:
        await net.connector.aclose()
        for task in net.tasks:
            task.cancel()
        await asyncio.gather(*net.tasks, return_exceptions=True)


ACTIONS = (
    *("inbound", "inbound", "call", "call", "by hand", "api", "api", "fork"),
    *(
        "on",
        "on",
        "on",
        "on",
        "on",
        "on",
        "on",
        "on",
        "hold",
        "hold",
        "transfer",
        "end",
        "end",
        "full",
    ),
    *("cut", "online", "restart", "forget", "sleep", "wait", "wait"),
)
FATES = ("well", "well", "well", "twice", "again", "lost", "late", "late")
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTIONS), st.integers(0, 7), st.sampled_from(FATES)),
    min_size=12,
    max_size=60,
)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="PYCTI_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(STEPS)
def test_whatever_the_network_does_pages_are_told_the_truth_once(steps):
    asyncio.run(live(steps))
