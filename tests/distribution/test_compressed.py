"""The compressed copies: best Brotli quality, reproducible, and compressed once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pycti.bundle import find_web_root, node

LARGE = 300_000
"""The size of a file that is worth caching, in bytes."""


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "large.bin").write_bytes(bytes(random.Random(1).choices(b"abcdefgh", k=LARGE)))
    (folder / "small.js").write_text("let it = 'be';\n" * 200)
    (folder / "tiny.js").write_text("0")
    return folder


def compress(folder: Path, cache: Path) -> dict[str, bytes]:
    """Return the copies by name."""
    program, _ = node.find_node(lambda _name: None)
    command = [*program, "build/compress.mjs", str(folder), str(cache)]
    node.run(command, find_web_root(), "compress.mjs failed", "")
    suffixes = (".br", ".gz")
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in suffixes}


def test_the_same_file_gives_the_same_copies_with_and_without_a_cache(
    bundle: Path, tmp_path: Path
) -> None:
    first = compress(bundle, tmp_path / "cache")
    assert set(first) == {"large.bin.br", "large.bin.gz", "small.js.br", "small.js.gz"}
    assert compress(bundle, tmp_path / "cache") == first
    assert compress(bundle, tmp_path / "another") == first


def test_a_large_file_is_compressed_once(bundle: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    compress(bundle, cache)
    (kept,) = cache.iterdir()
    kept.write_bytes(b"from the cache")
    assert compress(bundle, cache)["large.bin.br"] == b"from the cache"
    (bundle / "large.bin").write_bytes(b"x" * LARGE)
    assert compress(bundle, cache)["large.bin.br"] != b"from the cache"


def test_the_cache_drops_files_that_were_not_used_for_long(bundle: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for number in range(45):
        (bundle / "large.bin").write_bytes(bytes([number]) * LARGE)
        if number in (0, 44):
            compress(bundle, cache)
        else:
            (cache / f"{number}.br").write_bytes(b"")
    assert len(list(cache.iterdir())) == 40
