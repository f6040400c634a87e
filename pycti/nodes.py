"""Nodes: what can be followed, and how each is written to pages and on the wire."""

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


def wire_uri(node: str, domain: str) -> str:
    """Return the SIP URI to subscribe to: users by their id, others with a dash."""
    kind, _, identifier = node.partition(":")
    return f"sip:{identifier}@{domain}" if kind == "user" else f"sip:{kind}-{identifier}@{domain}"


def public_uri(node: str, domain: str) -> str:
    """Return the node as ``getSubscriptionURIs()`` lists it: users by their id, others whole."""
    return f"{node.removeprefix('user:')}@{domain}"
