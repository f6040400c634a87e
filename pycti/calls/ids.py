"""Ids of calls: that of the dialog where it is the call's alone, else one that is made here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pycti.calls.nodes import user_of
from pycti.sip.dialog_info import Dialog

REMEMBERED = 1000
"""So many dialog ids without a Call-ID are remembered, each with the call that had it last."""


def call_id_of(dialog_id: str) -> str:
    """Return the id that the REST API takes for a dialog: what stands before the leg.

    Only where both are numbers, as in ``1432310571129-1``: other servers' dialog ids have dashes
    of their own, and the first group of a UUID may be all digits.
    """
    head, dash, leg = dialog_id.partition("-")
    return head if dash and dialog_id.isascii() and head.isdigit() and leg.isdigit() else dialog_id


def leg_of(dialog_id: str) -> str:
    """Return the leg of a dialog that has the id of a call before it, ``""`` of any other."""
    return "" if call_id_of(dialog_id) == dialog_id else dialog_id.partition("-")[2]


class CallIds:
    """Which call had a dialog id last, where several have it one after the other.

    Asterisk gives every call of an extension the extension's id, and other servers use an id
    again. Then the time goes behind it, so that no page and no call log takes two calls for one:
    without a separator where the id is a number, so that it stays one. ``is_known`` says whether a
    node has a call of that id.
    """

    def __init__(self, is_known: Callable[[str, str], bool]) -> None:
        self._is_known = is_known
        self._latest: dict[tuple[str, str], str] = {}

    def latest(self, node: str, dialog_id: str) -> str:
        """Return the id of the call that had this dialog id last."""
        return self._latest.get((node, dialog_id), dialog_id)

    def make(self, node: str, dialog: Dialog, wall: int) -> str:
        """Return an id for a new call, at ``wall`` in epoch milliseconds."""
        key = call_id_of(dialog.id)
        shared = not dialog.call_id and dialog.id == user_of(node)
        if not (shared or self._is_known(node, key) or (node, key) in self._latest):
            return key
        leg = leg_of(dialog.id)
        if leg and not self._is_known(node, call_id := f"{key}{leg:0>3}"):
            # The call has come back: so every device names it alike.
            self.note(node, key, call_id)
            return call_id
        second = wall // 1000
        while self._is_known(node, call_id := f"{key}{_joint(key)}{second:010}"):
            second += 1
        self.note(node, key, call_id)
        return call_id

    def note(self, node: str, dialog_id: str, call_id: str) -> None:
        """Remember that this call had this dialog id."""
        latest = self._latest
        latest.pop((node, dialog_id), None)
        latest[node, dialog_id] = call_id
        if len(latest) > REMEMBERED:
            over = (key for key, call in latest.items() if not self._is_known(key[0], call))
            latest.pop(next(over, (node, "")), None)

    def resume(self, node: str, dialog_id: str, known: Iterable[str]) -> str | None:
        """Return which of these calls got its id from `make`, be it in another life."""
        start = dialog_id + _joint(dialog_id)
        for call_id in known:
            head, tail = call_id[:-10], call_id[-10:]
            if head == start and tail.isascii() and tail.isdigit():
                self.note(node, dialog_id, call_id)
                return call_id
        return None

    def clear(self) -> None:
        """Forget everything."""
        self._latest.clear()


def _joint(key: str) -> str:
    return "" if key.isascii() and key.isdigit() else "~"
