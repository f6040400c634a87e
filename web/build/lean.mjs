/**
 * Makes the runtime that a start from the snapshot loads: Pyodide without what only dynamic
 * libraries need. Most of the module's exports and of the script are there for such libraries, and
 * the snapshot's Python loads none. The WebAssembly code stays as it is.
 *
 *     node lean.mjs PYODIDE_DIR OUT
 *
 * Writes another PYODIDE_DIR.
 */

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { leanScript } from "./lean-script.mjs";
import { keepExports, readExports, readImports, readSections, writeSections } from "./wasm.mjs";

const SCRIPT = "pyodide.asm.mjs";
const WASM = "pyodide.asm.wasm";

const [folder = "", out = ""] = process.argv.slice(2);
cpSync(folder, out, { recursive: true });
const sections = readSections(readFileSync(join(folder, WASM)));
const { script, exports } = await leanScript({
  script: readFileSync(join(folder, SCRIPT), "utf8"),
  users: [
    readFileSync(join(folder, "pyodide.mjs"), "utf8"),
    readFileSync(new URL("snapshot.mjs", import.meta.url), "utf8"),
    readFileSync(new URL("../src/worker/runtime.js", import.meta.url), "utf8"),
  ],
  imports: readImports(sections),
  exports: readExports(sections).map(({ name }) => name),
});
writeFileSync(join(out, SCRIPT), script);
const lean = keepExports(sections, (name) => exports.has(name));
writeFileSync(join(out, WASM), writeSections(lean));
