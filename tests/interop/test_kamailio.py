"""The connector on CPython follows the calls of a real Kamailio and real phones."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise

import pytest

from pycti import CallEvent, CallStatus, Direction
from pycti.errors import SipError

from .conftest import CHILDREN
from .follower import Follower, histories
from .kamailio import Kamailio
from .phones import Phone, Phones

ANNA, BEN, CARLA = "user:100", "user:200", "user:300"
READY = ["LOGGED_IN", "SUBSCRIBED", "READY"]
STORY = ["RINGING 100 > 200", "CONNECTED 100 > 200", "HANGUP 100 > 200"]
"""A call from Anna to Ben that is answered."""


async def finished(*phones: Phone) -> None:
    """Wait until these phones have played their scenarios, each as it is written."""
    for phone in phones:
        await asyncio.to_thread(phone.finish)


# One call


async def test_a_call_that_is_answered_is_told_from_both_sides(
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
    # One dialog has one id, whoever's document tells of it.
    assert len({call.id for call in calls}) == 1
    assert follower.activity == [*READY, "SUBSCRIBED"]


async def test_a_call_that_is_rejected_is_cancelled(server: Kamailio, phones: Phones) -> None:
    callee = phones.declines("200")
    async with Follower(server, "100", BEN) as follower:
        await finished(phones.call_in_vain("100", "200"), callee)
        for node in (ANNA, BEN):
            await follower.until_told(node, "RINGING 100 > 200", "CANCEL 100 > 200")
        await follower.until_settled()


async def test_a_call_that_the_caller_gives_up_is_cancelled(
    server: Kamailio, phones: Phones
) -> None:
    callee = phones.rings("200")
    async with Follower(server, "100", BEN) as follower:
        await finished(phones.call_and_cancel("100", "200"), callee)
        for node in (ANNA, BEN):
            await follower.until_told(node, "RINGING 100 > 200", "CANCEL 100 > 200")
        await follower.until_settled()


async def test_a_call_that_nobody_answers_is_cancelled(server: Kamailio, phones: Phones) -> None:
    callee = phones.rings("200")
    async with Follower(server, "100", BEN) as follower:
        await finished(phones.call_in_vain("100", "200"), callee)
        for node in (ANNA, BEN):
            await follower.until_told(node, "RINGING 100 > 200", "CANCEL 100 > 200")
        await follower.until_settled()


async def test_a_call_to_a_busy_phone_is_cancelled_and_never_rang(
    new_server: Callable[..., Kamailio], plug_in: Callable[[Kamailio], Phones]
) -> None:
    # One process: with several, the end can be published before the beginning.
    server = new_server(CHILDREN=1)
    phones = plug_in(server)
    callee = phones.is_busy("200")
    async with Follower(server, "100", BEN) as follower:
        await finished(phones.call_in_vain("100", "200"), callee)
        for node in (ANNA, BEN):
            await follower.until_told(node, "CANCEL 100 > 200")
        await follower.until_settled()


async def test_hold_and_resume_are_told_once_though_each_makes_two_documents(
    server: Kamailio, phones: Phones
) -> None:
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
    # What a server with several processes goes on telling is up is up.
    ended = [states for key, states in told.items() if key not in {(c.node, c.id) for c in stuck}]
    assert {states[-1] for states in ended} == {CallStatus.HANGUP}
    assert max(len(request.body) for request in follower.platform.notifies) > 10_000


@pytest.mark.parametrize("children", CHILDREN.values(), ids=CHILDREN.keys())
async def test_documents_that_overtake_each_other_change_nothing_backwards(
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
    # How many there are is up to the machine; with several processes there usually are some.
    overtaken = sum(
        later < earlier for told in numbers.values() for earlier, later in pairwise(told)
    )
    print(f"NOTIFYs overtaken: {overtaken}")


async def test_a_call_that_is_up_at_login_is_told_as_it_is(
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


async def test_a_node_that_is_not_followed_any_more_is_silent(
    server: Kamailio, phones: Phones
) -> None:
    callee = phones.answers("200")
    async with Follower(server, "100", BEN) as follower:
        await follower.connector.unsubscribe(BEN)
        await finished(phones.call("100", "200"), callee)
        await follower.until_told(ANNA, *STORY)
        await follower.until(lambda: 200 in follower.platform.refreshes)
        assert follower.told(BEN) == []
        assert follower.connector.nodes == [ANNA]


# The life of a subscription


async def test_an_expiry_that_the_server_shortens_is_kept_and_its_nonces_are_renewed(
    new_server: Callable[..., Kamailio], plug_in: Callable[[Kamailio], Phones]
) -> None:
    # 300 s are asked for; the nonce of each refresh, 2 s later, has expired (RFC 7616 §3.3).
    server = new_server(MAX_EXPIRES=4, NONCE_EXPIRE=1)
    phones = plug_in(server)
    async with Follower(server, "100") as follower:
        await follower.until(lambda: len(follower.platform.refreshes) >= 6)
        assert follower.platform.refreshes[:6] == [401, 200] * 3
        callee = phones.answers("200")
        await finished(phones.call("100", "200"), callee)
        await follower.until_told(ANNA, *STORY)

    # It is the same subscription all along, and nobody is told of its refreshes.
    call_ids = {r.headers.get("Call-ID") for r, _ in follower.platform.subscribes}
    assert len(call_ids) == 1
    assert follower.activity == READY
    stale = [text for text in follower.platform.received if "stale=true" in text]
    assert len(stale) >= 3


async def test_an_expiry_that_the_server_finds_too_brief_is_lengthened(
    new_server: Callable[..., Kamailio],
) -> None:
    server = new_server(MIN_EXPIRES=400)
    async with Follower(server, "100") as follower:
        pass
    asked = [(r.headers.get("Expires"), status) for r, status in follower.platform.subscribes]
    assert asked == [("300", 401), ("300", 423), ("400", 200)]
    assert follower.activity == READY


async def test_a_subscription_that_runs_out_comes_back_and_its_call_is_not_told_twice(
    new_server: Callable[..., Kamailio], plug_in: Callable[[Kamailio], Phones]
) -> None:
    server = new_server(MAX_EXPIRES=4)
    phones = plug_in(server)
    phones.answers("200")
    async with Follower(server, "100") as follower:
        server.fault("refresh", "drop")
        phones.call_until_bye("100", "200")
        ended = "terminated;reason=timeout"
        await follower.until(lambda: any(ended in text for text in follower.platform.received))
        server.fault("refresh", None)
        accepted = 2
        await follower.until(
            lambda: [s for _, s in follower.platform.subscribes].count(200) >= accepted
        )
        await follower.until_settled()
        server.hang_up(server.dialogs()[0])
        await follower.until_told(ANNA, *STORY)

    assert len({r.headers.get("Call-ID") for r, _ in follower.platform.subscribes}) == 2
    assert follower.activity == READY


async def test_a_call_that_ended_while_the_server_had_forgotten_us_gets_its_hangup(
    new_server: Callable[..., Kamailio], plug_in: Callable[[Kamailio], Phones]
) -> None:
    # A NOTIFY that is not answered ends the subscription there; the refresh gets 481.
    server = new_server(MAX_EXPIRES=6)
    phones = plug_in(server)
    phones.answers("200")
    async with Follower(server, "100") as follower:
        phones.call_until_bye("100", "200")
        await follower.until_told(ANNA, "RINGING 100 > 200", "CONNECTED 100 > 200")
        follower.platform.deaf = True
        server.hang_up(server.dialogs()[0])
        await follower.until(lambda: 481 in follower.platform.refreshes)
        assert follower.told(ANNA)[2:] == []
        follower.platform.deaf = False
        await follower.until(lambda: follower.told(ANNA)[2:] == ["HANGUP 100 > 200"])
        await follower.until_settled()

    assert follower.activity == READY


async def test_a_node_that_the_server_cannot_take_now_can_be_followed_later(
    server: Kamailio,
) -> None:
    async with Follower(server, "100") as follower:
        server.fault("subscribe", "overloaded")
        with pytest.raises(SipError) as caught:
            await follower.connector.subscribe(BEN)
        assert caught.value.status == 503
        server.fault("subscribe", None)
        await follower.connector.subscribe(BEN)
        assert follower.connector.nodes == [ANNA, BEN]


async def test_a_server_without_the_dialog_package_fails_the_login_in_its_own_words(
    new_server: Callable[..., Kamailio],
) -> None:
    server = new_server(WITHOUT_DIALOG_EVENT=True)
    follower = Follower(server, "100")
    await follower.open()
    async with asyncio.timeout(10):
        with pytest.raises(SipError) as caught:
            await follower.connector.login("someone@pbx.test", "secret")
    assert caught.value.status == 489
    assert "Bad Event" in caught.value.message
    assert follower.activity == ["LOGGED_IN", "ERROR SIP_ERROR"]
    assert not follower.connector.is_connected()
    await follower.__aexit__(None, None, None)


async def test_a_wrong_sip_password_is_not_tried_twice(new_server: Callable[..., Kamailio]) -> None:
    server = new_server()
    follower = Follower(server, "100")
    server.accounts["100"] = "changed since"
    await follower.open()
    async with asyncio.timeout(10):
        with pytest.raises(SipError) as caught:
            await follower.connector.login("someone@pbx.test", "secret")
    assert caught.value.status == 401
    assert [status for _, status in follower.platform.subscribes] == [401, 401]
    await follower.__aexit__(None, None, None)


# Restarts


@pytest.mark.parametrize("end", [Kamailio.kill, Kamailio.stop], ids=["kill -9", "terminate"])
@pytest.mark.parametrize("children", CHILDREN.values(), ids=CHILDREN.keys())
async def test_a_restart_in_the_middle_of_calls_ends_each_of_them_once(
    new_server: Callable[..., Kamailio],
    plug_in: Callable[[Kamailio], Phones],
    end: Callable[[Kamailio], None],
    children: int,
) -> None:
    server = new_server(CHILDREN=children, RING_TIME=30_000)
    phones = plug_in(server)
    phones.answers("200")
    phones.rings("300")
    async with Follower(server, "100", BEN, CARLA) as follower:
        phones.call_until_bye("100", "200")
        await follower.until_told(BEN, *STORY[:2])
        # With several processes it may never be published that a call rings.
        ringing = ["RINGING 100 > 300", "CANCEL 100 > 300"] if not server.several else []
        if ringing:
            phones.call_in_vain("100", "300")
            await follower.until_told(CARLA, ringing[0])
        await follower.until(lambda: len(follower.connector.calls) == (4 if ringing else 2))
        before = follower.connector.calls

        await asyncio.to_thread(end, server)
        await follower.until(lambda: not follower.connector.is_connected())
        # A network failure is not a hangup: until the server has said otherwise they are up.
        assert follower.connector.calls == before
        await asyncio.to_thread(server.start)
        await follower.until(follower.connector.is_connected)
        await follower.until(lambda: not follower.connector.calls)
        await follower.until_told(BEN, *STORY)
        await follower.until_told(CARLA, *ringing)

        # The server's phones have to register again; the connector has subscribed again.
        phones.unplug()
        callee = await asyncio.to_thread(phones.answers, "200")
        await finished(phones.call("100", "200"), callee)
        await follower.until_told(BEN, *STORY, *STORY)
        await follower.until_settled()

    assert follower.activity == [*READY, "SUBSCRIBED", "SUBSCRIBED", "INFO CONNECTION_LOST",
                                 "READY"]  # fmt: skip
