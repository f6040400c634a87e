"""Phones on loopback: each is a sipp process that plays a scenario of ``scenarios``."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

from .kamailio import Kamailio
from .ports import free_ports

SCENARIOS = Path(__file__).with_name("scenarios")


class Phone:
    """A running sipp. It ends after ``calls`` calls."""

    def __init__(self, process: subprocess.Popen[bytes], name: str, log: Path, port: int) -> None:
        self.name = name
        self.port = port
        self._process = process
        self._log = log

    @property
    def done(self) -> bool:
        """Whether it has finished its scenario."""
        return self._process.poll() is not None

    def finish(self, timeout: float = 20.0) -> None:
        """Wait until every call followed the scenario; raise `AssertionError` otherwise."""
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.stop()
            raise AssertionError(f"{self.name} is still busy after {timeout:g} s") from None
        assert code == 0, f"{self.name}: {self._log.read_text(errors='replace')[-3000:]}"

    def stop(self) -> None:
        """Kill the phone."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(10)


class Phones:
    """The phones of one test. Times are in seconds."""

    def __init__(self, server: Kamailio, directory: Path) -> None:
        self._server = server
        self._directory = directory
        self._phones: list[Phone] = []

    # Called phones

    def answers(self, user: str, after: float = 0.2, calls: int = 1) -> Phone:
        """Ring, answer, accept hold and resume, and wait until the caller hangs up."""
        return self._callee("answer", user, after, calls)

    def declines(self, user: str, after: float = 0.2) -> Phone:
        """Ring, then decline with 603."""
        return self._callee("decline", user, after, 1)

    def is_busy(self, user: str) -> Phone:
        """Reject at once with 486."""
        return self._callee("busy", user, 0, 1)

    def rings(self, user: str) -> Phone:
        """Ring until the call is cancelled."""
        return self._callee("ring", user, 0, 1)

    def follows_refer(self, user: str, target: str, talk: float = 0.3) -> Phone:
        """Answer, receive a REFER to ``target``, call it, and hang up after ``talk``."""
        return self._callee("transferred", user, talk, 1, target=target)

    # Calling phones

    def call(
        self, user: str, callee: str, talk: float = 0.3, calls: int = 1, rate: int = 200
    ) -> Phone:
        """Call, ``rate`` times per second if there are several calls, and hang up after a while."""
        return self._caller("call", user, callee, talk, calls, rate)

    def call_until_bye(self, user: str, callee: str, calls: int = 1) -> Phone:
        """Call and stay connected until the callee or the server hangs up."""
        return self._caller("call_until_bye", user, callee, 0, calls)

    def call_in_vain(self, user: str, callee: str) -> Phone:
        """Call and get a rejection."""
        return self._caller("call_in_vain", user, callee, 0)

    def call_and_hold(self, user: str, callee: str, pause: float = 0.3) -> Phone:
        """Call, hold, resume, and hang up, each after a pause."""
        return self._caller("hold", user, callee, pause)

    def call_and_cancel(self, user: str, callee: str, after: float = 0.3) -> Phone:
        """Call and cancel while it rings."""
        return self._caller("cancel", user, callee, after)

    def call_and_transfer(self, user: str, callee: str, target: str, talk: float = 0.3) -> Phone:
        """Call, and transfer the callee to ``target`` with a REFER after a while."""
        return self._caller("transfer", user, callee, talk, target=target)

    # Common functions

    def unplug(self) -> None:
        """Stop all phones."""
        for phone in self._phones:
            phone.stop()

    def register(self, user: str, port: int) -> None:
        """Register ``user`` at ``port`` with digest authentication."""
        own = free_ports(1)[0]
        password = self._server.accounts[user]
        options = ["-au", user, "-ap", password, "-key", "phone_port", str(port)]
        self._run("register", user, own, 1, options).finish()

    def _callee(self, scenario: str, user: str, pause: float, calls: int, **keys: str) -> Phone:
        port = free_ports(1)[0]
        options = ["-d", _ms(pause), *_keys(keys)]
        phone = self._run(scenario, user, port, calls, options)
        self.register(user, port)
        return phone

    def _caller(
        self,
        scenario: str,
        user: str,
        callee: str,
        pause: float,
        calls: int = 1,
        rate: int = 200,
        **keys: str,
    ) -> Phone:
        # -l: all calls may run at once.
        options = ["-s", callee, "-d", _ms(pause), "-l", str(calls), "-r", str(rate)]
        return self._run(scenario, user, free_ports(1)[0], calls, options + _keys(keys))

    def _run(self, scenario: str, user: str, port: int, calls: int, options: list[str]) -> Phone:
        server = self._server
        name = f"{len(self._phones)}-{user}-{scenario}"
        log = self._directory / f"{name}.log"
        command = [
            "sipp", f"127.0.0.1:{server.sip_port}", "-sf", str(SCENARIOS / f"{scenario}.xml"),
            "-i", "127.0.0.1", "-p", str(port), "-m", str(calls), "-nostdin",
            *_keys({"user": user, "domain": server.domain}), *options,
            "-trace_err", "-error_file", str(log),
        ]  # fmt: skip
        process = subprocess.Popen(
            command,
            cwd=self._directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        log.touch()
        phone = Phone(process, name, log, port)
        self._phones.append(phone)
        return phone


def _keys(keys: dict[str, str]) -> list[str]:
    return [word for name, value in keys.items() for word in ("-key", name, value)]


def _ms(seconds: float) -> str:
    return str(round(seconds * 1000))


async def finished(*phones: Phone) -> None:
    """Wait until these phones have completed their scenarios."""
    for phone in phones:
        await asyncio.to_thread(phone.finish)
