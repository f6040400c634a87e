/**
 * Instruments a WebAssembly module: each function sets a global when it is called. The global is
 * exported as `hot.ran` with the function's index.
 *
 * @import {Section} from "./wasm.mjs"
 */

import { exporting } from "./split.mjs";
import { entries, readModule, vector } from "./wasm-parts.mjs";
import { encodeNumber, KIND, Reader, SECTION } from "./wasm.mjs";

/** A changeable i32 that is zero. */
const GLOBAL = Uint8Array.of(0x7f, 1, 0x41, 0, 0x0b);

/**
 * @param {Section[]} sections of the module
 * @returns {Section[]}
 */
export function instrument(sections) {
  const { bodies, globals, importedGlobals, imported } = readModule(sections);
  const first = importedGlobals + globals.length;
  const noted = bodies.map((body, at) => {
    const start = localsEnd(body);
    // i32.const 1, global.set
    const note = Uint8Array.of(0x41, 1, 0x24, ...encodeNumber(first + at));
    const whole = Buffer.concat([body.subarray(0, start), note, body.subarray(start)]);
    return Buffer.concat([Uint8Array.from(encodeNumber(whole.length)), whole]);
  });
  const flags = bodies.map((_, at) => exporting(`ran${imported + at}`, KIND.global, first + at));
  const changed = new Map([
    [SECTION.global, vector([...globals, ...bodies.map(() => GLOBAL)])],
    [SECTION.export, vector([...entries(sections, SECTION.export), ...flags])],
    [SECTION.code, vector(noted)],
  ]);
  return sections.map(({ id, content }) => ({ id, content: changed.get(id) ?? content }));
}

/** @param {Uint8Array} body */
function localsEnd(body) {
  const reader = new Reader(body);
  for (let groups = reader.number(); groups > 0; groups -= 1) {
    reader.skipNumber();
    reader.byte();
  }
  return reader.at;
}
