"""A real Kamailio and real phones on loopback; without them these tests are skipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .kamailio import Kamailio, missing
from .phones import Phones

ACCOUNTS = {user: f"secret-of-{user}" for user in ("100", "200", "300")}

CHILDREN = {"one process": 1, "several processes": 4}
"""How many processes receive SIP messages. Several can send NOTIFYs out of order."""


@pytest.fixture(scope="session")
def kamailio_installed() -> None:
    reason = missing()
    if reason and os.environ.get("PYCTI_REQUIRE_KAMAILIO") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session", params=CHILDREN.values(), ids=CHILDREN.keys())
def shared_server(
    request: pytest.FixtureRequest,
    kamailio_installed: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Kamailio]:
    server = Kamailio(tmp_path_factory.mktemp("kamailio"), ACCOUNTS, CHILDREN=request.param)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(shared_server: Kamailio) -> Iterator[Kamailio]:
    """The server that most tests share. It still reports calls that have just ended."""
    yield shared_server
    # With several processes it may still report them as confirmed, and after a failed test they may
    # really be. The next test must not inherit either.
    if shared_server.several or shared_server.dialogs():
        shared_server.kill()
        shared_server.start()


@pytest.fixture
def new_server(kamailio_installed: None, tmp_path: Path) -> Iterator[Callable[..., Kamailio]]:
    """Start servers for one test, with their own settings."""
    servers = []

    def make(
        accounts: dict[str, str] = ACCOUNTS, domain: str = "pbx.test", **defines: int | bool
    ) -> Kamailio:
        home = tmp_path / f"kamailio-{len(servers)}"
        servers.append(Kamailio(home, accounts, domain, **defines))
        servers[-1].start()
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture
def plug_in(tmp_path: Path) -> Iterator[Callable[[Kamailio], Phones]]:
    """Create phones for a server."""
    plugged: list[Phones] = []

    def make(server: Kamailio) -> Phones:
        plugged.append(Phones(server, tmp_path))
        return plugged[-1]

    yield make
    for phones in plugged:
        phones.unplug()


@pytest.fixture
def phones(server: Kamailio, plug_in: Callable[[Kamailio], Phones]) -> Phones:
    """Phones of the shared server."""
    return plug_in(server)
