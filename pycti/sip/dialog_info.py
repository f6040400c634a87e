"""Dialog-info documents (RFC 4235): parsing, and the rules for full, partial and version."""

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

# What Asterisk's chan_sip puts before the Call-ID of the subscription, the same for every call.
_PICKUP = "pickup-"


class Party(NamedTuple):
    """One side of a dialog. ``number`` is the user part of its identity."""

    number: str = ""
    name: str = ""
    on_hold: bool = False
    params: Mapping[str, str] | None = None


class Dialog(NamedTuple):
    """One ``<dialog>`` element. ``event`` and ``code`` say why it is in its state."""

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
        """Return this dialog as RFC 4235 writes one that another phone answered."""
        silent = self.terminated and self.code in (None, 200, 487)
        silent = silent and self.event in ("", "cancelled", "error", "rejected")
        return self._replace(event="cancelled", code=200) if silent else self

    @property
    def on_hold(self) -> bool:
        """Whether either side renders no media."""
        return self.local.on_hold or self.remote.on_hold

    @property
    def start_time(self) -> int | None:
        """Epoch milliseconds of the call's start, where the server says so."""
        start = (self.local.params or {}).get("timestamp.start", "")
        return (
            int(start) * 1000 if start.isascii() and start.isdigit() and len(start) < 12 else None
        )


class DialogInfo(NamedTuple):
    """One document. ``full`` replaces everything known, otherwise it names what changed."""

    entity: str
    version: int
    full: bool
    dialogs: tuple[Dialog, ...] = ()
    broken: frozenset[str] = frozenset()
    """Ids of dialogs that could not be read: of them the document says only that they are."""
    device: str | None = None
    """How the phone is reached: ``online``, ``dnd`` or ``offline``, where the server says so."""


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
            # One dialog that nobody understands must not hide the others. One that nothing is
            # said of is an idle extension, and as good as left out.
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
    # A document type can name entities that grow without bound; no dialog-info needs one.
    if "<!DOCTYPE" in text:
        raise MessageError("a dialog-info document with a DOCTYPE")
    try:
        return ElementTree.fromstring(text)  # noqa: S314 - no DOCTYPE, so no entities
    except (ElementTree.ParseError, UnicodeError, ValueError) as error:
        raise MessageError(f"dialog-info is not well-formed XML: {error}") from None


class _Tags(NamedTuple):
    """The names of the elements as ElementTree writes them, in the namespace of the document."""

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
    """Whether any text in it says that another phone took the call."""
    return any(
        says_elsewhere(text)
        for each in element.iter()
        for text in (each.text, *each.attrib.values())
        if text
    )


def says_elsewhere(text: str) -> bool:
    """Whether ``text`` is the phrase of RFC 3326 §3.1 for a call that another phone took."""
    return "completed elsewhere" in text.lower()


def _parse_party(element: ElementTree.Element | None, tags: _Tags) -> Party:
    if element is None:
        return Party()
    identity = element.find(tags.identity)
    target = element.find(tags.target)
    params = {}
    for param in target if target is not None else ():
        # RFC 4235 §4.1.6.2 says pvalue; one vendor writes pval.
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
        rest = text  # Some servers leave the scheme out.
    user, at, _ = rest.partition("@")
    return unquote((user if at or scheme.lower() == "tel" else "").partition(";")[0])


class Verdict(Enum):
    """What became of a document."""

    APPLIED = auto()
    STALE = auto()
    """Repeated, or older than what is known: it changed nothing."""
    DOUBTED = auto()
    """It left out a live dialog: that one is kept until the state that is fetched says so, too."""
    GAP = auto()
    """Something before it is missing, or its version says nothing: it changed nothing, the full
    state must be fetched."""


class Change(NamedTuple):
    """What a document changed: the dialogs that are new or different.

    ``present`` names every dialog there is where the document was full, ``None`` where not.
    ``device`` is the document's.
    """

    verdict: Verdict
    updated: tuple[Dialog, ...] = ()
    present: frozenset[str] | None = None
    device: str | None = None


class DialogView:
    """The dialogs of one subscription, as its documents tell them in the order of their CSeq.

    ``trusted``: the versions grow from NOTIFY to NOTIFY, as RFC 4235 §4.1.1 wants. Some servers
    write the same one always, or one that comes from a clock: then the CSeq is the only order, and
    a partial document cannot be told from one that follows upon another that was lost.

    ``fetched`` says that a NOTIFY answers a SUBSCRIBE. Only such a one holds all there is for sure:
    some servers write ``full`` where they name the one dialog that changed.
    """

    def __init__(self) -> None:
        self.version: int | None = None
        self.trusted = True
        self.dialogs: dict[str, Dialog] = {}
        self._doubted: dict[str, bool] = {}

    def apply(self, info: DialogInfo, *, fetched: bool = False) -> Change:
        """Take a document whose NOTIFY has a higher CSeq than all before."""
        version = self.version
        repeated = version is not None and info.version <= version
        if not info.full:
            if repeated:
                if all(map(self._knows, info.dialogs)):
                    return Change(Verdict.STALE)
                self.trusted = False
            # A server that answers with a partial document has no other.
            if not fetched and (not self.trusted or version != info.version - 1):
                return Change(Verdict.GAP)
        self.version = info.version
        change = self._merge(info.dialogs, info.full, version is None, info.broken, fetched)
        if repeated and (change.updated or change.verdict is Verdict.DOUBTED):
            self.trusted = False
        return change if info.device is None else change._replace(device=info.device)

    def clear(self, *, fetched: bool = False) -> Change:
        """Take a NOTIFY without a body: some servers say so that there are no dialogs."""
        return self._merge((), True, self.version is None, fetched=fetched)

    def renew(self) -> None:
        """Start over with the versions of a new subscription; the dialogs stay to compare with."""
        self.version = None

    def _knows(self, dialog: Dialog) -> bool:
        known = self.dialogs.get(dialog.id)
        return known == dialog or (known is None and dialog.terminated)

    def _doubt(self, absent: set[str], fetched: bool, news: bool) -> dict[str, bool]:
        """Return which of these are kept, and of each whether a fetched state lacked it, too."""
        doubted = {}
        for key in absent:
            before = self._doubted.get(key)
            # What changes something may have been under way already when the state was asked for.
            if fetched and before is not None and (before or not news):
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
            told = {dialog.id: dialog for dialog in dialogs}
            absent = {key for key, dialog in known.items() if not dialog.terminated}
            absent -= told.keys() | broken
            doubted = self._doubt(absent, fetched, bool(updated)) if absent and not fresh else {}
            self._doubted = doubted
            kept = {key: known[key] for key in doubted.keys() | broken if key in known}
            self.dialogs = kept | told
            verdict = Verdict.DOUBTED if doubted else Verdict.APPLIED
            return Change(verdict, updated, frozenset(self.dialogs) | broken)
        for dialog in dialogs:
            # A terminated dialog is told once; keeping it would let the view grow without end.
            if dialog.terminated:
                known.pop(dialog.id, None)
            else:
                known[dialog.id] = dialog
        return Change(Verdict.APPLIED, updated)
