"""The one file of ours that the page's own thread runs: its size, and what it costs to evaluate."""

from __future__ import annotations

import gzip
from pathlib import Path

from bench.results import Results
from bench.world import Chromium, Server

_NAME = "cti-connector.js"

# As an inline script: compiled and run at once, without the network and without a code cache.
_EVALUATE = """
async () => {
  const script = document.createElement("script");
  script.textContent = await (await fetch("/dist/cti-connector.js")).text();
  const before = performance.now();
  document.head.append(script);
  const after = performance.now();
  if (typeof Cti.Connector !== "function") throw new Error("it was not evaluated");
  return after - before;
}
"""


def measure(browser: Chromium, server: Server, dist: Path, label: str, found: Results) -> None:
    """Measure it once."""
    content = (dist / _NAME).read_bytes()
    found.add("shim_bytes", "pycti", len(gzip.compress(content, 9)))
    page = browser.context.new_page()
    page.goto(f"{server.origin(server.host(f'{label}-shim'))}/pages/blank.html")
    found.add("shim_time", "pycti", page.evaluate(_EVALUATE))
    page.close()
