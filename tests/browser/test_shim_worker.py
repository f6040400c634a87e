"""How the shim watches and replaces its worker, and which pages share one, with a fake worker."""

from __future__ import annotations

import pytest

from .shim.harness import FAILED, SPY, Shim, call_event, event, state

pytestmark = pytest.mark.differs("workers")

pytest_plugins = [f"{__package__}.shim.fixtures"]

# Production times, divided: the heartbeat of these tests is fast, their timeouts are not.
QUICK = {"ping": 30, "silence": 300, "boot": 300, "late": 2000}


@pytest.mark.parametrize("shared", [True, False])
def test_a_dead_worker_is_replaced_and_gets_the_pages_state(shim: Shim, shared: bool) -> None:
    shim.make({"shared": shared}, timing=QUICK)
    shim.up()
    ended = call_event("RINGING", id="c2", cid="d2", requestId="")
    shim.say(state(), event("READY"), call_event("INITIAL", cid=""), call_event("RINGING"), ended)
    shim.say(call_event("HANGUP", id="c2", cid="d2", requestId=""))
    shim.until("events.length === 5")
    shim.run("""() => {
      keep('it', cti.call('1'));
      keep('connected', cti.call('2').catch(() => cti.isConnected()));
    }""")
    shim.got("command", 2)
    shim.run("() => tell({ close: true })")
    hello = shim.got("hello", 2)[1]
    assert hello["nodes"] == ["user:10002"]
    assert [(call["cid"], call["status"]) for call in hello["calls"]] == [("d1", "RINGING")]
    assert shim.outcome("it")["code"] == "WORKER_DIED"
    assert shim.outcome("connected") == {"value": False}
    assert shim.names()[5:] == ["ERROR"]
    assert shim.run("() => events[5].code") == "WORKER_DIED"
    shim.run("() => { keep('next', cti.call('3')); }")
    shim.until("got.some(message => message.id === 3)")
    shim.say({"type": "result", "id": 3, "value": "back"})
    assert shim.outcome("next") == {"value": "back"}


def test_a_call_stays_the_same_if_a_new_worker_reports_another_cid(shim: Shim) -> None:
    shim.ready()
    shim.say(call_event("RINGING", cid="2"))
    shim.until_names("READY", "RINGING")
    shim.say({"type": "failed", "error": {"code": "WORKER_DIED", "message": "Gone."}})
    shim.got("hello", 2)
    shim.say(state(), call_event("CONNECTED", cid="5"))
    shim.until_names("READY", "RINGING", "CONNECTED")
    assert [call["cid"] for call in shim.run("() => cti.calls")] == ["5"]
    shim.say(call_event("HANGUP", cid="5"))
    shim.until_names("READY", "RINGING", "CONNECTED", "HANGUP")
    assert shim.run("() => cti.calls") == []


def test_a_worker_that_stops_answering_counts_as_dead(shim: Shim) -> None:
    shim.make(timing=QUICK)
    shim.up()
    shim.say(state(), event("READY"))
    shim.until_names("READY")
    shim.got("ping", 3)
    assert len(shim.got("hello")) == 1
    shim.run("() => tell({ mute: true })")
    # A silent shared worker may still exist, so the next one has another name.
    shim.got("hello", 2)
    first, second = (start["name"] for start in shim.got("start", 2)[:2])
    assert second == f"{first}:1"


def test_every_later_worker_gets_the_followed_nodes(shim: Shim) -> None:
    shim.ready()
    for count in (2, 3):
        shim.say(FAILED)
        assert shim.got("hello", count)[-1]["nodes"] == ["user:10002"]
        # A worker that has just started follows no nodes.
        shim.say(state(False, uris=[], nodes=[]))
    shim.say(event("LOGGED_OUT"))
    shim.until("events.at(-1).name === 'LOGGED_OUT'")
    shim.say(FAILED)
    assert shim.got("hello", 4)[-1]["nodes"] == []


def test_the_worker_is_notified_that_the_network_is_back(shim: Shim) -> None:
    shim.ready()
    shim.run("() => { dispatchEvent(new Event('online')); }")
    shim.got("online")


def test_a_network_that_is_back_ends_the_wait_for_the_next_worker(shim: Shim) -> None:
    shim.ready(timing={"retry": 3_600_000, "retryMax": 3_600_000})
    shim.say(FAILED)
    shim.until("cti.status === 'starting'")
    shim.run("() => { dispatchEvent(new Event('online')); }")
    shim.got("hello", 2)


def test_a_port_that_closes_is_noticed_at_once(shim: Shim) -> None:
    # Chromium has no such event yet, so the test sends it.
    shim.run(SPY)
    shim.ready()
    shim.run("() => lastPort.dispatchEvent(new Event('close'))")
    shim.got("hello", 2)
    assert shim.names() == ["READY"]


def test_a_page_that_slept_restarts_its_timeout(shim: Shim) -> None:
    shim.make(timing={"ping": 20, "silence": 100, "late": 100})
    shim.up()
    shim.say(state(), event("READY"))
    shim.until_names("READY")
    pings = len(shim.got("ping"))
    # Block the page's own thread for longer than a worker may be silent.
    shim.run("() => { const end = performance.now() + 400; while (performance.now() < end); }")
    shim.got("ping", pings + 2)
    assert shim.names() == ["READY"]


def test_a_worker_that_does_not_start_is_abandoned_and_retried(shim: Shim) -> None:
    shim.make(worker="?mute", timing=QUICK)
    shim.run("() => { keep('it', cti.login('key')); }")
    assert shim.outcome("it")["code"] == "WORKER_FAILED"
    shim.run("() => { keep('again', cti.login('key')); }")
    assert shim.outcome("again")["code"] == "WORKER_FAILED"
    shim.got("hello", 2)
    assert shim.names() == ["ERROR"]


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("worker", ["?throw", "/missing.mjs"])
def test_a_script_that_does_not_load_is_reported(shim: Shim, worker: str, shared: bool) -> None:
    # The command itself starts the first worker: later ones may wait for one that is going down.
    shim.make({"shared": shared, "load": "interaction"}, worker=worker)
    shim.run("() => { keep('it', cti.login('key')); }")
    assert shim.outcome("it")["code"] == "WORKER_FAILED"
    shim.until_names("ERROR")


def test_a_worker_that_fails_reports_the_reason(shim: Shim) -> None:
    shim.make()
    shim.run("() => { keep('it', cti.login('key')); }")
    shim.got("command")
    shim.say(FAILED)
    assert shim.outcome("it") == {"type": "CtiError", **FAILED["error"]}
    shim.until_names("ERROR")
    shim.got("hello", 2)


def test_a_page_that_is_a_stranger_sends_hello_again_and_drops_old_requests(shim: Shim) -> None:
    shim.make(timing={"stale": 200})
    shim.run("() => { keep('old', cti.call('1')); }")
    shim.got("command")
    shim.run("() => new Promise(resolve => setTimeout(resolve, 250))")
    shim.run("() => { keep('new', cti.call('2')); }")
    shim.say({"type": "stranger"})
    shim.got("hello", 2)
    assert shim.outcome("old")["code"] == "WORKER_DIED"
    shim.say({"type": "result", "id": 2, "value": "late"})
    assert shim.outcome("new") == {"value": "late"}
    assert shim.names() == []


def test_a_page_that_is_a_stranger_sends_the_state_that_it_knows(shim: Shim) -> None:
    shim.make()
    shim.up()
    shim.say({"type": "stranger"})
    first, second = shim.got("hello", 2)
    assert "told" not in first
    assert second["told"] == {"user": None, "connected": False}
    shim.say(state(params={"user_id": "10002"}), {"type": "stranger"})
    assert shim.got("hello", 3)[2]["told"] == {"user": "10002", "connected": True}


def test_two_pages_share_a_worker(shim: Shim) -> None:
    first = shim.page
    shim.make()
    shim.up()
    second = shim.open()
    shim.make()
    assert shim.got("hello")[0]["page"] == 2
    shim.say(state(), event("READY"))
    shim.until("events.length", first)
    shim.until("events.length", second)
    second.goto("about:blank")
    shim.page = first
    # The browser decides whether the page closes or enters the back/forward cache.
    shim.until("got.find(({ type }) => type === 'bye' || type === 'away')")


@pytest.mark.parametrize(("kept", "word"), [("true", "away"), ("false", "bye")])
def test_a_page_that_closes_sends_bye_and_no_focus_message_after_it(
    shim: Shim, kept: str, word: str
) -> None:
    shim.make()
    shim.up()
    shim.run(f"""() => {{
      dispatchEvent(new PageTransitionEvent("pagehide", {{ persisted: {kept} }}));
      // It becomes hidden only then.
      document.dispatchEvent(new Event("visibilitychange"));
      dispatchEvent(new Event("online"));
    }}""")
    shim.got("online")
    words = shim.run("() => got.map(({ type }) => type)")
    assert words[words.index(word) :] == [word, "online"]


def test_pages_with_different_settings_use_different_workers(shim: Shim) -> None:
    shim.make()
    shim.make({"apiEndpoint": "https://other.example"})
    shim.make({"persist": "none"})
    shim.make({})
    shim.make({"defaultCountry": "GB", "load": "idle", "pop": "all"})
    shim.got("hello", 5)
    names = [start["name"] for start in shim.got("start", 3)]
    assert len(set(names)) == len(names) == 3
    assert all(name.startswith("pycti:0.") for name in names)


def test_shared_false_gives_the_page_its_own_worker(shim: Shim) -> None:
    shim.make({"shared": False})
    shim.make({"shared": False})
    shim.got("start", 2)
