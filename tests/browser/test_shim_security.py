"""Hostile input: from the port, in storage, and names of built-in properties."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .shim.harness import Shim, call_event, event, state

pytest_plugins = [f"{__package__}.shim.fixtures"]

PURE = """() => {
  const names = ["polluted", "token", "hint", "name", "call", "code"];
  return names.every((name) => ({})[name] === undefined && [][name] === undefined) &&
    Object.getOwnPropertyNames(Object.prototype).sort().join() === prototype;
}"""
HOSTILE = '{"polluted": 1, "token": "stolen", "hint": "x", "call": {}, "code": "x"}'
REMEMBER = (
    "() => { window.prototype = Object.getOwnPropertyNames(Object.prototype).sort().join(); }"
)


def say_raw(shim: Shim, *texts: str) -> None:
    """Let the fake worker send exactly this."""
    shim.run("raw => tell({ raw })", list(texts))


NO_MESSAGES = [
    "",
    "null",
    "5",
    "[]",
    '"pong"',
    "{",
    "{}",
    '{"type": 5}',
    '{"type": {"type": "pong"}}',
    '{"__proto__": {"type": "event", "event": {"name": "READY"}}}',
    '{"type": "event"}',
    '{"type": "event", "event": null}',
    '{"type": "event", "event": {"name": 5}}',
    '{"type": "event", "event": {"name": "RINGING", "call": null}}',
    '{"type": "event", "event": {"name": "RINGING", "call": {"id": 1}}}',
    '{"type": "state"}',
    '{"type": "state", "uris": "x", "nodes": [], "features": [], "params": {}}',
    '{"type": "state", "uris": [5], "nodes": [], "features": [], "params": {}}',
    '{"type": "state", "uris": [], "nodes": [], "features": [], "params": []}',
    '{"type": "state", "uris": [], "nodes": [], "features": {}, "params": {}}',
    '{"type": "result", "id": "1"}',
    '{"type": "refusal", "id": 1, "error": 5}',
    '{"type": "refusal", "id": 1, "error": {"code": {}, "message": ""}}',
    '{"type": "detected", "id": 1, "found": {}}',
    '{"type": "contact", "call": {}}',
    '{"type": "pop"}',
    '{"type": "presence", "node": 5, "presence": "free"}',
    '{"type": "presence", "node": "user:10003"}',
    '{"type": "log", "record": 5}',
    '{"type": "lookup", "id": 1, "number": 5}',
    '{"type": "failed"}',
    '{"type": "progress", "stage": null}',
    "[" * 100_000,
]


def test_an_invalid_message_is_dropped_with_one_log_line(shim: Shim) -> None:
    lines: list[str] = []
    shim.page.on("console", lambda line: lines.append(line.text))
    shim.make({}, timing={"ping": 30})
    shim.up()
    shim.run("() => keep('call', cti.call('10003'))")
    shim.got("command")
    say_raw(shim, *NO_MESSAGES)
    shim.say({"type": "result", "id": 1, "value": 7}, event("READY", "Ready."))
    assert shim.outcome("call") == {"value": 7}
    shim.until_names("READY")
    assert lines == ["Cti: dropped what is not a message of the worker."] * len(NO_MESSAGES)


def test_a_message_that_is_not_text_is_dropped(shim: Shim) -> None:
    shim.make()
    shim.up()
    shim.run("() => tell({ objects: true })")
    shim.say(event("READY"))
    shim.until_names("READY")


NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_built_in_properties_change_no_prototype_and_match_no_key(
    shim: Shim, name: str
) -> None:
    shim.run(REMEMBER)
    shim.make()
    shim.up()
    key = json.dumps(name)
    call = call_event("RINGING", id=name, cid=name, requestId=name, direction="INBOUND")
    texts = [
        json.dumps(state(uris=[name]))[:-1] + f", {key}: {HOSTILE}}}",
        json.dumps(state()).replace('"params": {', f'"params": {{{key}: {HOSTILE}, '),
        json.dumps(call)[:-2] + f", {key}: {HOSTILE}}}}}",
        json.dumps(event(name, name)),
    ]
    say_raw(shim, *texts)
    shim.until_names("RINGING", name)
    assert shim.run(PURE)
    assert [call["id"] for call in shim.run("() => cti.calls")] == [name]
    assert shim.run("name => cti._getParam(name) ?? null", name) in (None, json.loads(HOSTILE))
    for other in set(NAMES) - {name}:
        assert shim.run("name => cti._getParam(name) ?? null", other) is None
    # Such a call can end, too.
    say_raw(shim, json.dumps(call_event("HANGUP", id=name, cid=name, requestId=name)))
    shim.until("() => cti.calls.length === 0")


@pytest.mark.parametrize("name", NAMES)
def test_an_error_code_with_such_a_name_has_no_hint(shim: Shim, name: str) -> None:
    shim.make()
    shim.up()
    shim.run("() => keep('call', cti.call('10003'))")
    shim.got("command")
    shim.say({"type": "refusal", "id": 1, "error": {"code": name, "message": name}})
    outcome = shim.outcome("call")
    assert (outcome["code"], outcome["hint"]) == (name, "")


@pytest.mark.parametrize(
    "options",
    [
        f'{{"__proto__": {HOSTILE}}}',
        f'{{"constructor": {HOSTILE}}}',
        '{"__proto__": {"apiEndpoint": "http://evil.example", "persist": "none"}}',
    ],
)
def test_options_with_such_names_have_no_effect(shim: Shim, options: str) -> None:
    """In an object from JSON, such a name is an own property."""
    shim.run(REMEMBER)
    shim.run("text => { window.cti = make(JSON.parse(text)); }", options)
    (hello,) = shim.got("hello")
    assert hello["options"] == {}
    assert shim.run(PURE)


STORED = [
    "null",
    "5",
    '"x"',
    "[]",
    "{",
    '{"token": {"x": 1}}',
    f'{{"__proto__": {HOSTILE}}}',
    f'{{"constructor": {HOSTILE}}}',
]


@pytest.mark.parametrize("text", STORED)
def test_storage_with_invalid_content_counts_as_empty(shim: Shim, text: str) -> None:
    shim.run(REMEMBER)
    script = "text => ['default', 'popped'].forEach(n => localStorage.setItem(`pycti:${n}`, text))"
    shim.run(script, text)
    shim.make()
    (hello,) = shim.got("hello")
    assert hello["token"] is None
    assert all(isinstance(one, str) for one in hello["popped"])
    assert shim.run(PURE)


def test_a_message_that_is_too_long_is_refused_in_the_page(shim: Shim) -> None:
    shim.make()
    shim.up()
    shim.run("() => keep('api', cti.apiRequest('POST', '/x', { x: 'x'.repeat(5_000_000) }))")
    outcome = shim.outcome("api")
    assert outcome["code"] == "LIMIT_REACHED"
    assert outcome["hint"]
    shim.until_names("ERROR")


def test_messages_from_other_windows_are_ignored(shim: Shim) -> None:
    """The page's script ignores messages from other windows, frames and origins."""
    shim.make()
    shim.up()
    listened: Any = shim.run("""() => {
      const before = events.length;
      window.postMessage(JSON.stringify({ type: "event", event: { name: "READY" } }), "*");
      window.postMessage({ type: "token", token: "stolen" }, "*");
      return new Promise((done) => addEventListener("message", () => setTimeout(() =>
        done([events.length - before, localStorage.length]), 50)));
    }""")
    assert listened == [0, 0]
