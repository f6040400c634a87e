"""Python's part of detection without a worker that runs Python: answers the pages' requests."""

from __future__ import annotations

from typing import Any

from pycti.numbers import find_numbers

from .harness import Shim, wait_for

NODES = """(root) => {
  const nodes = [];
  const walk = (node) => {
    nodes.push(node);
    if (node.shadowRoot) walk(node.shadowRoot);
    for (const child of node.childNodes) walk(child);
  };
  walk(root);
  return nodes;
}"""
"""Every node below a root, shadow trees included, in order."""


LONDON = "020 7946 0199"
URI = "tel:+442079460199"


class Finder:
    """Turns detection on in a page with the fake worker, and answers its requests."""

    def __init__(self, shim: Shim, country: str | None = "GB") -> None:
        self.shim = shim
        self.country = country
        self.asked: list[dict[str, Any]] = []
        """The answered messages."""

    def start(self, options: str = "{}") -> None:
        """Save the state of the page, and make ``window.service``."""
        self.shim.run(f"""() => {{
          window.nodesOf = {NODES};
          window.nodesBefore = nodesOf(document.body);
          window.dataBefore = nodesBefore.map((node) => node.nodeValue);
          window.htmlBefore = document.body.innerHTML;
          window.service = cti.clickToCall({{ detect: true, ...{options} }});
        }}""")

    def answer(self, found: Any = None) -> None:
        """Answer all new requests."""
        messages = self.shim.run("() => got.filter((message) => message.type === 'detect')")
        for message in messages[len(self.asked) :]:
            self.asked.append(message)
            spans = [
                [index, one.start, one.end, f"tel:{one.number}"]
                for index, (text, label, *own) in enumerate(message["texts"])
                for one in find_numbers(text, own[0] if own else self.country, label)
            ]
            answer = {"type": "detected", "id": message["id"], "found": spans}
            self.shim.say(answer)

    def until(self, script: str, argument: Any = None) -> Any:
        """Answer until the expression is true, and return it."""

        def condition() -> Any:
            self.answer()
            return self.shim.run(script, argument)

        return wait_for(condition, script, seconds=60)

    def until_links(self, *texts: str) -> None:
        """Answer until these texts are links, in the order of the document."""
        links = "() => nodesOf(document.body).filter((node) => node.localName === 'a' && "
        links += "'ctiDetected' in node.dataset).map((node) => node.textContent)"
        wanted = list(texts)

        def condition() -> bool:
            self.answer()
            return self.shim.run(links) == wanted

        try:
            wait_for(condition, "links")
        except AssertionError:
            assert self.shim.run(links) == wanted

    @property
    def links(self) -> list[list[str]]:
        """The links that detection has made, with address and text."""
        return self.shim.run("""() => [...document.querySelectorAll('a[data-cti-detected]')].map(
          (link) => [link.getAttribute('href'), link.textContent])""")

    @property
    def texts(self) -> list[list[str]]:
        """The requests so far: texts and labels."""
        return [text for message in self.asked for text in message["texts"]]

    def idle(self) -> None:
        """Wait until all slices have run."""
        self.shim.run("""async () => {
          const loaded = () => performance.getEntriesByType("resource")
            .find(({ name }) => name.includes("/cti-detect-"));
          while (!loaded()) await new Promise((done) => setTimeout(done, 10));
          await import(loaded().name);
          // Idle callbacks run in the order in which they were asked for.
          for (let i = 0; i < 3; i++) await new Promise((done) => requestIdleCallback(done));
        }""")

    def stop(self) -> None:
        """Disable, and check that the page is exactly as it was."""
        self.shim.run("() => service.disable()")
        same = """() => {
          const nodes = nodesOf(document.body);
          return {
            nodes: nodes.length === nodesBefore.length &&
              nodes.every((node, index) => node === nodesBefore[index]),
            data: nodes.map((node) => node.nodeValue).join() === dataBefore.join(),
            html: document.body.innerHTML === htmlBefore,
          };
        }"""
        assert self.shim.run(same) == {"nodes": True, "data": True, "html": True}
