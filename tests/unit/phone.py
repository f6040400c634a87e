"""The call table and the dialog views, as the connector uses them, without a network."""

from __future__ import annotations

from pycti.calls.table import CallTable
from pycti.events import Call, CallEvent
from pycti.sip.dialog_info import DialogView, Verdict, parse_dialog_info

from .documents import document

OWN = "user:10002"
WALL = 1_790_000_000_000


def word(event: CallEvent) -> str:
    """Return ``NAME id``, with the server's id if there is one; a replay has ``again``."""
    call = event.call
    return f"{event.name} {call.server_id or call.id}{' again' if event.replay else ''}"


class Phone:
    """Documents and REST results in, ``NAME id`` out. ``events`` collects all events."""

    def __init__(self, *, settled: bool = True) -> None:
        self.table = CallTable()
        self.table.own = OWN
        self.now = 100.0
        self.events: list[CallEvent] = []
        self._views: dict[str, DialogView] = {}
        self._versions: dict[str, int] = {}
        if settled:
            self.full()

    @property
    def wall(self) -> int:
        return WALL + int((self.now - 100) * 1000)

    def tell(self, events: list[CallEvent]) -> list[str]:
        self.events += events
        return [word(event) for event in events]

    def last(self, identifier: str) -> Call:
        return [
            event.call
            for event in self.events
            if identifier in (event.call.id, event.call.server_id)
        ][-1]

    def document(
        self, *dialogs: str, full: bool, node: str = OWN, fetched: bool = False
    ) -> list[str]:
        version = self._versions[node] = self._versions.get(node, 0) + 1
        view = self._views.setdefault(node, DialogView())
        info = parse_dialog_info(document(version, *dialogs, full=full))
        change = view.apply(info, fetched=fetched)
        told = self.tell(self.table.update(node, change, self.now, self.wall))
        if change.verdict is Verdict.DOUBTED:
            # The subscription refreshes at once, and the server sends the same state again.
            told += self.document(*dialogs, full=full, node=node, fetched=True)
        return told

    def full(self, *dialogs: str, node: str = OWN) -> list[str]:
        """Apply a document with all dialogs."""
        return self.document(*dialogs, full=True, node=node)

    def partial(self, *dialogs: str, node: str = OWN) -> list[str]:
        """Apply a document with the changed dialogs."""
        return self.document(*dialogs, full=False, node=node)

    def reconnect(self) -> None:
        self.table.lost()
        for view in self._views.values():
            view.renew()

    def begin(self, request: str = "c2c-1", destination: str = "+442036427900") -> list[str]:
        return self.tell([self.table.begin(request, "10002", destination, self.wall)])

    def accepted(self, call_id: str, request: str = "c2c-1") -> list[str]:
        return self.tell(self.table.accepted(request, call_id, self.now, self.wall))

    def refused(self, cause: str = "busy", request: str = "c2c-1") -> list[str]:
        return self.tell(self.table.refused(request, cause, self.now, self.wall))
