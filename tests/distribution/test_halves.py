"""The runtime in two modules: together they are the one that they were cut from."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from bundled import built
from hot_functions import run
from hot_functions.run import PROFILE, session_of

from pycti.bundle import BundleError, find_web_root, node

from .wasm_module import FUNCTIONS, MODULE, function

pytestmark = pytest.mark.timeout(600)

WEB = find_web_root()


def run_node(*arguments: str) -> str:
    program, _ = node.find_node(lambda _name: None)
    return node.run([*program, *arguments], WEB, "Node.js failed", "")


def asset(pattern: str) -> Path:
    (path,) = (built() / "assets").glob(pattern)
    return path


# The real ones


def test_both_halves_are_modules() -> None:
    script = (
        "for (const path of process.argv.slice(1))"
        " new WebAssembly.Module(require('node:fs').readFileSync(path))"
    )
    run_node("-e", script, str(asset("pyodide.hot-*.wasm")), str(asset("pyodide.cold-*.wasm")))


def test_together_they_are_the_full_module() -> None:
    rest = asset("pyodide.full-*.bin").read_bytes()
    sources = [asset(f"pyodide.{name}-*.wasm").read_bytes() for name in ("hot", "cold")]
    sources.append(rest)
    (count,) = struct.unpack_from("<I", rest)
    pieces = struct.iter_unpack("<3I", rest[4 : 4 + count * 12])
    full = b"".join(sources[source][at : at + size] for source, at, size in pieces)
    assert full == (WEB / "node_modules/pyodide/pyodide.asm.wasm").read_bytes()


def resume(program: str, path: Path) -> dict[str, object]:
    path.write_text(program, "utf-8")
    assets = str(built() / "assets")
    found: dict[str, object] = json.loads(run_node("build/resume.mjs", assets, str(path)))
    return found


def test_a_traceback_through_the_standard_library_can_be_formatted(tmp_path: Path) -> None:
    """The snapshot's standard library has no line numbers."""
    program = """
import json, traceback

def fail():
    try:
        json.loads("{")
    except ValueError:
        assert "JSONDecodeError" in traceback.format_exc()

[fail]
"""
    assert "calls" in resume(program, tmp_path / "program.py")


def test_a_session_needs_the_first_alone(tmp_path: Path) -> None:
    program = session_of((WEB / "build/warm.py").read_text("utf-8"))
    assert resume(program, tmp_path / "session.py") == {"calls": 0, "ran": []}


def test_what_a_session_does_not_do_needs_the_second(tmp_path: Path) -> None:
    program = "def work():\n assert eval('6 * 7') == 42\n\n[work, work]\n"
    found = resume(program, tmp_path / "work.py")
    assert isinstance(found["calls"], int)
    assert found["calls"] > 0


def test_a_profile_is_read_as_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "PROFILE", tmp_path / "profile.json")
    functions = {300, 301, 302, 305, 400, 401, *range(500, 900, 3)}
    run.write(functions)
    assert run.known() == functions
    profile = json.loads(run.PROFILE.read_text("utf-8")) | {"module": "of another"}
    run.PROFILE.write_text(json.dumps(profile), "utf-8")
    with pytest.raises(SystemExit, match="another Pyodide"):
        run.known()


def test_a_profile_of_another_pyodide_ends_the_build(tmp_path: Path) -> None:
    profile = json.loads(PROFILE.read_text("utf-8")) | {"module": "of another"}
    (tmp_path / "profile.json").write_text(json.dumps(profile))
    pyodide = str(WEB / "node_modules/pyodide")
    with pytest.raises(BundleError, match=r"another Pyodide: run tests/hot_functions/run\.py"):
        run_node("build/halve.mjs", pyodide, pyodide, str(tmp_path / "profile.json"))


# A small one

COMPARE = """
import { readFileSync } from "node:fs";
import { ColdCode } from "WEB/src/worker/cold-code.js";
import { instrument } from "WEB/build/instrument.mjs";
import { split } from "WEB/build/split.mjs";
import { readSections, writeSections } from "WEB/build/wasm.mjs";

const module = readFileSync(process.argv[2]);
const sections = readSections(module);
const imports = () => ({
  env: { twice: (x) => 2 * x },
  "GOT.func": { told: new WebAssembly.Global({ value: "i32", mutable: true }, 0) },
});
const work = (exports) => {
  const results = [];
  for (const name of ["f1", "f3", "f4", "f5", "f7"])
    for (const x of [0, 1, 2, 3, 6, 9]) results.push(exports[name](x));
  try { exports.f6(5) } catch (error) { results.push(error instanceof WebAssembly.Exception) }
  return JSON.stringify([results, exports.counted.value, new Int32Array(exports.memory.buffer)[0]]);
};
const expected = work(new WebAssembly.Instance(new WebAssembly.Module(module), imports()).exports);
const found = [];
for (let chosen = 0; chosen < 128; chosen += 1) {
  const { hot, cold } = split(sections, (index) => Boolean((chosen >> (index - 1)) & 1));
  let asked = 0;
  const halves = new ColdCode({ coldNow: () => { asked += 1; return writeSections(cold); } });
  const settings = {
    instantiateWasm(given, done) {
      const first = new WebAssembly.Module(writeSections(hot));
      done(new WebAssembly.Instance(first, given), first);
    },
  };
  halves.attach(settings);
  let exports;
  settings.instantiateWasm(imports(), (instance) => ({ exports } = instance));
  const told = Object.keys(exports).some((name) => name.includes("."));
  const same = work(exports) === expected && !told;
  found.push([chosen, same, halves.calls > 0, halves.forced, asked]);
}
const noted = instrument(split(sections, () => true).hot);
const whole = new WebAssembly.Module(writeSections(noted));
const { exports } = new WebAssembly.Instance(whole, imports());
exports.f3(1);
const flags = Object.keys(exports).filter((name) => name.startsWith("hot.ran"));
console.log(JSON.stringify({ found, ran: flags.filter((name) => exports[name].value) }));
"""


CUT = """
import { readFileSync } from "node:fs";
import { split } from "WEB/build/split.mjs";
import { readSections } from "WEB/build/wasm.mjs";

split(readSections(readFileSync(process.argv[2])), (index) => index < 4);
"""


@pytest.fixture
def compare(tmp_path: Path) -> Callable[[bytes], dict[str, list[list[object]]]]:
    """Cut a module in every way, and compare what each pair does with what the whole does."""

    def run(module: bytes) -> dict[str, list[list[object]]]:
        (tmp_path / "module.wasm").write_bytes(module)
        script = tmp_path / "compare.mjs"
        script.write_text(COMPARE.replace("WEB", WEB.as_uri()))
        found: dict[str, list[list[object]]] = json.loads(
            run_node(str(script), str(tmp_path / "module.wasm"))
        )
        return found

    return run


def test_however_it_is_cut_it_does_the_same(
    compare: Callable[[bytes], dict[str, list[list[object]]]],
) -> None:
    told = compare(MODULE)
    assert len(told["found"]) == 2 ** len(FUNCTIONS)
    for chosen, same, called, forced, asked in told["found"]:
        assert same, chosen
        # Whatever is missing is asked for once, by the first call.
        missing = chosen != 2 ** len(FUNCTIONS) - 1
        assert (called, forced, asked) == (missing, missing, int(missing))
    assert told["ran"] == ["hot.ran2", "hot.ran3"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (function(FUNCTIONS[6]), function(b"\xff" + FUNCTIONS[6][1:]), "unknown instruction"),
        (b"\x09\x0a\1\0\x41", b"\x09\x0a\1\1\x41", "elements of an unknown kind"),
        (b"\1\x0a\2\x60", b"\1\x0a\2\x5e", "no function"),
        (b"told\3\x7f\1", b"told\2\0\1", "imports more than functions and globals"),
    ],
)
def test_what_the_build_does_not_know_ends_it(
    old: bytes, new: bytes, said: str, tmp_path: Path
) -> None:
    assert MODULE.count(old) == 1
    (tmp_path / "module.wasm").write_bytes(MODULE.replace(old, new))
    script = tmp_path / "cut.mjs"
    script.write_text(CUT.replace("WEB", WEB.as_uri()))
    with pytest.raises(BundleError, match=said):
        run_node(str(script), str(tmp_path / "module.wasm"))
