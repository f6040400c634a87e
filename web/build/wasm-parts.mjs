/**
 * Reads the parts of a WebAssembly module that the build needs, and writes lists of them.
 *
 * @import {Section} from "./wasm.mjs"
 */

import { encodeNumber, KIND, Reader, readImports, SECTION } from "./wasm.mjs";

/** Begins the type of a function. */
export const FUNCTION = 0x60;
const I32_CONST = 0x41;
const END = 0x0b;

/**
 * @typedef Parts
 * @property {Section[]} sections
 * @property {Uint8Array[]} types
 * @property {number} imported the number of imported functions
 * @property {number[]} typeOf each function in the module
 * @property {Uint8Array[]} bodies
 * @property {Uint8Array[]} tables
 * @property {Uint8Array[]} memories
 * @property {Uint8Array[]} globals
 * @property {Uint8Array[]} tags
 * @property {number[]} elements the functions in the table of pointers
 * @property {number} importedGlobals
 */

/**
 * @param {Section[]} sections
 * @returns {Parts}
 */
export function readModule(sections) {
  const list = (/** @type {number} */ id, /** @type {(reader: Reader) => void} */ skip) => {
    const content = sections.find((one) => one.id === id)?.content ?? Uint8Array.of(0);
    const reader = new Reader(content);
    return Array.from({ length: reader.number() }, () => {
      const start = reader.at;
      skip(reader);
      return content.subarray(start, reader.at);
    });
  };
  const imports = readImports(sections);
  if (imports.some(({ kind }) => kind !== KIND.function && kind !== KIND.global)) {
    throw new Error("the WebAssembly module imports more than functions and globals");
  }
  if (sections.some(({ id }) => id === SECTION.start)) {
    throw new Error("the WebAssembly module starts by itself");
  }
  return {
    sections,
    types: list(SECTION.type, skipType),
    imported: imports.filter(({ kind }) => kind === KIND.function).length,
    importedGlobals: imports.filter(({ kind }) => kind === KIND.global).length,
    typeOf: list(SECTION.function, (reader) => reader.skipNumber()).map((one) => new Reader(one).number()),
    bodies: list(SECTION.code, (reader) => reader.bytes(reader.number())).map(withoutLength),
    tables: list(SECTION.table, (reader) => {
      reader.byte();
      reader.limits();
    }),
    memories: list(SECTION.memory, (reader) => reader.limits()),
    globals: list(SECTION.global, skipGlobal),
    tags: list(SECTION.tag, (reader) => {
      reader.byte();
      reader.skipNumber();
    }),
    elements: readElements(sections),
  };
}

/** @param {Reader} reader */
function skipType(reader) {
  if (reader.byte() !== FUNCTION) throw new Error("the WebAssembly module has a type that is no function");
  reader.bytes(reader.number());
  reader.bytes(reader.number());
}

/** @param {Reader} reader */
function skipGlobal(reader) {
  reader.bytes(2);
  if (reader.byte() !== I32_CONST) throw new Error("the WebAssembly module has a global that is no i32");
  reader.skipNumber();
  reader.byte();
}

/** @param {Uint8Array} entry */
function withoutLength(entry) {
  const reader = new Reader(entry);
  const length = reader.number();
  return reader.bytes(length);
}

/** @param {Section[]} sections */
function readElements(sections) {
  const content = sections.find((one) => one.id === SECTION.element)?.content ?? Uint8Array.of(0);
  const reader = new Reader(content);
  const segments = reader.number();
  if (segments === 0) return [];
  const [flags, op] = [reader.byte(), reader.byte()];
  reader.skipNumber();
  if (segments !== 1 || flags !== 0 || op !== I32_CONST || reader.byte() !== END) {
    throw new Error("the WebAssembly module has elements of an unknown kind");
  }
  return Array.from({ length: reader.number() }, () => reader.number());
}

/**
 * @param {Section[]} sections
 * @param {number} id
 * @returns {Uint8Array[]} all entries of a section, in one piece and counted
 */
export function entries(sections, id) {
  const content = sections.find((one) => one.id === id)?.content ?? Uint8Array.of(0);
  const reader = new Reader(content);
  const count = reader.number();
  const rest = content.subarray(reader.at);
  return Array.from({ length: count }, (_, index) => (index === 0 ? rest : new Uint8Array()));
}

/** @param {Uint8Array[]} items */
export function vector(items) {
  return Buffer.concat([Uint8Array.from(encodeNumber(items.length)), ...items]);
}
