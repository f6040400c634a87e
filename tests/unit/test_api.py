"""The requests and answers of the REST API as values (voipstudio-api.md)."""

from __future__ import annotations

import json
import posixpath
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pycti.errors import ApiError, InputError
from pycti.rest import api
from pycti.rest.api import Account, ApiRequest, ApiResponse, LoggedIn, SecondFactor


def answer(status: int, document: object = None) -> ApiResponse:
    return ApiResponse(status, "" if document is None else json.dumps(document))


ME = {"data": {"id": 10002, "sip_password": "pw", "sip_domain": "eu.sip.example", "email": "a@b.c"}}


class TestRequests:
    @pytest.mark.parametrize(
        ("request_", "method", "path", "body"),
        [
            (api.login("a@b.c", "pw"), "POST", "/login", {"email": "a@b.c", "password": "pw"}),
            (api.login_2fa("123", "n"), "POST", "/login2fa", {"code": "123", "nonce": "n"}),
            (api.logout(), "POST", "/logout", {}),
            (api.me(), "GET", "/me", None),
            (api.ping(), "GET", "/ping", None),
            (api.create_call("442036427900"), "POST", "/calls", {"to": "442036427900"}),
            (api.list_calls(), "GET", "/calls", None),
            (api.answer("143"), "PATCH", "/calls/143", {"state": "CONNECTED"}),
            (api.transfer("143", "10003"), "PATCH", "/calls/143", {"dst": "10003"}),
            (api.terminate("143"), "DELETE", "/calls/143", None),
        ],
    )
    def test_every_route(self, request_, method, path, body):
        assert (request_.method, request_.path) == (method, path)
        assert (None if request_.body is None else json.loads(request_.body)) == body

    def test_the_timeout_of_a_call_request_covers_the_ring_time(self):
        assert api.create_call("1").timeout == 90
        assert api.me().timeout == 20

    @pytest.mark.parametrize("identifier", ["../users", "1/../2", "a b", "1?x=y", "1#", "..%2f"])
    def test_a_call_id_cannot_change_the_path(self, identifier):
        path = api.terminate(identifier).path
        assert path.startswith("/calls/")
        assert not set(path.removeprefix("/calls/")) & set("/?# ")


class TestCustomRequests:
    @pytest.mark.parametrize(
        ("method", "path", "expected"),
        [
            ("get", "users", ("GET", "/users")),
            ("GET", "/users?page=1&x=a:b/..", ("GET", "/users?page=1&x=a:b/..")),
            ("DELETE", "/apitokens/7", ("DELETE", "/apitokens/7")),
            ("GET", "/contacts/", ("GET", "/contacts/")),
        ],
    )
    def test_a_path_inside_the_api(self, method, path, expected):
        request = api.custom(method, path, None)
        assert (request.method, request.path) == expected

    def test_post_data_is_sent_in_the_body(self):
        assert api.custom("POST", "/sms", {"to": "1"}).body == '{"to": "1"}'

    def test_get_data_is_sent_in_the_query(self):
        data = {"page": 2, "filter": [{"property": "ext"}], "name": "a b"}
        assert api.custom("GET", "/users", data).path == (
            "/users?page=2&filter=%5B%7B%22property%22%3A+%22ext%22%7D%5D&name=a+b"
        )
        assert api.custom("GET", "/users?x=1", {"y": "2"}).path == "/users?x=1&y=2"
        assert api.custom("GET", "/users", {}).path == "/users"

    @pytest.mark.parametrize(
        "path",
        [
            None,
            5,
            "//evil.test/x",
            "///evil.test",
            "https://evil.test/x",
            "\\\\evil.test",
            "/\\evil.test",
            "/users/../../login",
            "/users/%2e%2e/login",
            "/users/%2E./login",
            "/a//b",
            "/users#x",
            "/us ers",
            "/users\r\nX: y",
            "/users\x00",
            "/users\tx",
            "..",
            "/.",
            "/users/./x",
            "/users/..",
            "/users/..;/x",
            "/users/.%2e;v=1/x",
            "/users/%252e%252e/login",
            "/users/..%2flogin",
            "/users/%5c..%5clogin",
            "/users%0d%0aX-Auth-Token:x",
            "/users%00",
            "@evil.test/x",
            "/user:password@evil.test",
            "/users?x=1#y",
            "/\uff0e\uff0e/login",
            "/\u2025/login",
            "/users\u2215x",
            "/users\u200bx",
            "/\ud800",
        ],
    )
    def test_a_path_outside_the_api_is_rejected(self, path):
        """The request carries the token, which no other server may receive."""
        with pytest.raises(InputError) as caught:
            api.custom("GET", path, None)
        assert caught.value.code == "BAD_ARGUMENT"

    @given(st.text(alphabet="/.%2eE5cfF;\\#?@: \t\r\n\0abé:", max_size=20))
    def test_an_accepted_path_stays_below_the_base_url(self, path):
        """Both for a browser and for a server that decodes twice."""
        try:
            taken = api.custom("GET", path, None).path
        except InputError:
            return
        base = "https://api.test/v1"
        for text in (taken, unquote(taken), unquote(unquote(taken))):
            url = urljoin(base + "/", base + text)
            parts = urlsplit(url)
            assert (parts.scheme, parts.netloc) == ("https", "api.test")
            assert posixpath.normpath(parts.path).startswith("/v1")

    def test_recursive_data_is_rejected(self):
        endless: dict[str, object] = {}
        deep: dict[str, object] = {}
        endless["x"] = endless
        for _ in range(200_000):
            deep = {"x": deep}
        for data in (endless, deep):
            with pytest.raises(InputError):
                api.custom("POST", "/users", data)

    @pytest.mark.parametrize("method", [None, 5, "", "TRACE", "CONNECT", "GET /x"])
    def test_an_unknown_method_is_rejected(self, method):
        with pytest.raises(InputError):
            api.custom(method, "/users", None)

    @pytest.mark.parametrize("data", ["x", 5, [1], True])
    def test_data_must_be_an_object(self, data):
        with pytest.raises(InputError):
            api.custom("POST", "/users", data)

    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("value", [object(), {1, 2}, float("nan"), float("inf")])
    def test_data_that_json_cannot_encode_is_rejected(self, method, value):
        with pytest.raises(InputError) as caught:
            api.custom(method, "/users", {"x": value})
        assert caught.value.code == "BAD_ARGUMENT"

    def test_data_that_a_query_cannot_encode_is_rejected(self):
        with pytest.raises(InputError):
            api.custom("GET", "/users", {"x": "\ud800"})


class TestAnswers:
    def test_a_successful_answer_returns_its_json(self):
        assert api.parse(answer(200, {"data": [1]})) == {"data": [1]}
        assert api.parse(answer(204)) is None

    @pytest.mark.parametrize(
        "body", ["<html>", "{", "NaN", '{"a": Infinity}', "9" * 5000, "[" * 100_000]
    )
    def test_a_successful_answer_without_json_is_a_server_error(self, body):
        with pytest.raises(ApiError) as caught:
            api.parse(ApiResponse(200, body))
        assert (caught.value.code, caught.value.status) == ("API_ERROR", 200)

    def test_a_number_that_javascript_cannot_parse_is_rejected(self):
        with pytest.raises(ApiError):
            api.parse(ApiResponse(200, '{"a": 1e999}'))

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ('{"message": "Invalid email and/or password."}', "Invalid email and/or password."),
            ('{"message": "A.", "errors": [{"field": "to", "message": "B."}]}', "A. B."),
            (
                '{"message": "A.", "errors": [{"message": "A."}, 5, {"message": 7}, {}]}',
                "A.",
            ),
            ('{"errors": "x"}', "HTTP status 412"),
            ('{"message": null}', "HTTP status 412"),
            ("[1]", "HTTP status 412"),
            ("<html>", "HTTP status 412"),
            ("", "HTTP status 412"),
        ],
    )
    def test_an_error_contains_the_servers_message(self, body, words):
        with pytest.raises(ApiError) as caught:
            api.parse(ApiResponse(412, body))
        assert (caught.value.message, caught.value.status) == (words, 412)

    def test_a_redirect_is_an_error(self):
        with pytest.raises(ApiError):
            api.parse(answer(302))


class TestLogin:
    def test_a_token(self):
        assert api.parse_login(answer(200, {"user_token": "t", "user_id": 1})) == LoggedIn("t")

    def test_a_second_factor(self):
        assert api.parse_login(answer(202, {"nonce": "n", "message": "Code?"})) == SecondFactor(
            "n", "Code?"
        )
        assert api.parse_login(answer(202, {"nonce": 5})).message == "A second factor is needed."

    @pytest.mark.parametrize("status", [400, 401, 403, 429])
    def test_a_refusal_is_a_failed_login(self, status):
        with pytest.raises(ApiError) as caught:
            api.parse_login(answer(status, {"message": "Invalid."}))
        assert (caught.value.code, caught.value.message) == ("LOGIN_FAILED", "Invalid.")

    def test_a_server_error_is_not_a_failed_login(self):
        with pytest.raises(ApiError) as caught:
            api.parse_login(answer(500))
        assert caught.value.code == "API_ERROR"

    @pytest.mark.parametrize(
        "document",
        [
            None,
            [],
            "x",
            {},
            {"user_token": ""},
            {"user_token": True},
            {"user_token": "a\r\nb"},
            {"user_token": {}},
        ],
    )
    def test_a_login_without_a_usable_token_is_a_server_error(self, document):
        with pytest.raises(ApiError) as caught:
            api.parse_login(answer(200, document))
        assert caught.value.code == "API_ERROR"


class TestAccount:
    def test_the_account_has_the_sip_parameters(self):
        assert api.parse_account(answer(200, ME)) == Account(
            "10002", "eu.sip.example", "pw", email="a@b.c"
        )

    def test_the_account_has_the_users_node(self):
        assert api.parse_account(answer(200, ME)).node == "user:10002"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("id", None),
            ("id", "a@b"),
            ("id", "1\r\n2"),
            ("id", "\u0661\u0662"),
            ("sip_domain", ""),
            ("sip_domain", "evil.test/x"),
            ("sip_domain", "a\r\nb"),
            ("sip_domain", "p\u00e9.test"),
            ("sip_domain", {}),
        ],
    )
    def test_a_value_that_a_sip_header_cannot_contain_is_rejected(self, name, value):
        with pytest.raises(ApiError):
            api.parse_account(answer(200, {"data": {**ME["data"], name: value}}))

    @pytest.mark.parametrize("document", [None, [], {"data": []}, {"data": None}])
    def test_an_invalid_account_is_rejected(self, document):
        with pytest.raises(ApiError):
            api.parse_account(answer(200, document))


class TestCalls:
    @pytest.mark.parametrize("identifier", ["", ".", ".."])
    def test_an_id_that_is_no_path_segment_is_an_unknown_call(self, identifier):
        for make in (api.answer, api.terminate):
            with pytest.raises(InputError) as caught:
                make(identifier)
            assert caught.value.code == "UNKNOWN_CALL"

    def test_an_id_is_escaped_in_the_path(self):
        assert api.terminate("../a?b#c").path == "/calls/..%2Fa%3Fb%23c"

    def test_the_id_of_a_created_call(self):
        assert (
            api.parse_created_call(answer(201, {"data": {"id": 1432310571129}})) == "1432310571129"
        )

    @pytest.mark.parametrize("identifier", [None, "", "../x", "a b", True, [], 1.5])
    def test_a_created_call_without_a_usable_id_is_a_server_error(self, identifier):
        with pytest.raises(ApiError):
            api.parse_created_call(answer(201, {"data": {"id": identifier}}))

    def test_the_live_calls(self):
        rows = [{"id": 1, "dst": "442"}, {"id": "../x", "dst": "1"}, 5, {"id": "b2"}]
        assert api.parse_calls(answer(200, {"data": rows})) == [("1", "442"), ("b2", "")]

    @pytest.mark.parametrize("document", [None, [], {}, {"data": 5}])
    def test_an_answer_without_a_list_has_no_calls(self, document):
        assert api.parse_calls(answer(200, document)) == []


def test_repr_contains_no_secret():
    shown = [
        repr(api.login("a@b.c", "s3cret")),
        repr(api.login_2fa("s3cret", "s3cret")),
        repr(ApiResponse(200, "s3cret")),
        repr(LoggedIn("s3cret")),
        repr(SecondFactor("s3cret", "Code?")),
        repr(Account("1", "d", "s3cret")),
        repr(ApiRequest("GET", "/me", {"x": "s3cret"})),
    ]
    assert [text for text in shown if "s3cret" in text] == []
