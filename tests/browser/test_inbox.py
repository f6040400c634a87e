"""What a WebSocket receives is handed to Python in order, and together where it came together."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from .site import Site

SOURCE = Path(__file__).parents[2] / "web" / "src" / "worker"
ADD = """async (script) => {
  const { ReceiveQueue } = await import("/receive-queue.js");
  const entered = [];
  const shown = (text) => (typeof text === "string" ? text : `bytes ${[...text]}`);
  const inbox = new ReceiveQueue((kind, text) => entered.push(`${kind}: ${shown(text)}`));
  const bytes = (...values) => new Uint8Array(values).buffer;
  const until = async (count) => {
    while (entered.length < count) await new Promise((resolve) => setTimeout(resolve));
  };
  // What another one takes its time for has had its time here, too.
  const turn = () => new Promise((resolve) => new ReceiveQueue(resolve).add("-"));
  await eval(`(async () => { ${script} })()`);
  return entered;
}"""
LAST_WORDS = """async () => {
  const { PythonBridge } = await import("/python-bridge.js");
  let socket;
  globalThis.WebSocket = class {
    constructor() {
      socket = this;
    }
  };
  const entered = [];
  const border = new PythonBridge(() => {});
  border.open((kind, number, text) => void entered.push(`${kind} ${number}: ${text}`));
  border.do("o1 wss://sip.example/");
  socket.onopen();
  for (const data of "abc") socket.onmessage({ data });
  socket.onclose({ code: 1001 });
  return entered;
}"""


@pytest.fixture
def inbox(page: Page, tmp_path: Path) -> Iterator[Page]:
    for name in ("receive-queue.js", "python-bridge.js"):
        shutil.copy(SOURCE / name, tmp_path)
    (tmp_path / "index.html").write_text("<!doctype html><title>ReceiveQueue</title>")
    site = Site(tmp_path)
    page.goto(f"{site.url}/index.html")
    yield page
    site.stop()


def entered(inbox: Page, script: str) -> Any:
    """Return what was handed over while this ran, each time as ``kind: text``."""
    return inbox.evaluate(ADD, script)


def test_what_comes_alone_goes_alone(inbox: Page) -> None:
    script = "inbox.add('one'); await until(1); inbox.add('two'); await until(2);"
    assert entered(inbox, script) == ["text: one", "text: two"]


def test_what_comes_together_goes_together_when_nothing_more_is_there(inbox: Page) -> None:
    script = "for (const one of 'abc') inbox.add(one); entered.push('later'); await until(2);"
    assert entered(inbox, script) == ["later", "texts: a\0b\0c"]


def test_a_text_that_would_fall_apart_and_bytes_go_alone_in_their_place(inbox: Page) -> None:
    script = (
        r"for (const one of ['a', 'b\0c', 'd', bytes(255, 0), 'e']) inbox.add(one); await until(5);"
    )
    assert entered(inbox, script) == [
        "text: a",
        "text: b\0c",
        "text: d",
        "text: bytes 255,0",
        "text: e",
    ]


def test_a_rush_without_end_is_handed_over_in_parts(inbox: Page) -> None:
    script = "for (let n = 0; n < 70;) inbox.add(`${n++}`); entered.push('later'); await until(4);"
    parts = entered(inbox, script)
    assert parts[-2] == "later"
    assert [part.count("\0") + 1 for part in parts if part != "later"] == [32, 32, 6]
    texts = [text for part in parts if part != "later" for text in part[7:].split("\0")]
    assert texts == [str(number) for number in range(70)]


def test_what_is_there_can_be_had_at_once(inbox: Page) -> None:
    script = "inbox.add('a'); inbox.empty(); entered.push('now'); inbox.empty(); await turn();"
    assert entered(inbox, script) == ["text: a", "now"]


def test_nothing_comes_after_the_end(inbox: Page) -> None:
    assert entered(inbox, "inbox.add('a'); inbox.close(); await turn(); inbox.empty();") == []


def test_the_last_words_come_before_the_end(inbox: Page) -> None:
    assert inbox.evaluate(LAST_WORDS) == [
        "open 1: ",
        "texts 1: a\0b\0c",
        "close 1: closed with code 1001",
    ]
