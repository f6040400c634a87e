"""Ids of calls: the dialog's id if it is unique to the call, otherwise a generated one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pycti.calls.nodes import user_of
from pycti.sip.dialog_info import Dialog

REMEMBERED = 1000
"""The number of dialog ids without a Call-ID to remember, each with its latest call."""


def call_id_of(dialog_id: str) -> str:
    """Return the id that the REST API uses for a dialog: the part before the leg.

    Split only if both parts are numbers, as in ``1432310571129-1``: the ids of other servers
    contain dashes, too, and the first group of a UUID may consist of digits.
    """
    head, dash, leg = dialog_id.partition("-")
    return head if dash and dialog_id.isascii() and head.isdigit() and leg.isdigit() else dialog_id


def leg_of(dialog_id: str) -> str:
    """Return the leg of a dialog that has the id of a call before it, ``""`` of any other."""
    return "" if call_id_of(dialog_id) == dialog_id else dialog_id.partition("-")[2]


class CallIds:
    """Generates call ids and stores the latest call of each dialog id.

    Asterisk uses the id of the extension for each of its calls, and other servers reuse ids. Then
    the time is appended, so that pages and call logs can distinguish the calls. If the id is a
    number, there is no separator, so that it remains a number. ``is_known`` returns whether a node
    has a call with that id.
    """

    def __init__(self, is_known: Callable[[str, str], bool]) -> None:
        self._is_known = is_known
        self._latest: dict[tuple[str, str], str] = {}

    def latest(self, node: str, dialog_id: str) -> str:
        """Return the id of the latest call with this dialog id."""
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
        """Store the latest call of a dialog id."""
        latest = self._latest
        latest.pop((node, dialog_id), None)
        latest[node, dialog_id] = call_id
        if len(latest) > REMEMBERED:
            over = (key for key, call in latest.items() if not self._is_known(key[0], call))
            latest.pop(next(over, (node, "")), None)

    def resume(self, node: str, dialog_id: str, known: Iterable[str]) -> str | None:
        """Return the call in ``known`` that has an id of `make`, maybe of an earlier worker."""
        start = dialog_id + _joint(dialog_id)
        for call_id in known:
            head, tail = call_id[:-10], call_id[-10:]
            if head == start and tail.isascii() and tail.isdigit():
                self.note(node, dialog_id, call_id)
                return call_id
        return None

    def clear(self) -> None:
        """Forget all ids."""
        self._latest.clear()


def _joint(key: str) -> str:
    return "" if key.isascii() and key.isdigit() else "~"
