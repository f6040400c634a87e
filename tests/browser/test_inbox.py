"""Texts from a WebSocket are passed to Python in order, and in batches if they arrive together."""

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
    static OPEN = 1;
    constructor() {
      socket = this;
    }
  };
  const entered = [];
  const border = new PythonBridge(() => {}, () => null, () => {});
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
    """Return what was passed on while this ran, each time as ``kind: text``."""
    return inbox.evaluate(ADD, script)


def test_a_single_text_is_passed_on_alone(inbox: Page) -> None:
    script = "inbox.add('one'); await until(1); inbox.add('two'); await until(2);"
    assert entered(inbox, script) == ["text: one", "text: two"]


def test_texts_that_arrive_together_are_passed_on_together(inbox: Page) -> None:
    script = "for (const one of 'abc') inbox.add(one); entered.push('later'); await until(2);"
    assert entered(inbox, script) == ["later", "texts: a\0b\0c"]


def test_bytes_and_texts_with_the_separator_are_passed_on_alone_in_order(inbox: Page) -> None:
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


def test_a_long_burst_is_passed_on_in_parts(inbox: Page) -> None:
    script = "for (let n = 0; n < 70;) inbox.add(`${n++}`); entered.push('later'); await until(4);"
    parts = entered(inbox, script)
    assert parts[-2] == "later"
    assert [part.count("\0") + 1 for part in parts if part != "later"] == [32, 32, 6]
    texts = [text for part in parts if part != "later" for text in part[7:].split("\0")]
    assert texts == [str(number) for number in range(70)]


def test_waiting_texts_can_be_flushed_at_once(inbox: Page) -> None:
    script = "inbox.add('a'); inbox.empty(); entered.push('now'); inbox.empty(); await turn();"
    assert entered(inbox, script) == ["text: a", "now"]


def test_nothing_is_passed_on_after_close(inbox: Page) -> None:
    assert entered(inbox, "inbox.add('a'); inbox.close(); await turn(); inbox.empty();") == []


def test_the_last_texts_are_passed_on_before_the_close(inbox: Page) -> None:
    assert inbox.evaluate(LAST_WORDS) == [
        "open 1: ",
        "texts 1: a\0b\0c",
        "close 1: closed with code 1001",
    ]
