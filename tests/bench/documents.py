"""The dialog-info documents (RFC 4235) that every contender gets, byte for byte the same."""

from __future__ import annotations

from dataclasses import dataclass, field

CALLER = "Flood"
"""The other side's name. Where latency is measured, the time of sending is added to it."""

_STATES = {
    # The word on the wire, and whether the own side renders media.
    "RINGING": ("early", "yes"),
    "CONNECTED": ("confirmed", "yes"),
    "ON_HOLD": ("confirmed", "no"),
    "HANGUP": ("terminated", "yes"),
}

_FOLLOWS = {"": "RINGING", "RINGING": "CONNECTED", "CONNECTED": "ON_HOLD", "ON_HOLD": "CONNECTED"}


def document(node: str, domain: str, version: int, dialogs: str, *, full: bool = False) -> str:
    """Return a document about ``node``, such as ``10002``."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="{version}" '
        f'state="{"full" if full else "partial"}" entity="sip:{node}@{domain}">'
        f"{dialogs}</dialog-info>"
    )


def dialog(node: str, domain: str, identifier: str, status: str, caller: str = CALLER) -> str:
    """Return one ``dialog`` element whose call is in ``status``."""
    word, rendering = _STATES[status]
    event = ' event="remote-bye"' if word == "terminated" else ""
    return (
        f'<dialog id="{identifier}" direction="recipient"><state{event}>{word}</state>'
        f'<local><identity display="Anna Berg">sip:1002@{domain}</identity>'
        f'<target uri="sip:{node}@{domain}">'
        f'<param pname="+sip.rendering" pvalue="{rendering}" />'
        '<param pname="timestamp.start" pvalue="1700000000" />'
        '<param pname="context" pvalue="inbound" /></target></local>'
        f'<remote><identity display="{caller}">sip:+442079460199@{domain}</identity>'
        f'<target uri="sip:442079460199@{domain}" /></remote></dialog>'
    )


@dataclass(slots=True)
class Node:
    """What a watcher of one node has been told: the next document's version, and the calls.

    A slot is a place for one call at a time; a call that ends makes room for one with a new id.
    """

    user: str
    domain: str
    version: int = 0
    made: int = 0
    slots: dict[int, tuple[str, str]] = field(default_factory=dict)

    def full(self) -> str:
        """Return the document that follows a SUBSCRIBE: every call there is."""
        dialogs = [dialog(self.user, self.domain, *known) for known in self.slots.values()]
        return self._write("".join(dialogs), full=True)

    def step(self, slot: int, caller: str = CALLER) -> str:
        """Move one call on: it rings, talks, and then holds and talks by turns."""
        identifier, status = self.slots.get(slot) or (self._identifier(), "")
        status = _FOLLOWS[status]
        self.slots[slot] = identifier, status
        return self._write(dialog(self.user, self.domain, identifier, status, caller))

    def hang_up(self, slot: int) -> str:
        """End one call."""
        identifier, _ = self.slots.pop(slot)
        return self._write(dialog(self.user, self.domain, identifier, "HANGUP"))

    def _identifier(self) -> str:
        self.made += 1
        return f"1700000{self.made:06d}-1"

    def _write(self, dialogs: str, *, full: bool = False) -> str:
        text = document(self.user, self.domain, self.version, dialogs, full=full)
        self.version += 1
        return text
