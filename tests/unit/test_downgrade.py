"""A server must not weaken its authentication (RFC 8760 §5), and can prove its identity."""

from __future__ import annotations

import re

import pytest

from pycti.errors import MessageError, SipError
from pycti.sip.digest import DigestClient, Expected, response_hash

from .peer import OK, Peer
from .wire import answer_text, counting_entropy, header
from .world import World

MD5 = 'Digest realm="pbx.test", nonce="m", qop="auth", algorithm=MD5'
SHA = 'Digest realm="pbx.test", nonce="s", qop="auth", algorithm=SHA-256'


def client(*offers: tuple[str, ...]) -> DigestClient:
    digest = DigestClient("10002", "secret", counting_entropy())
    for offer in offers:
        digest.challenged(offer)
    return digest


def refused(digest: DigestClient, *challenges: str, proxy: bool = False) -> str:
    with pytest.raises(SipError) as caught:
        digest.challenged(challenges, proxy)
    assert caught.value.code == "AUTH_DOWNGRADE"
    assert caught.value.hint
    return caught.value.message


class TestAlgorithm:
    @pytest.mark.parametrize("better", ["SHA-256", "sha-256", "SHA-256-sess", "SHA-512-256"])
    def test_md5_alone_is_rejected_after_a_stronger_offer(self, better: str):
        digest = client((MD5, SHA.replace("SHA-256", better)))
        assert "SHA-256" in refused(digest, MD5)
        assert "SHA-256" in refused(digest, MD5.replace("=MD5", "=MD5-sess"))
        assert "SHA-256" in refused(digest, MD5.replace(", algorithm=MD5", ""))

    def test_the_previous_challenge_is_kept(self):
        digest = client((SHA,))
        refused(digest, MD5)
        assert "SHA-256" in (digest.authorization("SUBSCRIBE", "sip:a") or "")

    def test_the_strongest_challenge_of_a_response_is_answered(self):
        for offer in ((MD5, SHA), (SHA, MD5)):
            assert 'nonce="s"' in (client(offer, offer).authorization("SUBSCRIBE", "sip:a") or "")

    def test_a_server_with_only_md5_is_accepted(self):
        digest = client((MD5,), (MD5.replace('"m"', '"m2"'),))
        assert 'nonce="m2"' in (digest.authorization("SUBSCRIBE", "sip:a") or "")

    def test_a_stronger_challenge_is_always_accepted(self):
        digest = client((MD5,), (SHA,))
        assert "SHA-256" in refused(digest, MD5)


class TestTheRest:
    def test_a_challenge_without_qop_is_rejected_after_one_with_qop(self):
        words = refused(client((SHA,)), SHA.replace(' qop="auth",', ""))
        assert "quality of protection" in words

    def test_a_server_without_qop_is_accepted(self):
        plain = MD5.replace(' qop="auth",', "")
        assert client((plain,), (plain,)).authorization("SUBSCRIBE", "sip:a")

    def test_a_different_realm_is_rejected(self):
        """Credentials for another realm could be used with another service."""
        assert "realm" in refused(client((SHA,)), SHA.replace("pbx.test", "bank.test"))

    def test_a_proxy_has_a_realm_of_its_own(self):
        digest = client((SHA,))
        digest.challenged([SHA.replace("pbx.test", "proxy.test")], proxy=True)
        refused(digest, SHA, proxy=True)


class TestMemory:
    def test_the_memory_survives_a_lost_connection_and_a_new_password(self, peer: Peer):
        peer.connect()
        peer.answer("401 Unauthorized", f"WWW-Authenticate: {SHA}", f"WWW-Authenticate: {MD5}")
        assert "SHA-256" in header(peer.last, "Authorization")
        peer.drop()
        peer.identity.renew("new")
        peer.forget()
        peer.connect()
        peer.answer("401 Unauthorized", f"WWW-Authenticate: {MD5}")
        assert peer.said == ["user:10002 failed 401 for good"]
        assert "MD5" not in "".join(peer.sent)

    async def test_a_downgrade_is_reported_and_not_answered(self):
        world = World()
        await world.log_in()
        following = world.connector._pump.subscriptions
        world.sip["10002"] = None
        for challenge in (SHA, MD5):
            await world.drop()
            await world.advance(31)
            asked = next(one for one in world.socket.sent if one.startswith("SUBSCRIBE "))
            text = answer_text(asked, "401 Unauthorized", f"WWW-Authenticate: {challenge}")
            world.socket.listener.received(text)
            await world.settle()
        assert following.take_failure().code == "AUTH_DOWNGRADE"
        assert world.told == []
        assert world.statuses[-1] == "connecting AUTH_DOWNGRADE"
        assert "algorithm=MD5" not in "".join(one for s in world.platform.sockets for one in s.sent)
        await world.connector.aclose()

    async def test_the_memory_ends_with_the_session(self, ready: World):
        following = ready.connector._pump.subscriptions
        (expected,) = following._expected.values()
        assert expected == Expected()
        expected.sha = True
        await ready.drop()
        await ready.advance(31)
        assert following._link.agent.identity.digest.expected is expected
        ready.start(ready.connector.logout())
        await ready.settle()
        assert following._expected == {}

    async def test_each_server_has_its_own_memory(self):
        world = World(sip_server=["wss://one.test", "wss://two.test"])
        await world.log_in()
        await world.drop()
        await world.advance(31)
        assert set(world.connector._pump.subscriptions._expected) == {
            "wss://one.test",
            "wss://two.test",
        }
        await world.connector.aclose()


def rspauth(authorization: str, password: str = "secret", body: str = "") -> str:
    def get(name: str) -> str:
        match = re.search(rf'\b{name}="?([^",]+)', authorization)
        return match[1] if match else ""

    fields = [get(name) for name in ("uri", "nonce", "nc", "cnonce", "qop")]
    return response_hash(
        get("algorithm"), "10002", get("realm"), password, "", *fields, body
    )  # fmt: skip


class TestProof:
    """RFC 7616 §3.5: Authentication-Info."""

    def ask(self, peer: Peer, challenge: str = SHA) -> str:
        peer.connect()
        peer.answer("401 Unauthorized", f"WWW-Authenticate: {challenge}")
        peer.forget()
        return header(peer.last, "Authorization")

    @pytest.mark.parametrize(
        "challenge",
        [SHA, MD5, SHA.replace('"auth"', '"auth-int"'), MD5.replace("=MD5", "=MD5-sess")],
    )
    def test_a_server_that_knows_the_password_is_accepted(self, peer: Peer, challenge: str):
        proof = rspauth(self.ask(peer, challenge)).upper()
        peer.answer("200 OK", *OK, f'Authentication-Info: qop=auth, rspauth="{proof}"')
        assert peer.said == ["user:10002 accepted"]

    def test_a_server_that_does_not_know_the_password_is_rejected(self, peer: Peer):
        proof = rspauth(self.ask(peer), "guess")
        peer.answer("200 OK", *OK, f'Authentication-Info: rspauth="{proof}"')
        assert peer.said == ["user:10002 failed 200 for good"]
        assert peer.reports[0].code == "AUTH_DOWNGRADE"

    def test_a_proof_without_credentials_is_rejected(self, peer: Peer):
        peer.connect()
        peer.answer("200 OK", *OK, 'Authentication-Info: rspauth="00"')
        assert peer.said == ["user:10002 failed 200 for good"]

    def test_authentication_info_without_rspauth_is_ignored(self, peer: Peer):
        self.ask(peer)
        peer.answer("200 OK", *OK, 'Authentication-Info: nextnonce="n2"')
        assert peer.said == ["user:10002 accepted"]

    def test_malformed_authentication_info_is_rejected(self, peer: Peer):
        self.ask(peer)
        peer.answer("200 OK", *OK, 'Authentication-Info: rspauth="00')
        assert peer.said == ["user:10002 failed 200 again"]
        with pytest.raises(MessageError):
            client((SHA,)).proves('rspauth="00', "", "")
