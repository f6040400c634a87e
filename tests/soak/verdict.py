"""What must hold of the events of one document, from its load until it is left."""

from __future__ import annotations

from typing import Any

ENDS = ("HANGUP", "CANCEL")


def faults_of(events: list[dict[str, Any]], *, left: bool) -> list[str]:
    """Return what is wrong in them. A document that was ``left`` may not have seen every end."""
    faults: list[str] = []
    # A call that is asked for has the id of the request until the server has given it one.
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
