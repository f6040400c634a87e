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

_INCOMING = frozenset({"recipient", "receiver"})


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


def parse_dialog_info(text: str) -> DialogInfo:
    """Parse one document.

    Raises:
        MessageError: it is not well-formed XML, has a DOCTYPE, or breaks RFC 4235 §4.1.
    """
    # A document type can name entities that grow without bound; no dialog-info needs one.
    if "<!DOCTYPE" in text:
        raise MessageError("a dialog-info document with a DOCTYPE")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - no DOCTYPE, so no entities
    except (ElementTree.ParseError, UnicodeError, ValueError) as error:
        raise MessageError(f"dialog-info is not well-formed XML: {error}") from None
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
    dialogs, broken = [], set()
    for element in root:
        if element.tag != tags.dialog:
            continue
        dialog = _parse_dialog(element, tags)
        if dialog is None:
            # One dialog that nobody understands must not hide the others.
            broken.add(element.get("id", ""))
        else:
            dialogs.append(dialog)
    return DialogInfo(
        root.get("entity", ""), int(version), state == "full", tuple(dialogs), frozenset(broken)
    )


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
    return Dialog(
        id=identifier,
        state=word,
        incoming=element.get("direction", "").lower() in _INCOMING,
        call_id=element.get("call-id", ""),
        event=state.get("event", "").lower() if state is not None else "",
        code=int(code) if len(code) == 3 and code.isascii() and code.isdigit() else None,
        local=_parse_party(element.find(tags.local), tags),
        remote=_parse_party(element.find(tags.remote), tags),
    )


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
    scheme, _, rest = uri.strip().removeprefix("<").removesuffix(">").partition(":")
    user, at, _ = rest.partition("@")
    return unquote((user if at or scheme.lower() == "tel" else "").partition(";")[0])


class Verdict(Enum):
    """What became of a document."""

    APPLIED = auto()
    STALE = auto()
    """Repeated, or older than what is known: it changed nothing."""
    DOUBTED = auto()
    """It left out a live dialog: that one is kept until the next full state says so again."""
    GAP = auto()
    """Something before it is missing: it changed nothing, the full state must be fetched."""


class Change(NamedTuple):
    """What a document changed: the dialogs that are new or different.

    ``present`` names every dialog there is where the document was full, ``None`` where not.
    """

    verdict: Verdict
    updated: tuple[Dialog, ...] = ()
    present: frozenset[str] | None = None


class DialogView:
    """The dialogs of one subscription, as its documents in order tell them."""

    def __init__(self) -> None:
        self.version: int | None = None
        self.dialogs: dict[str, Dialog] = {}
        self._doubted: set[str] = set()

    def apply(self, info: DialogInfo) -> Change:
        """Take a document, by the version rules of RFC 4235 §4.1.1 and §3.7.2."""
        if self.version is not None and info.version <= self.version:
            return Change(Verdict.STALE)
        if not info.full and self.version != info.version - 1:
            return Change(Verdict.GAP)
        fresh, self.version = self.version is None, info.version
        return self._merge(info.dialogs, info.full, fresh, info.broken)

    def clear(self) -> Change:
        """Take a NOTIFY without a body: some servers say so that there are no dialogs."""
        return self._merge((), True, self.version is None)

    def renew(self) -> None:
        """Start over with the versions of a new subscription; the dialogs stay to compare with."""
        self.version = None

    def _merge(
        self,
        dialogs: tuple[Dialog, ...],
        full: bool,
        fresh: bool,
        broken: frozenset[str] = frozenset(),
    ) -> Change:
        known = self.dialogs
        updated = tuple(dialog for dialog in dialogs if known.get(dialog.id) != dialog)
        if full:
            told = {dialog.id: dialog for dialog in dialogs}
            # Servers with several processes leave a live dialog out of one document: two must.
            absent = {key for key, dialog in known.items() if not dialog.terminated}
            absent -= told.keys() | broken
            doubted = set() if fresh else absent - self._doubted
            self._doubted = absent
            kept = {key: known[key] for key in doubted | broken if key in known}
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
