"""The state of the PBX for the control panel, without secrets."""

from __future__ import annotations

from dataclasses import asdict

from pycti.pbx.legs import Call, Leg
from pycti.pbx.parts import Parts
from pycti.pbx.subscription import Subscription


def state_report(parts: Parts) -> dict[str, object]:
    """Return the state of a PBX as JSON, without passwords, tokens and API keys."""
    now = parts.timers.now()
    return {
        "version": parts.feed.version,
        "domain": parts.directory.domain,
        "accounts": [
            {
                "id": person.id,
                "ext": person.ext,
                "name": person.party.name,
                "email": person.email,
                "phone": asdict(parts.phones.settings[person.id]),
            }
            for person in parts.directory.people
        ],
        "services": [
            {
                "node": service.party.node,
                "ext": service.party.number,
                "name": service.party.name,
                "members": list(service.members),
            }
            for service in parts.directory.services
        ],
        "outside": [
            {"number": entry.number, "name": entry.name, "does": entry.does}
            for entry in parts.directory.outside
        ],
        "calls": [_call(call) for call in parts.exchange.calls.values()],
        "subscriptions": [_subscription(one, now) for one in parts.notifier.subscriptions],
        "sockets": [{"id": socket.id, "peer": socket.peer} for socket in parts.sockets.sockets],
        "faults": parts.faults.listed(),
        "sip": {"refuse": parts.sockets.refuse},
    }


def _call(call: Call) -> dict[str, object]:
    return {
        "id": call.id,
        "state": call.state,
        "context": call.context,
        "src": call.source.number,
        "src_name": call.source.name,
        "dst": call.destination.number,
        "dst_name": call.destination.name,
        "start_time": int(call.started),
        "connected_at": None if call.connected is None else int(call.connected),
        "legs": [
            _leg(leg) | {"anchor": leg is call.anchor, "hears": call.heard_by(leg)}
            for leg in call.legs
        ],
    }


def _leg(leg: Leg) -> dict[str, object]:
    return {
        "id": leg.id,
        "node": leg.party.node,
        "number": leg.party.number,
        "name": leg.party.name,
        "remote": leg.remote.name or leg.remote.number,
        "direction": leg.way.value,
        "state": leg.state.value,
        "event": leg.event,
        "code": leg.code,
        "digits": leg.digits,
    }


def _subscription(one: Subscription, now: float) -> dict[str, object]:
    return {
        "node": one.party.node,
        "user": one.user_id,
        "call_id": one.call_id,
        "socket": one.connection.id if one.connection.open else None,
        "expires_in": max(0, round(one.expires_at - now)),
        "version": one.version,
        "unanswered": len(one.pending),
    }
