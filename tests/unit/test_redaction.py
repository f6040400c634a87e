"""Displayed text contains no secret, even if a server echoes it."""

from __future__ import annotations

import html
import json
import logging
import traceback
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pycti.common.redaction import HIDDEN, Secrets, redact
from pycti.errors import CtiError

from .wire import answer_text
from .world import World


class TestPatterns:
    @pytest.mark.parametrize(
        "text",
        [
            'Authorization: Digest username="1", response="s3cret"',
            "authorization=Bearer s3cret",
            "Basic s3cret",
            'no such {"user_token": "s3cret"}',
            '{"sip_password":"s3\\"cret"}'.replace('s3\\"cret', "s3cret"),
            "password=s3cret&x=1",
            "PASSWORD: s3cret",
            "X-Auth-Token: s3cret",
            "api_key='s3cret'",
            'nonce="s3cret", cnonce=s3cret, opaque="s3cret',
            "nextnonce=s3cret",
            "0123456789abcdef0123456789ABCDEF",
        ],
    )
    def test_text_that_looks_like_a_secret_is_hidden(self, text: str):
        shown = redact(text)
        assert HIDDEN in shown
        assert "s3cret" not in shown
        assert "0123456789" not in shown

    @pytest.mark.parametrize(
        "text",
        [
            "Invalid email and/or password.",
            "Unable to make a call with no VoIP clients registered",
            "Your token has expired.",
            "The call 1432310571129 is not known.",
            "no response",
            "",
        ],
    )
    def test_plain_words_are_kept(self, text: str):
        assert redact(text) == text


class TestSecrets:
    def test_every_spelling_is_hidden(self):
        secrets = Secrets()
        secrets.add('p&"ä /', None, "")
        for text in (
            'it was p&"ä /!', json.dumps('p&"ä /'), quote('p&"ä /', safe=""), html.escape('p&"ä /'),
        ):  # fmt: skip
            assert HIDDEN in secrets.clean(text)
        secrets.clear()
        assert secrets.clean('p&"ä /') == 'p&"ä /'

    def test_overlapping_secrets_are_hidden_completely(self):
        assert Secrets().clean("abcdef", ["abc", "abcdef", None]) == HIDDEN


def shown(error: BaseException, log: str, world: World) -> str:
    """Return all text about the error that somebody could see."""
    texts = [
        repr(error), str(error), log, repr(world.events),
        "".join(traceback.format_exception(error)),
        json.dumps([event.to_json() for event in world.events if event.name != "TWO_FACTOR_AUTH"]),
        repr(vars(error)), repr(world.connector._pump.session),
    ]  # fmt: skip
    if isinstance(error, CtiError):
        texts.append(json.dumps(error.to_json()))
    return "\n".join(texts)


ANSWERS = [
    lambda echo: (401, {"message": f"Wrong: {echo}"}),
    lambda echo: (500, {"message": "Oops", "errors": [{"field": "x", "message": f"got {echo}"}]}),
    lambda echo: (500, f"<html>{html.escape(echo)}"),
    lambda echo: (400, {"message": json.dumps({"password": echo, "user_token": echo})}),
    lambda echo: (302, echo),
    lambda echo: (200, "{" + echo),
    lambda echo: (200, {"message": echo, "user_token": ""}),
    lambda echo: (404, {"message": quote(echo)}),
]
NONCE = "n" + "0nce"  # Tracebacks quote the source.
# Letters that our own texts do not contain, so that a match is significant.
SECRET = st.text(st.sampled_from("QZ&%\"'\\<> äß€𝔰7#+"), min_size=4, max_size=12).filter(
    lambda text: text == text.strip() and sum(one in "QZ" for one in text) >= 2
)


# Each example has its own world, and there are many forms of answers.
FEW = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize("make", ANSWERS)
@FEW
@given(password=SECRET)
async def test_a_login_that_fails_shows_no_password(make, password: str):
    world, lines = World(), Lines()
    world.api["POST /login"] = make(password)
    with lines, pytest.raises(CtiError) as caught:
        await world.connector.login("anna@example.com", password)
    assert password not in shown(caught.value, lines.text, world)
    assert json.dumps(password)[1:-1] not in shown(caught.value, lines.text, world)


@pytest.mark.parametrize("make", ANSWERS[:6])
@FEW
@given(key=SECRET.filter(str.isprintable))
async def test_an_api_key_that_fails_is_not_shown(make, key: str):
    world, lines = World(), Lines()
    world.api["GET /me"] = make(key)
    with lines, pytest.raises(CtiError) as caught:
        await world.connector.login(key)
    assert key not in shown(caught.value, lines.text, world)


@FEW
@given(code=SECRET.filter(str.isprintable))
async def test_a_second_factor_that_fails_is_not_shown(code: str):
    world, lines = World(), Lines()
    world.api["POST /login"] = (202, {"message": f"Code for pa55word {code}?", "nonce": NONCE})
    world.api["POST /login2fa"] = (401, {"message": f"{code} is wrong for {NONCE}"})
    with lines:
        await world.connector.login("anna@example.com", "pa55word")
        assert "pa55word" not in world.events[-1].message
        with pytest.raises(CtiError) as caught:
            await world.connector.two_factor_auth(code, NONCE)
    text = shown(caught.value, lines.text, World())
    assert code not in text
    assert NONCE not in text


async def test_a_session_shows_neither_its_token_nor_its_sip_password(ready: World):
    ready.api["GET /users"] = (400, {"message": "X: t0ken, sip-s3cret"})
    with pytest.raises(CtiError) as caught:
        await ready.connector.api_request("GET", "/users")
    assert caught.value.message == f"X: {HIDDEN}, {HIDDEN}"
    ready.start(ready.connector.logout())
    await ready.settle()
    assert ready.connector._pump.rest.secrets._secrets == set()


@pytest.mark.parametrize(
    "line", ["403 Digest username=1, response=s3cretHash", "603 nonce=s3cretHash"]
)
async def test_a_sip_server_that_echoes_is_not_repeated(ready: World, line: str, caplog):
    ready.sip["queue-77"] = line
    task = ready.start(ready.connector.subscribe("queue:77"))
    with caplog.at_level(logging.DEBUG):
        await ready.settle()
    with pytest.raises(CtiError) as caught:
        await task
    assert "s3cretHash" not in shown(caught.value, caplog.text, ready)


async def test_a_damaged_message_is_not_repeated(ready: World, caplog):
    asked = ready.socket.sent[0]
    for challenge in (
        "Digest;nonce=s3cretHash",
        "X-Y/ nonce=s3cretHash",
        'Digest nonce="s3cretHash',
    ):
        text = answer_text(asked, "401 Unauthorized", f"WWW-Authenticate: {challenge}")
        with caplog.at_level(logging.DEBUG):
            ready.socket.listener.received(text)
            ready.socket.listener.received(f"NOTIFY x\r\nAuthorization: {challenge}\r\n\r\n")
    assert caplog.records
    assert "s3cretHash" not in caplog.text


class Lines(logging.Handler):
    """The log, within one example of hypothesis."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += self.format(record) + "\n"

    def __enter__(self) -> Lines:
        logging.getLogger("pycti").addHandler(self)
        logging.getLogger("pycti").setLevel(logging.DEBUG)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("pycti").removeHandler(self)
        logging.getLogger("pycti").setLevel(logging.NOTSET)
