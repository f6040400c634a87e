"""The shim in Chromium, against a fake worker: what a page may rely on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .shim.harness import CLASSIC, Shim, call_event, event, state

pytest_plugins = [f"{__package__}.shim.fixtures"]

RESULT = {"type": "result", "id": 1, "value": 7}
FAILED = {"type": "failed", "error": {"code": "WORKER_DIED", "message": "Gone.", "hint": "Wait."}}
# Production waits, divided: the heartbeat of these tests is fast, their patience is not.
QUICK = {"ping": 30, "silence": 300, "boot": 300, "late": 2000}


# The surface


def test_constants_are_their_own_names_and_frozen(shim: Shim) -> None:
    assert shim.run("() => Object.entries(Cti.EVENT).every(([key, value]) => key === value)")
    assert shim.run("() => Object.keys(Cti.EVENT).length") == 14
    assert shim.run("() => Object.keys(Cti.CALL_STATUS)") == [
        *("INITIAL", "ACCEPTED", "RINGING", "CONNECTED", "ON_HOLD", "HANGUP", "CANCEL")
    ]
    assert shim.run("() => Cti.DIRECTION") == {"IN": "INBOUND", "OUT": "OUTBOUND"}
    frozen = "() => [Cti.EVENT, Cti.CALL_STATUS, Cti.DIRECTION].every(Object.isFrozen)"
    assert shim.run(frozen)


def test_log_writes_with_the_prefix(shim: Shim) -> None:
    with shim.page.expect_console_message() as message:
        shim.run("() => Cti.log('hello')")
    assert message.value.text == "Cti: hello"


@pytest.mark.parametrize(
    "options",
    [
        "undefined",
        "null",
        "5",
        "{}",
        "{ onMessage: 'no' }",
        "{ onMessage() {}, persist: 'cookie' }",
        "{ onMessage() {}, load: 'never' }",
        "{ onMessage() {}, shared: 'yes' }",
        "{ onMessage() {}, apiEndpoint: 5 }",
        "{ onMessage() {}, apiEndpoint: 'ftp://api.example' }",
        "{ onMessage() {}, apiEndpoint: 'api.example/v1' }",
        "{ onMessage() {}, apiEndpoint: 'javascript:alert(1)' }",
        "{ onMessage() {}, sipServer: 'https://sip.example' }",
        "{ onMessage() {}, sipServer: ['wss://sip.example', 5] }",
        "{ onMessage() {}, defaultCountry: 'Spain' }",
        "{ onMessage() {}, apiEndpoint: 'https://user:secret@api.example' }",
        "{ onMessage() {}, apiEndpoint: 'http://localhost@evil.example' }",
        "{ onMessage() {}, sipServer: 'wss://sip.example/#x' }",
    ],
)
def test_wrong_options_are_refused_at_once(shim: Shim, options: str) -> None:
    script = f"""() => {{ try {{ new Cti.Connector({options}); }}
                 catch (error) {{ return {{...error, isError: error instanceof Error}}; }} }}"""
    error = shim.run(script)
    assert error["name"] == "CtiError"
    assert error["code"] == "BAD_OPTIONS"
    assert error["hint"]
    assert error["isError"]


@pytest.mark.parametrize(
    "options",
    [
        "{ onMessage() {}, apiEndpoint: 'http://api.example/v1' }",
        "{ onMessage() {}, apiEndpoint: 'http:/\\\\api.example' }",
        "{ onMessage() {}, apiEndpoint: 'http://localhost.evil.example' }",
        "{ onMessage() {}, apiEndpoint: 'http://127.0.0.1.evil.example' }",
        "{ onMessage() {}, apiEndpoint: 'http://192.168.1.5' }",
        "{ onMessage() {}, apiEndpoint: 'http://0.0.0.0' }",
        "{ onMessage() {}, sipServer: 'ws://sip.example' }",
        "{ onMessage() {}, sipServer: ['wss://sip.example', 'WS://sip.example'] }",
    ],
)
def test_a_server_without_tls_is_refused_at_once(shim: Shim, options: str) -> None:
    made = f"new Cti.Connector({options})"
    script = f"() => {{ try {{ {made}; }} catch (error) {{ return {{...error}}; }} }}"
    error = shim.run(script)
    assert error["code"] == "INSECURE_URL"
    assert "https://" in error["hint"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "127.8.9.1", "0x7f.1", "[::1]:5", "localhost", "a.localhost"]
)
def test_the_servers_of_this_machine_need_no_tls(shim: Shim, host: str) -> None:
    shim.make({"apiEndpoint": f"http://{host}/v1", "sipServer": f"ws://{host}"})
    shim.up()


def test_an_unknown_option_is_only_warned_about(shim: Shim) -> None:
    with shim.page.expect_console_message() as message:
        shim.make({"onMesage": 1})
    assert message.value.type == "warning"
    assert "onMesage" in message.value.text


def test_the_callback_alone_is_enough(shim: Shim) -> None:
    shim.run("() => { new Cti.Connector(() => {}).destroy(); }")


def test_hello_carries_the_options_that_python_needs(shim: Shim) -> None:
    shim.make({"apiEndpoint": "/v1/", "sipServer": "wss://sip.example:443"})
    (hello,) = shim.got("hello")
    assert hello["options"] == {
        "apiEndpoint": f"{shim.base}/v1",
        "sipServer": ["wss://sip.example"],
    }
    assert (hello["token"], hello["nodes"], hello["calls"]) == (None, [], [])


@pytest.mark.parametrize(
    "head",
    [
        "<script defer src='/dist/cti-connector.js'></script>",
        "<script async src='/dist/cti-connector.js'></script>",
        "<script type=module src='/dist/cti-connector.js'></script>",
    ],
)
def test_the_script_may_be_loaded_in_any_way(shim: Shim, head: str) -> None:
    shim.load(shim.page, head=head)
    shim.until("Boolean(window.Cti)")
    shim.make()
    shim.up()


def test_a_second_load_keeps_the_first_global_and_what_hangs_on_it(shim: Shim) -> None:
    shim.load(shim.page, head="<script src='/shim/before.js'></script>" + CLASSIC)
    assert shim.run("() => Cti.Platform.mine && typeof Cti.Connector === 'function'")
    shim.run("() => { window.first = Cti.Connector; }")
    shim.page.add_script_tag(url="/dist/cti-connector.js")
    assert shim.run("() => Cti.Connector === first")


def test_the_module_exports_the_same_names(shim: Shim) -> None:
    shim.load(shim.page, head="")
    names = "import('/dist/cti-connector.mjs').then(m => Object.keys(m).sort())"
    assert shim.run(names) == sorted(
        ["default", "Connector", "EVENT", "CALL_STATUS", "DIRECTION", "log"]
    )


# Commands and their outcome


def test_commands_before_the_start_are_sent_in_order_after_hello(shim: Shim) -> None:
    shim.make({"load": "interaction"})
    shim.run("() => { cti.login('a@b.example', 'pw'); cti.call('+442036427900'); cti.answer(); }")
    shim.got("command", 3)
    sent = shim.run("() => got.filter(m => ['hello', 'command'].includes(m.type))")
    assert [m.get("method") for m in sent] == [None, "login", "call", "answer"]
    assert [m.get("args") for m in sent[1:]] == [["a@b.example", "pw"], ["+442036427900"], []]


def test_all_arguments_are_passed_through(shim: Shim) -> None:
    shim.make()
    shim.run("() => { cti.transfer('c1', undefined, { deep: [undefined, 1] }, 'four'); }")
    (command,) = shim.got("command")
    assert command["args"] == ["c1", None, {"deep": [None, 1]}, "four"]


@pytest.mark.parametrize(
    "argument", ["() => {}", "10n", "Symbol('s')", "{ deep: [() => {}] }", "NaN", "window"]
)
def test_what_json_cannot_hold_is_refused(shim: Shim, argument: str) -> None:
    shim.make()
    shim.run(f"() => {{ keep('it', cti.call({argument})); }}")
    assert shim.outcome("it")["code"] == "BAD_ARGUMENT"
    shim.until_names("ERROR")
    assert shim.run("() => events[0].code") == "BAD_ARGUMENT"


def test_a_promise_has_the_outcome_or_the_error(shim: Shim) -> None:
    shim.make()
    shim.run("() => { keep('good', cti.call('1')); keep('bad', cti.call('2')); }")
    shim.got("command", 2)
    refusal = {"code": "BAD_NUMBER", "message": "No.", "hint": "Do."}
    shim.say({"type": "refusal", "id": 2, "error": refusal}, RESULT)
    assert shim.outcome("good") == {"value": 7}
    assert shim.outcome("bad") == {"type": "CtiError", **refusal}


def test_an_ignored_promise_is_no_unhandled_rejection(shim: Shim) -> None:
    shim.make()
    shim.run("() => { cti.call('1'); cti.call(() => {}); cti.apiRequest('GET', '/', null, 5); }")
    shim.got("command")
    shim.say({"type": "refusal", "id": 1, "error": {"code": "X", "message": ""}}, event("READY"))
    shim.until("events.length === 3")
    # The fixture looks for uncaught errors; give the browser the time to report them.
    shim.run("() => new Promise(resolve => setTimeout(resolve))")


def test_api_request_calls_its_callbacks(shim: Shim) -> None:
    shim.make()
    shim.run("""() => {
      const note = (name) => (value) => {
        outcomes[name] = value.code ?? value;
        throw new Error("in the page's callback");
      };
      cti.apiRequest('GET', '/me', null, note('yes'), note('no'));
      cti.apiRequest('GET', '/you', { a: 1 }, note('yes2'), note('no2'));
      cti.apiRequest('GET', '/us', {}, null, null, 'extra');
    }""")
    sent = [command["args"] for command in shim.got("command", 3)]
    assert sent == [["GET", "/me", None], ["GET", "/you", {"a": 1}], ["GET", "/us", {}, "extra"]]
    error = {"code": "API_ERROR", "message": ""}
    with shim.page.expect_console_message(lambda message: message.type == "error"):
        shim.say(RESULT, {"type": "refusal", "id": 2, "error": error})
    assert shim.outcome("yes") == 7
    assert shim.outcome("no2") == "API_ERROR"
    assert shim.run("() => Object.keys(outcomes).sort()") == ["no2", "yes"]


# Events and the mirror


def test_the_mirror_is_right_inside_the_handler(shim: Shim) -> None:
    shim.run("""() => make({ onMessage: () => {
      const cti = connectors[0];
      events.push([cti.isConnected(), cti.getSubscriptionURIs(), cti._getParam('user_id')]);
    } })""")
    assert shim.run("() => connectors[0].isConnected()") is False
    shim.up()
    shim.say(state(), event("READY"), state(False, uris=[]), event("LOGGED_OUT"))
    shim.until("events.length === 2")
    assert shim.run("() => events") == [
        [True, ["10002@sip.example"], "10002"],
        [False, [], "10002"],
    ]


def test_the_mirror_gives_copies_and_only_known_params(shim: Shim) -> None:
    shim.make()
    shim.up()
    shim.say(state(), event("READY"))
    shim.until_names("READY")
    shim.run("() => { cti.getSubscriptionURIs().push('x'); }")
    assert shim.run("() => cti.getSubscriptionURIs()") == ["10002@sip.example"]
    assert shim.run("() => cti._getParam('constructor')") is None


def test_events_come_in_order_one_at_a_time_and_never_from_within_a_call(shim: Shim) -> None:
    shim.run("""() => {
      window.inside = 0;
      window.cti = make({ onMessage(event) {
        if (inside) throw new Error('re-entered');
        inside += 1;
        events.push(event);
        if (event.name === 'READY') cti.call(10n);
        inside -= 1;
      } });
      cti.call(10n);
      events.push({ name: 'after the call' });
    }""")
    shim.up()
    shim.say(event("READY"), event("INFO", "1"), event("INFO", "2"))
    shim.until_names("after the call", "ERROR", "READY", "ERROR", "INFO", "INFO")
    assert shim.run("() => events.at(-1).message") == "2"


SPY = """() => {
  const Original = SharedWorker;
  window.SharedWorker = class extends Original {
    constructor(...args) { super(...args); window.lastPort = this.port; }
  };
}"""


def test_a_message_that_comes_while_one_is_handled_waits(shim: Shim) -> None:
    # As with a synchronous dialog in a browser that lets messages in meanwhile.
    shim.run(SPY)
    shim.run(
        """(data) => make({ onMessage(event) {
      events.push({ name: `${event.name} begins` });
      if (event.name === 'LOGGED_IN') lastPort.dispatchEvent(new MessageEvent('message', { data }));
      events.push({ name: `${event.name} ends` });
    } })""",
        json.dumps(event("READY")),
    )
    shim.up()
    shim.say(event("LOGGED_IN"))
    shim.until_names("LOGGED_IN begins", "LOGGED_IN ends", "READY begins", "READY ends")


def test_an_exception_in_the_handler_stops_nothing(shim: Shim) -> None:
    shim.run("""() => make({ onMessage(event) {
      events.push(event);
      throw new Error('in the page');
    } })""")
    shim.up()
    with shim.page.expect_console_message(lambda message: "in the page" in message.text):
        shim.say(event("LOGGED_IN"), event("READY"))
    shim.until_names("LOGGED_IN", "READY")


# The worker's life


def running(shim: Shim, **internals: Any) -> None:
    shim.make(**internals)
    shim.up()
    shim.say(state(), event("READY"))
    shim.until_names("READY")


@pytest.mark.parametrize("shared", [True, False])
def test_a_dead_worker_is_replaced_and_told_what_the_page_knows(shim: Shim, shared: bool) -> None:
    shim.make({"shared": shared}, timing=QUICK)
    shim.up()
    ended = call_event("RINGING", cid="d2", requestId="")
    shim.say(state(), event("READY"), call_event("INITIAL", cid=""), call_event("RINGING"), ended)
    shim.say(call_event("CANCEL", cid="d2", requestId=""))
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


def test_a_worker_that_falls_silent_is_dead(shim: Shim) -> None:
    shim.make(timing=QUICK)
    shim.up()
    shim.say(state(), event("READY"))
    shim.until_names("READY")
    shim.got("ping", 3)
    assert len(shim.got("hello")) == 1
    shim.run("() => tell({ mute: true })")
    shim.until("events.at(-1).code === 'WORKER_DIED'")
    # A silent shared worker may still be there: the next one has another name.
    shim.got("hello", 2)
    first, second = (start["name"] for start in shim.got("start", 2)[:2])
    assert second == f"{first}:1"


def test_what_was_followed_is_known_to_every_later_worker(shim: Shim) -> None:
    running(shim)
    for count in (2, 3):
        shim.say(FAILED)
        assert shim.got("hello", count)[-1]["nodes"] == ["user:10002"]
        # A worker that has just started follows nothing.
        shim.say(state(False, uris=[], nodes=[]))
    shim.say(event("LOGGED_OUT"))
    shim.until("events.at(-1).name === 'LOGGED_OUT'")
    shim.say(FAILED)
    assert shim.got("hello", 4)[-1]["nodes"] == []


def test_the_worker_is_told_that_the_network_is_back(shim: Shim) -> None:
    running(shim)
    shim.run("() => { dispatchEvent(new Event('online')); }")
    shim.got("online")


def test_a_network_that_is_back_ends_the_wait_for_the_next_worker(shim: Shim) -> None:
    running(shim, timing={"retry": 3_600_000, "retryMax": 3_600_000})
    shim.say(FAILED)
    shim.until_names("READY", "ERROR")
    shim.run("() => { dispatchEvent(new Event('online')); }")
    shim.got("hello", 2)


def test_a_port_that_closes_is_noticed_at_once(shim: Shim) -> None:
    # Chromium has no such event yet, so the test sends it.
    shim.run(SPY)
    running(shim)
    shim.run("() => lastPort.dispatchEvent(new Event('close'))")
    shim.until_names("READY", "ERROR")
    shim.got("hello", 2)


def test_a_page_that_slept_waits_anew(shim: Shim) -> None:
    shim.make(timing={"ping": 20, "silence": 100, "late": 100})
    shim.up()
    shim.say(state(), event("READY"))
    shim.until_names("READY")
    pings = len(shim.got("ping"))
    # The page's own thread stands still for longer than a worker may be silent.
    shim.run("() => { const end = performance.now() + 400; while (performance.now() < end); }")
    shim.got("ping", pings + 2)
    assert shim.names() == ["READY"]


def test_a_worker_that_does_not_start_is_given_up_and_tried_again(shim: Shim) -> None:
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
    shim.make({"shared": shared}, worker=worker)
    shim.run("() => { keep('it', cti.login('key')); }")
    assert shim.outcome("it")["code"] == "WORKER_FAILED"
    shim.until_names("ERROR")


def test_a_worker_that_fails_says_why(shim: Shim) -> None:
    shim.make()
    shim.run("() => { keep('it', cti.login('key')); }")
    shim.got("command")
    shim.say(FAILED)
    assert shim.outcome("it") == {"type": "CtiError", **FAILED["error"]}
    shim.until_names("ERROR")
    shim.got("hello", 2)


def test_a_stranger_says_hello_again_and_gives_up_old_questions(shim: Shim) -> None:
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


def test_a_stranger_says_what_it_was_told(shim: Shim) -> None:
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
    # For good, or into the back/forward cache: that is the browser's choice.
    shim.until("got.find(({ type }) => type === 'bye' || type === 'away')")


@pytest.mark.parametrize(("kept", "word"), [("true", "away"), ("false", "bye")])
def test_a_page_that_leaves_says_so_and_nothing_of_its_sight_after_that(
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


def test_other_settings_mean_another_worker(shim: Shim) -> None:
    shim.make()
    shim.make({"apiEndpoint": "https://other.example"})
    shim.make({"persist": "none"})
    shim.make({})
    shim.got("hello", 4)
    names = [start["name"] for start in shim.got("start", 3)]
    assert len(set(names)) == len(names) == 3
    assert all(name.startswith("pycti:0.") for name in names)


def test_shared_false_means_a_worker_of_its_own(shim: Shim) -> None:
    shim.make({"shared": False})
    shim.make({"shared": False})
    shim.got("start", 2)


# What is remembered


@pytest.mark.parametrize(("persist", "store"), [("local", "local"), ("session", "session")])
def test_the_token_waits_for_the_next_page(shim: Shim, persist: str, store: str) -> None:
    shim.make({"persist": persist, "apiEndpoint": "https://api.example/v1"})
    shim.up()
    shim.say({"type": "token", "token": "t0ken"}, event("READY"))
    shim.until_names("READY")
    key = "pycti:https://api.example/v1"
    assert shim.run(f"key => {store}Storage.getItem(key)", key) == '{"token":"t0ken"}'
    shim.load(shim.page)
    shim.make({"persist": persist, "apiEndpoint": "https://api.example/v1"})
    assert shim.got("hello")[0]["token"] == "t0ken"
    shim.say({"type": "token", "token": None}, event("LOGGED_OUT"))
    shim.until_names("LOGGED_OUT")
    assert shim.run(f"() => {store}Storage.length") == 0


def test_persist_none_survives_the_worker_but_not_the_page(shim: Shim) -> None:
    shim.make({"persist": "none"})
    shim.up()
    shim.say({"type": "token", "token": "t0ken"}, event("READY"))
    shim.until_names("READY")
    shim.say(FAILED)
    assert shim.got("hello", 2)[1]["token"] == "t0ken"
    assert shim.run("() => localStorage.length + sessionStorage.length") == 0
    shim.load(shim.page)
    shim.make({"persist": "none"})
    assert shim.got("hello")[0]["token"] is None


def test_a_logout_in_another_tab_counts_here_too(shim: Shim) -> None:
    shim.make()
    shim.up()
    shim.say({"type": "token", "token": "t0ken"}, event("READY"))
    shim.until_names("READY")
    shim.run("() => localStorage.clear()")
    shim.say(FAILED)
    assert shim.got("hello", 2)[1]["token"] is None


def test_blocked_storage_means_memory(shim: Shim) -> None:
    shim.run("""() => Object.defineProperty(window, 'localStorage', {
      get() { throw new DOMException('blocked', 'SecurityError'); },
    })""")
    shim.make()
    shim.up()
    shim.say({"type": "token", "token": "t0ken"}, event("READY"))
    shim.until_names("READY")
    shim.say(FAILED)
    assert shim.got("hello", 2)[1]["token"] == "t0ken"


@pytest.mark.parametrize("value", ["", "{", "null", "[]", '{"token": 5}', '"text"'])
def test_a_damaged_memory_is_no_memory(shim: Shim, value: str) -> None:
    shim.run("value => localStorage.setItem('pycti:default', value)", value)
    shim.make()
    assert shim.got("hello")[0]["token"] is None


# When it loads


def test_load_idle_starts_after_the_page(shim: Shim) -> None:
    shim.make({"load": "idle"})
    shim.got("hello")


@pytest.mark.parametrize("act", ["hover", "focus"])
def test_load_interaction_starts_near_a_number(shim: Shim, act: str) -> None:
    shim.load(shim.page, "<a id=far href='/'>far</a> <a id=tel href='tel:+1'><b>call</b></a>")
    shim.run("""() => {
      window.started = 0;
      window.SharedWorker = new Proxy(SharedWorker, {
        construct(target, args) { started += 1; return new target(...args); },
      });
    }""")
    shim.make({"load": "interaction"})
    getattr(shim.page.locator("#far"), act)()
    assert shim.run("() => started") == 0
    getattr(shim.page.locator("#tel"), act)()
    shim.got("hello")


# Letting go


def test_destroy_lets_go_of_everything(shim: Shim) -> None:
    shim.load(shim.page, "<span data-cti-number='+442036427900'>call</span>")
    running(shim)
    shim.run("""() => {
      cti.clickToCall();
      keep('it', cti.call('1'));
      cti.destroy();
      cti.destroy();
      keep('later', cti.call('2'));
      keep('wrong', cti.call(10n));
    }""")
    for name in ("it", "later", "wrong"):
        assert shim.outcome(name)["code"] == "DESTROYED"
    shim.got("bye")
    assert shim.run("() => [cti.isConnected(), cti.getSubscriptionURIs()]") == [False, []]
    assert shim.run("() => document.querySelector('[role], [aria-live]')") is None
    shim.say(event("READY"))
    shim.run("() => cti.clickToCall().disable()")
    assert shim.names() == ["READY"]


def test_a_page_that_leaves_says_bye(shim: Shim) -> None:
    first = shim.page
    running(shim)
    shim.open()
    shim.load(first)
    shim.got("bye")
