"""The project's own rules: style, types, coverage, documentation, and what may be committed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import raw_markup

from pycti import bundle
from pycti.bundle.build import DECLARATIONS
from pycti.bundle.node import find_node

ROOT = Path(__file__).parents[2]
CORE = ",".join(
    f"pycti/{name}"
    for name in (
        "sip/*",
        "rest/api.py",
        "rest/addresses.py",
        "common/redaction.py",
        "session/states.py",
        "calls/table.py",
        "calls/record.py",
        "calls/presence.py",
        "rest/services.py",
        "contacts/history.py",
        "contacts/call_log.py",
        "contacts/names.py",
        "pages/foreground.py",
        "pages/log_outbox.py",
        "pages/screen_pops.py",
        "pages/limits.py",
    )
)

pytestmark = pytest.mark.timeout(600)


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    assert done.returncode == 0, f"{' '.join(command)}\n{output[-6000:]}"
    return output


def python(*arguments: str) -> str:
    return run(sys.executable, "-m", *arguments)


def test_ruff_finds_nothing() -> None:
    python("ruff", "check", ".")
    python("ruff", "format", "--check", ".")


@pytest.mark.parametrize("platform", ["linux", "emscripten"])
def test_mypy_strict_finds_nothing(platform: str) -> None:
    python("mypy", "--platform", platform)


def test_the_javascript_is_typed() -> None:
    bundle.check_types()


CONSUMERS = {
    "classic.ts": """/// <reference path="./cti-connector.d.ts" />
/// <reference path="./cti-dialer.d.ts" />
document.querySelector("cti-dialer")?.dial("+442036427900");
const connector = new Cti.Connector({ onMessage: ({ name }) => Cti.log(name) });
connector.on("pop", ({ contact }) => Cti.log(contact?.name));
""",
    "module.ts": """import Cti, { Connector, EVENT } from "./cti-connector.mjs";
import { CtiDialer } from "./cti-dialer.mjs";
const connector = new Connector((event) => event.name);
connector.on(EVENT.RINGING, ({ call }) => Cti.log(call.id));
new CtiDialer().connector = connector;
""",
}


def test_the_declarations_work_for_both_kinds_of_page(tmp_path: Path) -> None:
    bundle.check_types()
    web = bundle.find_web_root()
    for name, text in CONSUMERS.items():
        (tmp_path / name).write_text(text)
    for name in DECLARATIONS:
        for kind in (".d.ts", ".d.mts"):
            (tmp_path / f"{name}{kind}").write_text((web / f"src/{name}.d.ts").read_text())
    node, _ = find_node(lambda _name: None)
    for resolution in ("bundler", "nodenext"):
        module = "esnext" if resolution == "bundler" else resolution
        run(*node, str(web / "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--target",
            "es2022", "--lib", "es2022,dom", "--module", module, "--moduleResolution", resolution,
            *(str(tmp_path / name) for name in CONSUMERS))  # fmt: skip


def test_every_file_of_tests_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    collected = python("pytest", "--collect-only", "-q", "-p", "no:cacheprovider")
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")}
    assert files - {line.partition("::")[0] for line in collected.splitlines()} == set()


def test_the_core_has_full_branch_coverage(tmp_path: Path) -> None:
    data = f"--data-file={tmp_path / 'coverage'}"
    python("coverage", "run", data, "--branch", "-m", "pytest", "-q", "-p", "no:cacheprovider",
           "tests/unit")  # fmt: skip
    python("coverage", "report", data, "--fail-under=100", f"--include={CORE}")


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    python("sphinx", "-W", "-q", "-b", "html", "docs", str(tmp_path / "html"))
    assert raw_markup.in_folder(tmp_path / "html", ROOT / "docs") == []


@pytest.mark.parametrize(
    "block",
    [
        "<p>what they share is in one place.\nWallboard\n~~~~~~~~~</p>",
        "<p>There are two:\n* one\n* two</p>",
        "<p>There are two:\n1. one</p>",
        "<p>See this.\n.. note:: It is new.</p>",
        "<p>See :ref:`there`.</p>",
        "<p>It is ``code`` .</p>",
        "<p>It is **strong** here.</p>",
        "<p>The version is |release|.</p>",
        "<p>See [it](https://pbx.example/).</p>",
        "<p>Like this::</p>",
    ],
)
def test_markup_that_is_shown_as_text_is_found(block: str) -> None:
    page = '<article role="main" id="x">{}</article>'
    assert list(raw_markup.in_html(page.format(block)))
    assert not list(raw_markup.in_html(page.format(f"<pre>{block}</pre>")))


def test_text_is_not_mistaken_for_markup() -> None:
    text = "<p>One - or two - of <code>a*b</code>; 2 * 3 * 4, 5.\n2 kB at 10:30: <em>see</em>.</p>"
    assert not list(raw_markup.in_html(f'<article role="main">{text}</article>'))


def test_a_directive_with_one_colon_is_found() -> None:
    source = ".. note:: Read.\n.. note: Lost.\n.. _label:\n.. js:function: lost()\n"
    assert raw_markup.in_source(source) == [".. note: Lost.", ".. js:function: lost()"]


def test_no_local_path_is_committed() -> None:
    listed = run("git", "ls-files", "-z").split("\0")
    files = [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    home = re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/")
    registry = re.compile(r'"resolved"\s*:')
    found = []
    for path in files:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if path == Path(__file__):
            continue
        if home.search(text) or (path.name == "package-lock.json" and registry.search(text)):
            found.append(str(path.relative_to(ROOT)))
    assert not found
