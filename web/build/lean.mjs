/**
 * Makes the runtime that a start from the snapshot loads: Pyodide without what only dynamic
 * libraries need. Most of the module's exports and of the script are there for such libraries, and
 * the snapshot's Python loads none. The WebAssembly code stays as it is.
 *
 *     node lean.mjs PYODIDE_DIR OUT
 *
 * Writes another PYODIDE_DIR, and in it what the lean module lacks: the section of the exports. Put
 * in the place of the lean one, it gives the full module again, byte for byte. Prints that place:
 * `{"start": offset, "end": offset}`.
 */

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { leanScript } from "./lean-script.mjs";
import { keepExports, locateSection, readExports, readImports } from "./wasm.mjs";
import { readSections, SECTION, writeSections } from "./wasm.mjs";

const SCRIPT = "pyodide.asm.mjs";
const WASM = "pyodide.asm.wasm";
const EXPORTS = "pyodide.exports.bin";

const [folder = "", out = ""] = process.argv.slice(2);
cpSync(folder, out, { recursive: true });
const full = readFileSync(join(folder, WASM));
const sections = readSections(full);
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
writeFileSync(join(out, EXPORTS), full.subarray(...locateSection(sections, SECTION.export)));
const [start, end] = locateSection(lean, SECTION.export);
console.log(JSON.stringify({ start, end }));
