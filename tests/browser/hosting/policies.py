"""The policies of docs/hosting.rst, with the addresses of the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "docs/policies"


def policy(name: str, addresses: Mapping[str, str]) -> str:
    """Return the policy of this file as a header value; ``addresses`` replaces the examples."""
    text = " ".join((FOLDER / f"{name}.txt").read_text("utf-8").split())
    for example, real in addresses.items():
        text = text.replace(example, real)
    return text


def directives(text: str) -> Iterator[list[str]]:
    for directive in text.split(";"):
        yield directive.split()


def lacking_one(name: str) -> list[tuple[str, str]]:
    """Return each directive of this file with each of its sources, in order."""
    return [
        (directive, source)
        for directive, *sources in directives(policy(name, {}))
        for source in sources
        if source != "'none'"
    ]


def without(text: str, directive: str, source: str) -> str:
    """Return the policy without this source."""
    kept = []
    for name, *sources in directives(text):
        if name == directive:
            assert source in sources, text
            rest = [one for one in sources if one != source] or ["'none'"]
            kept.append(" ".join([name, *rest]))
        else:
            kept.append(" ".join([name, *sources]))
    return "; ".join(kept)
