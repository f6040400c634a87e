"""Non-INVITE transactions over a reliable transport (RFC 3261 §17.1.2, §17.2.2).

A WebSocket needs no retransmissions, and timers J and K are zero. Three rules remain: Timer F, the
matching of responses, and exactly one final response to each request.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import auto
from typing import Generic, TypeVar

from pycti.common.machine import Machine, Symbol, Table
from pycti.sip.message import Request, Response, top_via

T1 = 0.5
"""RFC 3261 §17.1.1.1: the estimate of the round-trip time, in seconds."""

TIMER_F = 64 * T1
"""How long a request waits for its final response, in seconds."""

Owner = TypeVar("Owner")


class State(Symbol):
    """The states of both tables. ``COMPLETED`` has no duration over a reliable transport."""

    TRYING = auto()
    PROCEEDING = auto()
    TERMINATED = auto()


class Input(Symbol):
    """The inputs of a transaction."""

    PROVISIONAL = auto()
    FINAL = auto()
    TIMER_F = auto()


class Effect(Symbol):
    """The effects of a transition: pass the response on, or time out."""

    PASS = auto()
    TIME_OUT = auto()


CLIENT: Table[State, Input, Effect] = {
    (State.TRYING, Input.PROVISIONAL): (State.PROCEEDING, ()),
    (State.TRYING, Input.FINAL): (State.TERMINATED, (Effect.PASS,)),
    (State.TRYING, Input.TIMER_F): (State.TERMINATED, (Effect.TIME_OUT,)),
    (State.PROCEEDING, Input.PROVISIONAL): (State.PROCEEDING, ()),
    (State.PROCEEDING, Input.FINAL): (State.TERMINATED, (Effect.PASS,)),
    (State.PROCEEDING, Input.TIMER_F): (State.TERMINATED, (Effect.TIME_OUT,)),
}

SERVER: Table[State, Input, Effect] = {
    (State.TRYING, Input.PROVISIONAL): (State.PROCEEDING, (Effect.PASS,)),
    (State.TRYING, Input.FINAL): (State.TERMINATED, (Effect.PASS,)),
    (State.PROCEEDING, Input.PROVISIONAL): (State.PROCEEDING, (Effect.PASS,)),
    (State.PROCEEDING, Input.FINAL): (State.TERMINATED, (Effect.PASS,)),
}


def _kind(status: int) -> Input:
    return Input.PROVISIONAL if status < 200 else Input.FINAL


@dataclass(slots=True)
class _Pending(Generic[Owner]):
    request: Request
    owner: Owner
    deadline: float
    machine: Machine[State, Input, Effect]


class ClientTransactions(Generic[Owner]):
    """The requests that wait for a response. ``Owner`` receives the response."""

    def __init__(self) -> None:
        self._pending: dict[tuple[str, str], _Pending[Owner]] = {}

    def __len__(self) -> int:
        return len(self._pending)

    def start(self, request: Request, owner: Owner, now: float) -> None:
        """Remember a request that is sent at ``now`` (seconds)."""
        key = (top_via(request).branch, request.method)
        machine = Machine(CLIENT, State.TRYING)
        self._pending[key] = _Pending(request, owner, now + TIMER_F, machine)

    def receive(self, response: Response) -> tuple[Owner, Request] | None:
        """Return owner and request of a final response; ``None`` if provisional or unknown."""
        # RFC 3261 §17.1.3: match by the branch of the top Via and the method of CSeq.
        method = response.headers.require("CSeq").split()[-1]
        key = (top_via(response).branch, method)
        pending = self._pending.get(key)
        if pending is None or Effect.PASS not in pending.machine.feed(_kind(response.status)):
            return None
        del self._pending[key]
        return pending.owner, pending.request

    def expire(self, now: float) -> list[tuple[Owner, Request]]:
        """Remove and return the requests whose Timer F has fired."""
        late = [key for key, pending in self._pending.items() if pending.deadline <= now]
        expired = []
        for key in late:
            pending = self._pending.pop(key)
            pending.machine.feed(Input.TIMER_F)
            expired.append((pending.owner, pending.request))
        return expired

    def clear(self) -> None:
        """Forget all requests: the connection is lost, so no response can arrive."""
        self._pending.clear()

    @property
    def deadline(self) -> float | None:
        """When the next Timer F fires, or ``None`` if no request waits."""
        # All timers are equally long, so the oldest request, the first in the dict, is next.
        return next((pending.deadline for pending in self._pending.values()), None)


class ServerTransaction:
    """A request from the server, which gets exactly one final response."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self._machine = Machine(SERVER, State.TRYING)

    def respond(
        self, status: int, to_tag: str | None = None, headers: tuple[tuple[str, str], ...] = ()
    ) -> Response:
        """Return the response to send; raise `UnknownTransitionError` after a final one."""
        self._machine.feed(_kind(status))
        return self.request.response(status, to_tag=to_tag, headers=headers)
