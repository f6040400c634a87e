"""Any input of people, clients and the network keeps the PBX consistent."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from pycti.errors import ApiError, StateError
from pycti.pbx.legs import Call, Leg
from pycti.pbx.services import Switch
from pycti.sip.message import Response, parse_message

from .office import CALLER, World
from .watching import Watched, subscribe_text

USERS = ("10002", "10003", "10004", "10005", "10006", "10007")
DIALLED = ("1002", "1003", "1005", "1006", "1007", "1008", "770", "550", "600", "442036427900")
OUTSIDE = tuple(f"4420794601{number:02d}" for number in range(1, 10))

numbers = st.sampled_from(DIALLED + OUTSIDE)
choices = st.integers(0, 9)
operations = st.one_of(
    st.tuples(st.just("originate"), st.sampled_from(USERS), numbers),
    st.tuples(st.just("incoming"), st.sampled_from(DIALLED[:-1])),
    st.tuples(st.just("advance"), st.sampled_from([0.5, 2.0, 7.0, 31.0])),
    st.tuples(
        st.sampled_from(["answer", "reject", "time_out", "hang_up", "hold", "resume"]),
        choices,
        choices,
    ),
    st.tuples(st.sampled_from(["transfer", "consult", "deflect"]), choices, choices, numbers),
    st.tuples(st.sampled_from(["park", "complete"]), choices, choices),
    st.tuples(st.just("pick_up"), choices, st.sampled_from(USERS)),
    st.tuples(st.just("fetch"), choices, st.sampled_from(USERS)),
)


def do(world: World, operation: tuple) -> None:
    verb, *rest = operation
    exchange, calls = world.exchange, list(world.exchange.calls.values())
    if verb == "originate":
        exchange.originate(*rest)
    elif verb == "incoming":
        exchange.incoming(CALLER, world.directory.dial(rest[0]))
    elif verb == "advance":
        world.timers.advance(rest[0])
    elif verb == "fetch" and exchange.parked:
        exchange.originate(rest[1], sorted(exchange.parked)[0])
    elif verb == "pick_up" and calls:
        exchange.pick_up(rest[1], calls[rest[0] % len(calls)].id)
    elif verb == "complete" and calls:
        complete(exchange, calls[rest[0] % len(calls)], rest[1])
    elif calls and verb not in ("fetch", "pick_up", "complete"):
        call = calls[rest[0] % len(calls)]
        ringing = ("answer", "reject", "time_out", "deflect")
        legs = call.ringing if verb in ringing else call.live
        if verb == "consult":
            legs = [leg for leg in legs if leg.party.id in USERS]
        if legs:
            getattr(exchange, verb)(call, legs[rest[1] % len(legs)], *rest[2:])


def complete(exchange: Switch, call: Call, choice: int) -> None:
    leg = call.live[choice % len(call.live)]
    found = (one.leg_of(leg.party.id) for one in exchange.calls.values() if one is not call)
    other = next((one for one in found if one is not None), leg)
    exchange.complete(call, leg, other.known_as)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(operations, max_size=25))
def test_any_sequence_of_operations_keeps_the_calls_consistent(steps):
    world, ends, seen = World(), Counter(), set()

    def watch(legs: Sequence[Leg]) -> None:
        for leg in legs:
            assert leg not in ends, "a leg changed after its end"
            if leg.shown:
                seen.add(leg)
            if not leg.live:
                ends[leg] += 1

    world.exchange.listen(watch)
    for step in steps:
        with contextlib.suppress(ApiError, StateError):
            do(world, step)
        exchange = world.exchange
        parked = {place.call_id for place in exchange.parked.values()}
        assert parked <= set(exchange.calls)
        for person in world.directory.people:
            legs = [call.leg_of(person.id) for call in exchange.calls.values()]
            in_use = [leg for leg in legs if leg is not None and leg.reached]
            assert len(in_use) <= person.phone.lines
        for call in exchange.calls.values():
            assert call.anchor.live
            assert len(call.live) >= 1 + (call.target is None), "somebody talks to nobody"
            assert all(leg.call_id == call.id for leg in call.live)
            assert {leg.number for leg in call.live if leg.number in call.holders} == call.holders
            assert call.state in ("INITIAL", "RINGING", "CONNECTED", "ON_HOLD")
    world.exchange.clear()
    assert world.timers.pending == 0
    assert all(ends[leg] == 1 for leg in seen)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data())
def test_no_text_breaks_the_sip_server(data):
    text = subscribe_text(Authorization='Digest realm="pbx.example", username="10002"')
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.sampled_from([0, 1, 2, 10, 200]))
    junk = data.draw(
        st.text(max_size=12) | st.sampled_from(["\r\n", '"', "<", ">", ";", ",", "\0"])
    )
    world = Watched()
    keep = world.server.receive(world.connection, text[:start] + junk + text[start + length :])
    assert keep in (True, False)
    assert len(world.connection.sent) <= 1
    assert world.notifier.subscriptions == []


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.text(max_size=30).filter(str.strip),
    st.sampled_from(["Contact", "Event", "Expires", "From", "To", "Accept"]),
)
def test_no_header_of_a_known_user_breaks_the_notifier(value, name):
    world = Watched()
    world.watch()
    try:
        answer = world.subscribe(**{name: value})
    except ValueError:
        return  # a value with a line end cannot be sent
    assert 200 <= answer.status < 500
    world.connection.sent.clear()
    world.incoming()
    for sent in world.connection.sent:
        assert not isinstance(parse_message(sent), Response)
