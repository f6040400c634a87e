"""The start and end of the shim on a page, and what it stores for the next page."""

from __future__ import annotations

import pytest

from .shim.harness import FAILED, Shim, event

pytestmark = pytest.mark.differs("navigation")

pytest_plugins = [f"{__package__}.shim.fixtures"]


# What is remembered


@pytest.mark.parametrize(("persist", "store"), [("local", "local"), ("session", "session")])
def test_the_token_is_stored_for_the_next_page(shim: Shim, persist: str, store: str) -> None:
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


def test_persist_none_keeps_the_token_for_the_next_worker_but_not_the_next_page(shim: Shim) -> None:
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


def test_a_logout_in_another_tab_applies_to_this_page(shim: Shim) -> None:
    shim.make()
    shim.up()
    shim.say({"type": "token", "token": "t0ken"}, event("READY"))
    shim.until_names("READY")
    shim.run("() => localStorage.clear()")
    shim.say(FAILED)
    assert shim.got("hello", 2)[1]["token"] is None


def test_a_token_that_another_tab_stores_is_passed_to_the_worker(shim: Shim) -> None:
    shim.make({"shared": False})
    shim.up()
    page = shim.page
    other = shim.open()
    shim.run("() => localStorage.setItem('pycti:elsewhere', 'x')", page=other)
    shim.run("() => localStorage.setItem('pycti:default', '{\"token\":\"n3w\"}')", page=other)
    shim.run("() => localStorage.removeItem('pycti:default')", page=other)
    shim.page = page
    assert shim.got("stored", 2)[-1]["token"] is None


def test_a_newer_token_of_another_tab_is_not_removed(shim: Shim) -> None:
    shim.make()
    shim.up()
    shim.say({"type": "token", "token": "t0ken"}, event("READY"))
    shim.until_names("READY")
    shim.run("() => localStorage.setItem('pycti:default', '{\"token\":\"n3w\"}')")
    shim.say({"type": "token", "token": None}, event("LOGGED_OUT"))
    shim.until_names("READY", "LOGGED_OUT")
    assert shim.run("() => localStorage.getItem('pycti:default')") == '{"token":"n3w"}'


def test_the_token_is_kept_in_memory_if_storage_is_blocked(shim: Shim) -> None:
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
def test_damaged_storage_is_ignored(shim: Shim, value: str) -> None:
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


def test_destroy_releases_everything(shim: Shim) -> None:
    shim.load(shim.page, "<span data-cti-number='+442036427900'>call</span>")
    shim.ready()
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


def test_a_page_that_closes_sends_bye(shim: Shim) -> None:
    first = shim.page
    shim.ready()
    shim.open()
    shim.load(first)
    shim.got("bye")
