"""The shim's public interface, with a fake worker."""

from __future__ import annotations

import json

import pytest

from .shim.harness import CLASSIC, SPY, Shim, event, state

pytest_plugins = [f"{__package__}.shim.fixtures"]

RESULT = {"type": "result", "id": 1, "value": 7}


# The surface


def test_constants_are_their_own_names_and_frozen(shim: Shim) -> None:
    assert shim.run("() => Object.entries(Cti.EVENT).every(([key, value]) => key === value)")
    assert shim.run("() => Object.keys(Cti.EVENT).length") == 14
    assert shim.run("() => Object.keys(Cti.CALL_STATUS)") == [
        *("INITIAL", "ACCEPTED", "RINGING", "CONNECTED", "ON_HOLD", "HANGUP")
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
def test_servers_of_this_machine_need_no_tls(shim: Shim, host: str) -> None:
    shim.make({"apiEndpoint": f"http://{host}/v1", "sipServer": f"ws://{host}"})
    shim.up()


def test_an_unknown_option_gives_a_warning(shim: Shim) -> None:
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


def test_a_second_load_keeps_the_first_global_and_its_properties(shim: Shim) -> None:
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
def test_arguments_that_json_cannot_hold_are_refused(shim: Shim, argument: str) -> None:
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


def test_an_ignored_promise_causes_no_unhandled_rejection(shim: Shim) -> None:
    shim.make()
    shim.run("() => { cti.call('1'); cti.call(() => {}); cti.apiRequest('GET', '/', null, 5); }")
    shim.got("command")
    shim.say({"type": "refusal", "id": 1, "error": {"code": "X", "message": ""}}, event("READY"))
    shim.until("events.length === 3")
    # The fixture checks for uncaught errors. Give the browser time to report them.
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


def test_the_mirror_returns_copies_and_only_known_params(shim: Shim) -> None:
    shim.make()
    shim.up()
    shim.say(state(), event("READY"))
    shim.until_names("READY")
    shim.run("() => { cti.getSubscriptionURIs().push('x'); }")
    assert shim.run("() => cti.getSubscriptionURIs()") == ["10002@sip.example"]
    assert shim.run("() => cti._getParam('constructor')") is None


def test_events_are_delivered_in_order_one_at_a_time_and_never_synchronously(shim: Shim) -> None:
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


def test_a_message_that_arrives_during_an_event_handler_waits(shim: Shim) -> None:
    # Like a synchronous dialog in a browser that delivers messages during the dialog.
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


def test_an_exception_in_the_handler_does_not_stop_later_events(shim: Shim) -> None:
    shim.run("""() => make({ onMessage(event) {
      events.push(event);
      throw new Error('in the page');
    } })""")
    shim.up()
    with shim.page.expect_console_message(lambda message: "in the page" in message.text):
        shim.say(event("LOGGED_IN"), event("READY"))
    shim.until_names("LOGGED_IN", "READY")
