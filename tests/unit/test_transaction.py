"""Non-INVITE transactions over a reliable transport (RFC 3261 §17.1.2, §17.2.2)."""

from __future__ import annotations

import itertools

import pytest

from pycti.common.machine import Machine, UnknownTransitionError
from pycti.errors import MessageError
from pycti.sip.message import Request, Response, parse_message
from pycti.sip.transaction import (
    CLIENT,
    SERVER,
    TIMER_F,
    ClientTransactions,
    Effect,
    Input,
    ServerTransaction,
    State,
)

from .wire import wire

T, P, E = State.TRYING, State.PROCEEDING, State.TERMINATED
CLIENT_ROWS = {
    (T, Input.PROVISIONAL): (P, ()),
    (T, Input.FINAL): (E, (Effect.PASS,)),
    (T, Input.TIMER_F): (E, (Effect.TIME_OUT,)),
    (P, Input.PROVISIONAL): (P, ()),
    (P, Input.FINAL): (E, (Effect.PASS,)),
    (P, Input.TIMER_F): (E, (Effect.TIME_OUT,)),
}
SERVER_ROWS = {
    (T, Input.PROVISIONAL): (P, (Effect.PASS,)),
    (T, Input.FINAL): (E, (Effect.PASS,)),
    (P, Input.PROVISIONAL): (P, (Effect.PASS,)),
    (P, Input.FINAL): (E, (Effect.PASS,)),
}
PAIRS = list(itertools.product(State, Input))


@pytest.mark.parametrize(("table", "rows"), [(CLIENT, CLIENT_ROWS), (SERVER, SERVER_ROWS)])
@pytest.mark.parametrize(("state", "event"), PAIRS)
def test_every_pair_of_the_tables(table, rows, state, event):
    machine = Machine(table, state)
    if (state, event) in rows:
        assert machine.feed(event) == rows[state, event][1]
        assert machine.state is rows[state, event][0]
    else:
        with pytest.raises(UnknownTransitionError, match=rf"{event} in state {state}"):
            machine.feed(event)


def subscribe(branch: str = "z9hG4bK1") -> Request:
    message = parse_message(
        wire(f"""
        SUBSCRIBE sip:10002@pbx.test SIP/2.0
        Via: SIP/2.0/WS a.invalid;branch={branch}
        From: <sip:10002@pbx.test>;tag=c1
        To: <sip:10002@pbx.test>
        Call-ID: abc
        CSeq: 1 SUBSCRIBE
        """)
    )
    assert isinstance(message, Request)
    return message


def answer(line: str, branch: str = "z9hG4bK1", method: str = "SUBSCRIBE") -> Response:
    message = parse_message(
        wire(f"""
        SIP/2.0 {line}
        Via: SIP/2.0/WS a.invalid;branch={branch};received=127.0.0.1
        From: <sip:10002@pbx.test>;tag=c1
        To: <sip:10002@pbx.test>;tag=s1
        Call-ID: abc
        CSeq: 1 {method}
        """)
    )
    assert isinstance(message, Response)
    return message


@pytest.fixture
def transactions() -> ClientTransactions[str]:
    transactions: ClientTransactions[str] = ClientTransactions()
    transactions.start(subscribe(), "anna", 100.0)
    return transactions


class TestClient:
    def test_a_final_response_is_returned_once_with_its_owner(self, transactions):
        owner, request = transactions.receive(answer("200 OK"))
        assert (owner, request.method) == ("anna", "SUBSCRIBE")
        assert transactions.receive(answer("200 OK")) is None
        assert len(transactions) == 0

    def test_a_provisional_response_changes_nothing_for_the_owner(self, transactions):
        assert transactions.receive(answer("100 Trying")) is None
        assert transactions.receive(answer("182 Queued")) is None
        assert transactions.receive(answer("200 OK")) is not None

    @pytest.mark.parametrize(
        "response", [answer("200 OK", "z9hG4bK2"), answer("200 OK", method="NOTIFY")]
    )
    def test_a_response_matches_by_branch_and_method(self, transactions, response):
        """RFC 3261 §17.1.3."""
        assert transactions.receive(response) is None
        assert len(transactions) == 1

    def test_a_malformed_via_is_an_error(self, transactions):
        response = answer("200 OK")
        response.headers = type(response.headers)([("Via", "x"), ("CSeq", "1 SUBSCRIBE")])
        with pytest.raises(MessageError):
            transactions.receive(response)

    def test_timer_f_fires_after_64_times_t1(self, transactions):
        """RFC 3261 §17.1.2.2."""
        assert TIMER_F == 32.0
        assert transactions.deadline == 132.0
        assert transactions.expire(131.9) == []
        ((owner, request),) = transactions.expire(132.0)
        assert (owner, request.method) == ("anna", "SUBSCRIBE")
        assert transactions.deadline is None

    def test_timer_f_fires_in_proceeding_too(self, transactions):
        transactions.receive(answer("100 Trying"))
        assert len(transactions.expire(132.0)) == 1

    def test_the_oldest_is_due_first(self, transactions):
        transactions.start(subscribe("z9hG4bK2"), "ben", 110.0)
        assert transactions.deadline == 132.0
        transactions.receive(answer("200 OK"))
        assert transactions.deadline == 142.0

    def test_clear_forgets_all_requests(self, transactions):
        transactions.clear()
        assert len(transactions) == 0
        assert transactions.deadline is None


class TestServer:
    def test_a_request_gets_one_final_response(self):
        transaction = ServerTransaction(subscribe())
        assert transaction.respond(100).status == 100
        assert str(transaction.respond(405, "t1", (("Allow", "NOTIFY"),))).startswith(
            "SIP/2.0 405 Method Not Allowed\r\n"
            "Via: SIP/2.0/WS a.invalid;branch=z9hG4bK1\r\n"
            "From: <sip:10002@pbx.test>;tag=c1\r\n"
            "To: <sip:10002@pbx.test>;tag=t1\r\n"
            "Call-ID: abc\r\nCSeq: 1 SUBSCRIBE\r\nAllow: NOTIFY\r\n"
        )
        with pytest.raises(UnknownTransitionError):
            transaction.respond(200)
