/**
 * Splits a WebAssembly module into two: the functions that run in each session, and the others.
 *
 * Each function has the same index in both modules, so no instruction changes. If the body is in the
 * other module, the function is a jump through a table that both modules share. If nothing refers to
 * the function, its body is empty. The second module imports memory, tables, globals and tags from the
 * first.
 *
 * A jump to the second module calls `arrive` first. If the module is not loaded, `arrive` calls the
 * function that JavaScript has put at the place `LOADER` of the table.
 *
 * @import {Parts} from "./wasm-parts.mjs"
 * @import {Section} from "./wasm.mjs"
 */

import { findNames } from "./wasm-code.mjs";
import { entries, FUNCTION, readModule, vector } from "./wasm-parts.mjs";
import { encodeNumber, KIND, readExports, Reader, SECTION } from "./wasm.mjs";

/** The module from which the second one imports; its exports have this name before the dot. */
const HOT = "hot";
const LOADER = 0;
const I32 = 0x7f;
const FUNCREF = 0x70;
const OP = { get: 0x23, set: 0x24, localGet: 0x20, i32: 0x41, call: 0x10, indirect: 0x11, end: 0x0b };
/** A body that is never run: no locals, and `unreachable`. */
const NOTHING = Uint8Array.of(0, 0, OP.end);

/**
 * @typedef Halves
 * @property {Section[]} hot
 * @property {Section[]} cold
 * @property {number[]} jumps the functions in the table, in order, from place 1
 */

/**
 * @param {Section[]} sections of the module
 * @param {(index: number) => boolean} isHot
 * @returns {Halves}
 * @throws {Error} if the module contains something that is not supported
 */
export function split(sections, isHot) {
  const parts = readModule(sections);
  const jumps = findJumps(parts, isHot);
  const places = new Map(jumps.map((index, place) => [index, place + 1]));
  return { hot: hotHalf(parts, isHot, places), cold: coldHalf(parts, isHot, places), jumps };
}

/**
 * @param {Parts} parts
 * @param {(index: number) => boolean} isHot
 * @returns {number[]} the functions that one module refers to and the other contains
 */
function findJumps({ sections, bodies, imported, elements }, isHot) {
  const exported = readExports(sections).filter(({ kind }) => kind === KIND.function);
  const roots = [...elements, ...exported.map(({ index }) => index)];
  const jumps = new Set(roots.filter((index) => index >= imported && !isHot(index)));
  for (const [at, body] of bodies.entries()) {
    const here = isHot(imported + at);
    findNames(body, (kind, index) => {
      if (kind === "function") {
        if (index >= imported && isHot(index) !== here) jumps.add(index);
      } else if (kind !== "global" && !here) {
        throw new Error(`the WebAssembly module has a function that names a ${kind}`);
      } else if (kind === "reference") jumps.add(index);
    });
  }
  return [...jumps].sort((one, other) => one - other);
}

/**
 * @param {Parts} parts
 * @param {(index: number) => boolean} isHot
 * @param {Map<number, number>} places
 * @returns {Section[]}
 */
function hotHalf(parts, isHot, places) {
  const { sections, imported, bodies, tables, globals, importedGlobals } = parts;
  const table = tables.length;
  const arrive = imported + bodies.length;
  const [loaded, calls] = [0, 1].map((more) => importedGlobals + globals.length + more);
  const types = [...parts.types];
  const arriveType = typeIndex(types, Uint8Array.of(FUNCTION, 1, I32, 1, I32));
  const jump = jumper(parts, places, (place) => [
    ...constant(place),
    ...instruction(OP.call, arrive),
    OP.indirect,
  ]);
  const zero = Uint8Array.of(I32, 1, OP.i32, 0, OP.end);
  const size = encodeNumber(places.size + 1);
  const here = [...places].filter(([index]) => isHot(index));
  const arriving = Uint8Array.from([
    ...[0, ...instruction(OP.get, Number(calls)), OP.i32, 1, 0x6a, ...instruction(OP.set, Number(calls))],
    ...[...instruction(OP.get, Number(loaded)), 0x04, I32, ...instruction(OP.localGet, 0), 0x05],
    ...[...instruction(OP.localGet, 0), OP.i32, LOADER, ...instruction(OP.indirect, arriveType)],
    ...[...encodeNumber(table), OP.end, OP.end],
  ]);
  const changed = new Map([
    [SECTION.type, vector(types)],
    [SECTION.function, vector([...parts.typeOf, arriveType].map((one) => Uint8Array.from(encodeNumber(one))))],
    [SECTION.table, vector([...tables, Uint8Array.from([FUNCREF, 1, ...size, ...size])])],
    [SECTION.global, vector([...globals, zero, zero])],
    [SECTION.export, vector([...entries(sections, SECTION.export), ...exportsOf(parts, Number(loaded))])],
    [SECTION.element, vector([...entries(sections, SECTION.element), ...segments(table, here)])],
    [SECTION.code, vector(bodiesOf(parts, isHot, jump, arriving))],
  ]);
  return sections.map(({ id, content }) => ({ id, content: changed.get(id) ?? content }));
}

/**
 * @param {Parts} parts
 * @param {(index: number) => boolean} isHot
 * @param {Map<number, number>} places
 * @returns {Section[]}
 */
function coldHalf(parts, isHot, places) {
  const { sections, types, imported, bodies } = parts;
  const table = parts.tables.length;
  const jump = jumper(parts, places, (place) => [...constant(place), OP.indirect]);
  const here = [...places].filter(([index]) => index >= imported && !isHot(index));
  const size = encodeNumber(places.size + 1);
  const shared = [
    ...parts.memories.map((one, index) => imports(`m${index}`, KIND.memory, one)),
    ...parts.tables.map((one, index) => imports(`t${index}`, KIND.table, one)),
    imports("table", KIND.table, Uint8Array.from([FUNCREF, 1, ...size, ...size])),
    ...mutable(parts.globals).map((one, index) => imports(`g${index}`, KIND.global, one.subarray(0, 2))),
    ...parts.tags.map((one, index) => imports(`e${index}`, KIND.tag, one)),
  ];
  for (const [at, body] of bodies.entries()) {
    if (isHot(imported + at)) continue;
    findNames(body, (kind, index) => {
      if (kind === "global" && index >= parts.importedGlobals + mutable(parts.globals).length) {
        throw new Error("the WebAssembly module has a function that names a constant");
      }
    });
  }
  return [
    { id: SECTION.type, content: vector(types) },
    { id: SECTION.import, content: vector([...entries(sections, SECTION.import), ...shared]) },
    ...sections.filter(({ id }) => id === SECTION.function),
    { id: SECTION.element, content: vector(segments(table, here)) },
    { id: SECTION.code, content: vector(bodiesOf(parts, (index) => !isHot(index), jump)) },
  ];
}

/**
 * Mutable globals precede the constant ones.
 *
 * @param {Uint8Array[]} globals
 */
function mutable(globals) {
  return globals.slice(0, globals.findLastIndex((one) => one[1] === 1) + 1);
}

/**
 * The exports of the first module for the second and for JavaScript. `loaded`: whether the second
 * module is loaded. `calls`: the number of calls of its functions.
 *
 * @param {Parts} parts
 * @param {number} loaded
 */
function exportsOf({ memories, tables, globals, tags, importedGlobals }, loaded) {
  return [
    ...memories.map((_, index) => exporting(`m${index}`, KIND.memory, index)),
    ...tables.map((_, index) => exporting(`t${index}`, KIND.table, index)),
    exporting("table", KIND.table, tables.length),
    ...mutable(globals).map((_, index) => exporting(`g${index}`, KIND.global, importedGlobals + index)),
    ...tags.map((_, index) => exporting(`e${index}`, KIND.tag, index)),
    exporting("loaded", KIND.global, loaded),
    exporting("calls", KIND.global, loaded + 1),
  ];
}

/**
 * @param {string} name
 * @param {number} kind
 * @param {number} index
 */
export function exporting(name, kind, index) {
  return Uint8Array.from([...text(`${HOT}.${name}`), kind, ...encodeNumber(index)]);
}

/**
 * @param {string} name
 * @param {number} kind
 * @param {Uint8Array} type
 */
function imports(name, kind, type) {
  return Uint8Array.from([...text(HOT), ...text(`${HOT}.${name}`), kind, ...type]);
}

/**
 * @param {Parts} parts
 * @param {(index: number) => boolean} isHere
 * @param {(at: number) => Uint8Array} jump
 * @param {Uint8Array[]} more
 * @returns {Uint8Array[]} with their lengths
 */
function bodiesOf({ bodies, imported }, isHere, jump, ...more) {
  const chosen = bodies.map((body, at) => (isHere(imported + at) ? body : jump(at)));
  return [...chosen, ...more].map((body) => Buffer.concat([Uint8Array.from(encodeNumber(body.length)), body]));
}

/**
 * @param {Parts} parts
 * @param {Map<number, number>} places
 * @param {(place: number) => number[]} go
 * @returns {(at: number) => Uint8Array} the body that jumps to a function of the other module
 */
function jumper({ types, typeOf, imported, tables }, places, go) {
  return (at) => {
    const place = places.get(imported + at);
    if (place === undefined) return NOTHING;
    const type = Number(typeOf[at]);
    const count = Number(new Reader(/** @type {Uint8Array} */ (types[type]).subarray(1)).number());
    const pushed = Array.from({ length: count }, (_, index) => instruction(OP.localGet, index)).flat();
    const target = [...encodeNumber(type), ...encodeNumber(tables.length)];
    return Uint8Array.from([0, ...pushed, ...go(place), ...target, OP.end]);
  };
}

/**
 * @param {number} table
 * @param {[index: number, place: number][]} places
 * @returns {Uint8Array[]} a segment for each run of places
 */
function segments(table, places) {
  /** @type {[place: number, indexes: number[]][]} */
  const runs = [];
  for (const [index, place] of places) {
    const last = runs.at(-1);
    if (last && last[0] + last[1].length === place) last[1].push(index);
    else runs.push([place, [index]]);
  }
  return runs.map(([place, indexes]) =>
    Uint8Array.from([
      ...[2, ...encodeNumber(table), ...constant(place), OP.end, 0],
      ...[...encodeNumber(indexes.length), ...indexes.flatMap(encodeNumber)],
    ]),
  );
}

/**
 * @param {Uint8Array[]} types this can add one
 * @param {Uint8Array} wanted
 */
function typeIndex(types, wanted) {
  const found = types.findIndex((one) => Buffer.compare(one, wanted) === 0);
  return found >= 0 ? found : types.push(wanted) - 1;
}

/**
 * @param {number} value
 * @returns {number[]} the instruction that pushes a non-negative number
 */
function constant(value) {
  const bytes = [OP.i32];
  for (; value >= 64; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/**
 * @param {number} opcode
 * @param {number} index
 */
function instruction(opcode, index) {
  return [opcode, ...encodeNumber(index)];
}

/** @param {string} name */
function text(name) {
  const bytes = new TextEncoder().encode(name);
  return [...encodeNumber(bytes.length), ...bytes];
}
