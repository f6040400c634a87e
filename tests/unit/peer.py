"""A scripted SIP server for a user agent's WebSocket, and a manual clock."""

from __future__ import annotations

from pycti.sip.identity import Identity
from pycti.sip.incoming import read
from pycti.sip.message import parse_message
from pycti.sip.subscription import Accepted, DialogsChanged, Failed
from pycti.sip.subscription_states import State
from pycti.sip.user_agent import Dead, Report, UserAgent

from .wire import answer_text, counting_entropy, has_header, header, notify_text, wire

CHALLENGE = 'WWW-Authenticate: Digest realm="pbx.test", nonce="n1", qop="auth"'
OK = ("Expires: 300", "Contact: <sip:server.test;transport=ws>")


class Peer:
    """Receives the agent's messages as raw text and answers with raw text."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.identity = Identity("10002", "secret", "pbx.test", counting_entropy())
        self.agent = UserAgent(self.identity)
        self.history: list[str] = []
        self.sent: list[str] = []
        self.reports: list[Report] = []
        self.cseq = 0

    # Output of the agent

    def look(self) -> None:
        texts = self.agent.drain()
        self.history += texts
        self.sent += texts
        reports = self.agent.reports()
        self.reports += reports
        if any(isinstance(report, Dead) for report in reports):
            self.drop()

    @property
    def subscribes(self) -> list[str]:
        return [text for text in self.sent if text.startswith("SUBSCRIBE ")]

    @property
    def last(self) -> str:
        """Return the last SUBSCRIBE, sent before or after `forget`."""
        return next(text for text in reversed(self.history) if text.startswith("SUBSCRIBE "))

    def forget(self) -> None:
        """Forget all output so far."""
        self.sent.clear()
        self.reports.clear()

    @property
    def said(self) -> list[str]:
        """Return the reports in short: accepted, failed 503 again, failed 403 for good, changed."""
        words = []
        for report in self.reports:
            match report:
                case Accepted(node):
                    words.append(f"{node} accepted")
                case Failed(node, status, _, again):
                    words.append(f"{node} failed {status} {'again' if again else 'for good'}")
                case DialogsChanged(node, change):
                    states = " ".join(f"{d.id}:{d.state}" for d in change.updated)
                    words.append(f"{node} {states or 'nothing new'}")
                case _:
                    words.append("dead")
        return words

    # Actions of the server and the network

    def connect(self, *nodes: str) -> None:
        for node in nodes or ("user:10002",):
            kind, _, number = node.partition(":")
            user = number if kind == "user" else f"{kind}-{number}"
            self.agent.subscribe(node, f"sip:{user}@pbx.test", self.now)
        self.agent.connected(self.now)
        self.look()

    def receive(self, text: str | bytes) -> None:
        self.agent.receive(read(text), self.now)
        self.look()

    def answer(self, line: str, *headers: str, to: str | None = None) -> None:
        """Answer ``to``, or the last SUBSCRIBE."""
        self.receive(answer_text(self.last if to is None else to, line, *headers))

    def notification(
        self,
        state: str = "active;expires=300",
        body: str = "",
        *headers: str,
        cseq: int | None = None,
        tag: str = "s1",
        to: str | None = None,
    ) -> str:
        """Return the text of a NOTIFY for the subscription of ``to``, or for the last one."""
        asked = self.last if to is None else to
        self.cseq = self.cseq + 1 if cseq is None else cseq
        return notify_text(asked, self.cseq, state, body, *headers, tag=tag)

    def notify(self, *arguments: str, **more: object) -> str:
        """Send a NOTIFY and return the status line of its response, or ``""`` if there is none."""
        before = len(self.sent)
        self.receive(self.notification(*arguments, **more))  # type: ignore[arg-type]
        answers = [text for text in self.sent[before:] if text.startswith("SIP/2.0")]
        return answers[0].partition("\r\n")[0].removeprefix("SIP/2.0 ") if answers else ""

    def drop(self) -> None:
        self.agent.disconnected(self.now)
        self.look()

    def advance(self, seconds: float) -> None:
        """Advance the clock and call `tick` at each deadline."""
        end = self.now + seconds
        for _ in range(50_000):
            due = self.agent.deadline
            if due is None or due > end:
                self.now = end
                return
            self.now = max(self.now, due)
            self.agent.tick(self.now)
            self.look()
        raise AssertionError("the agent wants to be woken without end")

    # Shortcuts to a state

    def accepted(self, *nodes: str) -> None:
        """Subscribe, accept, and send a NOTIFY without dialogs."""
        self.connect(*nodes)
        for text in self.subscribes:
            self.answer("200 OK", *OK, to=text)
            self.notify(to=text)
        self.forget_reports()

    def forget_reports(self) -> None:
        self.reports.clear()

    def state_of(self, node: str = "user:10002") -> State | None:
        subscription = self.agent._by_node.get(node)
        return subscription.state if subscription else None


__all__ = ["CHALLENGE", "OK", "Peer", "has_header", "header", "parse_message", "wire"]
