"""The cache of parsed texts, which no network input can fill."""

from __future__ import annotations

import pytest

from pycti.sip.memory import LONGEST, Memory


class Reader:
    """Counts the texts that it parses."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, text: str) -> int:
        self.read.append(text)
        return int(text)


@pytest.fixture
def reader() -> Reader:
    return Reader()


def test_the_same_text_is_parsed_once(reader: Reader):
    memory = Memory(reader)
    assert [memory["7"], memory["8"], memory["7"]] == [7, 8, 7]
    assert reader.read == ["7", "8"]


def test_a_failed_parse_is_not_cached(reader: Reader):
    memory = Memory(reader)
    for _ in range(2):
        with pytest.raises(ValueError, match="seven"):
            memory["seven"]
    assert reader.read == ["seven", "seven"]


def test_a_long_text_is_not_cached(reader: Reader):
    memory, long = Memory(reader), "7".zfill(LONGEST)
    assert [memory[long], memory[long]] == [7, 7]
    assert reader.read == [long, long]


def test_the_cache_holds_size_texts_and_as_many_older_ones(reader: Reader):
    memory = Memory(reader, size=4)
    for number in range(1000):
        memory[str(number)]
        assert len(memory) + len(memory._older) <= 8


def test_a_text_that_is_used_again_stays_cached(reader: Reader):
    memory = Memory(reader, size=4)
    for number in range(1000):
        memory["7"]
        memory[str(1000 + number)]
    assert reader.read.count("7") == 1
