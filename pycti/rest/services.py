"""The requests of call control beyond a plain call, and what their answers say.

A server lists in ``GET /me`` which of them it takes; the embedded PBX's ``openapi.json`` documents
all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from pycti.errors import ApiError
from pycti.rest.api import (
    CALL_TIMEOUT,
    ApiRequest,
    ApiResponse,
    Json,
    call_path,
    parse,
    text_of,
)


@dataclass(frozen=True, slots=True)
class Cdr:
    """The server's record of a call of the user. Times are epoch milliseconds.

    ``leg`` is the user's part in the call: 0 where the server does not say. ``event`` and ``code``
    say why the dialog ended (RFC 4235 §3.7.1). ``rang``: the phone has rung, or was picked up.
    """

    call_id: str
    leg: int
    incoming: bool
    source: str
    source_name: str
    destination: str
    destination_name: str
    start_time: int | None
    answer_time: int | None
    end_time: int | None
    event: str
    code: int | None
    rang: bool


def hold(call_id: str) -> ApiRequest:
    """``PATCH /calls/ID``: hold."""
    return ApiRequest("PATCH", call_path(call_id), {"state": "ON_HOLD"})


def resume(call_id: str) -> ApiRequest:
    """``PATCH /calls/ID``: take off hold; the phone's other connected call is put on hold."""
    return ApiRequest("PATCH", call_path(call_id), {"state": "CONNECTED"})


def send_digits(call_id: str, digits: str) -> ApiRequest:
    """``POST /calls/ID/digits``: keypad tones."""
    return ApiRequest("POST", f"{call_path(call_id)}/digits", {"digits": digits})


def consult(call_id: str, to: str) -> ApiRequest:
    """``POST /calls``: hold a call and ring somebody from the same phone."""
    call_path(call_id)
    return ApiRequest("POST", "/calls", {"to": to, "consult": call_id}, CALL_TIMEOUT)


def complete_transfer(call_id: str, other_id: str) -> ApiRequest:
    """``PATCH /calls/ID``: connect the other sides of two calls."""
    call_path(other_id)
    return ApiRequest("PATCH", call_path(call_id), {"transfer_to": other_id})


def pick_up(call_id: str) -> ApiRequest:
    """``POST /calls/ID/pickup``: take a call that rings at another phone."""
    return ApiRequest("POST", f"{call_path(call_id)}/pickup", {})


def park(call_id: str) -> ApiRequest:
    """``POST /calls/ID/park``: leave the other side in a parking slot."""
    return ApiRequest("POST", f"{call_path(call_id)}/park", {})


def set_do_not_disturb(on: bool) -> ApiRequest:
    """``PATCH /users/me``: do not disturb."""
    return ApiRequest("PATCH", "/users/me", {"dnd": on})


def list_cdrs(since: int, limit: int) -> ApiRequest:
    """``GET /cdrs``: the calls that have ended since then, in epoch seconds, the newest first."""
    return ApiRequest("GET", f"/cdrs?since={since}&limit={limit}")


def parse_call_id(response: ApiResponse) -> str:
    """Return the id of the call that an answer is about, ``""`` where it names none."""
    return text_of(parse(response), "data", "id")


def parse_slot(response: ApiResponse) -> str:
    """Return where a call was parked; raises `ApiError` where the answer does not say."""
    slot = text_of(parse(response), "slot")
    if not slot.isalnum():
        raise ApiError(response.status, "The server's answer does not say where it is parked.")
    return slot


def parse_cdrs(response: ApiResponse) -> list[Cdr]:
    """Return the records in an answer; what is none is left out."""
    document = parse(response)
    rows = document.get("data") if isinstance(document, dict) else None
    found = [_cdr(row) for row in rows] if isinstance(rows, list) else []
    return [record for record in found if record is not None]


def _cdr(row: Json) -> Cdr | None:
    if not isinstance(row, dict):
        return None
    direction, call_id = row.get("direction"), text_of(row, "id")
    if direction not in ("INBOUND", "OUTBOUND") or not call_id.isalnum():
        return None
    code, leg = row.get("code"), row.get("leg")
    return Cdr(
        call_id=call_id,
        leg=leg if isinstance(leg, int) and 0 < leg < 1000 else 0,
        incoming=direction == "INBOUND",
        source=text_of(row, "src"),
        source_name=text_of(row, "src_name"),
        destination=text_of(row, "dst"),
        destination_name=text_of(row, "dst_name"),
        start_time=_time(row.get("start_time")),
        answer_time=_time(row.get("answer_time")),
        end_time=_time(row.get("end_time")),
        event=text_of(row, "event"),
        code=code if isinstance(code, int) and 100 <= code < 700 else None,
        rang=row.get("rang") is not False,
    )


def _time(value: Json) -> int | None:
    seconds = value if isinstance(value, int | float) and not isinstance(value, bool) else 0
    return round(seconds * 1000) if 0 < seconds < 10**11 else None
