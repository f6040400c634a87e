"""What detection costs the page's thread: long tasks on a page of 10,000 text nodes.

``python tests/bench/detect_longtasks.py [--rounds N]`` shows pages to a real Chromium, each once
with the connector alone and once with ``detect: true``, and prints the browser's own count of
tasks that took 50 ms or more, from the start of click-to-call until every number is a link and
two idle seconds have passed. On a busy machine a task is also long when others have the processor:
the last columns are the processor time of the costliest task of the page's thread, from a trace,
and of all its tasks together.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from browser.conftest import PbxServer
from browser.engines import CHROMIUM

NODES = 10_000
NUMBERS = 500

PAGE = """<!doctype html><meta charset="utf-8"><title>Long tasks</title>
<link rel="icon" href="data:,"><main>BODY</main>
<script src="/dist/cti-connector.js"></script>
<script>
  window.tasks = [];
  window.slices = 0;
  const idle = requestIdleCallback;
  window.requestIdleCallback = (work, options) => idle((deadline) => {
    slices += 1;
    work(deadline);
  }, options);
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push({ startTime, duration });
  }).observe({ type: "longtask", buffered: true });
  window.connector = new Cti.Connector({
    apiEndpoint: location.origin + "/v1.2/voipstudio",
    defaultCountry: "GB",
    shared: false,
    onMessage() {},
  });
</script>
"""


def paragraphs() -> str:
    """Return short paragraphs with two text nodes each."""
    return "".join(
        f"<p><b>Item {i}</b> in stock, {i % 90 + 1}.50 £.{_number(i, 2)}</p>"
        for i in range(NODES // 2)
    )


def table() -> str:
    """Return one table, whose layout any change may touch."""
    rows = (
        f"<tr><td>{i}</td><td>Name {i}</td><td>2026-03-{i % 28 + 1:02}</td><td>{i * 7}.10</td>"
        f"<td>{_number(i, 5) or '–'}</td></tr>"
        for i in range(NODES // 5)
    )
    return f"<table><tr><th>#<th>Name<th>Date<th>Sum<th>Phone</tr>{''.join(rows)}</table>"


def _number(row: int, nodes: int) -> str:
    every = NODES // nodes // NUMBERS
    return f" Tel 020 7946 {row // every:04}" if row % every == 0 else ""


def measure(browser: Browser, url: str, body: str, detect: bool) -> dict[str, float]:
    """Return what one page view costs, in milliseconds."""
    context = browser.new_context()
    page = context.new_page()
    html = PAGE.replace("BODY", body)
    page.route(
        re.compile(re.escape(f"{url}/bench.html")),
        lambda route: route.fulfill(body=html, content_type="text/html"),
    )
    page.goto(f"{url}/bench.html")
    _rest(page)
    browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
    result = page.evaluate(
        """async ([detect, wanted]) => {
          const start = performance.now();
          slices = 0;
          const service = connector.clickToCall({ detect });
          const rest = (time) => new Promise((done) => setTimeout(done, time));
          const links = () => document.querySelectorAll("a[data-cti-detected]").length;
          while (detect && links() < wanted) await rest(50);
          const found = performance.now();
          await rest(2_000);
          const during = tasks.filter(({ startTime }) => startTime >= start);
          const undo = performance.now();
          service.disable();
          const undone = performance.now();
          return {
            count: during.length,
            long: during.reduce((sum, { duration }) => sum + duration, 0),
            longest: Math.max(0, ...during.map(({ duration }) => duration)),
            slices,
            found: detect ? found - start : 0,
            disable: undone - undo,
          };
        }""",
        [detect, NUMBERS],
    )
    result |= _processor_time(json.loads(browser.stop_tracing())["traceEvents"])
    context.close()
    return result


def _processor_time(events: list[dict[str, Any]]) -> dict[str, float]:
    """Return what the tasks of the renderer's main thread took of the processor."""
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    times: dict[tuple[int, int], list[float]] = {thread: [] for thread in main}
    for event in events:
        thread = (event["pid"], event["tid"])
        if thread in main and event["name"].endswith("RunTask") and event["ph"] == "X":
            times[thread].append(event.get("tdur", 0) / 1_000)
    busiest = max(times.values(), key=sum, default=[])
    return {"costliest": max(busiest, default=0), "all": sum(busiest)}


def _rest(page: Page) -> None:
    """Wait until the page's own start is over, and Python's in its worker."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(4_000)


def run(rounds: int) -> Iterator[str]:
    """Return the lines of the table."""
    yield f"{'page':<12}{'detect':<8}{'long tasks':>11}{'ms in them':>11}{'longest':>9}" + (
        f"{'slices':>8}{'all found after':>17}{'disable()':>11}{'costliest':>13}{'all tasks':>13}"
    )
    server = PbxServer()
    with sync_playwright() as playwright:
        browser = CHROMIUM.launch(playwright.chromium)
        for name, body in (("paragraphs", paragraphs()), ("one table", table())):
            for detect in (False, True):
                results = [measure(browser, server.url, body, detect) for _ in range(rounds)]
                values = {key: statistics.median(one[key] for one in results) for key in results[0]}
                yield f"{name:<12}{'yes' if detect else 'no':<8}{values['count']:>11.0f}" + (
                    f"{values['long']:>11.0f}{values['longest']:>9.0f}{values['slices']:>8.0f}"
                    f"{values['found']:>14.0f} ms{values['disable']:>8.0f} ms"
                    f"{values['costliest']:>10.0f} ms{values['all']:>10.0f} ms"
                )
        browser.close()
    server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    for line in run(parser.parse_args().rounds):
        print(line, flush=True)


if __name__ == "__main__":
    main()
