"""The start of the worker: from the snapshot if it matches, otherwise without it."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from .conftest import PbxServer
from .cti_page import CtiPage
from .file_server import FileServer

pytestmark = pytest.mark.differs("start")


@pytest.fixture
def served(own_pbx: PbxServer) -> PbxServer:
    return own_pbx


class Console(list[str]):
    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self.append(message.text))

    @property
    def warnings(self) -> list[str]:
        return [text for text in self if "snapshot" in text]


@pytest.fixture
def console() -> Console:
    return Console()


@pytest.fixture
def open_page(
    new_page: Callable[[], Page], served: PbxServer, dist: Path, console: Console
) -> Callable[..., CtiPage]:
    def make(source: str = "/dist/cti-connector.js", **options: Any) -> CtiPage:
        page = new_page()
        console.watch(page)
        return CtiPage(page, served.url, options, folder=dist / "demo", source=source)

    return make


def asset(dist: Path, pattern: str) -> Path:
    (path,) = (dist / "assets").glob(pattern)
    return path


def use(cti: CtiPage, server: PbxServer) -> None:
    """Log in, send a command that is refused, take a call, and log out."""
    cti.login()
    assert cti.refused("call", "none")["code"] == "BAD_EXTENSION"
    server.incoming()
    call = cti.wait("RINGING")["call"]
    cti.run("answer", call["id"])
    cti.run("terminate", call["id"])
    cti.wait("HANGUP")
    cti.run("logout")


FULL = ("pyodide.asm-*.mjs", "pyodide.full-*.bin", "python_stdlib-*.zip", "pycti-*.zip")
"""The files that a start without the snapshot needs, in addition to those of the other start."""


def test_a_start_from_the_snapshot_loads_only_the_lean_runtime(
    dist: Path, served: PbxServer, open_page: Callable[..., CtiPage], console: Console
) -> None:
    for pattern in FULL:
        asset(dist, pattern).unlink()
    use(open_page(), served)
    assert console.warnings == []


def cut_off(content: bytes) -> bytes:
    return content[:100_000]


def flip_one_bit(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def of_another_runtime(content: bytes) -> bytes:
    # The checksum of the WebAssembly module's own data.
    return content[:16] + bytes([content[16] ^ 1]) + content[17:]


def of_another_format(content: bytes) -> bytes:
    return b"something else, of a length that is a multiple of four"[:52]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (None, "404"),
        (cut_off, "damaged"),
        (flip_one_bit, "damaged"),
        (of_another_runtime, "another runtime"),
        (of_another_format, "another format"),
    ],
)
def test_a_snapshot_that_does_not_match_gives_one_warning(
    damage: Callable[[bytes], bytes] | None,
    reason: str,
    dist: Path,
    served: PbxServer,
    open_page: Callable[..., CtiPage],
    console: Console,
) -> None:
    snapshot = asset(dist, "snapshot-*.bin")
    content = snapshot.read_bytes()
    for path in (snapshot, *dist.glob(f"assets/{snapshot.name}.*")):
        path.unlink()
    if damage is not None:
        snapshot.write_bytes(damage(content))
    use(open_page(), served)
    assert len(console.warnings) == 1
    assert console.warnings[0].startswith("Cti: The start snapshot cannot be used")
    assert reason in console.warnings[0]


@pytest.fixture
def plain_server(dist: Path) -> Iterator[FileServer]:
    server = FileServer(dist)
    yield server
    server.stop()


def test_a_start_without_the_snapshot_loads_the_full_runtime(
    dist: Path,
    plain_server: FileServer,
    served: PbxServer,
    open_page: Callable[..., CtiPage],
    console: Console,
) -> None:
    for path in dist.glob("assets/snapshot-*"):
        path.unlink()
    use(open_page(source=f"{plain_server.url}/cti-connector.js"), served)
    assert {asset(dist, pattern).name for pattern in FULL} <= set(plain_server.asked)
    assert len(console.warnings) == 1


@pytest.mark.parametrize("declared", [False, True])
def test_compressed_copies_are_fetched_if_the_server_does_not_compress(
    declared: bool,
    dist: Path,
    plain_server: FileServer,
    served: PbxServer,
    open_page: Callable[..., CtiPage],
    console: Console,
) -> None:
    wasm, snapshot = asset(dist, "pyodide.hot-*.wasm").name, asset(dist, "snapshot-*.bin").name
    for name in (wasm, snapshot):
        copy = dist / "assets" / f"{name}.gz"
        if declared:
            # Some servers declare such a file as compressed, and the browser decompresses it.
            copy.write_bytes(gzip.decompress(copy.read_bytes()))
    use(open_page(source=f"{plain_server.url}/cti-connector.js"), served)
    assert {f"{wasm}.gz", f"{snapshot}.gz"} <= set(plain_server.asked)
    assert console.warnings == []


# Firefox writes its cache later, and does not report when a file is in it.
@pytest.mark.engines("chromium")
def test_the_second_visit_downloads_nothing(dist: Path, open_page: Callable[..., CtiPage]) -> None:
    first = open_page(shared=False)
    first.login()
    first.page.close()
    for path in (dist / "assets").iterdir():
        path.unlink()
    open_page(shared=False).wait("READY")


def test_every_start_draws_different_random_numbers(
    served: PbxServer, open_page: Callable[..., CtiPage]
) -> None:
    """A snapshot freezes generators, so values that must differ come from the system."""
    for _ in range(2):
        page = open_page(shared=False, persist="none")
        page.login()
        page.page.close()
    seen = served.state()["subscriptions"]
    assert len({one["call_id"] for one in seen}) == len(seen) == 2


def test_two_versions_of_the_bundle_on_one_origin_are_independent(
    dist: Path, served: PbxServer, open_page: Callable[..., CtiPage]
) -> None:
    manifest = json.loads((dist / "manifest.json").read_text())
    build = f"{manifest['version']}+{manifest['inputs'][:8]}"
    newer = Path(shutil.copytree(dist, dist / "newer"))
    for name in ("cti-connector.js", "cti-connector.js.br", "cti-connector.js.gz"):
        (newer / name).unlink()
    script = (dist / "cti-connector.js").read_text()
    assert build in script
    (newer / "cti-connector.js").write_text(script.replace(build, "9.9.9+newer"))

    old, new = open_page(), open_page("/dist/newer/cti-connector.js", persist="none")
    old.login()
    new.login()
    assert len(served.state()["sockets"]) == 2
    old.run("logout")
    assert new.evaluate("connector.isConnected()")
