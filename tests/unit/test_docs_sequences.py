"""The diagrams in the documentation show only possible sequences."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from pycti.calls.record import NEXT
from pycti.errors import HINTS
from pycti.events import CallStatus, EventName

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS / "_ext"))
from listing import TITLES, Arrow, Listing, read_listing  # noqa: E402 - found only now

sys.path.remove(str(DOCS / "_ext"))

_DIRECTIVE = re.compile(r"^\.\. sequence:: (.+)\n((?:\n|   .*\n)+)", re.MULTILINE)
_ERRORS = DOCS.parent / "web/src/common/errors.js"
_CAPITALS = re.compile(r"\b[A-Z][A-Z_]{3,}\b")
_PAGE_CODES = frozenset(re.findall(r"^  (\w+):", _ERRORS.read_text("utf-8"), re.MULTILINE))
_LOGIN = (EventName.LOGGED_IN, EventName.SUBSCRIBED, EventName.READY)


def _listings() -> dict[str, Listing]:
    text = (DOCS / "sequences.rst").read_text("utf-8")
    return {title: read_listing(body.splitlines()) for title, body in _DIRECTIVE.findall(text)}


LISTINGS = _listings()

each_listing = pytest.mark.parametrize("listing", LISTINGS.values(), ids=LISTINGS)


def _events(listing: Listing) -> list[EventName]:
    return [EventName(label.split()[0]) for label in listing.told()]


def test_every_directive_is_found() -> None:
    text = (DOCS / "sequences.rst").read_text("utf-8")
    assert len(LISTINGS) == text.count(".. sequence::") > 10


@each_listing
def test_only_events_are_sent_to_the_page(listing: Listing) -> None:
    assert _events(listing)


@each_listing
def test_the_states_of_a_call_follow_the_transitions_and_end(listing: Listing) -> None:
    before: CallStatus | None = None
    for label in listing.told():
        name, _, more = label.partition(" ")
        state = CallStatus.__members__.get("HANGUP" if name == "CANCEL" else name)
        if state is None:
            continue
        if more.startswith("replay"):
            assert state is before
        else:
            assert state in NEXT[before], f"{state} after {before}"
        before = state
    assert before is None or before.ended


@each_listing
def test_the_events_of_a_login_are_in_order(listing: Listing) -> None:
    events = _events(listing)
    told = [name for name in events if name in _LOGIN]
    if EventName.LOGGED_IN in told:
        assert tuple(told[:3]) == _LOGIN
    if EventName.TWO_FACTOR_AUTH in events:
        assert events.index(EventName.TWO_FACTOR_AUTH) < events.index(EventName.LOGGED_IN)


@each_listing
def test_every_name_in_capitals_exists(listing: Listing) -> None:
    known = set(EventName.__members__) | set(HINTS) | _PAGE_CODES
    for step in listing.steps:
        if isinstance(step, Arrow) and step.target == "page":
            assert not set(_CAPITALS.findall(step.label)) - known


@each_listing
def test_every_participant_takes_part(listing: Listing) -> None:
    words = " ".join(step.words.lower() for step in listing.steps)
    assert all(TITLES[name].lower() in words for name in listing.participants)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("page, moon\n", "unknown participant"),
        ("page, server\npage => server: hello", "not a step"),
        ("page, server\npage -> phone: rings", "takes no part"),
    ],
)
def test_an_invalid_listing_is_rejected(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_listing(text.splitlines())
