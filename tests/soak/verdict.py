"""The rules for the events of one document, from its load until the user leaves it."""

from __future__ import annotations

from typing import Any

ENDS = ("HANGUP", "CANCEL")


def faults_of(events: list[dict[str, Any]], *, left: bool) -> list[str]:
    """Return the faults. A document that was ``left`` may have missed some ends."""
    faults: list[str] = []
    # A requested call has the id of its request until the server assigns one.
    requests: dict[tuple[str, str], str] = {}
    last: dict[tuple[str, str], str] = {}
    for number, event in enumerate(events):
        if event["name"] == "LOGGED_OUT":
            faults.append(f"event {number}: logged out: {event['message']}")
        if "call" not in event:
            continue
        call, name = event["call"], event["name"]
        node, call_id = call["node"], call["id"]
        if call["requestId"]:
            requests[node, call_id] = call["requestId"]
        key = node, requests.get((node, call_id), call_id)
        before = last.get(key)
        where = f"event {number}: call {call_id} at {node}: {name} after {before}"
        if before in ENDS:
            faults.append(f"{where}, its end")
        elif before == name and not event.get("replay"):
            faults.append(f"{where}, twice")
        last[key] = name
    if not left:
        open_calls = [f"{key} is still {name}" for key, name in last.items() if name not in ENDS]
        faults.extend(f"no end: {one}" for one in open_calls)
    return faults
