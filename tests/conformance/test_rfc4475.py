"""The 49 torture messages of RFC 4475, each with its expected result."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.peer import Peer, header

from pycti.errors import MessageError
from pycti.sip.headers import Credentials, CSeq, NameAddr, Uri, Via
from pycti.sip.message import Request, Response, parse_message

from .verdicts import DROPPED, VERDICTS, Verdict

MESSAGES = Path(__file__).with_name("rfc4475")
ADDRESSES = ("From", "To", "Contact")


def octets(name: str) -> bytes:
    return (MESSAGES / f"{name}.dat").read_bytes()


def value(message: Request | Response, key: str) -> object:
    """Return the value of ``message`` for a key of `Verdict.reads`."""
    name, _, rest = key.partition(".")
    headers = message.headers
    found: object
    match name:
        case "method" | "status" | "reason":
            return getattr(message, name)
        case "uri":
            assert isinstance(message, Request)
            found = Uri.parse(message.uri) if rest else message.uri
        case "body":
            return len(message.body.encode("utf-8", "surrogateescape"))
        case "Contacts":
            return [str(NameAddr.parse(text)) for text in headers.get_all("Contact")]
        case "Via":
            vias = [via for text in headers.get_all("Via") for via in Via.parse_many(text)]
            if rest == "count":
                return len(vias)
            found = vias[0] if rest else [str(via) for via in vias]
        case "CSeq":
            return str(CSeq.parse(headers.require("CSeq")))
        case "Authorization":
            found = Credentials.parse(headers.require(name))
        case _ if name in ADDRESSES:
            try:
                found = NameAddr.parse(headers.require(name))
            except MessageError:
                return "malformed"
        case _:
            return headers.get(name)
    for attribute in filter(None, rest.split(".")):
        found = getattr(found, attribute)
    return str(found) if isinstance(found, Uri) else found


def status_of(answer: str) -> int:
    return int(answer.removeprefix("SIP/2.0 ")[:3])


def by_name(verdict: Verdict) -> str:
    return verdict.name


def test_each_of_the_49_messages_has_one_verdict():
    names = [verdict.name for verdict in VERDICTS]
    assert sorted(names) == sorted(path.stem for path in MESSAGES.glob("*.dat"))
    assert len(names) == len({verdict.section for verdict in VERDICTS}) == 49
    assert all(verdict.why for verdict in VERDICTS)


@pytest.mark.parametrize("verdict", [row for row in VERDICTS if row.reads is not None], ids=by_name)
def test_a_well_formed_message_is_parsed_correctly(verdict: Verdict):
    message = parse_message(octets(verdict.name))
    assert verdict.reads is not None
    assert {key: value(message, key) for key in verdict.reads} == verdict.reads


@pytest.mark.parametrize("verdict", [row for row in VERDICTS if row.reads is None], ids=by_name)
def test_a_malformed_message_is_rejected_completely(verdict: Verdict):
    with pytest.raises(MessageError):
        parse_message(octets(verdict.name))


@pytest.mark.parametrize("as_text", [False, True], ids=["bytes", "text"])
@pytest.mark.parametrize("verdict", VERDICTS, ids=by_name)
def test_a_malformed_message_gets_the_right_answer_and_changes_nothing(
    peer: Peer, verdict: Verdict, as_text: bool
):
    """A text frame carries only UTF-8: other bytes are replaced before they arrive."""
    data = octets(verdict.name)
    peer.accepted()
    peer.forget()
    state = peer.state_of()
    peer.receive(data.decode("utf-8", "replace") if as_text else data)
    assert peer.said == []
    assert peer.state_of() is state
    assert [status_of(text) for text in peer.sent] == [verdict.answer][: verdict.answer != DROPPED]
    for name, expected in verdict.with_.items():
        assert header(peer.sent[0], name) == expected


@pytest.mark.parametrize(
    "verdict",
    [row for row in VERDICTS if row.reads and row.answer not in (DROPPED, 400)],
    ids=by_name,
)
def test_the_answer_has_the_identifying_headers_of_the_request(peer: Peer, verdict: Verdict):
    """RFC 3261 §8.2.6.2: Via, From, To, Call-ID and CSeq equal those of the request."""
    peer.receive(octets(verdict.name))
    (text,) = peer.sent
    asked, answer = parse_message(octets(verdict.name)).headers, parse_message(text).headers
    for name in ("Via", "From", "Call-ID", "CSeq"):
        assert answer.get_all(name) == asked.get_all(name)
    assert answer.require("To").startswith(asked.require("To"))
    assert NameAddr.parse(answer.require("To")).tag


def test_the_widest_range_of_characters_is_parsed_except_nul(peer: Peer):
    """RFC 4475 §3.1.1.2, without the quoted NUL in To."""
    data = octets("intmeth").replace(b"\\\x00", b"")
    method = "!interesting-Method0123456789_*+`.%indeed'~"
    request = parse_message(data)
    assert isinstance(request, Request)
    user = "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*"
    assert request.method == method
    assert Uri.parse(request.uri).user == f"{user}:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"
    to = NameAddr.parse(request.headers.require("To"))
    assert (to.display_name, to.uri.user) == ("BEL:\a NUL: DEL:\x7f", user)
    sender = NameAddr.parse(request.headers.require("From"))
    assert sender.display_name == "token1~` token2'+_ token3*%!.-"
    assert sender.params["fromparam''~+*_!.-%"] == "работающий"
    assert sender.tag == "_token~1'+`*%!-."
    assert request.headers.get("Call-ID") == r"""intmeth.word%ZK-!.*_+'@word`~)(><:\/"][?}{"""
    assert request.headers.get("extensionHeader-!.%*+_`'~") == "\ufeff大停電"
    peer.receive(data)
    assert peer.sent[-1].startswith("SIP/2.0 405 ")
