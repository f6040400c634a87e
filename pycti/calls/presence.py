"""The presence of followed users: one state for each, derived from the subscriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pycti.events import Call, CallEvent, CallStatus, Direction, Presence

DEVICES = {"dnd": Presence.DO_NOT_DISTURB, "offline": Presence.OFFLINE}
"""The states that a document can report for a phone without calls."""

_PEOPLE = "user:"


def presence_of(calls: Iterable[Call], device: str = "") -> Presence:
    """Return the presence of a user with these running calls. ``device`` is the phone's state.

    A ringing call has precedence, because a colleague can pick it up.
    """
    calls = list(calls)
    statuses = {call.status for call in calls}
    ringing = {call.direction for call in calls if call.status is CallStatus.RINGING}
    if Direction.IN in ringing or CallStatus.INITIAL in statuses:
        return Presence.RINGING
    if CallStatus.CONNECTED in statuses or ringing or CallStatus.ACCEPTED in statuses:
        return Presence.TALKING
    if CallStatus.ON_HOLD in statuses:
        return Presence.ON_HOLD
    return DEVICES.get(device, Presence.FREE)


class Presences:
    """The presence of each followed user.

    ``known`` returns whether the state of a node has been reported on the present connection.
    ``on_change`` receives each change.
    """

    def __init__(
        self, known: Callable[[str], bool], on_change: Callable[[str, Presence], object]
    ) -> None:
        self._known = known
        self._on_change = on_change
        self._devices: dict[str, str] = {}
        # Only running calls. The call table also keeps ended ones, and this is read at every event.
        self._calls: dict[str, dict[str, Call]] = {}
        self._reported: dict[str, Presence] = {}

    def of(self, node: str) -> Presence:
        """Return the presence that was reported last."""
        return self._reported.get(node, Presence.UNKNOWN)

    def take(self, event: CallEvent) -> None:
        """Process a call event. `see` reports the change."""
        call = event.call
        if not call.node.startswith(_PEOPLE):
            return
        calls = self._calls.setdefault(call.node, {})
        if call.status.ended:
            calls.pop(call.cid, None)
        else:
            calls[call.cid] = call

    def see(self, node: str, device: str | None = None) -> None:
        """Report the presence of a node if it has changed.

        ``device`` is the phone's state in a document, ``None`` if the document has none.
        """
        if not node.startswith(_PEOPLE):
            return
        if device is not None:
            self._devices[node] = device
        if self._known(node):
            calls = self._calls.get(node, {}).values()
            self._note(node, presence_of(calls, self._devices.get(node, "")))

    def lost(self) -> None:
        """Set all users to unknown: the connection is lost."""
        for node in list(self._reported):
            self._note(node, Presence.UNKNOWN)

    def forget(self, node: str) -> None:
        """Remove a node that is no longer followed."""
        self._calls.pop(node, None)
        self._devices.pop(node, None)
        self._note(node, Presence.UNKNOWN)

    def clear(self) -> None:
        """Remove all nodes: the session has ended."""
        self._calls.clear()
        self._devices.clear()
        self.lost()

    def _note(self, node: str, presence: Presence) -> None:
        if presence is self.of(node):
            return
        if presence is Presence.UNKNOWN:
            del self._reported[node]
        else:
            self._reported[node] = presence
        self._on_change(node, presence)
