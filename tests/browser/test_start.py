"""How the worker starts: from the snapshot where it fits, the ordinary way where not."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from pycti import bundle

from .conftest import PbxServer
from .cti_page import CtiPage


@pytest.fixture(scope="module")
def built() -> Path:
    return bundle.build()


@pytest.fixture
def dist(tmp_path: Path, built: Path) -> Path:
    """A copy of the bundle, to be damaged."""
    return Path(shutil.copytree(built, tmp_path / "dist"))


@pytest.fixture
def served(dist: Path) -> Iterator[PbxServer]:
    server = PbxServer(dist)
    yield server
    server.stop()


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
    def make(**options: Any) -> CtiPage:
        page = new_page()
        console.watch(page)
        return CtiPage(page, served.url, options, folder=dist / "demo")

    return make


def asset(dist: Path, pattern: str) -> Path:
    (path,) = (dist / "assets").glob(pattern)
    return path


def use(cti: CtiPage, server: PbxServer) -> None:
    """Do an agent's work: log in, be refused something, take a call, log out."""
    cti.login()
    assert cti.refused("call", "none")["code"] == "BAD_EXTENSION"
    server.incoming()
    call = cti.wait("RINGING")["call"]
    cti.run("answer", call["id"])
    cti.run("terminate", call["id"])
    cti.wait("HANGUP")
    cti.run("logout")


def test_from_the_snapshot_no_library_and_no_package_is_needed(
    dist: Path, served: PbxServer, open_page: Callable[..., CtiPage], console: Console
) -> None:
    asset(dist, "python_stdlib-*.zip").unlink()
    asset(dist, "pycti-*.zip").unlink()
    use(open_page(), served)
    assert console.warnings == []


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100_000])


def flip_one_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def of_another_runtime(path: Path) -> None:
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[16] ^= 1  # The checksum of the WebAssembly module's own data.
    path.write_bytes(gzip.compress(content, 1))


def of_another_format(path: Path) -> None:
    path.write_bytes(gzip.compress(b"something else, of a length that is a multiple of four"[:52]))


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (Path.unlink, "404"),
        (cut_off, ""),
        (flip_one_bit, ""),
        (of_another_runtime, "another runtime"),
        (of_another_format, "another format"),
    ],
)
def test_a_snapshot_that_does_not_fit_costs_time_and_one_warning(
    damage: Callable[[Path], None],
    reason: str,
    dist: Path,
    served: PbxServer,
    open_page: Callable[..., CtiPage],
    console: Console,
) -> None:
    damage(asset(dist, "snapshot-*.bin"))
    use(open_page(), served)
    assert len(console.warnings) == 1
    assert console.warnings[0].startswith("Cti: The start snapshot cannot be used")
    assert reason in console.warnings[0]


def test_a_server_that_declares_the_files_as_compressed_is_understood(
    dist: Path, served: PbxServer, open_page: Callable[..., CtiPage], console: Console
) -> None:
    # Such a server's browser hands over what it has unpacked already.
    for path in (dist / "assets").glob("*.bin"):
        path.write_bytes(gzip.decompress(path.read_bytes()))
    use(open_page(), served)
    assert console.warnings == []


def test_the_second_visit_downloads_nothing(dist: Path, open_page: Callable[..., CtiPage]) -> None:
    first = open_page(shared=False)
    first.login()
    first.page.close()
    for path in (dist / "assets").iterdir():
        path.unlink()
    open_page(shared=False).wait("READY")


def test_every_start_draws_other_random_numbers(
    served: PbxServer, open_page: Callable[..., CtiPage]
) -> None:
    """A snapshot freezes the state of generators: what must not repeat comes from the system."""
    for _ in range(2):
        page = open_page(shared=False, persist="none")
        page.login()
        page.page.close()
    seen = served.state()["subscriptions"]
    assert len({one["call_id"] for one in seen}) == len(seen) == 2
