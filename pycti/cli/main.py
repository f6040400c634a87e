"""The command line: demo, build, pbx, watch and call."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import ssl
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from pycti import __version__, bundle
from pycti.bundle import BundleError
from pycti.cli.terminal import call_command, watch_command
from pycti.pbx import Pbx

console = Console()
PORT = 8080

DEMO_LOGINS = (
    ("anna@example.com", "demo", "user 10002, extension 1002"),
    ("ben@example.com", "demo", "user 10003, extension 1003"),
    ("dora@example.com", "demo", "user 10004, second factor 123456"),
    ("API key", "demo-key-10002", "Anna again"),
)


DEMO_PAGES = (
    ("", "every command and event, and the world outside"),
    ("shop/", "a shop: click to call, the dialer in a corner"),
    ("crm/", "a CRM: names, screen pops, notes, a call log"),
    ("wallboard/", "a supervisor's wallboard"),
)

SNIPPET = """<script src="{url}/dist/cti-connector.js"></script>
<script>
  const connector = new Cti.Connector({{
    apiEndpoint: "{api}",
    onMessage: (event) => console.log(event.name, event.call ?? event.message),
  }});
  connector.login("anna@example.com", "demo");
</script>"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pycti")
@click.option("-v", "--verbose", count=True, help="Log more; give it twice for all details.")
def cli(verbose: int) -> None:
    """A CTI connector for any web page, with a PBX to try it on."""
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")


def _server_options(command: click.decorators.FC) -> click.decorators.FC:
    file = click.Path(path_type=Path, exists=True, dir_okay=False)
    for option in (
        click.option("--keyfile", type=file, help="The key, if it is in another file."),
        click.option("--certfile", type=file, help="Serve HTTPS and WSS with this PEM file."),
        click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535)),
        click.option(
            "--host", default="127.0.0.1", show_default=True,
            help="Address to listen on. If other machines can reach it, everyone can log in: "
            "the passwords are public.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


@cli.command()
@_server_options
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
def demo(
    host: str, port: int, certfile: Path | None, keyfile: Path | None, no_browser: bool
) -> None:
    """Run the PBX and the demo pages on one port, and open the browser."""
    context = _tls(certfile, keyfile)
    out = _build_if_stale()
    pbx = Pbx(control=True, pages=out)
    with _friendly(host, port):
        asyncio.run(_serve(pbx, host, port, context, lambda: _welcome(pbx, not no_browser)))


def _welcome(pbx: Pbx, open_browser: bool) -> None:
    table = Table("Log in as", "with", "who that is", box=None, padding=(0, 3, 0, 0))
    for row in DEMO_LOGINS:
        table.add_row(*row)
    console.print(f"\nThe demo runs at [bold link={pbx.url}]{pbx.url}[/]\n")
    console.print(_pages_table(pbx.url))
    console.print()
    console.print(table)
    api = f"{pbx.url}/v1.2/voipstudio"
    console.print("\nA page of your own on this machine can use it:\n")
    _print_plain(SNIPPET.format(url=pbx.url, api=api))
    console.print("\nSo can a terminal:\n")
    _print_plain(f"PYCTI_API_KEY=demo-key-10002 python -m pycti watch --api {api} queue:77")
    console.print("\nCtrl-C ends it.")
    if open_browser:
        webbrowser.open(pbx.url)


def _pages_table(url: str) -> Table:
    table = Table("Page", "what it shows", box=None, padding=(0, 3, 0, 0))
    for path, shows in DEMO_PAGES:
        table.add_row(f"{url}/{path}", shows)
    return table


def _print_plain(text: str) -> None:
    """Print text for copying: unformatted and without line breaks."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


@cli.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Target directory.")
def build(out: Path | None) -> None:
    """Build the bundle for your website (web/dist), or copy the installed one."""
    installed = bundle.shipped()
    if installed and out is None:
        raise click.UsageError("The bundle is installed with pycti. Set --out to copy it.")
    try:
        made = bundle.copy_shipped(installed, out) if installed and out else _build(out)
    except BundleError as error:
        raise click.ClickException(f"{error.message}\n{error.hint}") from None
    console.print(f"{'Copied to' if installed else 'Built'} {made}")
    console.print("\nThe scripts for a page, where the files are at /cti/ (only the one it uses):")
    for line in bundle.integrity_lines(made):
        console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)


@cli.command()
@_server_options
@click.option("--control", is_flag=True, help="Serve the control API under /_pbx/. For tests.")
def pbx(host: str, port: int, certfile: Path | None, keyfile: Path | None, control: bool) -> None:
    """Run only the PBX: REST API and SIP over WebSocket."""
    context = _tls(certfile, keyfile)
    server = Pbx(control=control)

    def welcome() -> None:
        sip = server.url.replace("http", "ws", 1) + "/sip"
        console.print(f"REST API  {server.url}/v1.2/voipstudio\nSIP       {sip}\nCtrl-C ends it.")

    with _friendly(host, port):
        asyncio.run(_serve(server, host, port, context, welcome))


def _tls(certfile: Path | None, keyfile: Path | None) -> ssl.SSLContext | None:
    if certfile is None:
        if keyfile is not None:
            raise click.UsageError("--keyfile needs --certfile.")
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certfile, keyfile)
    except (ssl.SSLError, OSError) as error:
        raise click.ClickException(f"The certificate cannot be used: {error}") from None
    return context


cli.add_command(watch_command)
cli.add_command(call_command)


async def _serve(
    server: Pbx, host: str, port: int, context: ssl.SSLContext | None, welcome: Callable[[], None]
) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(name, stopped.set)
    await server.start(host, port, context)
    try:
        welcome()
        await stopped.wait()
    finally:
        await server.stop()


@contextlib.contextmanager
def _friendly(host: str, port: int) -> Iterator[None]:
    """Turn an address that cannot be used into a message with a hint."""
    try:
        yield
    except OSError as error:
        hint = f" Try --port {port + 1}." if error.errno == errno.EADDRINUSE else ""
        raise click.ClickException(f"Cannot listen on {host}:{port}.{hint}") from None
    except KeyboardInterrupt:
        pass


def _build_if_stale() -> Path:
    try:
        if installed := bundle.shipped():
            return installed
        if not bundle.is_stale():
            return bundle.find_web_root() / "dist"
        return _build(None)
    except BundleError as error:
        raise click.ClickException(f"{error.message}\n{error.hint}") from None


def _build(out: Path | None) -> Path:
    columns = (TextColumn("{task.description:<44}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Building the bundle", total=None)

        def step(name: str, done: int, total: int) -> None:
            progress.update(task, description=name, completed=done, total=total)

        return bundle.build(out, step)
