"""The dialer's languages. Types check the keys of the texts; these tests check placeholders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WORDS = Path(__file__).parents[2] / "web/src/dialer/words"
LANGUAGES = sorted(path.stem for path in WORDS.glob("*.js"))
ENTRY = re.compile(r"^  (\w+): (.+?),?$", re.M)


def gaps(language: str) -> dict[str, set[str]]:
    """Return the placeholders of each text."""
    text = (WORDS / f"{language}.js").read_text("utf-8")
    return {key: set(re.findall(r"\{(\w+)\}", value)) for key, value in ENTRY.findall(text)}


def test_english_spanish_and_german_are_there() -> None:
    assert {"en", "es", "de"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_uses_the_same_placeholders_as_english(language: str) -> None:
    english = gaps("en")
    assert len(english) > 100
    assert gaps(language) == english


def test_every_text_is_used() -> None:
    code = "".join(path.read_text("utf-8") for path in WORDS.parent.glob("*.js"))
    unused = [key for key in gaps("en") if not re.search(rf'"{key}"', code)]
    assert not unused
