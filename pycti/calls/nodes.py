"""Nodes: parse their names and convert them to URIs, for pages and for SIP."""

from __future__ import annotations

import re

from pycti.errors import InputError, quoted

TYPES = ("user", "ivr", "queue", "conf")

_NUMBER = re.compile(r"[0-9]{1,20}\Z")


def parse_node(node: str) -> str:
    """Return ``node`` if it is ``user:ID``, ``ivr:ID``, ``queue:ID`` or ``conf:ID``.

    Raises:
        InputError: BAD_NODE_TYPE or BAD_NODE_ID.
    """
    kind, _, identifier = node.strip().partition(":")
    if kind not in TYPES:
        raise InputError("BAD_NODE_TYPE", f"{quoted(node)} has no known node type.")
    if not _NUMBER.match(identifier):
        raise InputError("BAD_NODE_ID", f"{quoted(node)} has no number after the colon.")
    return f"{kind}:{identifier}"


def user_of(node: str) -> str:
    """Return the user part of the node's SIP URI: a user's id, or ``TYPE-ID`` for other nodes."""
    return node.removeprefix("user:").replace(":", "-")


def wire_uri(node: str, domain: str) -> str:
    """Return the SIP URI to subscribe to."""
    return f"sip:{user_of(node)}@{domain}"


def public_uri(node: str, domain: str) -> str:
    """Return the node as in ``getSubscriptionURIs()``: a user's id, or the whole node's name."""
    return f"{node.removeprefix('user:')}@{domain}"
