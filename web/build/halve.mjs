/**
 * Makes the two modules of a start from the snapshot from the lean module: `pyodide.hot.wasm` with the
 * functions that run in each session, and `pyodide.cold.wasm` with the others.
 *
 *     node halve.mjs PYODIDE_DIR LEAN_DIR PROFILE
 *
 * The first module has the functions of the profile (`hot-functions.json`), and small ones, because a
 * small function is hardly larger than a jump to it. If PROFILE is `instrumented`, the first module has
 * all functions and records which were called.
 *
 * `pyodide.full.bin` describes how to join both to the full module, byte for byte: the number of pieces,
 * then three numbers for each: the source (hot, cold, or this file), the start and the length.
 *
 * @import {Section} from "./wasm.mjs"
 */

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { instrument } from "./instrument.mjs";
import { split } from "./split.mjs";
import { readModule } from "./wasm-parts.mjs";
import { encodeNumber, readSections, SECTION, writeSections } from "./wasm.mjs";

/** Functions with fewer bytes are always in the first module. */
const SMALL = 24;

const [folder = "", lean = "", profile = ""] = process.argv.slice(2);
const instrumented = profile === "instrumented";
const full = readFileSync(join(folder, "pyodide.asm.wasm"));
const sections = readSections(readFileSync(join(lean, "pyodide.asm.wasm")));
const { bodies, imported } = readModule(sections);
const called = instrumented ? new Set() : readProfile();
const isHot = (/** @type {number} */ index) =>
  instrumented || called.has(index) || Number(bodies[index - imported]?.length) < SMALL;
const halves = split(sections, isHot);
if (instrumented) halves.hot = instrument(halves.hot);
const hot = writeSections(halves.hot);
const cold = writeSections(halves.cold);
for (const one of [hot, cold]) {
  // Compiling an invalid module throws an error that says what is wrong.
  if (!WebAssembly.validate(one)) new WebAssembly.Module(one);
}
writeFileSync(join(lean, "pyodide.hot.wasm"), hot);
writeFileSync(join(lean, "pyodide.cold.wasm"), cold);
writeFileSync(join(lean, "pyodide.full.bin"), recipe());

/** @returns {Set<number>} the functions of the profile */
function readProfile() {
  const { module, functions } = JSON.parse(readFileSync(profile, "utf8"));
  if (module !== createHash("sha256").update(full).digest("hex")) {
    throw new Error(`${profile} is of another Pyodide: run tests/hot_functions/run.py`);
  }
  const numbers = functions.join(" ").split(" ").filter(Boolean);
  return new Set(numbers.flatMap((/** @type {string} */ text) => {
    const [first = 0, last = first] = text.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  }));
}

/** @returns {Buffer} the description of the full module */
function recipe() {
  /** @type {[source: number, start: number, length: number][]} */
  const pieces = [];
  /** @type {Uint8Array[]} */
  const own = [];
  let ownLength = 0;
  const add = (/** @type {number} */ source, /** @type {number} */ start, /** @type {number} */ length) => {
    const last = pieces.at(-1);
    if (last && last[0] === source && last[1] + last[2] === start) last[2] += length;
    else pieces.push([source, start, length]);
  };
  const addOwn = (/** @type {Uint8Array} */ bytes) => {
    add(2, ownLength, bytes.length);
    own.push(bytes);
    ownLength += bytes.length;
  };
  const starts = [halves.hot, halves.cold].map(startsOfBodies);
  addOwn(instrumented ? full : full.subarray(0, 8));
  for (const { id, content } of instrumented ? [] : readSections(full)) {
    const head = Uint8Array.of(id, ...encodeNumber(content.length));
    const at = startOf(halves.hot, id);
    if (id === SECTION.code) {
      addOwn(Uint8Array.of(...head, ...encodeNumber(bodies.length)));
      for (const [index, { length }] of bodies.entries()) {
        const source = isHot(imported + index) ? 0 : 1;
        add(source, Number(starts[source]?.[index]), encodeNumber(length).length + length);
      }
    } else if (Buffer.compare(hot.subarray(at, at + content.length), content) === 0) {
      addOwn(head);
      add(0, at, content.length);
    } else addOwn(Buffer.concat([head, content]));
  }
  const numbers = Uint32Array.from([pieces.length, ...pieces.flat()]);
  const offset = numbers.byteLength;
  for (const [place, [source]] of pieces.entries()) if (source === 2) numbers[place * 3 + 2] += offset;
  return Buffer.concat([new Uint8Array(numbers.buffer), ...own]);
}

/**
 * @param {Section[]} module
 * @param {number} id
 * @returns {number} where the content of that section begins in the written module
 */
function startOf(module, id) {
  const before = module.slice(0, module.findIndex((one) => one.id === id) + 1);
  return writeSections(before).length - Number(before.at(-1)?.content.length);
}

/**
 * @param {Section[]} module
 * @returns {number[]} where each function begins in the written module
 */
function startsOfBodies(module) {
  const { bodies } = readModule(module.filter(({ id }) => id === SECTION.code));
  let at = startOf(module, SECTION.code) + encodeNumber(bodies.length).length;
  return bodies.map(({ length }) => {
    const start = at;
    at += encodeNumber(length).length + length;
    return start;
  });
}
