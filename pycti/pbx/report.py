"""What the control panel shows: the whole PBX at a glance, without any secret."""

from __future__ import annotations

from dataclasses import asdict

from pycti.pbx.directory import Directory
from pycti.pbx.exchange import Exchange
from pycti.pbx.faults import Faults
from pycti.pbx.legs import Call, Leg
from pycti.pbx.notifier import Notifier
from pycti.pbx.phones import Phones
from pycti.pbx.sip_socket import SipSockets
from pycti.pbx.subscription import Subscription


def state_report(
    version: int,
    directory: Directory,
    phones: Phones,
    exchange: Exchange,
    notifier: Notifier,
    sockets: SipSockets,
    faults: Faults,
    now: float,
) -> dict[str, object]:
    """Return the state of a PBX as JSON. Never a password, a token or an API key."""
    return {
        "version": version,
        "domain": directory.domain,
        "accounts": [
            {
                "id": person.id,
                "ext": person.ext,
                "name": person.party.name,
                "email": person.email,
                "phone": asdict(phones.settings[person.id]),
            }
            for person in directory.people
        ],
        "services": [
            {
                "node": service.party.node,
                "ext": service.party.number,
                "name": service.party.name,
                "members": list(service.members),
            }
            for service in directory.services
        ],
        "outside": [
            {"number": entry.number, "name": entry.name, "does": entry.does}
            for entry in directory.outside
        ],
        "calls": [_call(call) for call in exchange.calls.values()],
        "subscriptions": [_subscription(one, now) for one in notifier.subscriptions],
        "sockets": [{"id": socket.id, "peer": socket.peer} for socket in sockets.sockets],
        "faults": faults.listed(),
        "sip": {"refuse": sockets.refuse},
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
        "legs": [_leg(leg) for leg in call.legs],
    }


def _leg(leg: Leg) -> dict[str, object]:
    return {
        "id": leg.id,
        "node": leg.party.node,
        "number": leg.party.number,
        "name": leg.party.name,
        "direction": leg.way.value,
        "state": leg.state.value,
        "event": leg.event,
        "code": leg.code,
    }


def _subscription(one: Subscription, now: float) -> dict[str, object]:
    return {
        "node": one.party.node,
        "user": one.user_id,
        "socket": one.connection.id if one.connection.open else None,
        "expires_in": max(0, round(one.expires_at - now)),
        "version": one.version,
        "unanswered": len(one.pending),
    }
