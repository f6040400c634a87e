"""Numbers in the text of pages that change: links come, move and go, and leave no trace."""

from __future__ import annotations

from collections.abc import Callable

from .shim.finder import LONDON, URI, Finder
from .shim.harness import Shim, event, state

pytest_plugins = [f"{__package__}.shim.fixtures"]


def test_content_that_is_added_later_is_searched(finder: Callable[..., Finder]) -> None:
    page = finder("<main><p>x</p></main>")
    page.shim.run(f"""() => {{
      document.querySelector('main').innerHTML += '<div><p>Tel {LONDON}</p></div>';
      document.querySelector('p').append(' Tel 020 7946 0100');
    }}""")
    page.until_links("020 7946 0100", LONDON)
    page.shim.run("() => document.querySelector('div').remove()")
    page.until_links("020 7946 0100")


def test_numbers_in_open_shadow_trees_are_found(finder: Callable[..., Finder]) -> None:
    page = finder(
        "<div id=host></div><late-element></late-element>",
        script="""() => {
          const outer = host.attachShadow({ mode: 'open' });
          outer.innerHTML = '<p>Tel 020 7946 0101</p><div></div>';
          const inner = outer.querySelector('div').attachShadow({ mode: 'open' });
          inner.innerHTML = '<p>Tel 020 7946 0102</p>';
        }""",
    )
    page.until_links("020 7946 0101", "020 7946 0102")
    page.stop()

    page = finder("<late-element></late-element><div id=host></div>")
    page.shim.run("""() => {
      customElements.define('late-element', class extends HTMLElement {
        constructor() {
          super();
          const root = this.attachShadow({ mode: 'open' });
          root.innerHTML = '<p>Tel 020 7946 0103</p>';
        }
      });
    }""")
    page.until_links("020 7946 0103")
    page.shim.run("""() => {
      const root = document.querySelector('late-element').shadowRoot;
      root.querySelector('p').after('Tel 020 7946 0104');
    }""")
    page.until_links("020 7946 0103", "020 7946 0104")


def test_a_framework_that_writes_to_its_text_node_sees_no_trace_of_links(
    finder: Callable[..., Finder],
) -> None:
    """A text node that is held stays where it is; our nodes go as soon as it is written to."""
    page = finder(
        f"<p>Tel {LONDON} (office)</p>",
        script="() => { window.held = document.querySelector('p').firstChild; }",
    )
    page.until_links(LONDON)
    assert page.shim.run("() => held === document.querySelector('p').firstChild")

    text = page.shim.run("""async () => {
      held.nodeValue = 'Tel 020 7946 0100 (home)';
      await null;
      return document.querySelector('p').textContent;
    }""")
    assert text == "Tel 020 7946 0100 (home)"
    page.until_links("020 7946 0100")

    # The same text once more, as frameworks do that compare with nothing.
    page.shim.run("() => { held.nodeValue = 'Tel 020 7946 0100 (home)'; }")
    page.until("document.querySelector('p').textContent === 'Tel 020 7946 0100 (home)'")
    page.until_links("020 7946 0100")


def test_a_framework_that_removes_moves_or_surrounds_its_text_node_is_not_disturbed(
    finder: Callable[..., Finder],
) -> None:
    page = finder(
        f"<p>Tel {LONDON} (office)</p><div></div>",
        script="() => { window.held = document.querySelector('p').firstChild; }",
    )
    page.until_links(LONDON)
    around = page.shim.run("""() => {
      const p = document.querySelector('p');
      p.insertBefore(document.createElement('i'), held).textContent = 'before ';
      p.append(' after');
      return p.textContent;
    }""")
    assert around == f"before Tel {LONDON} (office) after"

    moved = page.shim.run("""async () => {
      document.querySelector('div').append(held);
      await null;
      return [document.querySelector('p').textContent, document.querySelector('div').textContent];
    }""")
    assert moved == ["before  after", f"Tel {LONDON} (office)"]
    page.until_links(LONDON)

    removed = page.shim.run("""async () => {
      document.querySelector('div').removeChild(held);
      await null;
      return [document.querySelector('div').innerHTML, held.data];
    }""")
    assert removed == ["", f"Tel {LONDON} (office)"]


def test_a_part_of_the_page_that_is_taken_out_is_as_it_was(finder: Callable[..., Finder]) -> None:
    page = finder(f"<main><p>Tel {LONDON} (office)</p></main>")
    page.until_links(LONDON)
    html = page.shim.run("""async () => {
      window.main = document.querySelector('main');
      main.remove();
      await null;
      return main.innerHTML;
    }""")
    assert html == f"<p>Tel {LONDON} (office)</p>"
    page.shim.run("() => document.body.append(main)")
    page.until_links(LONDON)


def test_a_text_that_changed_while_it_was_searched_is_searched_again(
    finder: Callable[..., Finder],
) -> None:
    page = finder(f"<p>Tel {LONDON}</p>")
    page.shim.got("detect")
    page.shim.run("() => { document.querySelector('p').firstChild.data = 'x +44 20 7946 0100'; }")
    page.until_links("+44 20 7946 0100")


def test_what_becomes_editable_loses_its_links(finder: Callable[..., Finder]) -> None:
    """The page may save what it finds there."""
    page = finder(f"<p>Tel {LONDON}</p><div><b>Tel 020 7946 0100</b></div>")
    page.until_links(LONDON, "020 7946 0100")
    html = page.shim.run("""async () => {
      document.querySelector('p').contentEditable = 'true';
      document.querySelector('div').dataset.ctiIgnore = '';
      await null;
      return [document.querySelector('p').innerHTML, document.querySelector('div').innerHTML];
    }""")
    assert html == [f"Tel {LONDON}", "<b>Tel 020 7946 0100</b>"]
    page.shim.run("() => { document.querySelector('p').contentEditable = 'inherit'; }")
    page.until_links(LONDON)


def test_copies_that_the_page_makes_of_links_become_text_too(
    finder: Callable[..., Finder],
) -> None:
    page = finder(f"<p>Tel {LONDON} (office)</p>")
    page.until_links(LONDON)
    page.shim.run("() => { document.querySelector('p').innerHTML += '!'; }")
    page.shim.run("() => service.disable()")
    assert page.shim.run("() => [...document.querySelector('p').childNodes].length") == 1
    text = page.shim.run("() => document.querySelector('p').innerHTML")
    assert text == f"Tel {LONDON} (office)!"


def test_selected_text_is_left_until_it_is_not(finder: Callable[..., Finder]) -> None:
    page = finder(
        f"<p>Tel {LONDON}</p><p>Tel 020 7946 0100</p>",
        script="() => getSelection().selectAllChildren(document.querySelector('p'))",
    )
    page.until_links("020 7946 0100")
    assert page.shim.run("() => getSelection().toString()") == f"Tel {LONDON}"
    page.shim.run("() => getSelection().removeAllRanges()")
    page.until_links(LONDON, "020 7946 0100")


# A number in several elements


def test_in_a_flex_container_text_and_links_stay_one_box(finder: Callable[..., Finder]) -> None:
    page = finder(
        f"<p>Tel {LONDON} (office)</p>",
        script="""() => {
          document.querySelector('p').style.display = 'flex';
          document.querySelector('p').style.justifyContent = 'space-between';
        }""",
    )
    page.until_links(LONDON)
    boxes = page.shim.run("() => [...document.querySelector('p').children].map((e) => e.outerHTML)")
    assert boxes == [f'<span>Tel <a href="{URI}" data-cti-detected="">{LONDON}</a> (office)</span>']
    page.stop()


# Slices


def test_a_large_page_is_done_in_slices_and_restored(finder: Callable[..., Finder]) -> None:
    page = finder(
        "<main></main>",
        script="""() => {
          window.slices = 0;
          const idle = requestIdleCallback;
          window.requestIdleCallback = (work, options) => idle((deadline) => {
            slices += 1;
            work(deadline);
          }, options);
          const main = document.querySelector('main');
          for (let i = 0; i < 5000; i++) {
            const p = document.createElement('p');
            const b = document.createElement('b');
            b.textContent = `Item ${i}`;
            const number = i % 20 ? '' : ` Tel 020 7946 ${String(i).padStart(4, '0')}`;
            p.append(b, ` costs ${i}.50 £.${number}`);
            main.append(p);
          }
        }""",
    )
    page.until("document.querySelectorAll('a').length === 250")
    assert page.shim.run("() => slices") > 250 / 50
    page.stop()


# When something is missing


def test_a_worker_that_dies_is_asked_again(finder: Callable[..., Finder]) -> None:
    page = finder(f"<p>Tel {LONDON}</p>")
    (first,) = page.shim.got("detect")
    error = {"code": "WORKER_DIED", "message": "It died."}
    page.shim.say({"type": "refusal", "id": first["id"], "error": error})
    page.asked.append(first)
    page.until_links(LONDON)


def test_without_the_plans_nothing_more_is_asked(finder: Callable[..., Finder]) -> None:
    page = finder(f"<p>Tel {LONDON}</p>")
    (first,) = page.shim.got("detect")
    error = {"code": "NUMBERS_UNAVAILABLE", "message": "There are none."}
    page.shim.say({"type": "refusal", "id": first["id"], "error": error})
    page.shim.run("() => document.querySelector('p').append(' Tel 020 7946 0100')")
    page.idle()
    assert len(page.shim.got("detect")) == 1


def test_a_script_that_is_missing_is_said_in_the_console_and_links_still_call(
    shim: Shim,
) -> None:
    said: list[str] = []
    shim.page.on("console", lambda message: said.append(message.text))
    shim.load(shim.page, "<a id=n href='tel:+442079460199'>call</a>")
    shim.make(detectUrl=f"{shim.base}/dist/missing.mjs")
    shim.up()
    shim.say(state(), event("INFO"))
    shim.until_names("INFO")
    shim.run("() => { cti.clickToCall({ detect: true }); }")
    shim.page.click("#n")
    assert shim.got("command")[0]["args"] == ["tel:+442079460199"]
    shim.page.wait_for_function("true")
    assert any("numbers in text are not detected" in text for text in said)


def test_what_moves_while_it_is_asked_gets_its_link_once(
    finder: Callable[..., Finder],
) -> None:
    page = finder(f"<p>Call {LONDON}</p><div><p>Phone</p></div><div><p>Telephone</p></div>")
    page.shim.got("detect")
    # The first question is not answered yet, so both looks at the new node wait for the next one.
    for index in (0, 1):
        page.shim.run(
            """(index) => {
              window.moved ??= Object.assign(document.createElement('p'), {
                textContent: '020 7946 0321' });
              document.querySelectorAll('div')[index].append(moved);
            }""",
            index,
        )
        page.idle()
    page.until_links(LONDON, "020 7946 0321")
    asked = [text for text, _label in page.texts]
    assert asked.count("020 7946 0321") == 2


def test_disabling_at_once_leaves_nothing(finder: Callable[..., Finder]) -> None:
    page = finder("<p>Tel</p>")
    before = f"<p>Tel {LONDON}</p>"
    after = page.shim.run(
        """(html) => {
          service.disable();
          document.body.innerHTML = html;
          cti.clickToCall({ detect: true }).disable();
          return document.body.innerHTML;
        }""",
        before,
    )
    page.idle()
    assert after == page.shim.run("document.body.innerHTML") == before
    assert page.shim.run("() => got.filter((message) => message.type === 'detect').length") == 0


def test_without_detect_no_script_is_loaded_for_it(shim: Shim) -> None:
    asked: list[str] = []
    shim.page.on("request", lambda request: asked.append(request.url))
    shim.load(shim.page, f"<p>Tel {LONDON}</p>")
    shim.make()
    shim.up()
    shim.run("() => { cti.clickToCall(); }")
    assert any("cti-connector" in url for url in asked)
    assert not any("cti-detect" in url for url in asked)


# How it is turned on

HOOK = "<script src='/shim/hook.js'></script>"
CLASSIC = "<script src='/dist/cti-connector.js' data-click-to-call=detect data-load=eager></script>"


def test_the_attribute_of_the_script_turns_it_on(shim: Shim) -> None:
    shim.load(shim.page, f"<p>Tel {LONDON}</p>", HOOK + CLASSIC)
    shim.up()
    finder = Finder(shim)
    finder.until("document.querySelector('p > a[data-cti-detected]')")


def test_the_module_finds_its_script_too(shim: Shim) -> None:
    shim.load(shim.page, f"<p>Tel {LONDON}</p>", HOOK)
    shim.run("""async () => {
      window.Cti = (await import('/dist/cti-connector.mjs')).default;
    }""")
    shim.make()
    shim.run("() => { cti.clickToCall({ detect: true }); }")
    shim.up()
    Finder(shim).until("document.querySelector('p > a[data-cti-detected]')")
