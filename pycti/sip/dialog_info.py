"""Parse dialog-info documents (RFC 4235) and apply the rules for full, partial and version."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

from pycti.errors import MessageError
from pycti.sip.memory import remember

MEDIA_TYPE = "application/dialog-info+xml"

STATES = frozenset({"trying", "proceeding", "early", "confirmed", "terminated"})
"""RFC 4235 §3.7.1, in lower case: some servers write ``Trying``."""

# Ours: RFC 4235 §4.1 leaves room for elements of other namespaces.
_DEVICE = "{urn:pycti:device}device"

_INCOMING = frozenset({"recipient", "receiver"})

# Asterisk's chan_sip writes this prefix and the Call-ID of the subscription, for every call.
_PICKUP = "pickup-"


class Party(NamedTuple):
    """One side of a dialog. ``number`` is the user part of its identity."""

    number: str = ""
    name: str = ""
    on_hold: bool = False
    params: Mapping[str, str] | None = None


class Dialog(NamedTuple):
    """One ``<dialog>`` element. ``event`` and ``code`` are the reason for its state."""

    id: str
    state: str
    incoming: bool
    call_id: str = ""
    event: str = ""
    code: int | None = None
    local: Party = Party()
    remote: Party = Party()

    @property
    def terminated(self) -> bool:
        """Whether this dialog has ended."""
        return self.state == "terminated"

    def taken_elsewhere(self) -> Dialog:
        """Return this dialog in the form that RFC 4235 has for a call answered by another phone."""
        silent = self.terminated and self.code in (None, 200, 487)
        silent = silent and self.event in ("", "cancelled", "error", "rejected")
        return self._replace(event="cancelled", code=200) if silent else self

    @property
    def on_hold(self) -> bool:
        """Whether either side renders no media."""
        return self.local.on_hold or self.remote.on_hold

    @property
    def start_time(self) -> int | None:
        """The start of the call in epoch milliseconds, if the server sends it."""
        start = (self.local.params or {}).get("timestamp.start", "")
        return (
            int(start) * 1000 if start.isascii() and start.isdigit() and len(start) < 12 else None
        )


class DialogInfo(NamedTuple):
    """One document. A full one replaces all earlier dialogs; a partial one lists the changes."""

    entity: str
    version: int
    full: bool
    dialogs: tuple[Dialog, ...] = ()
    broken: frozenset[str] = frozenset()
    """Ids of dialogs that exist but cannot be parsed."""
    device: str | None = None
    """The state of the phone: ``online``, ``dnd`` or ``offline``, if the server reports it."""


def parse_dialog_info(text: str) -> DialogInfo:
    """Parse one document.

    Raises:
        MessageError: it is not well-formed XML, has a DOCTYPE, or breaks RFC 4235 §4.1.
    """
    root = _parse_xml(text)
    namespace, brace, name = root.tag.rpartition("}")
    if name != "dialog-info":
        raise MessageError(f"the document is a {name[:40]!r}, not dialog-info")
    tags = _tags(namespace + brace)
    version = root.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 16):
        raise MessageError(f"dialog-info version is not a number: {version[:40]!r}")
    state = root.get("state", "").lower()
    if state not in ("full", "partial"):
        raise MessageError(f"dialog-info state is {state[:40]!r}")
    dialogs, broken, device = [], set(), None
    for element in root:
        if element.tag == _DEVICE:
            device = element.get("state", "").lower()
        if element.tag != tags.dialog:
            continue
        dialog = _parse_dialog(element, tags)
        if dialog is not None:
            dialogs.append(dialog)
        elif len(element):
            # A dialog that cannot be parsed must not hide the others. An empty element is an idle
            # extension and is treated as absent.
            broken.add(element.get("id", ""))
    return DialogInfo(
        root.get("entity", ""),
        int(version),
        state == "full",
        tuple(dialogs),
        frozenset(broken),
        device,
    )


def _parse_xml(text: str) -> ElementTree.Element:
    if not text.startswith("<"):
        # Some servers begin with a line feed or a byte order mark.
        text = text.lstrip("\ufeff \t\r\n")
    # A DOCTYPE can define entities that expand without bound; no dialog-info needs one.
    if "<!DOCTYPE" in text:
        raise MessageError("a dialog-info document with a DOCTYPE")
    try:
        return ElementTree.fromstring(text)  # noqa: S314 - no DOCTYPE, so no entities
    except (ElementTree.ParseError, UnicodeError, ValueError) as error:
        raise MessageError(f"dialog-info is not well-formed XML: {error}") from None


class _Tags(NamedTuple):
    """The element names in ElementTree's notation, in the namespace of the document."""

    dialog: str
    state: str
    local: str
    remote: str
    identity: str
    target: str


@lru_cache(maxsize=4)
def _tags(namespace: str) -> _Tags:
    return _Tags(*(namespace + name for name in _Tags._fields))


def _parse_dialog(element: ElementTree.Element, tags: _Tags) -> Dialog | None:
    identifier = element.get("id", "")
    state = element.find(tags.state)
    word = (state.text or "").strip().lower() if state is not None else ""
    if not identifier or word not in STATES:
        return None
    code = state.get("code", "") if state is not None else ""
    call_id = element.get("call-id", "")
    dialog = Dialog(
        id=identifier,
        state=word,
        incoming=element.get("direction", "").lower() in _INCOMING,
        call_id="" if call_id.startswith(_PICKUP) else call_id,
        event=state.get("event", "").lower() if state is not None else "",
        code=int(code) if len(code) == 3 and code.isascii() and code.isdigit() else None,
        local=_parse_party(element.find(tags.local), tags),
        remote=_parse_party(element.find(tags.remote), tags),
    )
    if word == "terminated" and _is_elsewhere(element):
        return dialog.taken_elsewhere()
    return dialog


def _is_elsewhere(element: ElementTree.Element) -> bool:
    """Return whether any text or attribute says that another phone took the call."""
    return any(
        says_elsewhere(text)
        for each in element.iter()
        for text in (each.text, *each.attrib.values())
        if text
    )


def says_elsewhere(text: str) -> bool:
    """Return whether ``text`` is the phrase of RFC 3326 §3.1 for a call that another phone took."""
    return "completed elsewhere" in text.lower()


def _parse_party(element: ElementTree.Element | None, tags: _Tags) -> Party:
    if element is None:
        return Party()
    identity = element.find(tags.identity)
    target = element.find(tags.target)
    params = {}
    for param in target if target is not None else ():
        # RFC 4235 §4.1.6.2 defines pvalue; one vendor writes pval.
        params[param.get("pname", "")] = param.get("pvalue") or param.get("pval") or ""
    return Party(
        number=address_number(identity.text or "") if identity is not None else "",
        name=identity.get("display", "").strip() if identity is not None else "",
        on_hold=params.get("+sip.rendering", "").lower() == "no",
        params=params or None,
    )


@remember
def address_number(uri: str) -> str:
    """Return the number in a ``sip:``, ``sips:`` or ``tel:`` URI, without its parameters."""
    text = uri.strip().removeprefix("<").removesuffix(">")
    scheme, _, rest = text.partition(":")
    if "@" in scheme:
        rest = text  # Some servers omit the scheme.
    user, at, _ = rest.partition("@")
    return unquote((user if at or scheme.lower() == "tel" else "").partition(";")[0])


class Verdict(Enum):
    """The result of applying a document."""

    APPLIED = auto()
    STALE = auto()
    """The document is a repetition or out of date. It changed nothing."""
    DOUBTED = auto()
    """The document omits a live dialog. The dialog stays until a fetched state omits it as well."""
    GAP = auto()
    """A document before it is missing, or its version cannot be trusted. It changed nothing; the
    full state must be fetched."""


class Change(NamedTuple):
    """The dialogs that a document added or changed.

    ``present`` holds the ids of all dialogs if the document was full, and is ``None`` otherwise.
    ``device`` is the document's.
    """

    verdict: Verdict
    updated: tuple[Dialog, ...] = ()
    present: frozenset[str] | None = None
    device: str | None = None


class DialogView:
    """The dialogs of one subscription, built from its documents in the order of their CSeq.

    ``trusted``: the version increases by one with each NOTIFY, as RFC 4235 §4.1.1 requires. Some
    servers always send the same version, or one taken from a clock. Then only the CSeq gives the
    order, and nothing shows whether a document before a partial one was lost.

    ``fetched``: the NOTIFY answers a SUBSCRIBE. Only such a NOTIFY is certain to list all dialogs:
    some servers send ``full`` with only the dialog that changed.
    """

    def __init__(self) -> None:
        self.version: int | None = None
        self.trusted = True
        self.dialogs: dict[str, Dialog] = {}
        self._doubted: dict[str, bool] = {}

    def apply(self, info: DialogInfo, *, fetched: bool = False) -> Change:
        """Apply a document whose NOTIFY has a higher CSeq than all earlier ones."""
        version = self.version
        repeated = version is not None and info.version <= version
        if not info.full:
            if repeated:
                if all(map(self._knows, info.dialogs)):
                    return Change(Verdict.STALE)
                self.trusted = False
            # A server that answers a SUBSCRIBE with a partial document never sends a full one.
            if not fetched and (not self.trusted or version != info.version - 1):
                return Change(Verdict.GAP)
        self.version = info.version
        change = self._merge(info.dialogs, info.full, version is None, info.broken, fetched)
        if repeated and (change.updated or change.verdict is Verdict.DOUBTED):
            self.trusted = False
        return change if info.device is None else change._replace(device=info.device)

    def clear(self, *, fetched: bool = False) -> Change:
        """Remove all dialogs: some servers send a NOTIFY without a body when there are none."""
        return self._merge((), True, self.version is None, fetched=fetched)

    def renew(self) -> None:
        """Accept the versions of a new subscription. The dialogs stay, for comparison."""
        self.version = None

    def _knows(self, dialog: Dialog) -> bool:
        known = self.dialogs.get(dialog.id)
        return known == dialog or (known is None and dialog.terminated)

    def _doubt(self, absent: set[str], fetched: bool, changed: bool) -> dict[str, bool]:
        """Return the ids in ``absent`` to keep, each with whether a fetched state omitted it."""
        doubted = {}
        for key in absent:
            before = self._doubted.get(key)
            # A NOTIFY with changes may have been sent before the server received our request.
            if fetched and before is not None and (before or not changed):
                continue
            doubted[key] = bool(before) or fetched
        return doubted

    def _merge(
        self,
        dialogs: tuple[Dialog, ...],
        full: bool,
        fresh: bool,
        broken: frozenset[str] = frozenset(),
        fetched: bool = False,
    ) -> Change:
        known = self.dialogs
        updated = tuple(dialog for dialog in dialogs if known.get(dialog.id) != dialog)
        if full:
            listed = {dialog.id: dialog for dialog in dialogs}
            absent = {key for key, dialog in known.items() if not dialog.terminated}
            absent -= listed.keys() | broken
            doubted = self._doubt(absent, fetched, bool(updated)) if absent and not fresh else {}
            self._doubted = doubted
            kept = {key: known[key] for key in doubted.keys() | broken if key in known}
            self.dialogs = kept | listed
            verdict = Verdict.DOUBTED if doubted else Verdict.APPLIED
            return Change(verdict, updated, frozenset(self.dialogs) | broken)
        for dialog in dialogs:
            # A terminated dialog is reported once; the view would grow without bound if it kept it.
            if dialog.terminated:
                known.pop(dialog.id, None)
            else:
                known[dialog.id] = dialog
        return Change(Verdict.APPLIED, updated)
