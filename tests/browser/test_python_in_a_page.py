"""Pages that run Python themselves, in Pyodide or PyScript, and install pycti there."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bundled import built
from distribution.archives import archives
from playwright.sync_api import Page

from pycti import bundle
from pycti.bundle import pinned, wheel_name

from .pbx_server import PbxServer
from .site import Site

pytestmark = [pytest.mark.differs("start"), pytest.mark.timeout(600)]

PROGRAM = """
from pycti import Connector, EventName

async def work(api, number, **options):
    names = []
    async with Connector(api_endpoint=api, **options) as connector:
        events = connector.events()
        await connector.login("anna@example.com", "demo")
        await connector.call(number)
        async for event in events:
            names.append(event.name.value)
            if event.name is EventName.CONNECTED:
                await connector.terminate(event.call.id)
            if event.name in (EventName.HANGUP, EventName.CANCEL):
                break
        await connector.logout()
    return " ".join(names)
"""

HEARD = "LOGGED_IN SUBSCRIBED READY INITIAL ACCEPTED RINGING CONNECTED HANGUP"

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Python</title><link rel="icon" href="data:,">
<script>
addEventListener("unhandledrejection", ({ reason }) => (window.heard ??= String(reason)));
</script>
"""

PLAIN = """
import { loadPyodide } from "/pyodide/pyodide.mjs";
export async function run(program) {
  const pyodide = await loadPyodide({ packages: ["micropip"] });
  return pyodide.runPythonAsync(program);
}
"""

IN_PAGE = """<script type="module">
import { run } from "/run.mjs";
const program = await (await fetch("/program.py")).text();
run(program).then((heard) => (window.heard = heard), (error) => (window.heard = String(error)));
</script>
"""

IN_WORKER = """<script type="module">
const worker = new Worker("/worker.mjs", { type: "module" });
worker.onmessage = ({ data }) => (window.heard = data);
worker.onerror = ({ message }) => (window.heard = message);
</script>
"""

WORKER = """
import { run } from "/run.mjs";
const program = await (await fetch("/program.py")).text();
run(program).then(postMessage, (error) => { throw error; });
"""

PYSCRIPT = """<script type="module" src="/pyscript/core.js"></script>
<script type="py" src="/program.py" config='CONFIG'></script>
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A folder with the parts of the full Pyodide distribution that these tests need."""
    modules = bundle.development_packages()
    shutil.copytree(modules / "pyodide", tmp_path / "pyodide")
    (micropip,) = (wheel for wheel in pinned.WHEELS if wheel.name == "micropip")
    shutil.copyfile(built() / "assets" / micropip.file, tmp_path / "pyodide" / micropip.file)
    path = tmp_path / "pyodide/pyodide-lock.json"
    lock = json.loads(path.read_text())
    assert lock["packages"]["micropip"]["file_name"] == micropip.file
    lock["packages"]["micropip"]["sha256"] = micropip.sha256
    path.write_text(json.dumps(lock))
    (tmp_path / "run.mjs").write_text(PLAIN)
    server = Site(tmp_path)
    yield server
    server.stop()


def offer(site: Site, *wheels: Path) -> str:
    """Put wheels into an index (PEP 691) and return its address."""
    for wheel in wheels:
        name = wheel.name.partition("-")[0]
        folder = site.root / "simple" / name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(wheel, folder / wheel.name)
        files = [
            {
                "filename": path.name,
                "url": f"{site.url}/simple/{name}/{path.name}",
                "hashes": {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()},
            }
            for path in folder.glob("*.whl")
        ]
        index = {"meta": {"api-version": "1.0"}, "name": name, "files": files}
        (folder / "index.simple").write_text(json.dumps(index))
    return f"{site.url}/simple"


def numbers() -> Path:
    (path,) = (built() / "assets").glob("phonenumberslite-*.whl")
    return path


@pytest.fixture
def heard(site: Site, page: Page) -> Callable[[str, str], str]:
    """Opens a page with a program and returns the events of the program's call."""

    def run(html: str, program: str) -> str:
        (site.root / "program.py").write_text(program)
        (site.root / "index.html").write_text(PAGE + html)
        page.goto(f"{site.url}/index.html")
        page.wait_for_function("window.heard", timeout=120_000)
        return page.evaluate("window.heard")

    return run


def downloaded(site: Site) -> list[str]:
    return sorted(Path(path).name for path in site.asked if "pycti-" in path)


def test_micropip_chooses_the_pyodide_wheel_from_an_index(
    site: Site, pbx: PbxServer, heard: Callable[[str, str], str]
) -> None:
    """On the page's own thread, with national numbers."""
    index = offer(site, built() / wheel_name(), archives().wheel, numbers())
    install = f'import micropip\nawait micropip.install("pycti[numbers]", index_urls="{index}")'
    call = f'await work("{pbx.api}", "020 3642 7900", default_country="GB")'
    assert heard(IN_PAGE, f"{install}\n{PROGRAM}\n{call}") == HEARD
    assert downloaded(site) == [wheel_name()]


def test_micropip_installs_the_wheel_from_its_address_in_a_worker(
    site: Site, pbx: PbxServer, heard: Callable[[str, str], str]
) -> None:
    (site.root / "worker.mjs").write_text(WORKER)
    shutil.copyfile(built() / wheel_name(), site.root / wheel_name())
    install = f'import micropip\nawait micropip.install("{site.url}/{wheel_name()}")'
    call = f'await work("{pbx.api}", "+442036427900")'
    assert heard(IN_WORKER, f"{install}\n{PROGRAM}\n{call}") == HEARD


def test_the_generic_wheel_works(
    site: Site, pbx: PbxServer, heard: Callable[[str, str], str]
) -> None:
    """This is the case for a Pyodide version for which the index has no wheel."""
    index = offer(site, archives().wheel)
    install = f'import micropip\nawait micropip.install("pycti", index_urls="{index}")'
    call = f'await work("{pbx.api}", "+442036427900")'
    assert heard(IN_PAGE, f"{install}\n{PROGRAM}\n{call}") == HEARD
    assert downloaded(site) == [archives().wheel.name]


def test_pyscript_installs_the_wheel_from_its_configuration(
    site: Site, pbx: PbxServer, heard: Callable[[str, str], str]
) -> None:
    shutil.copytree(bundle.development_packages() / "@pyscript/core/dist", site.root / "pyscript")
    index = offer(site, built() / wheel_name(), archives().wheel)
    config = {
        "interpreter": "/pyodide/pyodide.mjs",
        "packages": ["pycti"],
        "index_urls": [index],
    }
    html = PYSCRIPT.replace("CONFIG", json.dumps(config))
    call = f'from pyscript import window\nwindow.heard = await work("{pbx.api}", "+442036427900")'
    assert heard(html, f"{PROGRAM}\n{call}") == HEARD
    assert downloaded(site) == [wheel_name()]
