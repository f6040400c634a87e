"""Click-to-call, with a fake worker."""

from __future__ import annotations

from typing import Any

import pytest

from .shim.harness import Shim, call_event, event, state

pytest_plugins = [f"{__package__}.shim.fixtures"]

LONDON = "+442036427900"
LINK = f"<a id=n href='tel:{LONDON}'>call</a>"
STATE = "document.querySelector('#n').getAttribute('data-cti-state')"
SPOKEN = "document.querySelector('[aria-live=polite]').textContent"


def serve(shim: Shim, body: str, *, connected: bool = True, options: str = "{}") -> None:
    """Open a page with click-to-call. Links that are not handled leave a note."""
    shim.load(shim.page, body)
    shim.make(timing={"linger": 60})
    shim.up()
    shim.say(state(connected), event("INFO"))
    shim.until_names("INFO")
    shim.run(f"""() => {{
      window.left = [];
      window.service = cti.clickToCall({options});
      addEventListener('click', (event) => {{
        if (event.defaultPrevented) return;
        left.push(event.target.id);
        event.preventDefault();
      }});
    }}""")


def calls(shim: Shim, count: int = 1) -> list[str]:
    return [command["args"][0] for command in shim.got("command", count)]


def answer(shim: Shim, number: int, value: Any) -> None:
    shim.say({"type": "result", "id": number, "value": value})


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ("<a id=n href='tel:+442036427900'>x</a>", "tel:+442036427900"),
        ("<a id=n href='TEL:+44-20-3642-7900 '>x</a>", "TEL:+44-20-3642-7900"),
        ("<a id=n href='tel:+44 (0)20 3642 7900'>x</a>", "tel:+44 (0)20 3642 7900"),
        ("<a id=n href='tel:%2B44%2020'>x</a>", "tel:%2B44%2020"),
        ("<a id=n href='tel:tel:+442036427900'>x</a>", "tel:tel:+442036427900"),
        ("<a id=n href='tel:Sales:+442036427900'>x</a>", "tel:Sales:+442036427900"),
        ("<a id=n href='tel:1-800-GLASSIFY'>x</a>", "tel:1-800-GLASSIFY"),
        ("<a id=n href='tel:7042;phone-context=a.b'>x</a>", "tel:7042;phone-context=a.b"),
        ("<a id=n href='callto://+442036427900?call'>x</a>", "callto://+442036427900?call"),
        (
            "<a id=n href='sip:+442036427900@a.b;user=phone'>x</a>",
            "sip:+442036427900@a.b;user=phone",
        ),
        ("<a id=n href='sips:10002:secret@a.b'>x</a>", "sips:10002:secret@a.b"),
        ("<span id=n data-cti-number='+44 (0)20 3642 ext 5'>x</span>", "+44 (0)20 3642 ext 5"),
        ("<span id=n data-cti-number> +44\u00a020\u20113642 </span>", "+44\u00a020\u20113642"),
        ("<a id=n href='/contact' data-cti-number='10002'>x</a>", "10002"),
        ("<span id=n data-cti-number='not a number'>x</span>", "not a number"),
        ("<button id=n data-cti-number='10002'><b>x</b></button>", "10002"),
    ],
)
def test_a_number_is_sent_as_written_on_the_page(shim: Shim, body: str, sent: str) -> None:
    """Python reads it: ``tests/unit/test_reading.py``."""
    serve(shim, body)
    shim.page.click("#n")
    assert calls(shim) == [sent]
    assert shim.run("() => left") == []


@pytest.mark.parametrize(
    "href",
    [
        "callto:alice",
        "callto:alice.1234567",
        "sip:alice@sip.example",
        "sip:10.0.0.1",
        "tel:",
        "tel:%",
        "tel:*1212#",
        "tel:%2306%23*1234",
        "/x",
    ],
)
def test_links_without_a_number_keep_their_default_action(shim: Shim, href: str) -> None:
    serve(shim, f"<a id=n href='{href}'>x</a>")
    shim.page.click("#n")
    assert shim.run("() => left") == ["n"]


@pytest.mark.parametrize(
    ("number", "called"),
    [
        ("tel:+44 (0)20 3642 7900", LONDON),
        ("tel:%2B44%200%2020%203642%207900", LONDON),
        ("020 3642 7900", LONDON),
        ("+375 (17) 555-53-77 (317)", "+375175555377"),
        ("tel:1-800-GLASSIFY", "+18004527743"),
        ("sip:10002:77@sip.example", "10002"),
        ("tel:70-42;ext=5", "7042"),
        ("*97", "*97"),
    ],
)
def test_the_call_is_matched_however_python_reads_the_number(
    shim: Shim, number: str, called: str
) -> None:
    attribute = "href" if ":" in number else "data-cti-number"
    serve(shim, f"<a id=n {attribute}='{number}'>x</a>")
    shim.page.click("#n")
    calls(shim)
    shim.say(call_event("INITIAL", requestId="other", destination="+34911234567"))
    shim.say(call_event("INITIAL", requestId="short", destination="77"))
    shim.say(call_event("INITIAL", destination=called), call_event("RINGING", destination=called))
    shim.until(f"{STATE} === 'ringing'")
    assert called in shim.run(SPOKEN)


# A remembered session that is not connected yet


@pytest.fixture
def starting(shim: Shim) -> Shim:
    """A page with a stored token, whose worker has not reported a state."""
    shim.load(shim.page, LINK)
    shim.run("() => sessionStorage.setItem('pycti:default', JSON.stringify({ token: 't' }))")
    shim.make({"persist": "session"}, worker="?mute")
    shim.up()
    shim.run("() => { cti.clickToCall(); }")
    return shim


def test_a_click_before_a_remembered_session_is_connected_is_kept(starting: Shim) -> None:
    starting.page.click("#n")
    assert starting.run(STATE) == "waiting"
    assert LONDON in starting.run(SPOKEN)
    starting.say(state(False, loggedIn=True))
    assert calls(starting) == [f"tel:{LONDON}"]
    starting.say(state(), event("READY"), call_event("INITIAL", destination=LONDON))
    starting.until(f"{STATE} === 'initial'")


def test_a_kept_click_is_released_when_the_session_has_expired(starting: Shim) -> None:
    starting.page.click("#n")
    number = starting.got("command")[0]["id"]
    error = {"code": "NOT_CONNECTED", "message": "Nobody is logged in."}
    starting.say({"type": "refusal", "id": number, "error": error})
    starting.until(f"{STATE} === null")
    assert starting.run(SPOKEN) == "Nobody is logged in."


def test_a_click_after_the_session_has_ended_or_failed_is_left_alone(starting: Shim) -> None:
    starting.run("""() => {
      window.left = 0;
      addEventListener('click', (event) => {
        left += !event.defaultPrevented;
        event.preventDefault();
      });
    }""")
    starting.say(state(False), event("LOGGED_OUT"))
    starting.until_names("LOGGED_OUT")
    starting.page.click("#n")
    assert starting.run("left") == 1
    assert starting.run(STATE) is None


# Whose national numbers they are

NATIONAL = "<a id=n href='tel:020 3642 7900'>x</a>"


def test_the_innermost_country_around_a_number_is_sent_with_it(shim: Shim) -> None:
    serve(
        shim,
        f"<div data-cti-country=FR><p data-cti-country=gb>{NATIONAL}</p>"
        "<i id=own data-cti-number='030 5550123' data-cti-country=DE>x</i><p id=host></p></div>",
    )
    shim.run("""() => {
      const link = document.createElement('a');
      [link.href, link.id, link.textContent] = ['tel:01 55 55 01 23', 'in', 'x'];
      document.querySelector('#host').attachShadow({ mode: 'open' }).append(link);
    }""")
    for count, selector in enumerate(("#n", "#own", "#in"), start=1):
        shim.page.click(selector)
        shim.got("command", count)
        shim.say({"type": "refusal", "id": count, "error": {"code": "X", "message": "No."}})
    sent = shim.got("command", 3)
    assert [message["country"] for message in sent] == ["gb", "DE", "FR"]
    assert not any(message["signs"] for message in sent)


@pytest.mark.parametrize(
    ("country", "body", "asked"),
    [
        ("GB", NATIONAL, True),
        ("GB", LINK, False),
        (None, NATIONAL, False),
    ],
)
def test_the_signs_of_the_page_are_sent_with_a_national_number(
    shim: Shim, country: str | None, body: str, asked: bool
) -> None:
    head = "<html lang=de-AT><script src='/dist/cti-connector.js'></script>"
    shim.load(shim.page, f"{body}<footer>1010 Wien</footer>", head)
    shim.make({"defaultCountry": country} if country else {})
    shim.up()
    shim.say(state(), event("INFO"))
    shim.until_names("INFO")
    shim.run("() => { cti.clickToCall(); }")
    shim.page.click("#n")
    (command,) = shim.got("command")
    assert bool(command["signs"]) is asked
    if asked:
        assert command["signs"]["language"] == "de-AT"
        assert command["signs"]["addresses"] == ["1010 Wien"]


def test_links_keep_their_default_action_while_not_connected(shim: Shim) -> None:
    serve(shim, LINK, connected=False)
    shim.page.click("#n")
    assert shim.run("() => left") == ["n"]


@pytest.mark.parametrize("click", [{"modifiers": ["Control"]}, {"modifiers": ["Shift"]}])
def test_clicks_with_a_modifier_key_are_ignored(shim: Shim, click: dict[str, Any]) -> None:
    serve(shim, LINK)
    shim.page.click("#n", **click)
    assert shim.run("() => left") == ["n"]


def test_a_click_that_the_page_has_handled_is_ignored(shim: Shim) -> None:
    serve(shim, LINK)
    shim.run("""() => document.querySelector('#n').addEventListener('click', (event) => {
      event.preventDefault();
    }, { once: true })""")
    shim.page.click("#n")
    shim.page.click("#n")
    assert len(calls(shim)) == 1


def test_enter_calls_from_links_and_from_other_elements(shim: Shim) -> None:
    serve(shim, LINK + "<span id=s data-cti-number=10002>x</span>")
    shim.page.press("#n", "Enter")
    assert calls(shim) == [f"tel:{LONDON}"]
    shim.say(call_event("INITIAL"))
    shim.page.press("#s", "Enter")
    assert calls(shim, 2) == [f"tel:{LONDON}", "10002"]


def test_a_real_button_calls_once_on_enter(shim: Shim) -> None:
    serve(shim, "<button id=b data-cti-number=10002>x</button>" + LINK)
    shim.page.press("#b", "Enter")
    shim.page.click("#n")
    shim.say({"type": "refusal", "id": 1, "error": {"code": "X", "message": "No."}})
    assert calls(shim, 2) == ["10002", f"tel:{LONDON}"]


def test_elements_get_a_role_and_a_tab_stop_until_it_is_disabled(shim: Shim) -> None:
    serve(shim, "<i id=a data-cti-number=1 role=link></i><button data-cti-number=2></button>")
    shim.run("""() => {
      const late = document.createElement('p');
      late.innerHTML = '<i id=b data-cti-number=3></i>';
      document.body.append(late);
    }""")
    attributes = """() => [...document.querySelectorAll('[data-cti-number]')].map(
      (element) => [element.getAttribute('role'), element.getAttribute('tabindex')])"""
    shim.until("document.querySelector('#b').tabIndex === 0")
    assert shim.run(attributes) == [["link", "0"], [None, None], ["button", "0"]]
    shim.run("() => service.disable()")
    assert shim.run(attributes) == [["link", None], [None, None], [None, None]]
    assert shim.run("() => document.querySelector('[aria-live]')") is None


def test_the_element_shows_the_state_until_some_time_after_the_end(shim: Shim) -> None:
    serve(shim, LINK)
    shim.page.click("#n")
    calls(shim)
    for name in ("INITIAL", "ACCEPTED", "RINGING", "CONNECTED", "ON_HOLD", "CONNECTED"):
        shim.say(call_event(name))
        shim.until(f"{STATE} === '{name.lower()}'")
        assert LONDON in shim.run(SPOKEN)
    shim.run(f"""() => {{
      window.states = [];
      new MutationObserver(() => states.push({STATE})).observe(
        document.querySelector('#n'), {{ attributes: true }});
    }}""")
    shim.say(call_event("HANGUP"))
    shim.until("states.length === 2")
    assert shim.run("() => states") == ["hangup", None]
    assert "ended" in shim.run(SPOKEN)


def test_the_live_region_is_visually_hidden_and_contains_text(shim: Shim) -> None:
    texts = "{ texts: { initial: '<b>{number}</b>' } }"
    serve(shim, LINK, options=texts)
    shim.page.click("#n")
    calls(shim)
    shim.say(call_event("INITIAL"))
    shim.until(STATE)
    assert shim.run(SPOKEN) == f"<b>{LONDON}</b>"
    size = "() => document.querySelector('[aria-live]').getBoundingClientRect().width"
    assert shim.run(size) <= 1


def test_a_second_click_while_the_call_runs_does_not_call_again(shim: Shim) -> None:
    serve(shim, LINK)
    shim.page.dblclick("#n")
    calls(shim)
    shim.say(call_event("INITIAL"), call_event("CONNECTED"))
    shim.until(f"{STATE} === 'connected'")
    shim.page.click("#n")
    assert shim.run("() => left") == []
    shim.say(call_event("HANGUP"))
    shim.until(f"{STATE} === 'hangup'")
    shim.page.click("#n")
    assert len(calls(shim, 2)) == 2


def test_two_quick_clicks_are_not_mixed_up(shim: Shim) -> None:
    both = "".join(f"<a id={name} href='tel:{LONDON}'>x</a>" for name in ("n", "m"))
    serve(shim, both)
    shim.page.click("#m")
    shim.page.click("#n")
    calls(shim)
    # Someone else's call, and one of this account to another number.
    shim.say(call_event("INITIAL", requestId="r8", destination="+34911234567"))
    shim.say(call_event("INITIAL", requestId="r1"), call_event("RINGING", requestId="r1"))
    calls(shim, 2)
    shim.say(call_event("INITIAL", requestId="r2"))
    shim.until(f"{STATE} === 'initial'")
    assert shim.run("() => document.querySelector('#m').dataset.ctiState") == "ringing"


def test_the_outcome_of_the_call_corrects_a_wrong_match(shim: Shim) -> None:
    serve(shim, LINK)
    shim.page.click("#n")
    calls(shim)
    # The same number was called from another tab at the same moment.
    shim.say(call_event("INITIAL", requestId="other"))
    shim.until(f"{STATE} === 'initial'")
    answer(shim, 1, call_event("ACCEPTED", requestId="mine")["event"])
    shim.until(f"{STATE} === 'accepted'")
    shim.say(call_event("HANGUP", requestId="other"), call_event("RINGING", requestId="mine"))
    shim.until(f"{STATE} === 'ringing'")


def test_a_refused_call_is_announced_and_can_be_tried_again(shim: Shim) -> None:
    serve(shim, LINK)
    shim.page.click("#n")
    calls(shim)
    error = {"code": "SELF_CALL", "message": "That is your own number."}
    shim.say({"type": "refusal", "id": 1, "error": error})
    shim.until(f"{SPOKEN} === 'That is your own number.'")
    assert shim.run(STATE) is None
    shim.page.click("#n")
    calls(shim, 2)


def test_logging_out_and_disabling_clear_the_states(shim: Shim) -> None:
    serve(shim, LINK)
    shim.page.click("#n")
    calls(shim)
    shim.say(call_event("INITIAL"))
    shim.until(STATE)
    shim.say(event("LOGGED_OUT"))
    shim.until(f"!{STATE}")
    shim.run("() => service.disable()")
    shim.page.click("#n")
    assert shim.run("() => left") == ["n"]


def test_only_numbers_inside_the_root_work_also_in_shadow_trees(shim: Shim) -> None:
    body = f"<a id=out href='tel:{LONDON}'>x</a><div id=root><p id=host></p></div>"
    serve(shim, body, options="{ root: document.querySelector('#root') }")
    shim.run("""() => {
      const link = document.createElement('a');
      link.href = 'tel:+34911234567';
      link.id = 'in';
      link.textContent = 'x';
      document.querySelector('#host').attachShadow({ mode: 'open' }).append(link);
    }""")
    shim.page.click("#out")
    shim.page.click("#in")
    assert calls(shim) == ["tel:+34911234567"]
    assert shim.run("() => left") == ["out"]


def test_a_wrong_root_is_refused(shim: Shim) -> None:
    shim.make()
    script = "() => { try { cti.clickToCall({ root: '#x' }); } catch (e) { return e.code; } }"
    assert shim.run(script) == "BAD_OPTIONS"


# <script data-click-to-call>

SCRIPT = "<script src='/dist/cti-connector.js' data-click-to-call {more}></script>"
HOOK = "<script src='/shim/hook.js'></script>"


def test_the_attribute_alone_makes_a_connector(shim: Shim) -> None:
    more = "data-api-endpoint=https://api.example data-persist=session data-load=eager"
    shim.load(shim.page, LINK, HOOK + SCRIPT.format(more=more))
    shim.up()
    (hello,) = shim.got("hello")
    assert hello["options"] == {"apiEndpoint": "https://api.example"}
    shim.say(state())
    shim.until("got.some(m => m.type === 'command') || document.querySelector('#n').click()")
    assert calls(shim) == [f"tel:{LONDON}"]


def test_the_attribute_uses_the_connector_of_the_page(shim: Shim) -> None:
    body = LINK + "<script src='/shim/own.js'></script>"
    shim.load(shim.page, body, HOOK + SCRIPT.format(more="data-api-endpoint=https://not.used"))
    shim.until("document.querySelector('[aria-live]')")
    (hello,) = shim.got("hello")
    assert hello["options"] == {"apiEndpoint": "https://own.example"}
