"""Validate the fields of a page's ``hello``, which can contain anything."""

from __future__ import annotations

import re
from typing import Any

from pycti.events import ANONYMOUS_NAME, Call, CallStatus, Direction


def read_call(fields: Any) -> Call | None:
    """Return a call that a page knows, or ``None`` if it is not valid."""
    try:
        return Call(
            id=str(fields["id"]),
            cid=str(fields["cid"]),
            node=str(fields["node"]),
            direction=Direction(fields["direction"]),
            status=CallStatus(fields["status"]),
            source=str(fields["source"]),
            source_name=str(fields["sourceName"]).replace(ANONYMOUS_NAME, ""),
            destination=str(fields["destination"]),
            destination_name=str(fields["destinationName"]),
            request_id=str(fields["requestId"]),
            server_id=_read_server_id(fields),
            start_time=_read_time(fields["startTime"]),
            answer_time=_read_time(fields["answerTime"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def read_servers(value: object) -> list[str]:
    """Return the SIP servers in a page's options: none, one, or several to try in turn."""
    values = value if isinstance(value, list) else [value]
    return [server for server in values if isinstance(server, str) and server]


def read_country(value: object) -> str | None:
    """Return the country in a page's options, which the shim has checked."""
    return value if isinstance(value, str) and re.fullmatch("[A-Za-z]{2}", value) else None


def _read_server_id(fields: Any) -> str:
    """Return the server's id: the call's id, unless the connector started the call."""
    known = fields.get("serverId")
    if known is None and fields["id"] != fields["requestId"]:
        known = fields["id"]
    return str(known or "")


def _read_time(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None
