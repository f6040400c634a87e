/**
 * The WebAssembly binary format, as far as the build rewrites it: sections, imports, exports.
 *
 * @see https://webassembly.github.io/spec/core/binary/modules.html
 */

const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  tag: 13,
};
export const KIND = { function: 0, table: 1, memory: 2, global: 3, tag: 4 };

/**
 * @typedef Section
 * @property {number} id
 * @property {Uint8Array} content
 */

/**
 * @typedef Import
 * @property {string} module
 * @property {string} name
 * @property {number} kind
 */

/**
 * @typedef Export
 * @property {string} name
 * @property {number} kind
 * @property {number} index
 */

/** Reads one value after the other. */
export class Reader {
  #at = 0;
  #bytes;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
  }

  /** How many bytes have been read. */
  get at() {
    return this.#at;
  }

  get done() {
    return this.#at >= this.#bytes.length;
  }

  byte() {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Error("the WebAssembly module is cut off");
    this.#at += 1;
    return byte;
  }

  /** @returns {number} unsigned LEB128 */
  number() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte % 128) * scale;
      if (byte < 128) return value;
    }
  }

  /** Leaves out a LEB128 number, signed or not. */
  skipNumber() {
    while (this.byte() >= 128);
  }

  /** @param {number} length */
  bytes(length) {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Error("the WebAssembly module is cut off");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  name() {
    return new TextDecoder("utf-8", { fatal: true }).decode(this.bytes(this.number()));
  }

  limits() {
    const flags = this.number();
    this.number();
    if (flags & 1) this.number();
  }
}

/**
 * @param {number} value
 * @returns {number[]} unsigned LEB128
 */
export function encodeNumber(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

/**
 * @param {Uint8Array} wasm
 * @returns {Section[]}
 * @throws {Error} where it is no module
 */
export function readSections(wasm) {
  const reader = new Reader(wasm);
  if (!HEADER.every((byte) => reader.byte() === byte)) throw new Error("this is no WebAssembly module");
  const sections = [];
  while (!reader.done) sections.push({ id: reader.byte(), content: reader.bytes(reader.number()) });
  return sections;
}

/**
 * @param {Section[]} sections
 * @returns {Buffer<ArrayBuffer>}
 */
export function writeSections(sections) {
  const parts = sections.flatMap(({ id, content }) => [
    Uint8Array.of(id, ...encodeNumber(content.length)),
    content,
  ]);
  return Buffer.concat([Uint8Array.from(HEADER), ...parts]);
}

/**
 * @param {Section[]} sections
 * @returns {Import[]}
 */
export function readImports(sections) {
  return readList(sections, SECTION.import, (reader) => {
    const [module, name, kind] = [reader.name(), reader.name(), reader.byte()];
    if (kind === KIND.function) reader.number();
    else if (kind === KIND.memory) reader.limits();
    else if (kind === KIND.global) reader.bytes(2);
    else if (kind === KIND.tag) reader.bytes(1), reader.number();
    else if (kind === KIND.table) reader.bytes(1), reader.limits();
    else throw new Error(`the WebAssembly module imports something unknown: ${name}`);
    return { module, name, kind };
  });
}

/**
 * @param {Section[]} sections
 * @returns {Export[]}
 */
export function readExports(sections) {
  return readList(sections, SECTION.export, (reader) => ({
    name: reader.name(),
    kind: reader.byte(),
    index: reader.number(),
  }));
}

/**
 * @param {Section[]} sections
 * @param {(name: string) => boolean} isKept
 * @returns {Section[]} the same module with fewer exports
 */
export function keepExports(sections, isKept) {
  const kept = readExports(sections).filter(({ name }) => isKept(name));
  const entries = kept.flatMap(({ name, kind, index }) => {
    const text = new TextEncoder().encode(name);
    return [...encodeNumber(text.length), ...text, kind, ...encodeNumber(index)];
  });
  const content = Uint8Array.from([...encodeNumber(kept.length), ...entries]);
  return sections.map((one) => (one.id === SECTION.export ? { id: one.id, content } : one));
}

/**
 * @template Entry
 * @param {Section[]} sections
 * @param {number} id
 * @param {(reader: Reader) => Entry} read
 * @returns {Entry[]}
 */
function readList(sections, id, read) {
  const reader = new Reader(sections.find((one) => one.id === id)?.content ?? Uint8Array.of(0));
  return Array.from({ length: reader.number() }, () => read(reader));
}
