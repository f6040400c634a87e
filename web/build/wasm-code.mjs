/**
 * Finds the references of WebAssembly functions to other functions, globals, data and elements.
 *
 * @see https://webassembly.github.io/spec/core/appendix/index-instructions.html
 */

import { Reader } from "./wasm.mjs";

/**
 * The kinds of references that matter for the split.
 *
 * @typedef {"function" | "reference" | "global" | "data" | "element"} Named
 */

/** The immediates after an opcode, one letter for each. */
const IMMEDIATES = new Map([
  ...each([0x00, 0x01, 0x05, 0x0a, 0x0b, 0x0f, 0x19, 0x1a, 0x1b, 0xd1], ""),
  ...each([0x02, 0x03, 0x04, 0x06], "n"), // block, loop, if, try: a type
  ...each([0x07, 0x08, 0x09, 0x0c, 0x0d, 0x18], "n"), // catch, throw, rethrow, br, br_if, delegate
  [0x0e, "vn"], // br_table
  ...each([0x10, 0x12], "f"), // call, return_call
  ...each([0x11, 0x13], "nn"), // call_indirect, return_call_indirect
  [0x1c, "v"], // select with types
  [0x1f, "nc"], // try_table
  ...each(range(0x20, 0x22), "n"), // local.get, set, tee
  ...each([0x23, 0x24], "g"), // global.get, set
  ...each([0x25, 0x26], "n"), // table.get, set
  ...each(range(0x28, 0x3e), "nn"), // loads and stores
  ...each([0x3f, 0x40], "n"), // memory.size, grow
  ...each([0x41, 0x42], "n"),
  [0x43, "4"],
  [0x44, "8"],
  ...each(range(0x45, 0xc4), ""), // arithmetic
  [0xd0, "n"], // ref.null
  [0xd2, "r"], // ref.func
]);

/** Behind 0xfc: conversions, memory, tables. */
const MISCELLANEOUS = new Map([
  ...each(range(0, 7), ""),
  [8, "dn"], // memory.init
  [9, "d"], // data.drop
  [10, "nn"],
  [11, "n"],
  [12, "en"], // table.init
  [13, "e"], // elem.drop
  [14, "nn"],
  ...each(range(15, 17), "n"),
]);

/** Behind 0xfd: vectors. */
const VECTORS = new Map([
  ...each(range(0, 11), "nn"), // loads and stores
  ...each([12, 13], "8" + "8"), // a constant, a shuffle
  ...each(range(21, 34), "1"), // lanes
  ...each(range(84, 91), "nn1"), // lanes from and to the memory
  ...each([92, 93], "nn"),
]);

/**
 * @param {Uint8Array} body a function's: its locals, and its instructions
 * @param {(kind: Named, index: number) => void} found
 * @throws {Error} where there is an instruction that is not known
 */
export function findNames(body, found) {
  const reader = new Reader(body);
  for (let groups = reader.number(); groups > 0; groups -= 1) {
    reader.skipNumber();
    reader.byte();
  }
  while (!reader.done) {
    const opcode = reader.byte();
    for (const letter of immediatesOf(opcode, reader)) read(letter, reader, found);
  }
}

/**
 * @param {number} opcode
 * @param {Reader} reader
 * @returns {string}
 */
function immediatesOf(opcode, reader) {
  let known = IMMEDIATES.get(opcode);
  if (opcode === 0xfc) known = MISCELLANEOUS.get(reader.number());
  else if (opcode === 0xfd) {
    const vector = reader.number();
    known = VECTORS.get(vector) ?? (vector > 13 && vector < 256 ? "" : undefined);
  }
  if (known === undefined) throw new Error(`the WebAssembly module has an unknown instruction: ${opcode}`);
  return known;
}

/**
 * @param {string} letter
 * @param {Reader} reader
 * @param {(kind: Named, index: number) => void} found
 */
function read(letter, reader, found) {
  if (letter === "n") reader.skipNumber();
  else if (letter === "f") found("function", reader.number());
  else if (letter === "r") found("reference", reader.number());
  else if (letter === "g") found("global", reader.number());
  else if (letter === "d") found("data", reader.number());
  else if (letter === "e") found("element", reader.number());
  else if (letter === "v") for (let left = reader.number(); left > 0; left -= 1) reader.skipNumber();
  else if (letter === "c") skipCatches(reader);
  else reader.bytes(Number(letter));
}

/** @param {Reader} reader */
function skipCatches(reader) {
  for (let left = reader.number(); left > 0; left -= 1) {
    if (reader.byte() < 2) reader.skipNumber();
    reader.skipNumber();
  }
}

/**
 * @param {number} first
 * @param {number} last
 */
function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/**
 * @param {number[]} opcodes
 * @param {string} immediates
 * @returns {[opcode: number, immediates: string][]}
 */
function each(opcodes, immediates) {
  return opcodes.map((opcode) => [opcode, immediates]);
}
