"""Digest authentication against published vectors (RFC 7616 §3.9, RFC 2617 §3.5)."""

from __future__ import annotations

import hashlib
import re

import pytest

from pycti.errors import MessageError, SipError
from pycti.sip.digest import DigestClient, response_hash

from .wire import counting_entropy

MUFASA = ("Mufasa", "http-auth@example.org", "Circle of Life", "GET", "/dir/index.html")
NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def client(*challenges: str, password: str = "secret", proxy: bool = False) -> DigestClient:
    client = DigestClient("10002", password, counting_entropy())
    client.challenged(challenges, proxy)
    return client


def field(value: str | None, name: str) -> str:
    match = re.search(rf'\b{name}=(?:"((?:[^"\\]|\\.)*)"|([^, ]+))', value or "")
    return "" if match is None else match[1] if match[1] is not None else match[2]


class TestVectors:
    def test_rfc_7616_md5(self):
        """RFC 7616 §3.9.1."""
        assert (
            response_hash("MD5", *MUFASA, NONCE, "00000001", CNONCE, "auth")
            == "8ca523f5e9506fed4657c9700eebdbec"
        )

    def test_rfc_7616_sha_256(self):
        """RFC 7616 §3.9.1."""
        assert (
            response_hash("SHA-256", *MUFASA, NONCE, "00000001", CNONCE, "auth")
            == "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
        )

    def test_rfc_2617(self):
        """RFC 2617 §3.5."""
        assert (
            response_hash(
                "MD5", "Mufasa", "testrealm@host.com", "Circle Of Life", "GET", "/dir/index.html",
                "dcd98b7102dd2f0e8b11d0f600bfb0c093", "00000001", "0a4f113b", "auth",
            )
            == "6629fae49393a05397450978507c4ef1"
        )  # fmt: skip

    def test_without_qop_as_in_rfc_2069(self):
        """RFC 2617 §3.2.2.1; the vector is from RFC 2069, corrected by its erratum 749."""
        assert (
            response_hash(
                "MD5", "Mufasa", "testrealm@host.com", "CircleOfLife", "GET", "/dir/index.html",
                "dcd98b7102dd2f0e8b11d0f600bfb0c093",
            )
            == "1949323746fe6a43ef61f9606e7febea"
        )  # fmt: skip

    def test_sess_hashes_the_first_nonces_into_the_secret(self):
        """RFC 7616 §3.4.2: A1 of -sess."""
        secret = md5(md5("u:r:p") + ":n:c")
        expected = md5(f"{secret}:n:00000001:c:auth:{md5('M:uri')}")
        assert (
            response_hash("MD5-sess", "u", "r", "p", "M", "uri", "n", "00000001", "c", "auth")
            == expected
        )

    def test_auth_int_hashes_the_body(self):
        """RFC 7616 §3.4.3: A2 of auth-int."""
        a2 = md5(f"M:uri:{md5('body')}")
        expected = md5(f"{md5('u:r:p')}:n:00000001:c:auth-int:{a2}")
        assert (
            response_hash(
                "MD5", "u", "r", "p", "M", "uri", "n", "00000001", "c", "auth-int", "body"
            )
            == expected
        )

    def test_a_recorded_response_that_kamailio_accepted(self):
        """The password is unknown, so only the fields are compared and the hash is our own."""
        challenge = 'Digest realm="pbx.test", nonce="awLNXmsCzDLpWg1KAwcjAhTRf2O8XOJ6", qop="auth"'
        value = client(challenge).authorization("SUBSCRIBE", "sip:100@pbx.test")
        assert value == (
            'Digest username="10002", realm="pbx.test", nonce="awLNXmsCzDLpWg1KAwcjAhTRf2O8XOJ6",'
            ' uri="sip:100@pbx.test", response="'
            + response_hash(
                "MD5", "10002", "pbx.test", "secret", "SUBSCRIBE", "sip:100@pbx.test",
                "awLNXmsCzDLpWg1KAwcjAhTRf2O8XOJ6", "00000001", "0000000000000001", "auth",
            )
            + '", algorithm=MD5, qop=auth, nc=00000001, cnonce="0000000000000001"'
        )  # fmt: skip


class TestChoice:
    def test_nothing_is_sent_before_the_first_challenge(self):
        assert (
            DigestClient("10002", "x", counting_entropy()).authorization("SUBSCRIBE", "sip:a")
            is None
        )

    def test_sha_256_is_preferred_in_any_position(self):
        """RFC 8760 §2.4."""
        both = ('Digest realm="r", nonce="m"', 'Digest realm="r", nonce="s", algorithm=SHA-256')
        for offered in (both, both[::-1]):
            value = client(*offered).authorization("SUBSCRIBE", "sip:a")
            assert (field(value, "algorithm"), field(value, "nonce")) == ("SHA-256", "s")

    def test_the_first_of_two_challenges_with_the_same_algorithm_is_used(self):
        value = client('Digest nonce="1"', 'Digest nonce="2"').authorization("M", "u")
        assert field(value, "nonce") == "1"

    def test_unsupported_challenges_are_skipped(self):
        value = client(
            'Basic realm="r"',
            'Digest nonce="x", algorithm=SHA-512-256',
            'Digest realm="no nonce"',
            'Digest realm="r", nonce="n", algorithm=md5',
        ).authorization("M", "u")
        assert (field(value, "nonce"), field(value, "algorithm")) == ("n", "md5")

    @pytest.mark.parametrize(
        "challenges",
        [
            (),
            ('Basic realm="r"',),
            ('Digest nonce="n", algorithm=X',),
            ('Digest nonce="n", qop="x"',),
        ],
    )
    def test_only_unsupported_challenges_raise_an_error(self, challenges):
        with pytest.raises(SipError):
            client(*challenges)

    def test_a_malformed_challenge_is_rejected(self):
        with pytest.raises(MessageError):
            client('Digest nonce="open')

    def test_auth_is_preferred_to_auth_int(self):
        value = client('Digest nonce="n", qop="auth-int, auth"').authorization("M", "u")
        assert field(value, "qop") == "auth"

    def test_auth_int_is_used_if_nothing_else_is_offered(self):
        value = client('Digest realm="r", nonce="n", qop="auth-int"').authorization(
            "M", "u", "body"
        )
        expected = response_hash(
            "MD5",
            "10002",
            "r",
            "secret",
            "M",
            "u",
            "n",
            "00000001",
            field(value, "cnonce"),
            "auth-int",
            "body",
        )
        assert field(value, "response") == expected

    @pytest.mark.parametrize("qop", ["", ', qop=""', ', qop=","'])
    def test_without_qop_there_is_neither_nc_nor_cnonce(self, qop):
        """RFC 3261 §22.4 item 8."""
        value = client(f'Digest realm="r", nonce="n"{qop}').authorization("M", "u")
        assert "nc=" not in value
        assert "cnonce" not in value
        assert "qop" not in value

    def test_sess_has_a_cnonce_even_without_qop(self):
        value = client('Digest realm="r", nonce="n", algorithm=MD5-sess').authorization("M", "u")
        expected = response_hash(
            "MD5-sess", "10002", "r", "secret", "M", "u", "n", "", field(value, "cnonce")
        )
        assert field(value, "response") == expected
        assert field(value, "cnonce")
        assert "nc=" not in value

    def test_the_opaque_value_is_returned(self):
        assert (
            field(client('Digest nonce="n", opaque="o\\"p"').authorization("M", "u"), "opaque")
            == 'o\\"p'
        )


class TestQuoting:
    def test_a_realm_is_escaped_but_hashed_unescaped(self):
        value = client('Digest realm="a \\"b\\" \\\\c", nonce="n"').authorization("M", "u")
        assert 'realm="a \\"b\\" \\\\c"' in value
        secret = md5('10002:a "b" \\c:secret')
        assert field(value, "response") == md5(secret + ":n:" + md5("M:u"))

    def test_a_password_may_contain_any_character(self):
        value = client('Digest realm="r", nonce="n"', password='p"\\ñ:').authorization("M", "u")
        assert field(value, "response") == md5(md5('10002:r:p"\\ñ:') + ":n:" + md5("M:u"))


class TestNonces:
    QOP = 'Digest realm="r", nonce="{}", qop="auth"'

    def test_a_reused_nonce_has_an_increasing_count_and_a_new_cnonce(self):
        """RFC 7616 §3.4: nc counts the requests sent with this nonce."""
        digest = client(self.QOP.format("n"))
        first, second = digest.authorization("M", "u"), digest.authorization("M", "u")
        assert [field(first, "nc"), field(second, "nc")] == ["00000001", "00000002"]
        assert field(first, "cnonce") != field(second, "cnonce")

    def test_a_new_nonce_starts_at_one(self):
        digest = client(self.QOP.format("n"))
        digest.authorization("M", "u")
        digest.challenged([self.QOP.format("m") + ", stale=true"])
        assert field(digest.authorization("M", "u"), "nc") == "00000001"

    def test_the_same_nonce_in_a_new_challenge_continues_the_count(self):
        """RFC 7616 §3.4: two subscriptions may be challenged with one nonce, as Kamailio does."""
        digest = client(self.QOP.format("n"))
        digest.authorization("M", "u")
        digest.challenged([self.QOP.format("n")])
        assert field(digest.authorization("M", "u"), "nc") == "00000002"

    def test_a_proxy_challenge_is_answered_in_proxy_authorization(self):
        """RFC 3261 §22.3."""
        assert client('Digest nonce="n"', proxy=True).header == "Proxy-Authorization"
        assert client('Digest nonce="n"').header == "Authorization"


def test_repr_contains_neither_password_nor_nonce():
    assert "secret" not in repr(client('Digest nonce="n"'))
    assert "n0nce" not in repr(client('Digest nonce="n0nce"'))
