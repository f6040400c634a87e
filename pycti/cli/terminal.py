"""Use the connector in a terminal: ``watch`` prints events, ``call`` places a call."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime

import click
from rich.console import Console
from rich.text import Text

from pycti.connector import Connector
from pycti.errors import CtiError, InputError
from pycti.events import ActivityEvent, CallEvent, Event, EventName
from pycti.numbers import check_country
from pycti.rest import api

console = Console()

_COLOURS = {
    EventName.ERROR: "bold red",
    EventName.CANCEL: "red",
    EventName.CONNECTED: "bold green",
    EventName.RINGING: "yellow",
    EventName.HANGUP: "dim",
}


def _account_options(command: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line."),
        click.option("--sip", envvar="PYCTI_SIP", help="WebSocket URL of the SIP server."),
        click.option(
            "--api", "endpoint", envvar="PYCTI_API", default=api.DEFAULT_ENDPOINT,
            show_default=True, help="Base URL of the REST API.",
        ),
        click.option("--email", envvar="PYCTI_EMAIL", help="Email to log in with a password."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command("watch")
@_account_options
@click.argument("nodes", nargs=-1)
def watch_command(
    nodes: tuple[str, ...],
    endpoint: str,
    sip: str | None,
    email: str | None,
    as_json: bool,
) -> None:
    """Print the events of your own calls and of NODES (such as queue:77).

    Set the API key in PYCTI_API_KEY, or give --email and a password, which can be in
    PYCTI_PASSWORD.
    """

    async def run(connector: Connector) -> int:
        for node in nodes:
            await connector.subscribe(node)
        await asyncio.Event().wait()
        return 0

    sys.exit(asyncio.run(_with_connector(endpoint, sip, email, as_json, run)))


def _country(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    try:
        return check_country(value) if value else None
    except CtiError as error:
        raise click.BadParameter(f"{error.message} {error.hint}") from None


@click.command("call")
@_account_options
@click.option(
    "--country", envvar="PYCTI_COUNTRY", callback=_country,
    help="Country for numbers in national form, such as GB.",
)  # fmt: skip
@click.argument("number")
def call_command(
    number: str,
    country: str | None,
    endpoint: str,
    sip: str | None,
    email: str | None,
    as_json: bool,
) -> None:
    """Ring your own phone, then NUMBER, and follow the call until it ends. Ctrl-C hangs up.

    The exit code is 0 if the call was connected, otherwise 1.
    """

    async def run(connector: Connector) -> int:
        events = connector.events()
        answered = False
        placing = asyncio.ensure_future(connector.call(number))
        request_id = ""
        try:
            async for event in events:
                if not isinstance(event, CallEvent):
                    if event.name is EventName.ERROR and not request_id:
                        break  # The call was refused before it started.
                    continue
                call = event.call
                request_id = request_id or call.request_id
                if call.request_id == request_id:
                    answered = answered or event.name is EventName.CONNECTED
                    if call.status.ended:
                        break
        except asyncio.CancelledError:
            if request_id:
                with contextlib.suppress(CtiError):
                    await connector.terminate(request_id)
        with contextlib.suppress(CtiError):
            await placing
        return 0 if answered else 1

    sys.exit(asyncio.run(_with_connector(endpoint, sip, email, as_json, run, country)))


async def _with_connector(
    endpoint: str,
    sip: str | None,
    email: str | None,
    as_json: bool,
    run: Callable[[Connector], Awaitable[int]],
    country: str | None = None,
) -> int:
    try:
        connector = Connector(
            _print_json if as_json else _print,
            api_endpoint=endpoint,
            sip_server=sip,
            default_country=country,
        )
    except InputError as error:
        raise click.UsageError(f"{error.message} {error.hint}") from None
    task = asyncio.ensure_future(_log_in_and_run(connector, email, run))
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(name, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return 0


async def _log_in_and_run(
    connector: Connector, email: str | None, run: Callable[[Connector], Awaitable[int]]
) -> int:
    async with connector:
        try:
            await _log_in(connector, email)
            return await run(connector)
        except CtiError:
            return 1  # The ERROR event has been printed.


async def _log_in(connector: Connector, email: str | None) -> None:
    # Secrets are not options, because other users of the machine can read command lines.
    key = os.environ.get("PYCTI_API_KEY")
    if not email:
        if not key:
            raise click.UsageError("Set PYCTI_API_KEY, or give --email.")
        await connector.login(key)
        return
    password = os.environ.get("PYCTI_PASSWORD") or await asyncio.to_thread(
        click.prompt, "Password", hide_input=True, err=True
    )
    event = await connector.login(email, password)
    if isinstance(event, ActivityEvent) and event.name is EventName.TWO_FACTOR_AUTH:
        code = await asyncio.to_thread(click.prompt, "Code of the second factor")
        await connector.two_factor_auth(code, event.nonce)


def _print(event: Event) -> None:
    # Names come from the network: remove control characters, and do not interpret markup.
    text = "".join(character if character.isprintable() else "�" for character in _words(event))
    line = Text(f"{datetime.now():%H:%M:%S}  ")
    line.append(f"{event.name.value:<16}", _COLOURS.get(event.name, ""))
    line.append(text)
    console.print(line, soft_wrap=True)


def _words(event: Event) -> str:
    if isinstance(event, ActivityEvent):
        return f"{event.message} {event.hint}".strip()
    call = event.call
    source = f"{call.source_name} {call.source}".strip() or "unknown"
    destination = f"{call.destination_name} {call.destination}".strip()
    cause = f"  ({call.cause})" if call.cause else ""
    again = "  (again)" if event.replay else ""
    return f"{call.node}  {source} → {destination}{cause}{again}"


def _print_json(event: Event) -> None:
    click.echo(json.dumps(event.to_json()))
