"""The call table: dialog documents and results of REST requests in, call events out.

Each node that reports a call has its own record of it. Legs (two phones that ring, for example) are
separate dialogs in the documents and one call here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pycti import numbers
from pycti.calls.causes import REQUESTED, TRANSFERRED
from pycti.calls.ids import CallIds, call_id_of, leg_of
from pycti.calls.record import CallRecord
from pycti.common.deadlines import earliest
from pycti.events import Call, CallEvent, CallStatus, Direction
from pycti.sip.dialog_info import Change, Dialog

KEEP = 60.0
"""Seconds that the record of an ended call is kept. Servers repeat ended dialogs less long."""

UNNAMED = 30.0
"""Seconds that a call may exist, after the API accepted it, without being in any document."""


@dataclass(slots=True)
class _Pending:
    """A ``POST /calls`` without an answer. The answer of an orphan can no longer arrive."""

    record: CallRecord
    orphan: bool = False

    @property
    def destination(self) -> str:
        return self.record.call.destination


class CallTable:
    """All calls of all nodes. ``own`` is the user's own node.

    ``now`` is in seconds of a monotonic clock, ``wall`` in epoch milliseconds.
    """

    def __init__(self) -> None:
        self.own = ""
        self._nodes: dict[str, dict[str, CallRecord]] = {}
        self._pending: dict[str, _Pending] = {}
        self._aliases: dict[str, str] = {}
        self._synced: set[str] = set()
        # Whether READY has been emitted for the present connection.
        self._ready = False
        # The cids of the calls that pages knew at READY and whose replay waits for a full document.
        self._replays: set[str] = set()
        self._ended: deque[tuple[float, str, str]] = deque()
        self._unnamed: deque[tuple[float, CallRecord]] = deque()
        self._ids = CallIds(lambda node, call_id: call_id in self._nodes.get(node, ()))
        self._cids = 0

    # Outbound calls of this connector

    def begin(self, request_id: str, source: str, destination: str, wall: int) -> CallEvent:
        """Add a requested call, for which the user's own phone rings. Returns INITIAL."""
        call = Call(
            id=request_id,
            cid=self._next_cid(),
            node=self.own,
            direction=Direction.OUT,
            status=CallStatus.INITIAL,
            source=source,
            destination=destination,
            request_id=request_id,
            start_time=wall,
        )
        record = CallRecord(call, reported=CallStatus.INITIAL)
        self._records(self.own)[request_id] = record
        self._pending[request_id] = _Pending(record)
        return record.event(at=wall)

    def accepted(self, request_id: str, call_id: str, now: float, wall: int) -> list[CallEvent]:
        """Process the answer to the request: the user picked up, and the call has an id."""
        pending = self._pending.pop(request_id, None)
        if pending is None:
            return []
        record, records = pending.record, self._records(self.own)
        records.pop(request_id, None)
        self._aliases[request_id] = call_id
        known = records.get(call_id)
        if known is not None and known.ended:
            # No further document will end the requested call.
            known.call = replace(known.call, request_id=request_id)
            ended = record.move_to(CallStatus.HANGUP, known.call.cause, wall)
            return ended + self._release(now, wall)
        records[call_id] = record
        record.call = replace(record.call, server_id=call_id)
        events = record.take_over(known, wall) if known is not None else []
        if known is None:
            events += record.move_to(CallStatus.ACCEPTED, "", wall)
            self._unnamed.append((now + UNNAMED, record))
        self._bury(record, now)
        return events + self._release(now, wall)

    def refused(self, request_id: str, cause: str, now: float, wall: int) -> list[CallEvent]:
        """End a requested call that was not made or whose outcome is unknown, with ``cause``."""
        pending = self._pending.pop(request_id, None)
        if pending is None:
            return []
        events = pending.record.move_to(CallStatus.HANGUP, cause, wall)
        self._bury(pending.record, now)
        # The call that was held back for this request is this call, and ends without an event.
        held = self._held_for(pending.destination)
        if held is not None and not self._awaited(pending.destination):
            held.held, held.reported = None, CallStatus.HANGUP
            held.close()
            self._bury(held, now)
        return events + self._release(now, wall)

    def held_call_id(self, request_id: str) -> str | None:
        """Return the server's id of a requested call if its dialogs have been reported."""
        pending = self._pending.get(request_id)
        # If two requests have the same number, the call cannot be attributed.
        if pending is None or self._is_ambiguous(pending.destination):
            return None
        held = self._held_for(pending.destination, alive=True)
        return held.call.server_id if held is not None else None

    # Input from the server

    def update(self, node: str, change: Change, now: float, wall: int) -> list[CallEvent]:
        """Process the changes of a dialog document."""
        events: list[CallEvent] = []
        updated = change.updated
        if len(updated) > 1:
            # A leg that has ended may precede the leg that replaces it.
            updated = tuple(sorted(updated, key=lambda dialog: dialog.terminated))
        for dialog in updated:
            record = self._record_for(node, dialog, wall)
            if record is not None and not record.ended:
                events += record.take(dialog, wall)
                self._bury(record, now)
            elif record is not None:
                record.note(dialog)
        if change.present is not None:
            events += self._compare(node, change.present, now, wall)
            first = node not in self._synced
            self._synced.add(node)
            if node == self.own:
                events += self._resolve_orphans(now, wall)
            if first and self._ready:
                due = self._replays - {event.call.cid for event in events}
                events += [event for event in self._replay([node]) if event.call.cid in due]
        return events

    def _compare(
        self, node: str, present: frozenset[str], now: float, wall: int
    ) -> list[CallEvent]:
        """End the calls that have no dialog in a full document."""
        events: list[CallEvent] = []
        for record in list(self._records(node).values()):
            if not record.ended and record.call.id not in self._pending:
                events += record.compare(present, now, wall)
                self._bury(record, now)
            elif not record.over and record.past.keys().isdisjoint(present):
                record.over = record.ended
        return events

    def ready(self) -> list[CallEvent]:
        """Return the replays after READY: the latest events of the running calls.

        This covers the nodes whose full document has arrived. For other nodes `update` returns the
        replays with the first full document, unless that changes the call.
        """
        self._ready = True
        self._replays = {call.cid for call in self.running()}
        return self._replay(self._synced)

    def lost(self) -> None:
        """Mark all calls as unconfirmed until the next full documents: the connection is lost."""
        self._ready = False
        self._replays.clear()
        self._synced.clear()
        for record in self._all():
            record.unseen = True

    def forget(self, node: str) -> None:
        """Drop the calls of a node that is no longer followed."""
        self._nodes.pop(node, None)
        self._synced.discard(node)

    def abandon(self, node: str, cause: str) -> list[CallEvent]:
        """End the calls of a node that can no longer be followed, so that their end is unknown."""
        events = [
            event
            for record in list(self._nodes.get(node, {}).values())
            if record.reported and record.held is None
            for event in record.move_to(CallStatus.HANGUP, cause, None)
        ]
        self.forget(node)
        return events

    def clear(self, cause: str) -> list[CallEvent]:
        """Forget all calls and end the pending requests: the session has ended."""
        events: list[CallEvent] = []
        for pending in self._pending.values():
            events += pending.record.move_to(CallStatus.HANGUP, cause, None)
        for known in (self._nodes, self._pending, self._aliases, self._synced, self._ended):
            known.clear()
        self._ready = False
        self._replays.clear()
        self._unnamed.clear()
        self._ids.clear()
        return events

    # Queries of pages and commands

    def find(self, call_id: str) -> Call | None:
        """Return the call with that id or request id, preferably as the user's own node sees it."""
        record = self._find(call_id)
        return record.call if record is not None else None

    def latest(self, call_id: str) -> CallEvent | None:
        """Return the latest event of a call."""
        record = self._find(call_id)
        return record.event() if record is not None else None

    def newest_ringing(self) -> Call | None:
        """Return the user's inbound call that started to ring last."""
        for record in reversed(self._nodes.get(self.own, {}).values()):
            if record.reported is CallStatus.RINGING and record.call.direction is Direction.IN:
                return record.call
        return None

    def find_elsewhere(self, call_id: str) -> Call | None:
        """Return the call of that id that rings at a node other than the user's own."""
        for node, records in self._nodes.items():
            record = records.get(call_id)
            if node != self.own and record is not None and record.reported is CallStatus.RINGING:
                return record.call
        return None

    def own_calls(self, *, ended: bool = False) -> list[Call]:
        """Return the user's reported calls; ``ended``: including those that have ended."""
        return [
            record.call
            for record in self._nodes.get(self.own, {}).values()
            if record.reported and (ended or not record.ended)
        ]

    def is_synced(self, node: str) -> bool:
        """Return whether the full document of a node has arrived over the present connection."""
        return node in self._synced

    def running(self) -> list[Call]:
        """Return the calls that have been reported and have not ended."""
        return [record.call for record in self._all() if record.reported and not record.ended]

    def join(
        self, known: Iterable[Call], *, new: bool = False, ready: bool = False
    ) -> list[CallEvent]:
        """Return the events that a page has missed. ``known`` are the calls that it knows.

        ``new``: the page has received no call before, so all these events are replays for it.
        ``ready``: the page receives READY, so the calls that it knows are replayed, too.
        """
        events: list[CallEvent] = []
        statuses: dict[tuple[str, str], CallStatus] = {}
        for call in known:
            record = self._nodes.get(call.node, {}).get(self._key_of(call))
            events += self._reconcile(call, record)
            if record is None or record.call.id == call.id:
                statuses[call.node, self._key_of(call)] = call.status
        for record in self._all():
            call = record.call
            status = statuses.get((call.node, record.key))
            if record.reported is None or (record.ended and status is None):
                continue
            if status is not call.status:
                events.append(record.event(replay=new and status is None))
            elif ready and call.node in self._synced and not record.ended:
                events.append(record.event(replay=True))
        return events

    def _reconcile(self, call: Call, record: CallRecord | None) -> list[CallEvent]:
        """Compare a page's call with its record. Return the terminal event that the page missed."""
        if record is not None and record.unseen:
            record.catch_up(call)
        if call.status.ended:
            return []
        known = CallRecord(call, call.status, call.status.talking)
        if record is not None:
            # The page may have missed that this call continues with another id.
            other = record.call.id != call.id
            return known.move_to(CallStatus.HANGUP, REQUESTED, None) if other else []
        if call.node in self._synced:
            return known.move_to(CallStatus.HANGUP, "", None)
        self._adopt(call)
        return []

    def tick(self, now: float, wall: int) -> list[CallEvent]:
        """Do what is due at ``now``."""
        events: list[CallEvent] = []
        while self._unnamed and self._unnamed[0][0] <= now:
            _, record = self._unnamed.popleft()
            call = record.call
            if (
                record.legs
                or record.ended
                or self._records(call.node).get(record.key) is not record
            ):
                continue
            if record.unseen:
                # Without a connection no document can contain it.
                self._unnamed.append((now + UNNAMED, record))
                continue
            events += record.give_up(wall)
            self._bury(record, now)
        self.purge(now)
        return events

    def purge(self, now: float) -> None:
        """Drop the records of calls that ended long ago."""
        while self._ended and self._ended[0][0] + KEEP <= now:
            _, node, call_id = self._ended.popleft()
            record = self._nodes.get(node, {}).get(call_id)
            if record is not None and record.ended:
                del self._nodes[node][call_id]
                self._aliases.pop(record.call.request_id, None)
                # If the call comes back, it must not be taken for this one.
                if record.past.get(call_id) == "" or record.call.cause == TRANSFERRED:
                    self._ids.note(node, record.call.server_id, call_id)

    @property
    def deadline(self) -> float | None:
        """When `tick` is due, or ``None`` if nothing is pending."""
        purge = self._ended[0][0] + KEEP if self._ended else None
        return earliest(purge, self._unnamed[0][0] if self._unnamed else None)

    # Internals

    def _key_of(self, call: Call) -> str:
        return _own_id(call) or call.server_id or self._aliases.get(call.id, call.id)

    def _find(self, call_id: str) -> CallRecord | None:
        call_id = self._aliases.get(call_id, call_id)
        nodes = sorted(self._nodes, key=lambda node: node != self.own)
        records = (self._nodes[node].get(call_id) for node in nodes)
        return next((record for record in records if record and record.reported), None)

    def _replay(self, nodes: Iterable[str]) -> list[CallEvent]:
        return [
            record.event(replay=True)
            for node in sorted(nodes, key=lambda node: (node != self.own, node))
            for record in self._records(node).values()
            if record.reported and not record.ended
        ]

    def _records(self, node: str) -> dict[str, CallRecord]:
        return self._nodes.setdefault(node, {})

    def _all(self) -> Iterator[CallRecord]:
        for records in self._nodes.values():
            yield from records.values()

    def _next_cid(self) -> str:
        self._cids += 1
        return str(self._cids)

    def _adopt(self, call: Call) -> None:
        talking = call.status.talking
        record = CallRecord(call, call.status, talking, unseen=True, name=_own_id(call))
        self._records(call.node)[record.key] = record
        self._replays.add(call.cid)
        if call.cid.isdecimal() and len(call.cid) < 16:
            self._cids = max(self._cids, int(call.cid))
        if call.status is CallStatus.INITIAL:
            self._pending[call.id] = _Pending(record, orphan=True)
        elif call.request_id:
            self._aliases[call.request_id] = record.key

    def _record_for(self, node: str, dialog: Dialog, wall: int) -> CallRecord | None:
        records, key = self._records(node), call_id_of(dialog.id)
        record = records.get(key)
        if record is None or record.ended:
            record = self._last_of(node, key)
            # A dialog that is terminated when first seen has ended before: servers repeat those.
            if not dialog.terminated and (
                record is None or (record.ended and record.yields_to(dialog))
            ):
                # Pages know an unnamed call by the id of its request, so its own id is free.
                unnamed = record is not None and record.unnamed
                call_id = key if unnamed else self._ids.make(node, dialog, wall)
                record = records[call_id] = self._discover(node, call_id, dialog, wall)
        return record

    def _last_of(self, node: str, key: str) -> CallRecord | None:
        """Return the latest call with this dialog id."""
        records = self._records(node)
        record = records.get(self._ids.latest(node, key))
        if record is None:
            # A page may know it from an earlier worker.
            unseen = [each for each in records.values() if each.unseen]
            back = (each for each in unseen if each.name and each.call.server_id == key)
            keys = (each.key for each in unseen)
            record = next(back, None) or records.get(self._ids.resume(node, key, keys) or "")
        return record

    def _discover(self, node: str, call_id: str, dialog: Dialog, wall: int) -> CallRecord:
        live = node in self._synced and dialog.state != "confirmed"
        # A call that has come back has an id of its own here, but not on the server.
        server_id = call_id_of(dialog.id) if leg_of(dialog.id) else call_id
        call = Call(
            id=call_id,
            server_id=server_id,
            cid=self._next_cid(),
            node=node,
            direction=Direction.IN if dialog.incoming else Direction.OUT,
            status=CallStatus.RINGING,
            start_time=dialog.start_time or (wall if live else None),
        )
        record = CallRecord(call, name="" if server_id == call_id else call_id)
        if node == self.own and not dialog.incoming and self._awaited(dialog.remote.number):
            record.held = []
        return record

    def _awaited(self, number: str) -> bool:
        return any(numbers.same(wait.destination, number) for wait in self._pending.values())

    def _is_ambiguous(self, number: str) -> bool:
        return sum(numbers.same(wait.destination, number) for wait in self._pending.values()) > 1

    def _held_for(self, destination: str, *, alive: bool = False) -> CallRecord | None:
        for record in self._nodes.get(self.own, {}).values():
            wanted = record.held is not None and (bool(record.alive) or not alive)
            if wanted and record.is_to(destination):
                return record
        return None

    def _release(self, now: float, wall: int) -> list[CallEvent]:
        """Release the calls that were held back and cannot belong to another request."""
        events: list[CallEvent] = []
        for record in list(self._nodes.get(self.own, {}).values()):
            if record.held is not None and not any(map(record.is_to, self._destinations())):
                events += record.release(wall)
                self._bury(record, now)
        return events

    def _destinations(self) -> list[str]:
        return [pending.destination for pending in self._pending.values()]

    def _bury(self, record: CallRecord, now: float) -> None:
        """Schedule the removal of a call that has just ended."""
        if record.ended:
            self._ended.append((now, record.call.node, record.key))

    def _resolve_orphans(self, now: float, wall: int) -> list[CallEvent]:
        """Resolve requests whose answer was lost: to the call with their number, or as failed."""
        events: list[CallEvent] = []
        for request_id, pending in list(self._pending.items()):
            if pending.orphan:
                call_id = self.held_call_id(request_id)
                if call_id is None:
                    events += self.refused(request_id, "", now, wall)
                else:
                    events += self.accepted(request_id, call_id, now, wall)
        return events


def _own_id(call: Call) -> str:
    """Return the id of a call that has come back: its first part has the same server id."""
    differs = call.server_id and call.id not in (call.server_id, call.request_id)
    return call.id if differs else ""
