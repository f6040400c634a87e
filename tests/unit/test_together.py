"""A batch of messages has the same results as the single messages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from .documents import incoming
from .wire import header, wire
from .world import PING, PONG, World

OWN, QUEUE = "10002", "queue-77"
STATES = ("early", "confirmed", "terminated")
ENDS = ("rejected", "deactivated", "noresource", "probation;retry-after=9", "timeout")
OPTIONS = """
    OPTIONS sip:10002@a.invalid SIP/2.0
    Via: SIP/2.0/WS server.test;branch=z9hG4bKo
    From: <sip:server.test>;tag=s1
    To: <sip:10002@pbx.test>
    Call-ID: o
    CSeq: 1 OPTIONS
"""

Message = Callable[[World], str | bytes]


def notify(state: str, body: str = "", of: str = OWN) -> Message:
    return lambda world: world.next_notify(state, body, of)


def told(state: str, call: str = "143-1", of: str = OWN, *, full: bool = True) -> Message:
    return lambda world: world.next_document(incoming(call, state, local=of), of=of, full=full)


def always(data: str | bytes) -> Message:
    return lambda world: data


messages = st.lists(
    st.one_of(
        st.builds(
            told,
            st.sampled_from(STATES),
            st.sampled_from(("143-1", "143-2", "144-1")),
            st.sampled_from((OWN, QUEUE)),
            full=st.booleans(),
        ),
        st.builds(notify, st.sampled_from([f"terminated;reason={end}" for end in ENDS])),
        st.builds(notify, st.just("terminated;reason=rejected"), of=st.just(QUEUE)),
        st.builds(notify, st.just("active"), st.just("<no XML")),
        st.sampled_from((PING, PONG, wire(OPTIONS), "nonsense", b"\xff\xfe", "")).map(always),
    ),
    min_size=2,
    max_size=8,
)


async def outcome(script: Iterable[Message], *, together: bool) -> tuple[object, ...]:
    world = World()
    await world.log_in()
    await world.follow("queue:77")
    data = [message(world) for message in script]
    receive = world.socket.listener.received
    if together:
        receive(*data)
    else:
        for one in data:
            receive(one)
    sent = [text for socket in world.platform.sockets for text in socket.sent]
    seen = (world.told, sent, world.connector.is_connected(), world.connector.nodes)
    await world.settle()
    after = (world.told, world.subscribes, world.asked, world.connector.calls)
    await world.connector.aclose()
    return (*seen, *after)


@settings(max_examples=200, deadline=None)
@given(messages)
def test_a_batch_has_the_same_result_as_single_messages(script: list[Message]) -> None:
    one_by_one = asyncio.run(outcome(script, together=False))
    assert asyncio.run(outcome(script, together=True)) == one_by_one


async def test_each_message_of_a_batch_is_answered_and_reported_in_order(ready: World) -> None:
    before = len(ready.socket.sent)
    script = [told(state) for state in STATES]
    ready.socket.listener.received(*[message(ready) for message in script])
    assert ready.told == ["RINGING 143", "CONNECTED 143", "HANGUP 143"]
    answers = ready.socket.sent[before:]
    assert [header(text, "CSeq") for text in answers] == ["2 NOTIFY", "3 NOTIFY", "4 NOTIFY"]
    assert all(text.startswith("SIP/2.0 200 ") for text in answers)


async def test_messages_after_the_end_of_the_connection_are_ignored(ready: World) -> None:
    await ready.follow("queue:77")
    script = [told("early"), notify("terminated;reason=rejected"), told("early", "9-1", QUEUE)]
    ready.socket.listener.received(*[message(ready) for message in script])
    assert ready.told[0] == "RINGING 143"
    assert "RINGING 9" not in ready.told
    assert not ready.connector.is_connected()
