"""Call detail records: what became of each user's calls, also while nobody was logged in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pycti.pbx.directory import Kind
from pycti.pbx.legs import Leg, Way

KEPT = 10_000
"""So many records are kept, the newest."""


@dataclass(frozen=True, slots=True)
class Cdr:
    """One user's part in a call. Times are epoch seconds; ``event`` and ``code`` are RFC 4235's."""

    user_id: str
    leg: Leg
    ended: float

    def to_json(self) -> dict[str, object]:
        """Return the record as the REST API gives it."""
        leg = self.leg
        inbound = leg.way is Way.RECIPIENT
        source, destination = (leg.remote, leg.party) if inbound else (leg.party, leg.remote)
        return {
            "id": leg.known_as,
            "leg": int(leg.id.rpartition("-")[2]),
            "direction": "INBOUND" if inbound else "OUTBOUND",
            "src": source.number,
            "src_name": source.name,
            "dst": destination.number,
            "dst_name": destination.name,
            "start_time": int(leg.started),
            "answer_time": None if leg.answered is None else int(leg.answered),
            "end_time": int(self.ended),
            "event": leg.event,
            "code": leg.code or None,
            "rang": leg.reached,
        }


class Cdrs:
    """The records of all users."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._records: deque[Cdr] = deque(maxlen=KEPT)

    def see(self, legs: Sequence[Leg]) -> None:
        """Take what the exchange reports: each leg that has ended is a record.

        A call whose own phone nobody picked up is none. One that could not reach the phone is one
        that was missed.
        """
        for leg in legs:
            if leg.live or leg.party.kind is not Kind.USER:
                continue
            if leg.reached or leg.way is Way.RECIPIENT:
                self._records.append(Cdr(leg.party.id, leg, self._now()))

    def of(self, user_id: str, since: float) -> list[Cdr]:
        """Return the records of a user whose calls have ended since then, the newest first."""
        return [
            record
            for record in reversed(self._records)
            if record.user_id == user_id and record.ended >= since
        ]

    def clear(self) -> None:
        """Forget every record."""
        self._records.clear()
