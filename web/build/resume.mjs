/**
 * Starts Python from a bundle's snapshot in Node.js, as the worker does in the browser. It runs a Python
 * program whose last expression is a list of functions, calls them in order, and reports what they used.
 *
 *     node resume.mjs ASSETS PROGRAM
 *
 * Prints `{"calls": number, "ran": indexes}`: the number of calls of functions in the second module,
 * and, if the first is instrumented, the functions that were called. Compiling the program does not
 * count.
 */

import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ColdCode } from "../src/worker/cold-code.js";
import { captureImage, unpackSnapshot } from "../src/worker/snapshot-format.js";

const [assets = "", program = ""] = process.argv.slice(2);
const pyodide = new URL("../node_modules/pyodide/", import.meta.url);
/** @type {any} what the first module exports */
let exports = {};

const cold = new ColdCode({
  cold: () => Promise.reject(new Error("nobody waits here")),
  coldNow: () => read(/^pyodide\.cold-.*\.wasm$/),
});
const python = await start();
const functions = python.runPython(readFileSync(program, "utf8"));
const before = cold.calls;
for (const flag of flags()) flag.value = 0;
for (const one of functions) await one();
const ran = Object.entries(exports).filter(([name, flag]) => name.startsWith("hot.ran") && flag.value);
console.log(
  JSON.stringify({
    calls: cold.calls - before,
    ran: ran.map(([name]) => Number(name.slice("hot.ran".length))),
  }),
);
process.exit();

/** @returns {Promise<any>} */
async function start() {
  const { loadPyodide } = await import(new URL("pyodide.mjs", pyodide).href);
  const { default: create } = await import(pathToFileURL(resolve(path(/^pyodide\.lean-.*\.mjs$/))).href);
  // Pyodide reads the module by its own name.
  const room = mkdtempSync(join(tmpdir(), "pycti-"));
  process.on("exit", () => rmSync(room, { recursive: true }));
  for (const name of ["pyodide-lock.json", "python_stdlib.zip"]) copyFileSync(new URL(name, pyodide), join(room, name));
  copyFileSync(path(/^pyodide\.hot-.*\.wasm$/), join(room, "pyodide.asm.wasm"));
  const snapshot = read(/^snapshot-.*\.bin$/);
  /** @type {Uint32Array} */
  let image = new Uint32Array();
  return loadPyodide({
    indexURL: room,
    _loadSnapshot: snapshot,
    async createPyodideModule(/** @type {any} */ settings) {
      const { instantiateWasm } = settings;
      settings.instantiateWasm = (/** @type {any} */ imports, /** @type {Function} */ done) =>
        instantiateWasm(imports, (/** @type {any} */ instance, /** @type {any} */ module) => {
          ({ exports } = instance);
          done(instance, module);
        });
      settings.INITIAL_MEMORY = new Uint32Array(snapshot.buffer)[2];
      cold.attach(settings);
      captureImage(settings, (data) => {
        image = data;
      });
      const module = await create(settings);
      module.API.restoreSnapshot = () =>
        unpackSnapshot(snapshot, image, module.API.config.BUILD_ID, module.HEAPU32);
      return module;
    },
  });
}

/** @returns {WebAssembly.Global[]} */
function flags() {
  return Object.keys(exports)
    .filter((name) => name.startsWith("hot.ran"))
    .map((name) => exports[name]);
}

/** @param {RegExp} pattern */
function path(pattern) {
  const name = readdirSync(assets).find((one) => pattern.test(one));
  if (!name) throw new Error(`${assets} has no ${pattern}`);
  return join(assets, name);
}

/** @param {RegExp} pattern */
function read(pattern) {
  return Uint8Array.from(readFileSync(path(pattern)));
}
