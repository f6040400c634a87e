"""CRLF keep-alive (RFC 5626 §3.5.1, §4.4.1)."""

from __future__ import annotations

import pytest

from .peer import Peer

PING, PONG = "\r\n\r\n", "\r\n"


@pytest.fixture
def peer() -> Peer:
    peer = Peer()
    peer.agent.connected(peer.now)
    return peer


@pytest.mark.parametrize("ping", [PING, PING.encode()])
def test_a_ping_is_answered(peer: Peer, ping):
    """sip-facts 12."""
    peer.receive(ping)
    assert peer.sent == [PONG]


@pytest.mark.parametrize("pong", [PONG, PONG.encode()])
def test_a_pong_is_not_answered(peer: Peer, pong):
    peer.receive(pong)
    assert peer.sent == []


def test_after_25_seconds_of_silence_a_ping_is_sent(peer: Peer):
    peer.advance(24.9)
    assert peer.sent == []
    peer.advance(0.2)
    assert peer.sent == [PING]


def test_any_received_message_resets_the_silence(peer: Peer):
    peer.advance(20)
    peer.receive("not SIP at all")
    peer.advance(20)
    assert peer.sent == []
    peer.advance(5.1)
    assert peer.sent == [PING]


def test_a_connection_that_stops_answering_pings_is_dead(peer: Peer):
    peer.advance(25)
    peer.receive(PONG)
    peer.advance(25)
    peer.advance(9.9)
    assert peer.said == []
    peer.advance(0.2)
    assert peer.said[0] == "dead"


def test_a_server_that_never_answers_pings_is_not_considered_dead(peer: Peer):
    """sip-facts 12: not every server answers the CRLF ping."""
    peer.advance(600)
    assert peer.said == []
    assert peer.sent.count(PING) >= 10


def test_a_server_that_only_sends_pings_is_not_considered_dead(peer: Peer):
    """Its own ping is no answer to ours."""
    peer.receive(PING)
    peer.advance(600)
    assert peer.said == []


def test_after_a_sleep_a_ping_is_sent_again_before_giving_up(peer: Peer):
    """The pong could not be received during the sleep."""
    peer.advance(25)
    peer.receive(PONG)
    peer.advance(25)
    peer.sent.clear()
    peer.now += 3600
    peer.agent.tick(peer.now)
    peer.look()
    assert peer.said == []
    assert peer.sent == [PING]
    peer.advance(10.1)
    assert peer.said[0] == "dead"


def test_a_probe_pings_at_once(peer: Peer):
    peer.agent.probe(peer.now)
    peer.look()
    assert peer.sent == [PING]


def test_a_probe_without_a_connection_sends_nothing(peer: Peer):
    peer.drop()
    peer.agent.probe(peer.now)
    peer.look()
    assert peer.sent == []


def test_a_new_connection_has_not_answered_a_ping(peer: Peer):
    peer.advance(25)
    peer.receive(PONG)
    peer.drop()
    peer.agent.connected(peer.now)
    peer.sent.clear()
    peer.advance(120)
    assert peer.said == []
