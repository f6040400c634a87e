"""Compare the values that the package ``sipmessage`` parses with those of this package.

Both parse every real message. If one of them rejects a message or a header, there is nothing to
compare. If both parse it and differ, the difference is listed with its reason.
"""

from __future__ import annotations

from urllib.parse import unquote

import pytest
import sipmessage

from pycti.errors import MessageError
from pycti.sip.headers import CSeq, NameAddr, Uri, Via
from pycti.sip.message import Request, Response, parse_message

from .corpus import STATES, STATUS_LINES, conversation, documents, recorded_messages, torture

ASKED = (
    "SUBSCRIBE sip:10002@pbx.test SIP/2.0\r\nVia: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\n"
    "From: <sip:10002@pbx.test>;tag=c1\r\nTo: <sip:10002@pbx.test>\r\nCall-ID: abc\r\n"
    "CSeq: 1 SUBSCRIBE\r\n\r\n"
)

DISAGREEMENTS: dict[tuple[str, str], str] = {
    ("rfc4475-esc01", "Contact"): (
        "the Contact is folded after its colon; sipmessage takes the line that follows for a "
        "header of its own, and the Contact for an empty one"
    ),
    ("rfc4475-longreq", "Via"): (
        "sipmessage does not know a header whose name and colon have blanks between them "
        "(V :), as RFC 3261 §7.3.1 allows: it misses six Vias"
    ),
}
"""The known differences by message and header, and why ours is right."""


def _uri(uri: object) -> tuple[object, ...]:
    """Return a URI of either package in a common form: only sipmessage decodes escapes."""
    if isinstance(uri, sipmessage.URI):
        user = f"{uri.user or ''}:{uri.password}" if uri.password else uri.user or ""
        return uri.scheme, user, uri.host.lower(), uri.port, _params(uri.parameters)
    assert isinstance(uri, Uri)
    return uri.scheme, unquote(uri.user), uri.host, uri.port, _params(uri.params)


def _params(params: object) -> dict[str, str | None]:
    found = dict(params)  # type: ignore[call-overload]
    return {unquote(k).lower(): v if v is None else unquote(v) for k, v in found.items()}


def _address(found: object) -> tuple[object, ...]:
    if isinstance(found, sipmessage.Address):
        return _uri(found.uri), found.name, _params(found.parameters)
    assert isinstance(found, NameAddr)
    return _uri(found.uri), found.display_name, _params(found.params)


def _via(found: object) -> tuple[object, ...]:
    if isinstance(found, sipmessage.Via):
        return found.transport.upper(), found.host.lower(), found.port, _params(found.parameters)
    assert isinstance(found, Via)
    return found.transport, found.host, found.port, _params(found.params)


def _vias(message: Request | Response) -> list[Via]:
    return [via for line in message.headers.get_all("Via") for via in Via.parse_many(line)]


def _contacts(message: Request | Response) -> list[NameAddr]:
    return [a for line in message.headers.get_all("Contact") for a in NameAddr.parse_many(line)]


def _cseq(message: Request | Response) -> tuple[int, str]:
    cseq = CSeq.parse(message.headers.require("CSeq"))
    return cseq.number, cseq.method


OURS = {
    "start": lambda m: (
        (m.method, _uri(Uri.parse(m.uri))) if isinstance(m, Request) else (m.status, m.reason)
    ),
    "From": lambda m: _address(NameAddr.parse(m.headers.require("From"))),
    "To": lambda m: _address(NameAddr.parse(m.headers.require("To"))),
    "Contact": lambda m: [_address(found) for found in _contacts(m)],
    "Via": lambda m: [_via(found) for found in _vias(m)],
    "CSeq": _cseq,
    "Call-ID": lambda m: m.headers.require("Call-ID"),
}
THEIRS = {
    "start": lambda m: (
        (m.method, _uri(m.uri)) if isinstance(m, sipmessage.Request) else (m.code, m.phrase)
    ),
    "From": lambda m: _address(m.from_address),
    "To": lambda m: _address(m.to_address),
    "Contact": lambda m: [_address(found) for found in m.contact],
    "Via": lambda m: [_via(found) for found in m.via],
    "CSeq": lambda m: (m.cseq.sequence, m.cseq.method),
    "Call-ID": lambda m: m.call_id,
}


def messages() -> dict[str, bytes]:
    """Return every real message by a name that shows its origin."""
    found = {f"recorded-{number}": data for number, data in enumerate(recorded_messages())}
    bodies = documents()
    for number, body in enumerate(bodies):
        state, line = STATES[number % len(STATES)], STATUS_LINES[number % len(STATUS_LINES)]
        made = conversation(ASKED, number, body, state, line)
        found |= {f"made-{number}-{part}": data for part, data in enumerate(made)}
    return found | {f"rfc4475-{name}": data for name, data in torture().items()}


def differences(data: bytes) -> tuple[int, dict[str, tuple[object, object]]]:
    """Return how many values both parse, and those that differ."""
    try:
        ours, theirs = parse_message(data), sipmessage.Message.parse(data)
    except (MessageError, ValueError):
        return 0, {}
    both, differ = 0, {}
    for name, read in OURS.items():
        try:
            pair = read(ours), THEIRS[name](theirs)
        except (MessageError, ValueError, KeyError):
            continue
        both += 1
        if pair[0] != pair[1]:
            differ[name] = pair
    return both, differ


@pytest.mark.parametrize("name", messages())
def test_both_libraries_parse_the_same_values(name: str):
    _, differ = differences(messages()[name])
    assert {key: pair for key, pair in differ.items() if (name, key) not in DISAGREEMENTS} == {}


@pytest.mark.parametrize(("name", "key"), DISAGREEMENTS)
def test_a_known_difference_still_exists(name: str, key: str):
    assert key in differences(messages()[name])[1]


def test_most_parsed_values_are_compared():
    """There are 148 messages with seven values each."""
    compared = [differences(data)[0] for data in messages().values()]
    assert sum(compared) > 900
    assert len([count for count in compared if count]) > 130
