"""The connector on CPython follows the calls of a real Kamailio and real phones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise

import pytest

from pycti import CallEvent, CallStatus, Direction

from .conftest import CHILDREN
from .follower import ANNA, BEN, CARLA, READY, STORY, Follower, histories
from .kamailio import Kamailio
from .phones import Phones, finished

ENDS_IN_VAIN = ((ANNA, "CANCEL"), (BEN, "HANGUP"))
"""The end of an unanswered call, which is outbound for one user and inbound for the other."""

# One call


async def test_an_answered_call_is_reported_for_both_sides(
    server: Kamailio, phones: Phones
) -> None:
    callee = phones.answers("200")
    async with Follower(server, "100", BEN) as follower:
        await finished(phones.call("100", "200"), callee)
        await follower.until_told(ANNA, *STORY)
        await follower.until_told(BEN, *STORY)
        await follower.until_settled()

    calls = [event.call for event in follower.events if isinstance(event, CallEvent)]
    assert {(call.node, call.direction) for call in calls} == {
        (ANNA, Direction.OUT),
        (BEN, Direction.IN),
    }
    # A dialog has the same id in the documents of both nodes.
    assert len({call.id for call in calls}) == 1
    assert follower.activity == [*READY, "SUBSCRIBED"]


async def test_a_rejected_call_is_cancelled(server: Kamailio, phones: Phones) -> None:
    callee = phones.declines("200")
    async with Follower(server, "100", BEN) as follower:
        await finished(phones.call_in_vain("100", "200"), callee)
        for node, end in ENDS_IN_VAIN:
            await follower.until_told(node, "RINGING 100 > 200", f"{end} 100 > 200")
        await follower.until_settled()


async def test_a_call_that_the_caller_ends_while_it_rings_is_cancelled(
    server: Kamailio, phones: Phones
) -> None:
    callee = phones.rings("200")
    async with Follower(server, "100", BEN) as follower:
        await finished(phones.call_and_cancel("100", "200"), callee)
        for node, end in ENDS_IN_VAIN:
            await follower.until_told(node, "RINGING 100 > 200", f"{end} 100 > 200")
        await follower.until_settled()


async def test_an_unanswered_call_is_cancelled(server: Kamailio, phones: Phones) -> None:
    callee = phones.rings("200")
    async with Follower(server, "100", BEN) as follower:
        await finished(phones.call_in_vain("100", "200"), callee)
        for node, end in ENDS_IN_VAIN:
            await follower.until_told(node, "RINGING 100 > 200", f"{end} 100 > 200")
        await follower.until_settled()


async def test_a_call_to_a_busy_phone_is_cancelled_without_ringing(
    new_server: Callable[..., Kamailio], plug_in: Callable[[Kamailio], Phones]
) -> None:
    # One process, because several can publish the end before the beginning.
    server = new_server(CHILDREN=1)
    phones = plug_in(server)
    callee = phones.is_busy("200")
    async with Follower(server, "100", BEN) as follower:
        await finished(phones.call_in_vain("100", "200"), callee)
        for node, end in ENDS_IN_VAIN:
            await follower.until_told(node, f"{end} 100 > 200")
        await follower.until_settled()


async def test_hold_and_resume_are_reported_once(server: Kamailio, phones: Phones) -> None:
    callee = phones.answers("200")
    async with Follower(server, "100", BEN) as follower:
        await finished(phones.call_and_hold("100", "200"), callee)
        names = ["RINGING", "CONNECTED", "ON_HOLD", "CONNECTED", "HANGUP"]
        for node in (ANNA, BEN):
            await follower.until_told(node, *(f"{name} 100 > 200" for name in names))
        await follower.until_settled()

    held = [request for request in follower.platform.notifies if "+sip.rendering" in request.body]
    assert len(held) > 2


async def test_a_blind_transfer_ends_one_call_and_makes_another(
    server: Kamailio, phones: Phones
) -> None:
    target, callee = phones.answers("300"), phones.follows_refer("200", "300")
    async with Follower(server, "100", BEN, CARLA) as follower:
        await finished(phones.call_and_transfer("100", "200", "300"), callee, target)
        second = ["RINGING 200 > 300", "CONNECTED 200 > 300", "HANGUP 200 > 300"]
        await follower.until_told(ANNA, *STORY)
        await follower.until_told(CARLA, *second)
        await follower.until_told(BEN, *STORY, *second)
        await follower.until_settled()


# Many calls


async def test_two_dialogs_of_one_phone_are_two_calls(server: Kamailio, phones: Phones) -> None:
    phones.answers("200")
    phones.answers("100")
    async with Follower(server, "100") as follower:
        phones.call_until_bye("100", "200")
        first = ["RINGING 100 > 200", "CONNECTED 100 > 200"]
        await follower.until_told(ANNA, *first)
        phones.call_until_bye("300", "100")
        second = ["RINGING 300 > 100", "CONNECTED 300 > 100"]
        await follower.until_told(ANNA, *first, *second)
        await follower.until_settled()

        outbound, inbound = follower.connector.calls
        assert (outbound.direction, outbound.destination) == (Direction.OUT, "200")
        assert (inbound.direction, inbound.source) == (Direction.IN, "300")
        server.hang_up(next(d for d in server.dialogs() if d["from_uri"].startswith("sip:100@")))
        await follower.until_told(ANNA, *first, *second, "HANGUP 100 > 200")
        await follower.until_settled()
        assert follower.connector.calls == [inbound]

        server.hang_up(server.dialogs()[0])
        await follower.until(lambda: not follower.connector.calls)


@pytest.mark.parametrize("children", CHILDREN.values(), ids=CHILDREN.keys())
async def test_thirty_calls_at_once_on_one_phone_keep_their_states_apart(
    new_server: Callable[..., Kamailio], plug_in: Callable[[Kamailio], Phones], children: int
) -> None:
    server = new_server(CHILDREN=children, RING_TIME=20_000, FR_TIMER=5000)
    phones = plug_in(server)
    phones.answers("200", calls=30)
    async with Follower(server, "100", BEN) as follower:
        phones.call_until_bye("100", "200", calls=30)
        connected = [(node, "100", "200", "CONNECTED") for node in (ANNA, BEN) for _ in range(30)]
        await follower.until(lambda: server.view(ANNA, BEN) == connected)
        await follower.until_settled()
        assert len(follower.connector.calls) == 60

        for dialog in server.dialogs():
            server.hang_up(dialog)
        await follower.until(lambda: not server.dialogs() and server.idle())
        await follower.until_settled()
        stuck = follower.connector.calls
        assert server.several or not stuck

    told = histories(follower.events)
    assert len(told) == 60
    # A server with several processes may still report ended calls as confirmed.
    ended = [states for key, states in told.items() if key not in {(c.node, c.id) for c in stuck}]
    assert {states[-1] for states in ended} == {CallStatus.HANGUP}
    assert max(len(request.body) for request in follower.platform.notifies) > 10_000


@pytest.mark.parametrize("children", CHILDREN.values(), ids=CHILDREN.keys())
async def test_out_of_order_documents_do_not_move_states_backwards(
    new_server: Callable[..., Kamailio],
    plug_in: Callable[[Kamailio], Phones],
    children: int,
) -> None:
    server = new_server(CHILDREN=children)
    phones = plug_in(server)
    callee = phones.answers("200", after=0.02, calls=30)
    async with Follower(server, "100", BEN) as follower:
        await finished(phones.call("100", "200", talk=0.02, calls=30, rate=20), callee)
        await follower.until(server.idle)
        await follower.until_settled()

    numbers: dict[str, list[int]] = defaultdict(list)
    for request in follower.platform.notifies:
        cseq = int(request.headers.require("CSeq").split()[0])
        numbers[request.headers.require("Call-ID")].append(cseq)
    # The number depends on the machine; with several processes there are usually some.
    overtaken = sum(
        later < earlier for told in numbers.values() for earlier, later in pairwise(told)
    )
    print(f"NOTIFYs overtaken: {overtaken}")


async def test_a_call_that_is_live_at_login_is_reported_in_its_state(
    server: Kamailio, phones: Phones
) -> None:
    phones.answers("200")
    phones.call_until_bye("100", "200")
    async with Follower(server, "300") as follower:
        await follower.until(lambda: server.view(BEN) == [(BEN, "100", "200", "CONNECTED")])
        await follower.connector.subscribe(BEN)
        await follower.until_told(BEN, "CONNECTED 100 > 200")
        server.hang_up(server.dialogs()[0])
        await follower.until_told(BEN, "CONNECTED 100 > 200", "HANGUP 100 > 200")
        await follower.until_settled()


async def test_an_unsubscribed_node_reports_nothing(server: Kamailio, phones: Phones) -> None:
    callee = phones.answers("200")
    async with Follower(server, "100", BEN) as follower:
        await follower.connector.unsubscribe(BEN)
        await finished(phones.call("100", "200"), callee)
        await follower.until_told(ANNA, *STORY)
        await follower.until(lambda: 200 in follower.platform.refreshes)
        assert follower.told(BEN) == []
        assert follower.connector.nodes == [ANNA]
