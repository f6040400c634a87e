"""``python -m pycti``, run as a user runs it: a process of its own against a PBX on loopback."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith("PYCTI_")}
KEY = {"PYCTI_API_KEY": "demo-key-10002"}
ROOT = Path(__file__).parents[2]
DEMO = "http://127.0.0.1:8080"
"""Where the examples find the demo."""


def own_address() -> str:
    """An address of this machine that is not loopback's; no packet is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no network")
        return str(probe.getsockname()[0])


class Process:
    """A running command, and its lines as they come."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pycti", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**ENVIRONMENT, **environment, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
        )
        self.lines: list[str] = []

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read until a line matches."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line)
            if match := re.search(pattern, line):
                return match
        raise AssertionError(f"no {pattern!r} in:\n{''.join(self.lines)}")

    def interrupt(self) -> int:
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        return self.end()

    def end(self) -> int:
        rest, _ = self._process.communicate(timeout=60)
        self.lines += rest.splitlines(keepends=True)
        return self._process.returncode

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    running: list[Process] = []

    def run(*arguments: str, **environment: str) -> Process:
        process = Process(*arguments, **environment)
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()


@pytest.fixture
def pbx(start: Callable[..., Process]) -> str:
    """The URL of a PBX with the control API."""
    process = start("pbx", "--port", "0", "--control")
    return process.wait_for(r"REST API\s+(http://\S+)/v1\.2/voipstudio")[1]


def test_the_pbx_alone_has_no_control_api(start: Callable[..., Process]) -> None:
    process = start("pbx", "--port", "0")
    url = process.wait_for(r"REST API\s+(http://[^/]+)/")[1]

    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{url}/_pbx/state", timeout=10)
    assert process.interrupt() == 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
@pytest.mark.parametrize(
    ("command", "words"),
    [(["pbx"], r"SIP\s+wss://([^/]+)/sip"), (["demo", "--no-browser"], r"at https://([^/\s]+)")],
)
def test_the_servers_speak_tls(
    start: Callable[..., Process], tmp_path: Path, command: list[str], words: str
) -> None:
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "1", "-keyout", "key.pem", "-out", "cert.pem", *subject],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    process = start(
        *command, "--port", "0",
        "--certfile", str(tmp_path / "cert.pem"), "--keyfile", str(tmp_path / "key.pem"),
    )  # fmt: skip
    host = process.wait_for(words)[1]

    context = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"https://{host}/v1.2/voipstudio/me", context=context, timeout=10)


def test_a_certificate_that_cannot_be_read_is_said(
    start: Callable[..., Process], tmp_path: Path
) -> None:
    (tmp_path / "cert.pem").write_text("no certificate")
    process = start("pbx", "--certfile", str(tmp_path / "cert.pem"))
    assert process.wait_for("The certificate cannot be used")
    assert process.end() == 1


def test_a_port_that_is_taken_is_said_with_one_that_is_free(
    start: Callable[..., Process], pbx: str
) -> None:
    port = int(pbx.rpartition(":")[2])
    with contextlib.ExitStack() as stack:
        # The next one is taken, too, by this test or by somebody else.
        with contextlib.suppress(OSError):
            stack.enter_context(socket.create_server(("127.0.0.1", port + 1)))
        process = start("pbx", "--port", str(port))
        said = process.wait_for(
            rf"Cannot listen on 127\.0\.0\.1:{port}: the port is in use. Try --port (\d+)"
        )
        assert process.end() == 1
        assert int(said[1]) > port + 1
        socket.create_server(("127.0.0.1", int(said[1]))).close()


def test_nobody_else_reaches_the_pbx_unless_asked_for(start: Callable[..., Process]) -> None:
    """By default it listens on loopback alone, and says nothing of others."""
    process = start("pbx", "--port", "0")
    url = process.wait_for(r"REST API\s+(http://127\.0\.0\.1:\d+)/")[1]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((own_address(), int(url.rpartition(":")[2])), timeout=10)
    assert process.interrupt() == 0
    assert "other machines" not in "".join(process.lines)


def test_an_address_that_others_can_reach_is_warned_of(start: Callable[..., Process]) -> None:
    process = start("pbx", "--port", "0", "--host", "0.0.0.0")
    warning = process.wait_for("WARNING.*can be reached by other machines")[0]
    process.wait_for("REST API")
    text = "".join(process.lines)
    assert warning in text
    for words in ("passwords of this PBX are published", "place calls", "every event", "encrypted"):
        assert words in text
    assert process.interrupt() == 0


def test_call_follows_a_call_and_its_exit_code_tells_whether_it_was_answered(
    start: Callable[..., Process], pbx: str
) -> None:
    api = f"{pbx}/v1.2/voipstudio"
    refused = start("call", "1006", "--api", api, **KEY)
    assert refused.wait_for(r"CANCEL .*Emil Fox 1006.*\(busy\)")
    assert refused.end() == 1

    answered = start("call", "+442036427900", "--api", api, **KEY)
    answered.wait_for("CONNECTED")
    assert answered.interrupt() == 0
    assert "HANGUP" in answered.lines[-1]


def test_call_says_what_is_wrong_with_a_number(start: Callable[..., Process], pbx: str) -> None:
    process = start("call", "nonsense", "--api", f"{pbx}/v1.2/voipstudio", **KEY)
    assert process.wait_for(r"ERROR\s+“nonsense” is not a complete phone number")
    assert process.end() == 1


def test_call_understands_national_numbers_of_a_country(
    start: Callable[..., Process], pbx: str
) -> None:
    api = f"{pbx}/v1.2/voipstudio"
    process = start("call", "020 3642 7900", "--country", "gb", "--api", api, **KEY)
    process.wait_for(r"CONNECTED .*\+442036427900")
    assert process.interrupt() == 0

    named = start("call", "020 3642 7900", "--api", api, PYCTI_COUNTRY="GB", **KEY)
    named.wait_for(r"INITIAL .*\+442036427900")

    wrong = start("call", "020 3642 7900", "--country", "England", "--api", api, **KEY)
    assert wrong.wait_for("“England” is not a country's code")
    assert wrong.end() == 2


def test_watch_prints_the_events_of_nodes_as_json(start: Callable[..., Process], pbx: str) -> None:
    process = start(
        "watch", "queue:77", "--json", "--email", "ben@example.com",
        "--api", f"{pbx}/v1.2/voipstudio", PYCTI_PASSWORD="demo",
    )  # fmt: skip
    process.wait_for('"node": "queue:77"')
    call = json.dumps({"to": "queue:77", "from": "+442036427900", "name": "\x1b[31mAlex"})
    request = urllib.request.Request(f"{pbx}/_pbx/incoming", call.encode())
    request.add_header("Content-Type", "application/json")
    urllib.request.urlopen(request, timeout=10)

    process.wait_for('"RINGING".*"node": "queue:77"')
    assert process.interrupt() == 0
    assert "\x1b" not in "".join(process.lines)


def test_servers_without_tls_are_refused(start: Callable[..., Process]) -> None:
    for option, url in (("--api", "http://api.test/v1"), ("--sip", "ws://sip.test")):
        process = start("watch", option, url, **KEY)
        assert process.wait_for(f"{re.escape(url)}.* without encryption.*Use (https|wss)://")
        assert process.end() == 2


def test_a_login_is_needed(start: Callable[..., Process], pbx: str) -> None:
    assert start("watch").wait_for("Set PYCTI_API_KEY, or give --email")
    wrong = start("watch", "--api", f"{pbx}/v1.2/voipstudio", PYCTI_API_KEY="wrong")
    assert wrong.wait_for("ERROR .*API key is not valid")
    assert wrong.end() == 1


def test_the_demo_serves_pages_bundle_api_and_sip_on_one_port(
    start: Callable[..., Process],
) -> None:
    process = start("demo", "--port", "0", "--no-browser")
    url = process.wait_for(r"The demo runs at (http://127\.0\.0\.1:\d+)")[1]
    for login in ("anna@example.com", "ben@example.com", "dora@example.com", "demo-key-10002"):
        assert process.wait_for(re.escape(login))

    for path, kind in (
        ("/", "text/html"),
        ("/dist/cti-connector.js", "text/javascript"),
        ("/dist/cti-connector.mjs", "text/javascript"),
        ("/dist/manifest.json", "application/json"),
        ("/_pbx/state", "application/json"),
    ):
        with urllib.request.urlopen(url + path, timeout=10) as response:
            assert response.headers.get_content_type() == kind, path
    assert process.interrupt() == 0


def test_the_python_example_runs_against_the_demo(pbx: str) -> None:
    page = (ROOT / "docs/python.rst").read_text("utf-8")
    blocks = re.findall(r"^\.\. code-block:: python\n\n((?:   .*\n|\n)+)", page, re.MULTILINE)
    (example,) = (dedent(block) for block in blocks if DEMO in block)
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", example.replace(DEMO, pbx)],
        env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "CONNECTED" in line:
            break
    process.kill()
    process.communicate()
    assert lines, "nothing was printed"
    assert "CONNECTED" in lines[-1], "".join(lines)


def test_the_demo_prints_its_pages_a_snippet_and_a_command(
    start: Callable[..., Process],
) -> None:
    demo = start("demo", "--port", "0", "--no-browser")
    demo.wait_for("Ctrl-C ends it")
    text = "".join(demo.lines)
    (url,) = re.findall(r"The demo runs at (http://127\.0\.0\.1:\d+)", text)
    for path in ("/", "/shop/", "/crm/", "/wallboard/"):
        assert re.search(rf"^\s*{re.escape(url + path)}\s", text, re.MULTILINE), text
        with urllib.request.urlopen(url + path, timeout=10) as response:
            assert response.headers.get_content_type() == "text/html"
    assert f'apiEndpoint: "{url}/v1.2/voipstudio",' in text
    assert f'<script src="{url}/dist/cti-connector.js"></script>' in text

    command = re.search(r"python -m pycti (watch --api \S+ queue:77)", text)
    assert command
    watching = start(*command[1].split(), **KEY)
    assert watching.wait_for("READY")
