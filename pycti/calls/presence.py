"""How the people at the followed nodes are, from what the subscriptions tell; one word for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pycti.events import Call, CallEvent, CallStatus, Direction, Presence

DEVICES = {"dnd": Presence.DO_NOT_DISTURB, "offline": Presence.OFFLINE}
"""What a document says of a phone that is in no call."""

_PEOPLE = "user:"


def presence_of(calls: Iterable[Call], device: str = "") -> Presence:
    """Return how somebody is who has these running calls and whose phone is reached like this.

    A call that rings comes first, because a colleague can do something about it.
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
    """The presence of each person who is followed.

    ``known`` says whether the documents of a node tell now how it is; ``tell`` gets each change.
    """

    def __init__(
        self, known: Callable[[str], bool], tell: Callable[[str, Presence], object]
    ) -> None:
        self._known = known
        self._tell = tell
        self._devices: dict[str, str] = {}
        # Those that run alone: the call table keeps what has ended, and is asked too often.
        self._calls: dict[str, dict[str, Call]] = {}
        self._told: dict[str, Presence] = {}

    def of(self, node: str) -> Presence:
        """Return how somebody is, as it was told last."""
        return self._told.get(node, Presence.UNKNOWN)

    def take(self, event: CallEvent) -> None:
        """Take an event of a call; `see` tells what follows from it."""
        call = event.call
        if not call.node.startswith(_PEOPLE):
            return
        calls = self._calls.setdefault(call.node, {})
        if call.status.ended:
            calls.pop(call.cid, None)
        else:
            calls[call.cid] = call

    def see(self, node: str, device: str | None = None) -> None:
        """Something has happened at a node: tell where that is a change.

        ``device`` is what a document says of the phone, ``None`` where it says nothing.
        """
        if not node.startswith(_PEOPLE):
            return
        if device is not None:
            self._devices[node] = device
        if self._known(node):
            calls = self._calls.get(node, {}).values()
            self._note(node, presence_of(calls, self._devices.get(node, "")))

    def lost(self) -> None:
        """The connection is gone: nobody knows how anybody is."""
        for node in list(self._told):
            self._note(node, Presence.UNKNOWN)

    def forget(self, node: str) -> None:
        """A node is not followed any more."""
        self._calls.pop(node, None)
        self._devices.pop(node, None)
        self._note(node, Presence.UNKNOWN)

    def clear(self) -> None:
        """The session has ended."""
        self._calls.clear()
        self._devices.clear()
        self.lost()

    def _note(self, node: str, presence: Presence) -> None:
        if presence is self.of(node):
            return
        if presence is Presence.UNKNOWN:
            del self._told[node]
        else:
            self._told[node] = presence
        self._tell(node, presence)
