"""Subscriptions at a real Kamailio: refreshes, ends and restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from pycti.errors import SipError

from .conftest import CHILDREN
from .follower import ANNA, BEN, CARLA, READY, STORY, Follower
from .kamailio import Kamailio
from .phones import Phones, finished

# One subscription


async def test_a_shortened_expiry_is_respected_and_nonces_are_renewed(
    new_server: Callable[..., Kamailio], plug_in: Callable[[Kamailio], Phones]
) -> None:
    # The client requests 300 s. The nonce of each refresh, 2 s later, has expired (RFC 7616 §3.3).
    server = new_server(MAX_EXPIRES=4, NONCE_EXPIRE=1)
    phones = plug_in(server)
    async with Follower(server, "100") as follower:
        await follower.until(lambda: len(follower.platform.refreshes) >= 6)
        assert follower.platform.refreshes[:6] == [401, 200] * 3
        callee = phones.answers("200")
        await finished(phones.call("100", "200"), callee)
        await follower.until_told(ANNA, *STORY)

    # It is always the same subscription, and its refreshes cause no events.
    call_ids = {r.headers.get("Call-ID") for r, _ in follower.platform.subscribes}
    assert len(call_ids) == 1
    assert follower.activity == READY
    stale = [text for text in follower.platform.received if "stale=true" in text]
    assert len(stale) >= 3


async def test_a_423_lengthens_the_expiry(
    new_server: Callable[..., Kamailio],
) -> None:
    server = new_server(MIN_EXPIRES=400)
    async with Follower(server, "100") as follower:
        pass
    asked = [(r.headers.get("Expires"), status) for r, status in follower.platform.subscribes]
    assert asked == [("300", 401), ("300", 423), ("400", 200)]
    assert follower.activity == READY


async def test_an_expired_subscription_is_renewed_without_repeated_events(
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


async def test_a_call_that_ended_without_a_subscription_gets_its_hangup(
    new_server: Callable[..., Kamailio], plug_in: Callable[[Kamailio], Phones]
) -> None:
    # An unanswered NOTIFY ends the subscription on the server; the refresh gets 481.
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


async def test_a_temporarily_refused_node_can_be_followed_later(
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


async def test_a_server_without_the_dialog_package_fails_the_login(
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
async def test_a_restart_during_calls_ends_each_of_them_once(
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
        # With several processes the ringing of a call may never be published.
        ringing = ["RINGING 100 > 300", "HANGUP 100 > 300"] if not server.several else []
        if ringing:
            phones.call_in_vain("100", "300")
            await follower.until_told(CARLA, ringing[0])
        await follower.until(lambda: len(follower.connector.calls) == (4 if ringing else 2))
        before = follower.connector.calls

        await asyncio.to_thread(end, server)
        await follower.until(lambda: not follower.connector.is_connected())
        # A network failure is not a hangup: the calls stay connected until the server reports more.
        assert follower.connector.calls == before
        await asyncio.to_thread(server.start)
        await follower.until(follower.connector.is_connected)
        await follower.until(lambda: not follower.connector.calls)
        await follower.until_told(BEN, *STORY)
        await follower.until_told(CARLA, *ringing)

        # The phones must register again; the connector has subscribed again.
        phones.unplug()
        callee = await asyncio.to_thread(phones.answers, "200")
        await finished(phones.call("100", "200"), callee)
        await follower.until_told(BEN, *STORY, *STORY)
        await follower.until_settled()

    assert follower.activity == [*READY, "SUBSCRIBED", "SUBSCRIBED", "READY"]
