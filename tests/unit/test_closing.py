"""Closing a connector, and the iterators over its events."""

from __future__ import annotations

from .documents import incoming
from .world import World


class TestClosing:
    async def test_closing_rejects_everything_that_waits(self, world: World):
        world.network = False
        login = world.start(world.connector.login("anna@example.com", "x"))
        call = world.start(world.connector.call("10003"))
        await world.settle()
        await world.connector.aclose()
        await world.settle()
        assert login.done()
        assert call.done()

    async def test_closing_rejects_pending_commands_and_subscriptions(self, ready: World):
        await ready.dialogs(incoming("143-1", "early"))
        ready.api["PATCH /calls/143"] = (200, {})
        ready.sip["queue-77"] = None
        answer = ready.start(ready.connector.answer())
        follow = ready.start(ready.connector.subscribe("queue:77"))
        await ready.settle()
        await ready.connector.aclose()
        await ready.settle()
        assert answer.exception().code == "NOT_CONNECTED"
        assert follow.exception().code == "NOT_CONNECTED"

    async def test_closing_ignores_a_cancelled_wait_for_a_login(self, world: World):
        held = world.hold("POST /login")
        world.start(world.connector.login("anna@example.com", "x"))
        await world.settle()
        waiting = world.start(world.connector.call("10003"))
        await world.settle()
        waiting.cancel()
        held.set_result((200, {"user_token": "t0ken"}))
        await world.settle()
        assert world.connector.is_connected()

    async def test_closing_ignores_a_cancelled_command(self, world: World):
        world.hold("POST /login")
        world.start(world.connector.login("anna@example.com", "x"))
        await world.settle()
        waiting = world.start(world.connector.call("10003"))
        await world.settle()
        waiting.cancel()
        await world.connector.aclose()
        await world.settle()
        assert waiting.cancelled()

    async def test_nothing_happens_after_closing(self, ready: World):
        await ready.connector.aclose()
        assert ready.socket.closed
        await ready.advance(4000)
        assert ready.told == []
        assert ready.asked == []

    async def test_closing_works_before_a_login(self):
        world = World()
        async with world.connector as connector:
            connector.wake()

    async def test_closing_closes_the_platform(self, world: World):
        closed = []

        async def aclose() -> None:
            closed.append(True)

        world.platform.aclose = aclose  # type: ignore[attr-defined]
        await world.connector.aclose()
        assert closed


class TestEvents:
    async def test_the_iterator_yields_every_event_from_now_on(self, world: World):
        events = world.connector.events()
        await world.log_in()
        assert [(await anext(events)).name for _ in range(3)] == [
            "LOGGED_IN",
            "SUBSCRIBED",
            "READY",
        ]

    async def test_the_iterator_ends_when_the_connector_is_closed(self, ready: World):
        events = ready.connector.events()
        await ready.connector.aclose()
        assert [event async for event in events] == []

    async def test_a_closed_iterator_collects_no_more_events(self, ready: World):
        events = ready.connector.events()
        await ready.dialogs(incoming("143-1", "early"))
        await anext(events)
        await events.aclose()
        assert ready.connector._queues == set()

    async def test_an_iterator_of_a_closed_connector_ends_at_once(self, ready: World):
        await ready.connector.aclose()
        task = ready.start(anext(ready.connector.events(), None))
        await ready.settle()
        assert task.done()

    async def test_an_exception_in_a_callback_is_logged_and_ignored(self, caplog):
        """Rule 11."""
        seen = []

        def on_message(event):
            seen.append(event.name)
            raise RuntimeError("the page's own fault")

        world = World(on_message=on_message)
        await world.log_in()
        assert seen == ["LOGGED_IN", "SUBSCRIBED", "READY"]
        assert "the page's own fault" in caplog.text
        await world.connector.aclose()

    async def test_a_connector_needs_no_callbacks(self):
        world = World(on_message=None, on_token=None)
        await world.log_in()
        assert world.connector.is_connected()
        await world.connector.aclose()

    def test_the_default_platform_matches_the_interpreter(self):
        from pycti.connector import Connector
        from pycti.platform.native import NativePlatform

        assert isinstance(Connector().platform, NativePlatform)
