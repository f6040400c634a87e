"""The REST API over HTTP: sessions, the directory, and invalid requests."""

from __future__ import annotations

import asyncio
import io

import pytest

from .served import API

ROUTES = [
    ("GET", "/me"),
    ("GET", "/ping"),
    ("POST", "/logout"),
    ("GET", "/calls"),
    ("POST", "/calls"),
    ("GET", "/calls/1"),
    ("PATCH", "/calls/1"),
    ("DELETE", "/calls/1"),
    ("GET", "/users"),
    ("GET", "/contacts"),
    ("GET", "/queues/77"),
]


class TestLogin:
    async def test_login_returns_a_token(self, client):
        status, body = await client.api(
            "POST", "/login", {"email": "anna@example.com", "password": "demo"}
        )
        assert status == 200
        assert body["user_id"] == "10002"
        assert set(body) == {"message", "user_token", "user_id"}

    async def test_login_does_not_reveal_why_it_failed(self, client):
        status, body = await client.api(
            "POST", "/login", {"email": "anna@example.com", "password": "no"}
        )
        assert (status, body) == (401, {"message": "Invalid email and/or password."})

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({}, ["email", "password"]),
            ({"email": "anna@example.com"}, ["password"]),
            ({"email": "", "password": "demo"}, ["email"]),
            ({"email": ["a"], "password": {"b": 1}}, ["email", "password"]),
        ],
    )
    async def test_login_names_the_missing_fields(self, client, body, fields):
        status, answer = await client.api("POST", "/login", body)
        assert status == 400
        assert [error["field"] for error in answer["errors"]] == fields
        assert all(error["message"] for error in answer["errors"])

    async def test_login_asks_for_the_second_factor(self, client):
        status, body = await client.api(
            "POST", "/login", {"email": "dora@example.com", "password": "demo"}
        )
        assert status == 202
        assert set(body) == {"message", "nonce"}
        factor = {"code": "000000", "nonce": body["nonce"]}
        status, answer = await client.api("POST", "/login2fa", factor)
        assert (status, answer) == (401, {"message": "Invalid authentication code."})
        factor["code"] = "123456"
        status, answer = await client.api("POST", "/login2fa", factor)
        assert (status, answer["user_id"]) == (200, "10004")
        status, _ = await client.api("GET", "/me", X_Auth_Token=answer["user_token"])
        assert status == 200

    async def test_login2fa_names_the_missing_fields(self, client):
        status, body = await client.api("POST", "/login2fa", {"code": 123456})
        assert (status, body["errors"][0]["field"]) == (400, "nonce")


class TestTokens:
    @pytest.mark.parametrize(("method", "path"), ROUTES)
    async def test_tokens_are_required_everywhere(self, client, method, path):
        status, body = await client.api(method, path)
        assert (status, body) == (401, {"message": "The X-Auth-Token header is missing."})
        status, body = await client.api(method, path, X_Auth_Token="nonsense")
        assert (status, body) == (401, {"message": "Invalid or expired authentication token."})

    @pytest.mark.parametrize("key", ["demo-key-10002", "10002:demo-key-10002"])
    async def test_an_api_key_is_accepted_as_a_token(self, client, key):
        status, body = await client.api("GET", "/me", X_Auth_Token=key)
        assert (status, body["data"]["id"]) == (200, "10002")

    async def test_a_logout_invalidates_the_token(self, anna):
        assert (await anna.api("POST", "/logout"))[0] == 200
        assert (await anna.api("GET", "/ping"))[0] == 401

    async def test_tokens_expire_after_thirty_idle_minutes(self, anna, timers):
        timers.advance(29 * 60)
        assert await anna.api("GET", "/ping") == (200, {"data": {"response": "Pong"}, "links": {}})
        timers.advance(29 * 60)
        assert (await anna.api("GET", "/ping"))[0] == 200
        timers.advance(30 * 60)
        assert (await anna.api("GET", "/ping"))[0] == 401


class TestDirectory:
    async def test_users(self, anna):
        _, body = await anna.api("GET", "/users")
        assert body["total"] == len(body["data"]) == 7
        emil = next(one for one in body["data"] if one["ext"] == "1006")
        assert emil == {
            "id": "10006",
            "ext": "1006",
            "email": "emil@example.com",
            "first_name": "Emil",
            "last_name": "Fox",
            "active": True,
            "dnd": True,
        }

    async def test_lists_have_pages(self, anna):
        _, body = await anna.api("GET", "/users?page=2&limit=3")
        assert [one["ext"] for one in body["data"]] == ["1005", "1006", "1007"]
        assert body["total"] == 7

    @pytest.mark.parametrize("query", ["limit=0", "limit=x", "page=-1", "page=99999999"])
    async def test_bad_pages_are_rejected(self, anna, query):
        assert (await anna.api("GET", f"/users?{query}"))[0] == 400

    async def test_contacts(self, anna):
        _, body = await anna.api("GET", "/contacts")
        assert body["data"][0] == {"id": "1", "name": "Alex Morgan", "phone": "+442036427900"}

    async def test_queues(self, anna):
        assert (await anna.api("GET", "/queues/77"))[1]["data"] == {
            "id": "77",
            "ext": "770",
            "name": "Sales",
            "members": ["10002", "10003"],
        }
        assert await anna.api("GET", "/queues/1") == (404, {"message": "No such queue."})


class TestBadRequests:
    @pytest.mark.parametrize(
        "raw",
        [b"{", b"\xff\xfe", b"[]", b"null", b'"x"', b"1" * 5000, b"[" * 100_000, b'{"a":' * 9999],
    )
    async def test_a_body_that_is_no_json_object_is_rejected(self, anna, raw):
        for method, path in (("POST", "/calls"), ("POST", "/login")):
            status, body = await anna.api(method, path, raw=raw)
            assert status == 400
            assert "JSON" in body["message"]

    async def test_a_body_that_is_too_large_is_rejected(self, anna):
        status, body = await anna.api("POST", "/calls", raw=io.BytesIO(b" " * 2_000_000))
        assert status == 413
        assert body["message"]

    async def test_a_body_that_cannot_be_decompressed_is_rejected(self, anna):
        status, body = await anna.api("POST", "/calls", raw=b"hello", Content_Encoding="gzip")
        assert (status, body) == (400, {"message": "The request's body cannot be read."})

    async def test_a_client_that_disconnects_early_logs_no_error(self, anna, caplog):
        host, port = anna.pbx.url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            f"POST {API}/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{{".encode()
        )
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert (await anna.api("GET", "/ping"))[0] == 200
        assert "pycti.pbx" not in {one.name for one in caplog.records if one.levelname == "ERROR"}

    async def test_the_charset_of_a_body_does_not_matter(self, anna):
        status, _ = await anna.api(
            "POST", "/calls", raw=b"{}", Content_Type="application/json; charset=klingon"
        )
        assert status == 400

    @pytest.mark.parametrize("path", ["/nothing", "/calls/1/2", "/", "/me/"])
    async def test_an_unknown_route_is_not_found(self, anna, path):
        status, body = await anna.api("GET", path)
        assert (status, body) == (404, {"message": "Not Found."})

    @pytest.mark.parametrize(
        ("method", "path"), [("PUT", "/me"), ("DELETE", "/calls"), ("GET", "/login")]
    )
    async def test_a_wrong_method_is_not_allowed(self, anna, method, path):
        async with anna.http.request(method, API + path) as answer:
            assert answer.status == 405
            assert answer.headers["Allow"]
            assert (await answer.json()) == {"message": "Method Not Allowed."}


class TestCors:
    @pytest.mark.parametrize("path", ["/login", "/me", "/calls/1", "/nothing"])
    async def test_a_preflight_allows_the_requests_of_the_connector(self, client, path):
        headers = {
            "Origin": "https://shop.example",
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "x-auth-token,content-type",
        }
        async with client.http.options(API + path, headers=headers) as answer:
            assert answer.status == 204
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
            assert answer.headers["Access-Control-Allow-Headers"] == "X-Auth-Token, Content-Type"

    @pytest.mark.parametrize("path", ["/me", "/nothing", "/ping"])
    async def test_errors_can_be_read_from_another_origin_too(self, client, path):
        await client.control("faults", {"path": "/ping", "status": 500})
        async with client.http.get(
            API + path, headers={"Origin": "https://shop.example"}
        ) as answer:
            assert answer.status in (401, 404, 500)
            assert answer.headers["Access-Control-Allow-Origin"] == "*"

    async def test_answers_are_not_stored(self, anna):
        async with anna.http.get(f"{API}/me", headers={"X-Auth-Token": anna.token}) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
