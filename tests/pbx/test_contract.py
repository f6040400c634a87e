"""The OpenAPI document is valid, and neither it nor the PBX has what the other lacks.

Beyond that, every answer that any test of the PBX gets is held to it (`served.Client.api`).
"""

from __future__ import annotations

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from pycti.pbx.accounts import FEATURES
from pycti.rest import api

from .contract import DOCUMENT, check_answer, check_request, operations
from .served import API


def test_the_document_is_openapi_3_1() -> None:
    validate(DOCUMENT, cls=OpenAPIV31SpecValidator)


async def test_each_route_is_in_the_document_and_the_other_way_round(pbx) -> None:
    routes = {
        (route.method, route.resource.canonical.removeprefix(API))
        for route in pbx._application().router.routes()
        if route.resource is not None and route.resource.canonical.startswith(API)
    }
    assert {(method, path) for method, path in routes if method != "HEAD"} == operations()


def test_the_document_names_the_features_of_the_pbx() -> None:
    offered = DOCUMENT["components"]["schemas"]["Me"]["properties"]["features"]
    assert offered["items"]["enum"] == list(FEATURES)


REQUESTS = [
    api.login("anna@example.com", "demo"),
    api.login_2fa("123456", "n"),
    api.logout(),
    api.me(),
    api.ping(),
    api.create_call("1003"),
    api.list_calls(),
    api.answer("1"),
    api.transfer("1", "1003"),
    api.terminate("1"),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: f"{one.method} {one.path}")
def test_the_connector_sends_what_the_document_knows(request_: api.ApiRequest) -> None:
    check_request(request_.method, request_.path, request_.data)


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/ping", 200, {"data": {"response": "Ping"}, "links": {}}),
        ("GET", "/ping", 204, None),
        ("GET", "/nothing", 200, {}),
        ("DELETE", "/calls/1", 204, {}),
        ("POST", "/calls/1/park", 404, {"error": "No such call."}),
    ],
)
def test_what_is_not_promised_is_noticed(method, path, status, body) -> None:
    with pytest.raises(AssertionError):
        check_answer(method, path, status, body)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", "/me", {}), ("POST", "/calls", {"too": "1"}), ("POST", "/calls", None)],
)
def test_a_request_that_the_document_does_not_know_is_noticed(method, path, body) -> None:
    with pytest.raises(AssertionError):
        check_request(method, path, body)
