"""Login by password, by API key and with a second factor."""

from __future__ import annotations

import gc
import types

import pytest

from pycti.errors import CtiError
from pycti.rest.api import ApiRequest

from .world import DOWN, ME, World


async def code_of(world: World, work: object) -> str:
    task = world.start(work)
    await world.settle()
    with pytest.raises(CtiError) as caught:
        await task
    return caught.value.code


class TestPassword:
    async def test_the_steps_of_a_login(self, world: World):
        task = world.start(world.connector.login("anna@example.com", "pa55word"))
        await world.settle()
        event = await task
        assert event.name == "READY"
        # The vendor's texts.
        expected = "Connection with SIP server has been successfully established."
        assert event.message == expected
        assert world.names == ["LOGGED_IN", "SUBSCRIBED", "READY"]
        assert world.asked == ["POST /login", "GET /me"]
        login, me = world.platform.requests
        assert login.body == {"email": "anna@example.com", "password": "pa55word"}
        assert (login.token, me.token) == (None, "t0ken")
        assert world.tokens == ["t0ken"]
        assert world.socket.url == "wss://pbx.test:443"

    async def test_connected_is_true_inside_the_ready_handler(self):
        """Rule 6."""
        seen = []
        world = World(
            on_message=lambda event: seen.append((event.name, world.connector.is_connected()))
        )
        await world.log_in()
        assert seen == [("LOGGED_IN", False), ("SUBSCRIBED", False), ("READY", True)]
        await world.connector.aclose()

    async def test_subscribed_has_the_users_own_node(self, world: World):
        await world.log_in()
        assert world.connector.get_subscription_uris() == ["10002@pbx.test"]
        assert world.connector.nodes == ["user:10002"]

    async def test_get_param_returns_only_public_parameters(self, world: World):
        assert world.connector.get_param("user_id") is None
        await world.log_in()
        params = {
            name: world.connector.get_param(name)
            for name in ("user_id", "sip_username", "sip_domain", "sip_password")
        }
        assert params == {
            "user_id": "10002",
            "sip_username": "10002",
            "sip_domain": "pbx.test",
            "sip_password": None,
        }

    async def test_wrong_credentials(self, world: World):
        world.api["POST /login"] = (401, {"message": "Invalid email and/or password."})
        assert (
            await code_of(world, world.connector.login("anna@example.com", "wrong"))
            == "LOGIN_FAILED"
        )
        assert world.told == ["ERROR LOGIN_FAILED"]
        assert world.last_error.message == "Invalid email and/or password."
        assert world.platform.sockets == []

    @pytest.mark.parametrize("route", ["POST /login", "GET /me"])
    async def test_a_login_without_a_network_fails(self, world: World, route: str):
        world.api[route] = DOWN
        assert (
            await code_of(world, world.connector.login("anna@example.com", "x")) == "NETWORK_ERROR"
        )
        assert world.told == ["ERROR NETWORK_ERROR"]
        assert not world.connector.is_connected()

    @pytest.mark.parametrize("answer", [(500, {}), (200, {"data": {}}), (200, "<html>")])
    async def test_an_account_that_cannot_be_read_fails_the_login(self, world: World, answer):
        world.api["GET /me"] = answer
        assert await code_of(world, world.connector.login("anna@example.com", "x")) == "API_ERROR"

    async def test_a_login_can_follow_a_failed_login(self, world: World):
        world.api["POST /login"] = [(401, {}), (200, {"user_token": "t0ken"})]
        await code_of(world, world.connector.login("anna@example.com", "wrong"))
        await world.log_in()
        assert world.connector.is_connected()

    @pytest.mark.parametrize("down", ["POST /login", "the socket"])
    async def test_a_password_is_not_kept_in_memory_after_use(self, world: World, down: str):
        """Rule 9."""
        password = "".join(["very", "-", "s3cret"])
        if down == "POST /login":
            world.api[down] = (401, {})
        else:
            world.platform.refuse_url = "bad URL"
        task = world.start(world.connector.login("anna@example.com", password))
        await world.settle()
        await world.advance(0)
        assert task.done()
        assert task.exception() is not None
        world.tasks.clear()
        del task
        await world.settle()
        gc.collect()
        requests = [o for o in gc.get_objects() if isinstance(o, ApiRequest) and o.data]
        assert [r for r in requests if r.data.get("password") == password] == []
        frames = [o for o in gc.get_objects() if isinstance(o, types.FrameType)]
        here = "test_login.py"
        holding = [
            f.f_code.co_qualname
            for f in frames
            if here not in f.f_code.co_filename and password in map(id_or_text, f.f_locals.values())
        ]
        assert holding == []


def id_or_text(value: object) -> object:
    return value if isinstance(value, str) else id(value)


class TestKey:
    async def test_a_key_is_the_token(self, world: World):
        task = world.start(world.connector.login("10002:api-key"))
        await world.settle()
        assert (await task).name == "READY"
        assert world.asked == ["GET /me"]
        assert world.platform.requests[0].token == "10002:api-key"
        assert world.tokens == ["10002:api-key"]

    @pytest.mark.parametrize("status", [401, 403])
    async def test_a_wrong_key(self, world: World, status: int):
        world.api["GET /me"] = (status, {})
        assert await code_of(world, world.connector.login("wrong")) == "LOGIN_FAILED"
        assert world.told == ["ERROR LOGIN_FAILED"]
        assert world.tokens[-1] is None


class TestSecondFactor:
    async def test_a_nonce_requests_a_code(self, world: World):
        world.api["POST /login"] = (202, {"nonce": "n0nce", "message": "Enter the code."})
        world.api["POST /login2fa"] = (200, {"user_token": "t0ken"})
        task = world.start(world.connector.login("anna@example.com", "x"))
        await world.settle()
        event = await task
        assert (event.name, event.nonce, event.message) == (
            "TWO_FACTOR_AUTH",
            "n0nce",
            "Enter the code.",
        )
        assert world.names == ["TWO_FACTOR_AUTH"]
        task = world.start(world.connector.two_factor_auth("123456", event.nonce))
        await world.settle()
        assert (await task).name == "READY"
        assert world.platform.requests[1].body == {"code": "123456", "nonce": "n0nce"}

    async def test_a_wrong_code(self, world: World):
        world.api["POST /login"] = (202, {"nonce": "n"})
        world.api["POST /login2fa"] = (400, {"message": "Wrong code."})
        task = world.start(world.connector.login("anna@example.com", "x"))
        await world.settle()
        await task
        assert await code_of(world, world.connector.two_factor_auth("1", "n")) == "LOGIN_FAILED"

    async def test_a_code_during_a_session_is_an_error(self, ready: World):
        assert (
            await code_of(ready, ready.connector.two_factor_auth("1", "n")) == "ALREADY_LOGGED_IN"
        )
        assert ready.asked == []

    async def test_a_logout_ends_the_wait_for_a_code(self, world: World):
        world.api["POST /login"] = (202, {"nonce": "n"})
        task = world.start(world.connector.login("anna@example.com", "x"))
        await world.settle()
        await task
        assert (await world.connector.logout()).name == "LOGGED_OUT"


class TestTwice:
    async def test_a_second_login_of_the_same_account_is_ready_at_once(self, ready: World):
        """Pages that share a connection all log in when they load."""
        event = await ready.connector.login("anna@example.com", "pa55word")
        assert event.name == "READY"
        assert (await ready.connector.login("t0ken")).name == "READY"
        assert ready.asked == []

    async def test_another_account_must_wait_for_a_logout(self, ready: World):
        assert (
            await code_of(ready, ready.connector.login("ben@example.com", "x"))
            == "ALREADY_LOGGED_IN"
        )
        assert ready.connector.is_connected()

    async def test_concurrent_logins_share_one_login(self, world: World):
        one = world.start(world.connector.login("anna@example.com", "x"))
        other = world.start(world.connector.login("anna@example.com", "x"))
        await world.settle()
        assert ((await one).name, (await other).name) == ("READY", "READY")
        assert world.asked.count("POST /login") == 1

    async def test_a_second_login_waits_while_the_connection_is_lost(self, ready: World):
        ready.network = False
        await ready.drop()
        task = ready.start(ready.connector.login("anna@example.com", "x"))
        await ready.settle()
        assert not task.done() or task.exception() is not None


class TestTheSipSide:
    async def test_a_socket_that_cannot_be_opened_fails_the_login_and_is_retried(
        self, world: World
    ):
        world.network = False
        task = world.start(world.connector.login("anna@example.com", "x"))
        await world.settle()
        await world.drop("refused")
        with pytest.raises(CtiError) as caught:
            await task
        assert caught.value.code == "NETWORK_ERROR"
        assert world.told == ["LOGGED_IN", "ERROR NETWORK_ERROR"]
        world.network = True
        await world.advance(3)
        assert world.names[-1] == "READY"

    async def test_a_socket_that_never_opens_fails_after_20_seconds(self, world: World):
        world.network = False
        task = world.start(world.connector.login("anna@example.com", "x"))
        await world.advance(21)
        with pytest.raises(CtiError):
            await task

    async def test_a_rejected_url_fails_the_login(self, world: World):
        world.platform.refuse_url = "not a URL"
        task = world.start(world.connector.login("anna@example.com", "x"))
        await world.settle()
        await world.advance(0)
        with pytest.raises(CtiError) as caught:
            await task
        assert "not a URL" in caught.value.message

    @pytest.mark.parametrize("line", ["403 Forbidden", "503 Busy"])
    async def test_a_refused_subscription_fails_the_login(self, world: World, line: str):
        world.sip["10002"] = line
        assert await code_of(world, world.connector.login("anna@example.com", "x")) == "SIP_ERROR"
        assert not world.connector.is_connected()
        assert await code_of(world, world.connector.call("10003")) == "NOT_CONNECTED"
        del world.sip["10002"]
        await world.advance(10)
        assert world.names[-1] == "READY"

    async def test_a_refused_sip_password_is_read_again(self, world: World):
        world.sip["10002"] = "403 Forbidden"
        await code_of(world, world.connector.login("anna@example.com", "x"))
        world.api["GET /me"] = (200, {"data": {**ME, "sip_password": "new"}})
        world.sip.clear()
        await world.advance(10)
        assert world.connector.is_connected()
        assert world.connector._pump.subscriptions._link.agent.identity.password == "new"
        assert world.names.count("LOGGED_IN") == 1

    @pytest.mark.parametrize(
        ("options", "account", "url"),
        [
            ({}, {}, "wss://pbx.test:443"),
            ({}, {"sip_url": "ws://localhost:8080/sip"}, "ws://localhost:8080/sip"),
            ({"sip_server": "ws://127.0.0.1:5"}, {"sip_url": "ws://x.test"}, "ws://127.0.0.1:5"),
        ],
    )
    async def test_the_sip_url_follows_options_and_account(self, options, account, url):
        world = World(**options)
        world.api["GET /me"] = (200, {"data": {**ME, **account}})
        await world.log_in()
        assert world.socket.url == url
        transport = "WSS" if url.startswith("wss") else "WS"
        assert f"Via: SIP/2.0/{transport} " in world.socket.sent[0]
        await world.connector.aclose()

    async def test_several_sip_servers_are_tried_in_turn(self):
        servers = ["wss://one.test", "ws://[::1]:2", "wss://three.test"]
        world = World(sip_server=servers)
        await world.log_in()
        for _ in range(3):
            await world.drop()
            await world.advance(31)
            assert world.connector.is_connected()
        urls = [socket.url for socket in world.platform.sockets]
        assert urls == [*servers, servers[0]]
        assert "Via: SIP/2.0/WS " in world.platform.sockets[1].sent[0]
        await world.connector.aclose()
