"""The project's own rules: style, types, coverage, documentation, and what may be committed."""

from __future__ import annotations

import ast
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
CORE = (
    "pycti/sip/*,pycti/rest/api.py,pycti/session/states.py,pycti/calls/table.py,pycti/calls/record.py,"
    "pycti/calls/ids.py,"
    "pycti/contacts/call_log.py,pycti/contacts/names.py,pycti/pages/foreground.py,pycti/pages/log_outbox.py,pycti/pages/screen_pops.py,"
    "pycti/pages/limits.py,pycti/rest/addresses.py,pycti/common/redaction.py"
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


def test_the_declarations_serve_a_page_of_either_kind(tmp_path: Path) -> None:
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


def test_the_core_is_covered_branch_by_branch(tmp_path: Path) -> None:
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


def test_text_is_not_taken_for_markup() -> None:
    text = "<p>One - or two - of <code>a*b</code>; 2 * 3 * 4, 5.\n2 kB at 10:30: <em>see</em>.</p>"
    assert not list(raw_markup.in_html(f'<article role="main">{text}</article>'))


def test_a_directive_with_one_colon_is_found() -> None:
    source = ".. note:: Read.\n.. note: Lost.\n.. _label:\n.. js:function: lost()\n"
    assert raw_markup.in_source(source) == [".. note: Lost.", ".. js:function: lost()"]


LAYERS = [
    # Each may import those above it and its own row, never those below.
    {
        "errors",
        "common.machine",
        "common.deadlines",
        "common.redaction",
        "numbers.lazy",
        "numbers.vocabulary",
    },
    {"sip.grammar", "sip.memory", "events", "numbers.words", "numbers.traps", "numbers.habits"},
    {
        "pages.hello",
        "sip.fields",
        "sip.headers",
        "numbers.tel",
        "numbers.library",
        "numbers.evidence",
    },
    {"sip.message", "sip.dialog_info", "numbers.e164", "numbers.detect"},
    {"sip.digest", "sip.transaction", "sip.notification", "sip.identity", "numbers.plan"},
    {"sip.subscription_dialog", "sip.subscription_states", "sip.keepalive", "sip.reports"},
    {"sip.incoming", "sip.subscription"},
    {"sip.user_agent"},
    {
        "numbers",
        "calls.nodes",
        "calls.causes",
        "rest.api",
        "commands.arguments",
        "platform",
        "rest.addresses",
        "pages.limits",
    },
    {
        "session.states",
        "calls.ids",
        "calls.record",
        "rest.client",
        "platform.base",
        "platform.border",
    },
    {
        "contacts.names",
        "pages.foreground",
        "pages.screen_pops",
        "commands.dialing",
        "commands.detection",
        "session.sleep",
    },
    {
        "calls.table",
        "session.sip_link",
        "session.confirmations",
        "platform.browser",
        "platform.native",
        "contacts.call_log",
        "contacts.lookup",
    },
    {"session.subscriptions", "session.login", "pages.log_outbox", "contacts.enrichment"},
    {"session.pump"},
    {"commands.table"},
    {"connector"},
    {"pages.listeners"},
    {"pages.worker", "cli.terminal"},
    {"bundle.node", "bundle.wheel", "bundle.pinned"},
    {"bundle.sources", "bundle.place"},
    {"bundle.assets", "bundle.licences", "bundle.shipped"},
    {"bundle.build"},
    {"bundle"},
]


def _imports(path: Path) -> set[str]:
    names = set()
    tree = ast.parse(path.read_text())
    inside_functions = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in inside_functions:
            if node.module == "pycti":
                names |= {alias.name for alias in node.names}
            elif node.module.startswith("pycti."):
                module = node.module.removeprefix("pycti.")
                folder = ROOT.joinpath("pycti", *module.split("."))
                # What is imported from a package may be one of its modules.
                names |= {
                    f"{module}.{alias.name}" if (folder / f"{alias.name}.py").is_file() else module
                    for alias in node.names
                }
    return names


def test_imports_go_down_only() -> None:
    level = {name: row for row, names in enumerate(LAYERS) for name in names}
    modules = {
        ".".join(path.relative_to(ROOT / "pycti").with_suffix("").parts): path
        for path in (ROOT / "pycti").rglob("*.py")
    }
    judged = {
        name.removesuffix(".__init__"): path
        for name, path in modules.items()
        if not name.startswith("pbx") and name not in ("__init__", "__main__", "cli")
        and name != "sip.__init__"
    }  # fmt: skip
    assert set(judged) == set(level), "each module has its place in LAYERS"
    upward = [
        f"{name} imports {other}"
        for name, path in judged.items()
        for other in _imports(path)
        if other in level and (level[other] > level[name] or other == name)
    ]
    assert not upward
    pbx = [f"{name}: {other}" for name, path in judged.items() if name != "cli"
           for other in _imports(path) if other.startswith("pbx")]  # fmt: skip
    assert not pbx, "nothing that goes into the browser knows the PBX"


def test_nothing_of_one_machine_is_committed() -> None:
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
