"""The rules for any input to one user agent and to the parsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from unit.peer import Peer

from pycti.calls.table import CallTable
from pycti.errors import MessageError, SipError
from pycti.sip.dialog_info import parse_dialog_info
from pycti.sip.digest import DigestClient
from pycti.sip.headers import (
    Challenge,
    CSeq,
    EventType,
    MediaType,
    NameAddr,
    SubscriptionState,
    Uri,
    Via,
)  # fmt: skip
from pycti.sip.incoming import read
from pycti.sip.message import Request, Response, parse_message
from pycti.sip.subscription import DialogsChanged
from pycti.sip.user_agent import Report

NODES = ("user:10002", "queue:77")
LIFE = 400
"""The number of inputs for one agent."""

PARSERS: tuple[Callable[[str], object], ...] = (
    Challenge.parse, CSeq.parse, EventType.parse, MediaType.parse, NameAddr.parse,
    NameAddr.parse_many, SubscriptionState.parse, Uri.parse, Via.parse, Via.parse_many,
)  # fmt: skip

_BARE = re.compile(r"\r(?!\n)|(?<!\r)\n|\0")


class BrokenRuleError(Exception):
    """A rule of `Target` is broken."""


def rule(holds: object, words: str) -> None:
    if not holds:
        raise BrokenRuleError(words)


@dataclass(slots=True)
class Target:
    """Receives inputs. ``counts`` are the accepted, rejected and answered ones."""

    peer: Peer = field(init=False)
    table: CallTable = field(init=False)
    counts: dict[str, int] = field(default_factory=dict)
    lived: int = LIFE

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def renew(self) -> None:
        """Restart with active subscriptions: now and then, and whenever one has ended."""
        alive = self.lived < LIFE and len(self.peer.agent._by_node) == len(NODES)
        if alive:
            self.lived += 1
            return
        self.lived, self.peer, self.table = 0, Peer(), CallTable()
        self.table.own = NODES[0]
        self.peer.accepted(*NODES)

    @property
    def asked(self) -> list[str]:
        """Return the pending SUBSCRIBEs and the first one of each dialog, for real messages."""
        return [text for text in self.peer.history if text.startswith("SUBSCRIBE ")][-4:]

    def snapshot(self) -> object:
        """Return the state that a rejected message must not change."""
        agent, table = self.peer.agent, self.table
        return (
            [
                (s.node, s.state, s.deadline, s.expires, s._granted, s._failures, s._challenges,
                 s.view.version, dict(s.view.dialogs), s.dialog.call_id, s.dialog.remote_tag,
                 s.dialog.target, s.dialog.route, s.dialog.cseq, s.dialog.remote_cseq)
                for s in agent._live
            ],
            list(agent._by_dialog), list(agent._by_node), len(agent._transactions),
            {node: {key: (record.call, record.reported, len(record.legs))
                    for key, record in records.items()} for node, records in table._nodes.items()},
        )  # fmt: skip

    def feed(self, data: bytes | str) -> None:
        """Pass one input to the user agent and check all rules."""
        agent, peer = self.peer.agent, self.peer
        before = self.snapshot()
        message = self._parsed(data)
        agent.receive(read(data), peer.now)
        out, reports = self._collect()
        answers = [text for text in out if text.startswith("SIP/2.0")]
        status = self._judge_answers(message, answers)
        self._judge_output(message, out)
        if isinstance(message, Response):
            self.count("response")
        elif message is None or status >= 400:
            self.count("refused")
            rule(not reports, "a rejected message is reported")
            rule(self.snapshot() == before, "a rejected message changes state")
        else:
            self.count("accepted")

    def tick(self, seconds: float) -> None:
        """Advance the clock."""
        self.peer.now += seconds
        self.peer.agent.tick(self.peer.now)
        self._judge_output(None, self._collect()[0])

    def _collect(self) -> tuple[list[str], list[Report]]:
        peer = self.peer
        out, reports = peer.agent.drain(), peer.agent.reports()
        asked = [text for text in out if text.startswith("SUBSCRIBE ")]
        peer.history = (peer.history + asked)[-20:]
        for report in reports:
            if isinstance(report, DialogsChanged):
                self.count("changed")
                self.table.update(report.node, report.change, peer.now, int(peer.now * 1000))
        return out, reports

    def _parsed(self, data: bytes | str) -> Request | Response | None:
        try:
            return parse_message(data)
        except MessageError:
            return None

    def _judge_answers(self, message: Request | Response | None, answers: list[str]) -> int:
        rule(len(answers) <= 1, "more than one answer")
        if isinstance(message, Request) and message.method != "ACK":
            rule(answers, "a request without a final response")
        rule(not (answers and isinstance(message, Response)), "an answer to a response")
        if not answers:
            return 0
        status = int(answers[0][8:11])
        rule(200 <= status < 700, "an answer that is not final")
        self.count(str(status))
        return status

    def _judge_output(self, message: Request | Response | None, out: list[str]) -> None:
        for text in out:
            if not text.strip():
                continue  # A keep-alive.
            text.encode()
            head, _, body = text.partition("\r\n\r\n")
            rule(not _BARE.search(head), "CR, LF or NUL in the output")
            rule("\r\nForged" not in head, "a forged header in the output")
            rule(not body, "a body in the output")
            # A 400 echoes parts of the malformed request (RFC 3261 §8.2.6.2).
            rule(message is None or self._parsed(text) is not None, "the output cannot be parsed")


def judge_values(data: bytes) -> None:
    """Pass each header value of a message to every parser; parsed values can be written."""
    head = data[:4000].partition(b"\r\n\r\n")[0].decode("utf-8", "surrogateescape")
    for line in head.split("\r\n")[1:14]:
        value = line.partition(":")[2].strip()
        for parse in PARSERS:
            try:
                found = parse(value)
            except MessageError:
                continue
            try:
                str(found)
            except ValueError:
                rule(_BARE.search(value) or "\r" in value or "\n" in value, "unwritable")
        digest = DigestClient("u", "p", lambda size: "0" * (2 * size))
        try:
            digest.challenged([value])
            digest.authorization("SUBSCRIBE", "sip:a@b")
        except (MessageError, SipError):
            continue
        except ValueError:
            rule(_BARE.search(value) or "\n" in value, "unwritable credentials")


def judge_document(data: bytes) -> bool:
    """Pass bytes to the document parser; return whether they are a document."""
    try:
        parse_dialog_info(data.decode("utf-8", "surrogateescape"))
    except MessageError:
        return False
    return True
