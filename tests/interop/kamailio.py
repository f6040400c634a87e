"""Run a Kamailio on loopback: start, query, stop, kill and restart it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from .ports import free_ports

CONFIG = Path(__file__).with_name("kamailio.cfg")
DOMAIN = "pbx.test"

# The part of Kamailio's dbtext/kamailio/{version,pua} that is needed here.
TABLES = {
    "version": "table_name(string) table_version(int)\npua:7\n",
    "pua": "id(int,auto) pres_uri(string) pres_id(string) event(int) expires(int) "
    "desired_expires(int) flag(int) etag(string) tuple_id(string,null) watcher_uri(string) "
    "call_id(string) to_tag(string) from_tag(string) cseq(int) record_route(string,null) "
    "contact(string) remote_contact(string) version(int) extra_headers(string)\n",
}

DEFAULTS = {
    "CHILDREN": 1,
    "RING_TIME": 3000,
    "FR_TIMER": 1500,
    "NONCE_EXPIRE": 300,
    "MIN_EXPIRES": 1,
    "MAX_EXPIRES": 3600,
}

# The dialog module's states 1 to 5 as states of the connector.
STATES = {2: "RINGING", 3: "CONNECTED", 4: "CONNECTED"}


def missing() -> str:
    """Return why Kamailio cannot run, or ``""`` if it can."""
    for program in ("kamailio", "sipp"):
        if shutil.which(program) is None:
            return f"no {program}: install kamailio, its module packages and sip-tester"
    modules = ("websocket", "presence_dialoginfo", "pua_dialoginfo")
    for module in modules:
        if not list(Path("/usr/lib").glob(f"**/kamailio/modules/{module}.so")):
            return f"Kamailio's module {module} is not installed"
    return ""


class Kamailio:
    """One server. ``accounts`` maps SIP users to passwords; ``defines`` are for kamailio.cfg.

    Only its ports stay the same after a restart.
    """

    def __init__(
        self,
        directory: Path,
        accounts: Mapping[str, str],
        domain: str = DOMAIN,
        **defines: int | bool,
    ) -> None:
        self.domain = domain
        self.accounts = dict(accounts)
        self.sip_port, self.ws_port = free_ports(2)
        self.url = f"ws://127.0.0.1:{self.ws_port}"
        self._directory = directory
        self._defines = {**DEFAULTS, **defines}
        self._process: subprocess.Popen[bytes] | None = None
        self._runs = 0

    @property
    def several(self) -> bool:
        """Whether several processes receive SIP messages, so that the order can change."""
        return self._defines["CHILDREN"] != 1

    # Start and stop

    def start(self) -> None:
        """Start without any stored state, and wait until it answers."""
        self._runs += 1
        home = self._directory / f"run-{self._runs}"
        home.mkdir(parents=True)
        for name, text in TABLES.items():
            (home / name).write_text(text)
        passwords = "".join(
            f'\t$sht(password=>{user}) = "{password}";\n'
            for user, password in self.accounts.items()
        )
        (home / "accounts.cfg").write_text(f"event_route[htable:mod-init] {{\n{passwords}}}\n")
        shutil.copy(CONFIG, home)
        self._log = home / "log"
        defines = {
            **self._defines,
            "SIP_PORT": self.sip_port,
            "WS_PORT": self.ws_port,
            "SELF": f'"sip:127.0.0.1:{self.sip_port}"',
            "DOMAIN": f'"{self.domain}"',
            "DB_URL": f'"text://{home}"',
        }
        # -DD -E: run in the foreground, so that there is one process to wait for.
        command = ["kamailio", "-DD", "-E", "-f", str(home / CONFIG.name), "-m", "64", "-M", "8",
                   "-w", str(home), "-Y", str(home)]  # fmt: skip
        for name, value in defines.items():
            if value is not False:
                command += ["-A", name if value is True else f"{name}={value}"]
        with self._log.open("wb") as log:
            # Its own session, so that its children can be killed with it.
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop it like an administrator."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it like a crash."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if number is signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            # It may end between the two steps.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        end = time.monotonic() + 15
        while time.monotonic() < end:
            if self._process.poll() is not None:
                break
            try:
                self.rpc("core.version")
            except OSError:
                time.sleep(0.02)
            else:
                return
        self.kill()
        raise AssertionError(f"Kamailio did not start:\n{self.log[-3000:]}")

    @property
    def log(self) -> str:
        """The log of this run."""
        return self._log.read_text(errors="replace")

    # Queries

    def rpc(self, method: str, *params: object) -> Any:
        """Call a JSON-RPC command and return the result."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ws_port}/RPC",
            body.encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return json.load(response)["result"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method}: {error.read().decode()}") from None

    def fault(self, what: str, value: str | None) -> None:
        """Switch a fault on or off; see kamailio.cfg."""
        if value is None:
            self.rpc("htable.delete", "fault", what)
        else:
            self.rpc("htable.sets", "fault", what, value)

    def dialogs(self) -> list[dict[str, Any]]:
        """Return the live calls in the list of the dialog module."""
        return [dialog for dialog in self.rpc("dlg.list") if dialog["state"] < 5]

    def view(self, *nodes: str) -> list[tuple[str, str, str, str]]:
        """Return the expected calls of the connector: node, source, destination and status."""
        view = []
        for dialog in self.dialogs():
            source, destination = (_user(dialog[key]) for key in ("from_uri", "to_uri"))
            status = STATES.get(dialog["state"])
            for node in nodes:
                if status and node.removeprefix("user:") in (source, destination):
                    view.append((node, source, destination, status))
        return sorted(view)

    def idle(self) -> bool:
        """Return whether no call is being set up and no NOTIFY is unanswered."""
        transactions = self.rpc("tm.stats")
        return bool(transactions["current"] == transactions["waiting"])

    def hang_up(self, dialog: Mapping[str, Any]) -> None:
        """End a confirmed call with a BYE to both sides."""
        self.rpc("dlg.end_dlg", dialog["h_entry"], dialog["h_id"])


def _user(uri: str) -> str:
    return uri.removeprefix("sip:").partition("@")[0]
