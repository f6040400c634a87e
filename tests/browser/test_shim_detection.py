"""Numbers in plain text: what becomes a link, and what is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .shim.finder import LONDON, URI, Finder
from .shim.harness import call_event

pytest_plugins = [f"{__package__}.shim.fixtures"]


# What becomes a link


def test_numbers_in_text_become_links_and_text_again(finder: Callable[..., Finder]) -> None:
    page = finder(f"<p>Call {LONDON} or +49 30 23125 000.</p><ul><li>{LONDON}</li><li>x</li></ul>")
    page.until_links(LONDON, "+49 30 23125 000", LONDON)
    assert page.links[1] == ["tel:+493023125000", "+49 30 23125 000"]
    paragraph = page.shim.run("() => document.querySelector('p').textContent")
    assert paragraph == f"Call {LONDON} or +49 30 23125 000."
    page.stop()


def test_a_link_calls_shows_the_state_and_is_reached_by_key(
    finder: Callable[..., Finder],
) -> None:
    page = finder(f"<p>Call {LONDON}</p>")
    page.until_links(LONDON)
    shim = page.shim
    shim.page.keyboard.press("Tab")
    shim.page.keyboard.press("Enter")
    (command,) = shim.got("command")
    assert command["args"] == ["tel:+442079460199"]
    shim.say(call_event("INITIAL", destination="+442079460199"))
    shim.until("document.querySelector('[data-cti-state=initial]')")
    # What is read out for it holds the number, too, and is not searched.
    shim.until("document.querySelector('[role=status]').textContent.includes('79460199')")
    page.idle()
    page.answer()
    assert [text for text, _ in page.texts] == [f"Call {LONDON}"]
    page.stop()


@pytest.mark.parametrize(
    "body",
    [
        "<textarea>Tel {0}</textarea>",
        "<input value='{0}'>",
        "<select><option>Tel {0}</option></select>",
        "<button>Tel {0}</button>",
        "<label>Tel {0}<input></label>",
        "<a href='/x'>Tel {0}</a>",
        "<a href='tel:+44'>{0}</a>",
        "<span data-cti-number=10002>Tel {0}</span>",
        "<code>Tel {0}</code>",
        "<pre>Tel {0}</pre>",
        "<time>{0}</time>",
        "<p contenteditable>Tel {0} <b>Tel {0}</b></p>",
        "<p contenteditable=true>Tel {0}</p>",
        "<div data-cti-ignore><p>Tel {0}</p></div>",
        "<p aria-hidden=true>Tel {0}</p>",
        "<div role=button>Tel {0}</div>",
        "<div role=textbox>Tel {0}</div>",
        "<svg><text>Tel {0}</text></svg>",
        "<template><p>Tel {0}</p></template>",
        "<script type=text/plain>Tel {0}</script>",
        "<p>x<!-- Tel {0} --></p>",
    ],
)
def test_what_is_no_running_text_is_not_even_asked_about(
    finder: Callable[..., Finder], body: str
) -> None:
    page = finder(body.format(LONDON) + "<p>Tel 020 7946 0100</p>")
    page.until_links("020 7946 0100")
    assert [text for text, _ in page.texts] == ["Tel 020 7946 0100"]
    page.stop()


def test_an_island_that_is_not_editable_is_read(finder: Callable[..., Finder]) -> None:
    page = finder(f"<p contenteditable=false>Tel {LONDON}</p>")
    page.until_links(LONDON)


def test_only_the_root_is_searched(finder: Callable[..., Finder]) -> None:
    body = f"<p>Tel {LONDON}</p><main>Tel 020 7946 0100</main>"
    page = finder(body, "{ root: document.querySelector('main') }")
    page.until_links("020 7946 0100")
    page.stop()


def test_a_root_within_what_is_skipped_has_no_numbers(finder: Callable[..., Finder]) -> None:
    page = finder(
        f"<div data-cti-ignore><main>{LONDON}</main></div>",
        "{ root: document.querySelector('main') }",
    )
    page.shim.run("() => document.querySelector('main').append(' Tel 020 7946 0100')")
    page.idle()
    assert page.shim.run("() => got.filter((message) => message.type === 'detect').length") == 0


# What is asked


def test_only_texts_that_may_hold_a_number_are_sent_and_many_in_one_message(
    finder: Callable[..., Finder],
) -> None:
    numbers = "".join(f"<p>Tel 020 7946 {i:04}</p>" for i in range(250))
    page = finder(numbers + "<p>Page 12 of 345, chapter 3 (1998)</p>" * 50)
    page.until("document.querySelectorAll('a').length === 250")
    assert len(page.texts) == 250
    assert len(page.asked) <= 5
    page.stop()


def test_a_label_goes_with_its_text(finder: Callable[..., Finder]) -> None:
    page = finder(
        "<table><tr><th>Name</th><th>Phone</th></tr>"
        f"<tr><td>Ann</td><td>{LONDON}</td></tr><tr><td>1234567</td><td>{LONDON}</td></tr></table>"
        f"<dl><dt>Order</dt><dd>{LONDON}</dd><dt>Fax <b>2</b></dt><dd>{LONDON}</dd></dl>"
        f"<p>{'A long sentence is no label. ' * 3}</p><p>{LONDON}</p>"
    )
    page.until("document.querySelectorAll('a').length === 4")
    assert [label for _, label in page.texts] == [
        "Phone\nAnn",
        "Name",
        "Phone",
        "Order",
        "Fax 2",
        "",
    ]


def test_a_long_text_is_cut_and_each_number_found_once(finder: Callable[..., Finder]) -> None:
    words = [f"lorem ipsum {'dolor ' * (i % 7)} tel 020 7946 {i:04} ext {i}," for i in range(80)]
    page = finder(f"<p>{' '.join(words)}</p>")
    page.until_links(*(f"020 7946 {i:04} ext {i}" for i in range(80)))
    assert max(len(text) for text, _ in page.texts) <= 600
    page.stop()


def test_a_line_break_of_the_source_is_a_blank(finder: Callable[..., Finder]) -> None:
    page = finder("<p>Tel\n   +44\n   20 7946 0199</p>")
    page.until("document.querySelector('a')")
    assert page.links == [[URI, "+44\n   20 7946 0199"]]


# Content that comes, changes and goes


def test_a_number_that_goes_on_in_another_element_is_one(finder: Callable[..., Finder]) -> None:
    page = finder("<p>Tel. <b>+44</b> 20 <i>7946</i> 0199, ask Ann</p>")
    page.until("document.querySelectorAll('a').length === 4")
    shim = page.shim
    assert page.links == [[URI, part] for part in ("+44", "20", "7946", "0199")]
    reachable = shim.run("() => [...document.querySelectorAll('a')].map((a) => a.tabIndex)")
    assert reachable == [0, -1, -1, -1]
    name = "() => document.querySelector('a').getAttribute('aria-label')"
    assert shim.run(name) == "+44 20 7946 0199"

    shim.page.click("i > a")
    (command,) = shim.got("command")
    assert command["args"] == ["tel:+442079460199"]
    shim.say(call_event("INITIAL", destination="+442079460199"))
    shim.until("document.querySelectorAll('[data-cti-state=initial]').length === 4")
    shim.page.click("b > a")
    shim.page.click("i > a", modifiers=["Shift"])
    shim.say(call_event("CANCEL", destination="+442079460199"))
    shim.until("document.querySelectorAll('[data-cti-state]').length === 0")
    assert len(shim.got("command")) == 1
    page.stop()


def test_elements_that_are_not_shown_in_one_line_hold_no_common_number(
    finder: Callable[..., Finder],
) -> None:
    page = finder(
        "<p><span>+44 20</span> <span>7946 0199</span></p>"
        "<p><b>Tel 020 7946 0100</b><b>020 7946 0101</b></p>",
        script="""() => {
          for (const span of document.querySelectorAll('span')) span.style.display = 'block';
        }""",
    )
    page.until_links("020 7946 0100", "020 7946 0101")
    page.stop()
