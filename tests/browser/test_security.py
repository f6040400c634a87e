"""What the connector sends and stores, with the real worker and the PBX."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from bundled import built
from playwright.sync_api import Page

from pycti.pbx import Directory, Pbx, demo_directory
from pycti.pbx.sip_server import SipServer

from .conftest import PbxServer
from .cti_page import CtiPage

pytestmark = pytest.mark.differs("policy")

DOCS = Path(__file__).parents[2] / "docs/security.rst"

# Records how the page opens its worker, so that other scripts can do the same.
TAP = """
  const { SharedWorker: Original } = window;
  window.SharedWorker = class extends Original {
    constructor(...given) { super(...given); window.opened = given; }
  };
"""

STRANGER = """() => {
  const { port } = new SharedWorker(...opened);
  window.stranger = { port, heard: [] };
  port.onmessage = ({ data }) => {
    for (const text of [].concat(data)) stranger.heard.push(JSON.parse(text));
  };
}"""

BAD = """() => {
  const cyclic = {}; cyclic.self = cyclic;
  const texts = ["", "{", "null", "5", "[]", '"ping"', "{}", '{"type":5}', '{"type":{"x":1}}',
    '{"__proto__":{"type":"bye"}}', '{"constructor":{"type":"bye"}}', "[".repeat(200000)];
  const others = [undefined, null, 5, true, {}, [], ["{}"], { type: "bye" }, cyclic,
    new Map([["type", "bye"]]), new Uint8Array(9), new Blob(["x"]), new Error("x")];
  const huge = JSON.stringify({ type: "focus", x: "x".repeat(5_000_000) });
  for (const one of [...texts, ...others, huge]) stranger.port.postMessage(one);
  return texts.length + others.length + 1;
}"""

ODD = [
    {"type": "command"},
    {"type": "command", "id": {"__proto__": 1}, "method": {"login": 1}, "args": "x"},
    {"type": "command", "id": 1, "method": "_pump", "args": []},
    {"type": "command", "id": 2, "method": "__class__", "args": [{"__proto__": {"x": 1}}]},
    {"type": "detect", "id": 3, "texts": [5]},
    {"type": "listen", "names": 5},
    {"type": "focus", "focused": {}},
    {"type": "contact", "id": "x"},
    {"type": "contact", "id": {}, "number": [], "contact": {"__proto__": {"name": "x"}}},
    {"type": "logged"},
    {"type": "hello", "options": 5, "nodes": {"x": 1}, "calls": [{"__proto__": 1}], "token": {}},
    {"type": "hello", "options": {"apiEndpoint": "http://evil.example"}, "token": "stolen"},
    {"type": "eval", "code": "1"},
]


@pytest.fixture
def new_page(new_page: Callable[[], Page]) -> Callable[[], Page]:
    def make() -> Page:
        page = new_page()
        page.add_init_script(TAP)
        return page

    return make


def test_a_foreign_script_on_the_workers_port_does_no_harm(cti: CtiPage, pbx: PbxServer) -> None:
    """The worker drops invalid messages, answers the sender with one line, and continues."""
    page = cti.page
    page.evaluate(STRANGER)
    count = page.evaluate(BAD)
    warnings = "stranger.heard.filter(({ type }) => type === 'warning')"
    page.wait_for_function(f"(count) => {warnings}.length >= count", arg=count)
    for message in ODD:
        page.evaluate("(text) => stranger.port.postMessage(text)", json.dumps(message))
    page.evaluate('stranger.port.postMessage(\'{"type":"ping"}\')')
    page.wait_for_function("stranger.heard.some(({ type }) => type === 'pong')")
    assert page.evaluate(f"{warnings}.length") == count

    cti.clear()
    assert cti.run("apiRequest", "GET", "/ping")["data"] == {"response": "Pong"}
    call = pbx.incoming()
    cti.wait("RINGING")
    assert cti.evaluate("connector.isConnected()")
    refusals = page.evaluate("stranger.heard.filter(({ type }) => type === 'refusal')")
    assert {one["error"]["code"] for one in refusals} == {"UNKNOWN_COMMAND"}
    assert call in [one["call"]["id"] for one in cti.events if "call" in one]


@dataclass
class Recorder:
    """Records everything that is sent to a PBX: requests with all headers, and SIP messages."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    sip: list[str] = field(default_factory=list)
    nonces: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def secret_directory() -> Directory:
    directory = demo_directory()
    people = tuple(
        replace(one, password=f"S3cret/{one.first_name} &+%") if one.password else one
        for one in directory.people
    )
    return replace(directory, people=people)


@pytest.fixture
def recorded(
    monkeypatch: pytest.MonkeyPatch, secret_directory: Directory, pbx_server: PbxServer
) -> Iterator[tuple[PbxServer, Recorder]]:
    recorder = Recorder()
    application, receive = Pbx._application, SipServer.receive

    @web.middleware
    async def record(request: web.Request, handler: Any) -> web.StreamResponse:
        recorder.requests.append(
            {
                "method": request.method,
                "url": request.raw_path,
                "headers": [f"{name}: {value}" for name, value in request.headers.items()],
                "token": request.headers.get("X-Auth-Token", ""),
                "body": await request.text() if "Upgrade" not in request.headers else "",
            }
        )
        return await handler(request)

    def tapped(self: Pbx) -> web.Application:
        made = application(self)
        made.middlewares.insert(0, record)
        return made

    def heard(self: SipServer, connection: Any, text: str) -> bool:
        recorder.sip.append(text)
        return receive(self, connection, text)

    monkeypatch.setattr(Pbx, "_application", tapped)
    monkeypatch.setattr(SipServer, "receive", heard)
    monkeypatch.setattr("pycti.pbx.server.demo_directory", lambda: secret_directory)
    server = PbxServer(built())
    yield server, recorder
    server.stop()


def spellings(secret: str) -> set[str]:
    """The secret in plain text, in URLs and in JSON."""
    quoted = urllib.parse.quote(secret, safe="")
    return {
        secret,
        quoted,
        quoted.lower(),
        urllib.parse.quote_plus(secret),
        json.dumps(secret)[1:-1],
    }


def test_secrets_are_sent_only_in_the_header_and_the_login(
    recorded: tuple[PbxServer, Recorder], new_page: Callable[[], Page]
) -> None:
    server, recorder = recorded
    page = new_page()
    lines: list[str] = []
    page.on("console", lambda line: lines.append(line.text))
    urls: list[str] = []
    page.context.on("request", lambda request: urls.append(request.url))
    cti = CtiPage(page, server.url, {})

    password, code = "S3cret/Dora &+%", "123456"
    assert cti.refused("login", "dora@example.com", "S3cret/guess")["code"] == "LOGIN_FAILED"
    cti.run("login", "dora@example.com", password)
    nonce = cti.wait("TWO_FACTOR_AUTH")["nonce"]
    cti.refused("twoFactorAuth", "S3cret/9", nonce)
    cti.run("login", "dora@example.com", password)
    nonce = cti.wait("TWO_FACTOR_AUTH", 2)["nonce"]
    cti.run("twoFactorAuth", code, nonce)
    cti.wait("READY")
    cti.run("subscribe", "queue:77")
    cti.refused("subscribe", "queue:999999")
    account = cti.run("apiRequest", "GET", "/me")["data"]
    cti.refused("apiRequest", "GET", "/no-such-thing")
    server.control("drop")
    cti.wait("READY", 2)
    token = page.evaluate("JSON.parse(Object.values(localStorage)[0]).token")
    page.reload()
    cti.wait("READY")
    cti.run("logout")
    key = "demo-key-10002"
    cti.run("login", key)
    cti.run("logout")

    carried = [one for one in recorder.requests if one["token"]]
    assert {one["token"] for one in carried} >= {token, key}
    known = {
        "password": password, "guess": "S3cret/guess", "wrong code": "S3cret/9", "token": token,
        "nonce": nonce, "key": key, "SIP password": account["sip_password"],
    }  # fmt: skip
    places = {
        "URL": [one["url"] for one in recorder.requests] + urls,
        "header": [
            header
            for one in recorder.requests
            for header in one["headers"]
            if not header.startswith("X-Auth-Token: ")
        ],
        "body": [one["body"] for one in recorder.requests if "/login" not in one["url"]],
        "SIP": recorder.sip,
        "console": lines,
        "error": [json.dumps(one) for one in page.evaluate("Object.values(settled)")],
        "event": [json.dumps(one) for one in cti.events if one["name"] != "TWO_FACTOR_AUTH"],
        "page": [page.url, page.content()],
    }
    assert all(places[place] for place in ("URL", "header", "SIP", "event"))
    assert any("Authorization: Digest" in text for text in recorder.sip)
    found = [
        (name, place)
        for name, secret in known.items()
        for place, texts in places.items()
        if any(spelling in text for spelling in spellings(secret) for text in texts)
    ]
    assert found == []


STORED = """async () => ({
  local: { ...localStorage },
  session: { ...sessionStorage },
  databases: (await indexedDB.databases()).map(({ name }) => name),
  caches: await caches.keys(),
  cookies: document.cookie,
})"""


def documented() -> dict[str, dict[str, str]]:
    """The table of the documentation: the store of each key, and whether logout removes it."""
    rows = re.findall(
        r"^   \* - ``([^`]+)``\n     - ``(local|session)Storage``.*\n     - (yes|no)\b",
        DOCS.read_text(), re.M,
    )  # fmt: skip
    return {key: {"store": store, "gone": gone} for key, store, gone in rows}


def test_the_documented_table_of_stored_keys_is_complete(
    new_page: Callable[[], Page], pbx: PbxServer
) -> None:
    table = documented()
    page = new_page()
    cti = CtiPage(page, pbx.url, {})
    page.add_script_tag(url="/dist/cti-dialer.js")
    page.evaluate("""() => {
      const dialer = document.body.appendChild(document.createElement("cti-dialer"));
      dialer.connector = connector;
      connector.on("pop", () => {});
      connector.on("log", () => {});
      connector.lookup = async () => ({ name: "Alexandra Morgan" });
    }""")
    cti.login()
    call = pbx.incoming()
    cti.wait("RINGING")
    page.wait_for_function("localStorage.getItem('pycti:popped')")
    page.get_by_role("button", name=re.compile("ring", re.I)).first.wait_for()
    cti.run("answer", call)
    cti.run("note", call, "A note that says s3cret things")
    cti.run("terminate", call)
    page.evaluate(
        "localStorage.getItem('cti-dialer.tone') ?? localStorage.setItem('cti-dialer.tone', 'off')"
    )
    page.wait_for_function("sessionStorage.getItem('cti-dialer.recents')")

    def keys(kept: dict[str, Any]) -> dict[str, set[str]]:
        endpoint = f"{pbx.url}/v1.2/voipstudio"
        return {
            store: {key.replace(endpoint, "<apiEndpoint>") for key in kept[store]}
            for store in ("local", "session")
        }

    def rows(**wanted: str) -> dict[str, set[str]]:
        return {
            store: {
                key
                for key, row in table.items()
                if row["store"] == store and all(row[name] == wanted[name] for name in wanted)
            }
            for store in ("local", "session")
        }

    kept = page.evaluate(STORED)
    assert keys(kept) == rows()
    nothing = {"databases": [], "caches": [], "cookies": ""}
    assert {name: kept[name] for name in nothing} == nothing
    assert page.context.cookies() == []
    token = json.loads(kept["local"][f"pycti:{pbx.url}/v1.2/voipstudio"])["token"]
    me = cti.run("apiRequest", "GET", "/me")["data"]
    text = json.dumps(kept)
    assert text.count(token) == 1
    assert [one for one in (me["sip_password"], "s3cret", '"demo"') if one in text] == []

    cti.run("logout")
    page.wait_for_function("!sessionStorage.getItem('cti-dialer.recents')")
    left = page.evaluate(STORED)
    assert keys(left) == rows(gone="no")
    assert {name: left[name] for name in nothing} == nothing
    text = json.dumps(left)
    assert [one for one in (token, call, "442036427900", "Morgan", "10002") if one in text] == []
