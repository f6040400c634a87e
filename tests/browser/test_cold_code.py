"""The second module of the runtime: a session does not wait for it, and calls of it work later."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hot_functions.run import PROFILE
from playwright.sync_api import Page

from pycti.bundle import find_web_root, node

from .conftest import PbxServer, Trouble
from .cti_page import CtiPage
from .file_server import FileHandler, FileServer

pytestmark = pytest.mark.differs("start")


class Files(FileServer):
    """A server of the bundle that sends the second module only when ``open`` is set."""

    def __init__(self, dist: Path) -> None:
        self.arrived = threading.Event()
        self.open = threading.Event()
        super().__init__(dist, Handler)

    def stop(self) -> None:
        self.open.set()
        super().stop()


class Handler(FileHandler):
    server: Files

    def do_GET(self) -> None:
        if self.path.rpartition("/")[2].startswith("pyodide.cold-"):
            self.server.arrived.set()
            self.server.open.wait(60)
        super().do_GET()


@pytest.fixture
def files(dist: Path) -> Iterator[Files]:
    server = Files(dist)
    yield server
    server.stop()


@pytest.fixture
def open_page(
    new_page: Callable[[], Page], own_pbx: PbxServer, dist: Path, files: Files
) -> Callable[..., CtiPage]:
    def make(**options: Any) -> CtiPage:
        source = f"{files.url}/cti-connector.js"
        return CtiPage(new_page(), own_pbx.url, options, folder=dist / "demo", source=source)

    return make


@pytest.fixture
def everything_cold(dist: Path, tmp_path: Path) -> None:
    """In the bundle all functions but the smallest are in the second module."""
    web = find_web_root()
    profile = json.loads(PROFILE.read_text("utf-8")) | {"functions": []}
    (tmp_path / "profile.json").write_text(json.dumps(profile), "utf-8")
    program, _ = node.find_node(lambda _name: None)
    pyodide, lean = str(web / "node_modules/pyodide"), str(tmp_path / "lean")
    for command in (["build/lean.mjs"], ["build/halve.mjs", str(tmp_path / "profile.json")]):
        node.run([*program, command[0], pyodide, lean, *command[1:]], web, "no halves", "")
    for name in ("hot", "cold"):
        (old,) = dist.glob(f"assets/pyodide.{name}-*.wasm")
        for copy in dist.glob(f"assets/{old.name}.*"):
            copy.unlink()
        old.write_bytes((tmp_path / f"lean/pyodide.{name}.wasm").read_bytes())


def asked_for_it(files: Files) -> bool:
    return any(name.startswith("pyodide.cold-") for name in files.asked)


def use(cti: CtiPage, server: PbxServer) -> None:
    """Be refused something, take a call, end it, follow a queue."""
    assert cti.refused("call", "none")["code"] == "BAD_EXTENSION"
    server.incoming()
    call = cti.wait("RINGING")["call"]
    cti.run("answer", call["id"])
    cti.run("terminate", call["id"])
    cti.wait("HANGUP")
    cti.run("subscribe", "queue:77")


def test_a_login_that_is_refused_does_without_it(
    open_page: Callable[..., CtiPage], files: Files
) -> None:
    cti = open_page()
    assert cti.refused("login", "anna@example.com", "wrong")["code"]
    assert not asked_for_it(files)


def test_a_session_does_without_it_and_asks_for_it_behind_ready(
    open_page: Callable[..., CtiPage], files: Files, own_pbx: PbxServer
) -> None:
    cti = open_page()
    assert not asked_for_it(files)
    cti.login()  # Ends with READY, and whoever waited for the module would not get here.
    assert files.arrived.wait(60)
    use(cti, own_pbx)
    cti.run("logout")
    files.open.set()


# Playwright reaches no worker of a frame in Firefox.
@pytest.mark.engines("chromium")
def test_the_worker_counts_the_calls_of_it(
    open_page: Callable[..., CtiPage], files: Files, own_pbx: PbxServer
) -> None:
    cti = open_page(shared=False, defaultCountry="GB")
    cti.login()
    use(cti, own_pbx)
    (worker,) = cti.page.workers
    counted = "[ctiColdCode.calls > 0, ctiColdCode.forced]"
    assert worker.evaluate(counted) == [False, False]
    files.open.set()
    cti.run("call", "020 3642 7900")
    assert worker.evaluate(counted) == [True, False]


def test_a_remembered_session_does_without_it(
    open_page: Callable[..., CtiPage], files: Files
) -> None:
    cti = open_page()
    cti.login()
    cti.page.reload()
    cti.wait("READY")
    files.open.set()


def test_what_needs_it_waits_until_it_has_come(
    open_page: Callable[..., CtiPage], files: Files
) -> None:
    cti = open_page(defaultCountry="GB")
    cti.login()
    assert files.arrived.wait(60)
    call = cti.ask("call", "020 3642 7900")
    cti.run("subscribe", "queue:77")  # Nothing else waits.
    assert not cti.evaluate(f"{json.dumps(call)} in settled")
    files.open.set()
    assert "error" not in cti.settled(call)


def test_what_needs_it_is_refused_where_it_is_missing(
    open_page: Callable[..., CtiPage], files: Files, dist: Path
) -> None:
    (module,) = dist.glob("assets/pyodide.cold-*.wasm")
    module.unlink()
    files.open.set()
    cti = open_page(defaultCountry="GB")
    cti.login()
    error = cti.refused("call", "020 3642 7900")
    assert error["code"] == "NUMBERS_UNAVAILABLE"
    assert f"{module.name} was answered with 404" in error["message"]
    cti.run("subscribe", "queue:77")  # Nothing else is lost.


@pytest.mark.usefixtures("everything_cold")
def test_the_first_call_waits_for_it(
    open_page: Callable[..., CtiPage], files: Files, own_pbx: PbxServer
) -> None:
    cti = open_page()
    assert files.arrived.wait(60)
    files.open.set()
    cti.login()
    use(cti, own_pbx)


@pytest.mark.usefixtures("everything_cold")
def test_a_call_that_cannot_get_it_says_so(
    open_page: Callable[..., CtiPage], files: Files, dist: Path, trouble: Trouble
) -> None:
    (module,) = dist.glob("assets/pyodide.cold-*.wasm")
    module.unlink()
    files.open.set()
    cti = open_page()
    error = cti.refused("login", "anna@example.com", "demo")
    assert error["code"] == "WORKER_FAILED"
    assert f"{module.name}, a part of Python, was answered with 404" in error["message"]
    trouble.clear()  # Firefox reports what was thrown to the page, too.
