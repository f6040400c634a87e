"""The documentation names tests as proof: they are there."""

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
    """Each point of a list under an attacker names a test, but for two that say what is meant."""
    text = (ROOT / "docs/threats.rst").read_text()
    sections = text.partition("A script on the host page")[2]
    points = re.findall(r"^\* (.*(?:\n  .*)*)", sections, re.M)
    unproved = [point.split("\n")[0] for point in points if not NAMED.search(point)]
    assert unproved == [
        "A shared worker belongs to its origin; tabs of one origin share the session on purpose.",
        "Storage holds what :doc:`security` lists. It is not encrypted: whoever has the unlocked "
        "device has the",
    ]
