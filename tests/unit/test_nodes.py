"""Nodes: parsing and URIs."""

from __future__ import annotations

import pytest

from pycti.calls.nodes import parse_node, public_uri, wire_uri
from pycti.errors import InputError


@pytest.mark.parametrize("node", ["user:10002", "ivr:55", "queue:77", "conf:123456"])
def test_the_four_types_are_valid(node):
    assert parse_node(node) == node


def test_blanks_around_a_node_are_ignored():
    assert parse_node("  queue:77\n") == "queue:77"


@pytest.mark.parametrize("node", ["", "77", "group:77", "USER:1", ":77", "queue77", "x" * 999])
def test_another_type_is_rejected(node):
    with pytest.raises(InputError) as caught:
        parse_node(node)
    assert caught.value.code == "BAD_NODE_TYPE"
    assert len(caught.value.message) < 100


@pytest.mark.parametrize(
    "node", ["queue:", "queue:abc", "queue:7 7", "queue:7:7", "queue:-1", "queue:\u0667", "ivr:7@x"]
)
def test_an_id_that_is_not_a_number_is_rejected(node):
    with pytest.raises(InputError) as caught:
        parse_node(node)
    assert caught.value.code == "BAD_NODE_ID"


@pytest.mark.parametrize(
    ("node", "wire", "public"),
    [
        ("user:10002", "sip:10002@pbx.test", "10002@pbx.test"),
        ("ivr:55", "sip:ivr-55@pbx.test", "ivr:55@pbx.test"),
        ("queue:77", "sip:queue-77@pbx.test", "queue:77@pbx.test"),
        ("conf:123456", "sip:conf-123456@pbx.test", "conf:123456@pbx.test"),
    ],
)
def test_the_wire_uri_has_a_dash_and_the_public_uri_a_colon(node, wire, public):
    assert wire_uri(node, "pbx.test") == wire
    assert public_uri(node, "pbx.test") == public
