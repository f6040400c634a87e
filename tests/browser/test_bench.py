"""The benchmark is the same for every contender, and none of them loses or invents an event."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bench import contenders, world
from bench.contenders import ALL, CEILING, JSSIP, PYCTI, SIPJS, Contender
from bundled import built
from playwright.sync_api import BrowserContext, Page

from .site import Site

# The benchmark measures one browser.
pytestmark = pytest.mark.engines("chromium")

RUN = Path(__file__).parents[1] / "bench/run.py"
CALLS = 3
USERS = ["10002", "20001"]
NOTIFIES = 24

# A minimal peer, as others may write it: it answers, reports, and reads only what it needs.
PEER = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script src="HARNESS"></script>
<script>
  const socket = new WebSocket(bench.sipServer, "sip");
  const pick = (text, name) => text.match(new RegExp(`^${name}:.*$`, "mi"))[0];
  socket.onopen = () => socket.send(["SUBSCRIBE sip:10002@pbx.example SIP/2.0",
    "Via: SIP/2.0/WS x.invalid;branch=z9hG4bK1", "From: <sip:10002@pbx.example>;tag=1",
    "To: <sip:10002@pbx.example>", "Call-ID: 1", "CSeq: 1 SUBSCRIBE",
    "Contact: <sip:10002@x.invalid>", "Event: dialog", "", ""].join("\\r\\n"));
  socket.onmessage = ({ data }) => {
    if (data.startsWith("SIP/2.0")) return bench.ready();
    const copied = ["Via", "From", "To", "Call-ID", "CSeq"].map((name) => pick(data, name));
    socket.send(["SIP/2.0 200 OK", ...copied, "", ""].join("\\r\\n"));
    const [, sourceName] = data.match(/<remote><identity display="([^"]*)"/) ?? [];
    if (sourceName) bench.tell({ name: "?", call: { sourceName } });
  };
</script>
"""


@pytest.fixture(scope="module")
def folders() -> Iterator[dict[str, Path]]:
    with contenders.files(built()) as folders:
        yield folders


@pytest.fixture(scope="module")
def server(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    dist = built()
    peer = tmp_path_factory.mktemp("peer")
    (peer / "mine.html").write_text(PEER.replace("HARNESS", "/pages/harness.js"), "utf-8")
    _, more = contenders.peer("mine", str(peer / "mine.html"))
    with world.serve(folders | more, dist) as server:
        yield server


def open_tab(page: Page, server: world.Server, one: Contender) -> world.Tab:
    tab = world.Tab(page, server, server.host(one.name))
    assert tab.open(one.page) > 0
    return tab


def told(page: Page, server: world.Server, one: Contender) -> list[Any]:
    """Send a contender the documents of two users' calls, and return its events."""
    tab = open_tab(page, server, one)
    page.evaluate("(users) => bench.follow(users)", USERS[1:])
    page.evaluate("bench.record()")
    assert tab.flood(NOTIFIES, USERS, CALLS) > 0
    assert tab.burst("hang-up", CALLS * len(USERS)) > 0
    events: list[Any] = page.evaluate("bench.events")
    return events


def essence(event: dict[str, Any]) -> tuple[Any, ...]:
    """The parts of an event that come from the document, without values such as a counter."""
    fields = ("id", "node", "direction", "source", "sourceName", "destination", "destinationName",
              "status", "requestId", "startTime")  # fmt: skip
    return (event["name"], *(event["call"][field] for field in fields))


@pytest.mark.parametrize("other", [JSSIP, SIPJS], ids=lambda one: one.name)
def test_a_contender_reports_the_same_events_as_the_connector(
    new_page: Any, server: world.Server, other: Contender
) -> None:
    own = [essence(event) for event in told(new_page(), server, PYCTI)]
    theirs = [essence(event) for event in told(new_page(), server, other)]

    # Each call of each user rings, is connected, is held, is resumed, and ends.
    assert len(own) == NOTIFIES + CALLS * len(USERS)
    assert {event[0] for event in own} == {"RINGING", "CONNECTED", "ON_HOLD", "HANGUP"}
    assert {event[2] for event in own} == {"user:10002", "user:20001"}
    assert theirs == own


def test_the_upper_bound_posts_each_document_once(new_page: Any, server: world.Server) -> None:
    documents = told(new_page(), server, CEILING)

    assert len(documents) == NOTIFIES + CALLS * len(USERS)
    assert len(set(documents)) == len(documents)
    assert all(text.startswith("<?xml") for text in documents)


@pytest.mark.parametrize("one", [one for one in ALL if one.events], ids=lambda one: one.name)
def test_delays_are_measured_from_the_servers_time_of_sending(
    page: Page, server: world.Server, one: Contender
) -> None:
    tab = open_tab(page, server, one)

    page.evaluate("bench.time()")
    tab.burst("pace", 10, user="10002", rate=100, count=10)

    delays = page.evaluate("bench.delays")
    skew = page.evaluate("bench.skew()")
    assert len(delays) == 10
    # Nothing arrives before it was sent: the clock is the same. Its resolution is a millisecond.
    assert all(delay - skew > -1 for delay in delays)


def test_a_returning_visitor_is_ready_without_a_login(
    page: Page, context: BrowserContext, server: world.Server
) -> None:
    for one in (PYCTI, JSSIP, SIPJS, CEILING):
        tab = world.Tab(context.new_page(), server, server.host(f"again-{one.name}"))
        tab.open(one.page)
        tab.ask("bytes")

        tab.open(f"{one.page}?again=1")

        assert "/v1.2/voipstudio/login" not in tab.ask("bytes")
        tab.page.close()


def test_every_byte_of_a_visit_is_counted(page: Page, server: world.Server) -> None:
    tab = world.Tab(page, server, server.host("bytes"))
    tab.open(PYCTI.page)

    root = built()
    spent = tab.ask("bytes")
    files = {path: size for path, size in spent.items() if path.startswith("/dist/")}
    assert files
    for path, (wire, content) in files.items():
        encoded = root / f"{path.removeprefix('/dist/')}.br"
        plain = root / path.removeprefix("/dist/")
        assert content == (encoded if encoded.exists() else plain).stat().st_size
        assert 100 < wire - content < 1000
    assert tab.ask("bytes") == {}


def test_a_missing_event_stops_the_run(page: Page, server: world.Server) -> None:
    tab = open_tab(page, server, JSSIP)

    page.evaluate("bench.tell = () => {}")

    page.evaluate("bench.whenReached = () => null")
    with pytest.raises(RuntimeError, match="0 refused, 5 events missing"):
        tab.flood(5)


def test_plain_pyodide_imports_the_connector(page: Page, server: world.Server) -> None:
    tab = open_tab(page, server, next(one for one in ALL if one.name == "pyodide"))

    assert tab.page.evaluate("bench.suffered().late") >= 0


def test_a_peer_can_be_a_local_page(page: Page, server: world.Server) -> None:
    tab = open_tab(page, server, Contender("mine", "mine", "/peer-mine/mine.html"))

    assert tab.flood(10) > 0


def test_a_peer_can_be_a_remote_page(page: Page, server: world.Server, tmp_path: Path) -> None:
    harness = f"{server.origin(server.host('elsewhere'))}/pages/harness.js"
    (tmp_path / "page.html").write_text(PEER.replace("HARNESS", harness), "utf-8")
    web = Site(tmp_path)
    place = f"{web.url}/page.html"
    one, folders = contenders.peer("elsewhere", place)

    tab = open_tab(page, server, one)

    assert folders == {}
    assert page.url == f"{place}?bench={tab.origin}"
    assert tab.flood(10) > 0
    web.stop()


def test_the_command_measures_and_writes_its_samples(tmp_path: Path) -> None:
    out = tmp_path / "result.json"

    done = subprocess.run(
        [sys.executable, str(RUN), "--rounds", "1", "--only", "shim,pycti", "--json", str(out)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "reached" in done.stdout
    samples = json.loads(out.read_text("utf-8"))["samples"]
    assert samples["shim_bytes"]["pycti"][0] > 1000
    assert samples["shim_time"]["pycti"][0] > 0
