"""Listeners in addition to onMessage, with a fake worker."""

from __future__ import annotations

from typing import Any

import pytest

from .shim.harness import Shim, call_event, event, state
from .shim.listening import ADA, CALL, RECORD, heard, listen, ringing

pytest_plugins = [f"{__package__}.shim.fixtures"]


class TestPresence:
    def told(self, presence: str, node: str = "user:10003") -> dict[str, Any]:
        return {"type": "presence", "node": node, "presence": presence}

    def test_the_worker_is_asked_for_it_only_where_somebody_listens(self, shim: Shim) -> None:
        listen(shim, "presence")
        wishes = "got.map((said) => (said.listen ?? said).names).filter((names) => names)"
        assert shim.until(f"{wishes}.at(-1)?.length && {wishes}.at(-1)") == ["presence"]

    def test_each_change_is_told_once_also_after_a_new_worker(self, shim: Shim) -> None:
        listen(shim, "presence")
        said = ["free", "ringing", "ringing", "free"]
        shim.say(*map(self.told, said), self.told("free", "user:10004"), self.told("free"))
        shim.say(self.told("offline"))
        expected = ["3 free", "3 ringing", "3 free", "4 free", "3 offline"]
        assert [
            f"{one['node'][-1]} {one['presence']}" for _, one in heard(shim, len(expected))
        ] == expected


def test_features_are_a_copy_of_what_the_worker_says(shim: Shim) -> None:
    shim.make({})
    assert shim.run("() => [...cti.features]") == []
    shim.up()
    shim.say(state(), event("READY"))
    shim.until_names("READY")
    assert shim.run("() => { cti.features.clear(); return [...cti.features]; }") == [
        "answer",
        "hold",
    ]


class TestOn:
    def test_a_listener_gets_the_events_of_its_name_and_event_gets_all(self, shim: Shim) -> None:
        listen(shim, "READY", "RINGING", "event")
        shim.say(state(), event("LOGGED_IN"), event("READY"), ringing())
        names = [[name, told["name"]] for name, told in heard(shim, 5)]
        assert names == [
            ["event", "LOGGED_IN"],
            ["READY", "READY"],
            ["event", "READY"],
            ["RINGING", "RINGING"],
            ["event", "RINGING"],
        ]

    def test_listeners_are_called_after_on_message_in_order(self, shim: Shim) -> None:
        shim.run("""() => {
          window.order = [];
          window.cti = make({ onMessage: () => order.push("onMessage") });
          cti.on("READY", () => order.push("first"));
          cti.on("READY", () => order.push("second"));
        }""")
        shim.up()
        shim.say(event("READY"))
        assert shim.until("order.length === 3 && order") == ["onMessage", "first", "second"]

    def test_a_listener_can_be_removed_in_three_ways(self, shim: Shim) -> None:
        shim.run("""() => {
          window.cti = make({});
          window.left = [];
          const note = (name) => () => left.push(name);
          const one = note("one");
          const stop = new AbortController();
          cti.on("READY", one);
          const remove = cti.on("READY", note("two"));
          cti.on("READY", note("three"), { signal: stop.signal });
          cti.on("READY", note("never"), { signal: AbortSignal.abort() });
          cti.on("READY", note("stays"));
          cti.off("READY", one);
          cti.off("READY", one);
          remove();
          stop.abort();
        }""")
        shim.up()
        shim.say(event("READY"))
        shim.until_names("READY")
        assert shim.run("() => left") == ["stays"]

    def test_the_same_function_listens_once(self, shim: Shim) -> None:
        shim.run("""() => {
          window.cti = make({});
          window.count = 0;
          const listener = () => (count += 1);
          cti.on("READY", listener);
          cti.on("READY", listener);
        }""")
        shim.up()
        shim.say(event("READY"), event("READY"))
        shim.until_names("READY", "READY")
        assert shim.run("() => count") == 2

    def test_a_listener_removed_by_an_earlier_one_is_not_called(self, shim: Shim) -> None:
        shim.run("""() => {
          window.cti = make({});
          window.order = [];
          const second = () => order.push("second");
          cti.on("READY", () => {
            order.push("first");
            cti.off("READY", second);
            cti.on("READY", () => order.push("new"));
          });
          cti.on("READY", second);
        }""")
        shim.up()
        shim.say(event("READY"))
        shim.until_names("READY")
        assert shim.run("() => order") == ["first"]

    def test_an_exception_in_a_listener_does_not_stop_others(self, shim: Shim) -> None:
        shim.make()
        shim.run("() => cti.on('READY', () => { throw new Error('in a listener'); })")
        shim.run("() => { window.after = 0; cti.on('READY', () => (after += 1)); }")
        shim.up()
        with shim.page.expect_console_message(lambda message: "in a listener" in message.text):
            shim.say(event("READY"))
        shim.until("after === 1")

    @pytest.mark.parametrize(
        "call",
        [
            "cti.on('LOOGED_IN', () => {})",
            "cti.off('LOOGED_IN', () => {})",
            "cti.on('toString', () => {})",
            "cti.on('READY')",
            "cti.on('READY', 'no')",
            "cti.on()",
            "(cti.lookup = 5)",
        ],
    )
    def test_invalid_arguments_are_refused_at_once(self, shim: Shim, call: str) -> None:
        shim.make()
        script = (
            f"() => {{ try {{ {call}; }} catch ({{ name, code }}) {{ return [name, code]; }} }}"
        )
        assert shim.run(script) == ["CtiError", "BAD_ARGUMENT"]

    def test_no_listener_is_called_after_destroy(self, shim: Shim) -> None:
        listen(shim, "event", "state", "front")
        shim.say(event("READY"))
        shim.until_names("READY")
        before = shim.run("() => { cti.destroy(); return heard.length; }")
        shim.make()
        shim.got("hello", 2)
        shim.say(event("READY"))
        shim.until_names("READY", "READY")
        assert shim.run("() => heard.length") == before


class TestState:
    def test_a_page_can_show_the_status(self, shim: Shim) -> None:
        shim.run("""() => {
          window.cti = make({ load: "interaction" });
          window.seen = [cti.status];
          cti.on("state", ({ status }) => { if (seen.at(-1) !== status) seen.push(status); });
          cti.login("key");
        }""")
        shim.up()
        shim.say(state(False, loggedIn=True, nodes=[]), state(), event("READY"))
        shim.until_names("READY")
        shim.say({"type": "failed", "error": {"code": "WORKER_DIED", "message": "Gone."}})
        shim.got("hello", 2)
        shim.until("seen.at(-1) === 'logged-out'")
        assert shim.run("() => seen") == [
            *("stopped", "starting", "logged-out", "connecting", "ready"),
            *("starting", "logged-out"),
        ]
        assert shim.run("() => { cti.destroy(); return cti.status; }") == "stopped"

    def test_a_lost_connection_is_reported_to_listeners_and_is_not_an_event(
        self, shim: Shim
    ) -> None:
        shim.make()
        shim.run("""() => {
          window.seen = [];
          cti.on("status", ({ status, problem }) => seen.push([status, problem?.code ?? null]));
        }""")
        shim.up()
        problem = {"code": "NETWORK_ERROR", "message": "Gone.", "hint": ""}
        shim.say(state(), event("READY"), state(False, loggedIn=True, problem=problem))
        shim.say(state(False, loggedIn=True, problem=problem | {"code": "AUTH_DOWNGRADE"}))
        shim.say(state(), event("READY"))
        shim.until_names("READY", "READY")
        assert shim.run("() => seen.slice(-4)") == [
            ["ready", None],
            ["connecting", "NETWORK_ERROR"],
            ["connecting", "AUTH_DOWNGRADE"],
            ["ready", None],
        ]

    def test_a_replaced_worker_is_reported_to_listeners_and_is_not_an_event(
        self, shim: Shim
    ) -> None:
        shim.ready()
        shim.run("""() => {
          window.seen = [];
          cti.on("status", ({ status, problem }) => seen.push([status, problem?.code ?? null]));
        }""")
        shim.say({"type": "failed", "error": {"code": "WORKER_DIED", "message": "Gone."}})
        shim.got("hello", 2)
        shim.say(state(), event("READY"))
        shim.until_names("READY", "READY")
        assert shim.run("() => [seen[0], seen.at(-1)]") == [
            ["starting", "WORKER_DIED"],
            ["ready", None],
        ]

    def test_a_worker_that_cannot_be_replaced_gives_one_error(self, shim: Shim) -> None:
        shim.ready(timing={"retry": 10, "retryMax": 10})
        # From here on there is no worker.
        shim.run("() => tell({ mute: true })")
        for count in range(2, 8):
            shim.say({"type": "failed", "error": {"code": "WORKER_FAILED", "message": "Gone."}})
            shim.got("hello", count)
        shim.until_names("READY", "ERROR")

    def test_state_listeners_are_called_after_each_change_of_the_calls(self, shim: Shim) -> None:
        shim.make()
        shim.run("""() => {
          window.seen = [];
          cti.on("state", () => seen.push(cti.calls.map(({ status }) => status).join()));
        }""")
        shim.up()
        shim.say(state(), ringing(), call_event("CONNECTED", requestId=""))
        shim.say(call_event("HANGUP", requestId=""))
        shim.until("events.length === 3")
        assert shim.run("() => seen.slice(-4)") == ["", "RINGING", "CONNECTED", ""]

    def test_the_calls_are_copies(self, shim: Shim) -> None:
        listen(shim)
        shim.say(state(), ringing())
        shim.until_names("RINGING")
        shim.run("() => { cti.calls[0].status = 'mine'; cti.calls.length = 0; }")
        assert shim.run("() => cti.calls") == [CALL]


class TestMessagesToTheWorker:
    def test_the_worker_is_told_which_listeners_a_page_has(self, shim: Shim) -> None:
        shim.make()
        assert shim.got("hello")[0]["listen"] == {"names": [], "pop": "active"}
        shim.run("""() => {
          const stop = cti.on("log", () => {});
          cti.on("log", () => {});
          cti.on("pop", () => {});
          cti.on("READY", () => {});
          cti.lookup = () => null;
          cti.pop = "all";
          stop();
        }""")
        told = [[message["names"], message["pop"]] for message in shim.got("listen", 4)]
        assert told == [
            [["log"], "active"],
            [["pop", "log"], "active"],
            [["pop", "log", "lookup"], "active"],
            [["pop", "log", "lookup"], "all"],
        ]

    def test_the_next_worker_gets_the_listeners_with_hello(self, shim: Shim) -> None:
        listen(shim, "log")
        shim.say({"type": "failed", "error": {"code": "WORKER_DIED", "message": "Gone."}})
        assert shim.got("hello", 2)[1]["listen"] == {"names": ["log"], "pop": "active"}

    @pytest.mark.parametrize("value", ["'sometimes'", "5", "true"])
    def test_an_invalid_pop_option_is_refused(self, shim: Shim, value: str) -> None:
        shim.make({"pop": "none"})
        for script in (f"cti.pop = {value}", f"make({{ pop: {value} }})"):
            code = f"() => {{ try {{ {script}; }} catch ({{ code }}) {{ return code; }} }}"
            assert shim.run(code) == "BAD_OPTIONS"
        assert shim.run("() => cti.pop") == "none"

    def test_the_worker_is_told_the_focus_and_visibility(self, shim: Shim) -> None:
        shim.run("() => { document.hasFocus = () => false; }")
        shim.make()
        assert shim.got("hello")[0]["focus"] == {"focused": False, "visible": True}
        shim.run("() => { document.hasFocus = () => true; dispatchEvent(new Event('focus')); }")
        assert shim.got("focus")[0] == {
            "page": 1,
            "type": "focus",
            "focused": True,
            "visible": True,
        }

    def test_a_page_in_the_back_forward_cache_is_away(self, shim: Shim) -> None:
        listen(shim, "log", "front")
        shim.say({"type": "front", "front": True})
        heard(shim, 1)
        shim.run("() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
        shim.got("away")
        # The worker could answer a message, and an answer removes the page from the cache.
        shim.run("() => document.dispatchEvent(new Event('visibilitychange'))")
        assert shim.run("() => cti.front") is False
        shim.run("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        assert shim.got("listen")[-1]["names"] == ["log"]
        shim.got("focus")
        shim.got("ping")
        shim.got("online")
        order = "() => got.map(({ type }) => type).filter((type) => type !== 'hello')"
        words = shim.run(order)
        assert words[words.index("away") + 1 :] == ["ping", "online", "listen", "focus", "stored"]
        assert "bye" not in words


class TestFront:
    def test_the_worker_decides(self, shim: Shim) -> None:
        listen(shim, "front")
        assert shim.run("() => cti.front") is False
        shim.say({"type": "front", "front": True}, {"type": "front", "front": True})
        shim.say({"type": "front", "front": False})
        assert heard(shim, 2) == [["front", {"front": True}], ["front", {"front": False}]]

    def test_without_a_worker_nothing_is_in_front(self, shim: Shim) -> None:
        listen(shim, "front")
        shim.say({"type": "front", "front": True})
        shim.say({"type": "failed", "error": {"code": "WORKER_DIED", "message": "Gone."}})
        shim.got("hello", 2)
        assert heard(shim, 2)[1] == ["front", {"front": False}]


class TestLookup:
    def ask(self, shim: Shim, lookup: str) -> Any:
        shim.make()
        shim.run(f"() => {{ cti.lookup = {lookup}; }}")
        shim.up()
        shim.say({"type": "lookup", "id": 3, "number": "+442036427900", "call": CALL})
        answer = shim.got("contact")[0]
        assert (answer["id"], answer["number"]) == (3, "+442036427900")
        return answer["contact"]

    def test_lookup_receives_the_number_and_the_call(self, shim: Shim) -> None:
        lookup = "async (number, call) => ({ name: `${number} ${call.id}`, extra: undefined })"
        assert self.ask(shim, lookup) == {"name": "+442036427900 c1", "extra": None}

    def test_lookup_may_return_a_plain_value(self, shim: Shim) -> None:
        assert self.ask(shim, "() => ({ name: 'Ada' })") == {"name": "Ada"}

    @pytest.mark.parametrize("lookup", ["() => null", "async () => {}", "null"])
    def test_lookup_may_return_nothing(self, shim: Shim, lookup: str) -> None:
        assert self.ask(shim, lookup) is None

    @pytest.mark.parametrize(
        ("lookup", "words"),
        [
            ("() => { throw new Error('on purpose'); }", "on purpose"),
            ("() => Promise.reject(new Error('on purpose'))", "on purpose"),
            ("() => ({ name: 'Ada', call() {} })", "cannot be"),
        ],
    )
    def test_lookup_may_fail(self, shim: Shim, lookup: str, words: str) -> None:
        with shim.page.expect_console_message(lambda message: words in message.text):
            assert self.ask(shim, lookup) is None

    def test_a_new_lookup_is_asked_again(self, shim: Shim) -> None:
        shim.make()
        shim.up()
        shim.run("() => { cti.lookup = () => null; cti.lookup = () => ({ name: 'Ada' }); }")
        assert [told.get("anew") for told in shim.got("listen", 2)] == [False, True]
        shim.run("() => { cti.lookup = null; }")
        assert shim.got("listen", 3)[2]["names"] == []

    def test_the_name_reaches_the_calls_and_the_listeners(self, shim: Shim) -> None:
        listen(shim, "contact")
        named = {**CALL, "sourceName": "Ada"}
        shim.say(state(), ringing())
        shim.until_names("RINGING")
        shim.say({"type": "contact", "call": named, "contact": ADA})
        assert heard(shim, 1) == [["contact", {"call": named, "contact": ADA}]]
        assert shim.run("() => cti.calls") == [named]

    def test_the_name_of_an_ended_call_does_not_restore_the_call(self, shim: Shim) -> None:
        listen(shim, "contact")
        shim.say(state(), {"type": "contact", "call": CALL, "contact": ADA})
        heard(shim, 1)
        assert shim.run("() => cti.calls") == []


class TestLog:
    def test_a_record_is_confirmed_and_delivered(self, shim: Shim) -> None:
        listen(shim, "log")
        shim.say({"type": "log", "record": RECORD})
        assert heard(shim, 1) == [["log", RECORD]]
        assert shim.got("logged")[0]["key"] == RECORD["key"]

    def test_a_record_without_a_listener_is_not_confirmed(self, shim: Shim) -> None:
        listen(shim)
        shim.say({"type": "log", "record": RECORD}, event("READY"))
        shim.until_names("READY")
        shim.run("() => { keep('it', cti.note('1')); }")
        shim.got("command")
        assert not shim.run("() => got.some(({ type }) => type === 'logged')")

    def test_notes_are_a_command(self, shim: Shim) -> None:
        shim.make()
        shim.run("() => { cti.note('143', 'Wants a quote.'); }")
        command = shim.got("command")[0]
        assert (command["method"], command["args"]) == ("note", ["143", "Wants a quote."])
