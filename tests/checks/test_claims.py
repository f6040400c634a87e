"""The tests that the documentation names as proof exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"``(tests/[\w/]+\.py)::(\w+)``")


def test_every_test_that_the_documentation_names_exists() -> None:
    claims = [
        (page.name, file, name)
        for page in (ROOT / "docs").rglob("*.rst")
        for file, name in NAMED.findall(page.read_text())
    ]
    assert len(claims) > 30
    missing = [
        claim
        for claim in claims
        if not (ROOT / claim[1]).is_file()
        or not re.search(rf"\bdef {claim[2]}\(", (ROOT / claim[1]).read_text())
    ]
    assert missing == []


def test_the_threat_model_proves_each_of_its_claims() -> None:
    """Each list item about an attacker names a test, except two that define the attacker."""
    text = (ROOT / "docs/threats.rst").read_text()
    sections = text.partition("A script on the host page")[2]
    points = re.findall(r"^\* (.*(?:\n  .*)*)", sections, re.M)
    unproved = [point.split("\n")[0] for point in points if not NAMED.search(point)]
    assert unproved == [
        "A shared worker belongs to its origin. Tabs of one origin share the session on purpose.",
        "Storage contains what :doc:`security` lists. It is not encrypted: anyone with the "
        "unlocked device can",
    ]


LISTENS = re.compile(r'(?<![\w.])(?:(?:window|self|globalThis)\.)?addEventListener\(\s*"message"')


def test_messages_of_other_windows_are_received_in_one_place_and_checked() -> None:
    """Every site can send messages to a window, so origin and source must be checked."""
    listeners = {}
    for path in (ROOT / "web/src").rglob("*.js"):
        text = path.read_text()
        assert not re.search(r"\b(?:window|self|globalThis)\.onmessage\s*=", text), path.name
        for found in LISTENS.finditer(text):
            listeners[path.name] = text[found.start() : found.start() + 600]
    # Only its page can send to a dedicated worker; every site can send to the bundle's frame.
    assert "worker.js" in listeners
    assert listeners.keys() <= {"worker.js", "frame.js"}
    for name, text in listeners.items():
        assert name == "worker.js" or ("origin" in text and "source" in text)
