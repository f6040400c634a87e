"""Write dialog-info documents (RFC 4235)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from pycti.pbx.directory import Party
from pycti.pbx.legs import Leg, State

DEVICE_NAMESPACE = "urn:pycti:device"
"""Of the element that says how a phone is reached; RFC 4235 §4.1 leaves room for such ones."""
MEDIA_TYPE = "application/dialog-info+xml"
NAMESPACE = "urn:ietf:params:xml:ns:dialog-info"

# Characters that XML 1.0 §2.2 does not allow in a document, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def dialog_info(
    entity: str,
    domain: str,
    version: int,
    legs: Iterable[Leg],
    *,
    full: bool,
    device: str = "",
) -> str:
    """Return a document about the watched ``entity`` (a SIP URI).

    A ``full`` document lists all dialogs; a partial one only those that changed (RFC 4235 §4.1.1).
    ``device`` is the state of the phone: ``online``, ``dnd`` or ``offline``.
    """
    root = ElementTree.Element(
        "dialog-info",
        {
            "xmlns": NAMESPACE,
            "version": str(version),
            "state": "full" if full else "partial",
            "entity": entity,
        },
    )
    for leg in legs:
        _dialog(root, leg, domain)
    if device:
        ElementTree.SubElement(root, "device", {"xmlns": DEVICE_NAMESPACE, "state": device})
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode")


def _dialog(root: ElementTree.Element, leg: Leg, domain: str) -> None:
    dialog = ElementTree.SubElement(root, "dialog", {"id": leg.id, "direction": leg.way.value})
    # RFC 4235 §3.7.1 has no state for hold; the rendering of the target expresses it.
    state = State.CONFIRMED if leg.state is State.HELD else leg.state
    attributes = {}
    if leg.event:
        attributes["event"] = leg.event
    if leg.code:
        attributes["code"] = str(leg.code)
    ElementTree.SubElement(dialog, "state", attributes).text = state.value
    target = _party(dialog, "local", leg.party, domain)
    params = {
        "+sip.rendering": "no" if leg.state is State.HELD else "yes",
        "timestamp.start": str(int(leg.started)),
        "context": leg.context,
    }
    for name, value in params.items():
        ElementTree.SubElement(target, "param", {"pname": name, "pvalue": value})
    _party(dialog, "remote", leg.remote, domain)


def _party(
    dialog: ElementTree.Element, side: str, party: Party, domain: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(dialog, side)
    name = _NOT_XML.sub("", party.name)
    display = {"display": name} if name else {}
    identity = ElementTree.SubElement(element, "identity", display)
    identity.text = f"sip:{party.number}@{domain}"
    return ElementTree.SubElement(element, "target", {"uri": f"sip:{party.wire}@{domain}"})
