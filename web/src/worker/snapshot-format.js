/**
 * A start snapshot: what the memory of a started Python has beyond the WebAssembly module's own
 * data, as little-endian 32-bit words.
 *
 *     header   magic, version, bytes of memory, words and checksum of the module's own data,
 *              bytes of the JSON text, number of runs, checksum of all that follows
 *     JSON     Pyodide's table of JavaScript objects, and the build that it belongs to
 *     runs     pairs (first word, number of words)
 *     data     the words of all runs
 */

const MAGIC = 0x49544350; // "PCTI"
const VERSION = 1;
const HEADER = 8;
/** Runs closer than this are one: a pair costs two words. */
const GAP = 4;

/**
 * @typedef Meta
 * @property {string} build Pyodide's BUILD_ID
 * @property {object} config what `restoreSnapshot` returns
 */

/**
 * @param {Uint32Array} memory of the started Python
 * @param {Uint32Array} image the module's own data: the memory before anything ran
 * @param {Meta} meta
 * @returns {Uint8Array}
 */
export function packSnapshot(memory, image, meta) {
  const text = new TextEncoder().encode(JSON.stringify(meta));
  const runs = findRuns(memory, image);
  const count = runs.reduce((sum, [, length]) => sum + length, 0);
  const words = new Uint32Array(HEADER + Math.ceil(text.length / 4) + runs.length * 2 + count);
  const bytes = new Uint8Array(words.buffer);
  words.set([MAGIC, VERSION, memory.length * 4, image.length, sum(image), text.length, runs.length]);
  bytes.set(text, HEADER * 4);
  let at = HEADER + Math.ceil(text.length / 4);
  words.set(runs.flat(), at);
  at += runs.length * 2;
  for (const [first, length] of runs) {
    words.set(memory.subarray(first, first + length), at);
    at += length;
  }
  words[HEADER - 1] = sum(words.subarray(HEADER));
  return bytes;
}

/**
 * Checks everything before the first word is written.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Uint32Array} image the module's own data, as it is here
 * @param {string} build Pyodide's BUILD_ID, as it is here
 * @param {Uint32Array} memory of a Python that was not started; is overwritten
 * @returns {object} what `restoreSnapshot` returns
 * @throws {Error} where the snapshot does not fit
 */
export function unpackSnapshot(bytes, image, build, memory) {
  if (bytes.length % 4 !== 0 || bytes.length < HEADER * 4) throw new Error("it is cut off");
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const [magic, version, size, imageLength, imageSum, textLength, runCount, checksum] = words;
  if (magic !== MAGIC || version !== VERSION) throw new Error("it has another format");
  if (checksum !== sum(words.subarray(HEADER))) throw new Error("it is damaged");
  const runsAt = HEADER + Math.ceil(Number(textLength) / 4);
  const runs = words.subarray(runsAt, runsAt + Number(runCount) * 2);
  const text = bytes.subarray(HEADER * 4, HEADER * 4 + Number(textLength));
  /** @type {Meta} */
  const meta = JSON.parse(new TextDecoder().decode(text));
  if (meta.build !== build || imageLength !== image.length || imageSum !== sum(image)) {
    throw new Error("it belongs to another runtime");
  }
  if (size !== memory.length * 4) throw new Error("the memory has another size");
  let at = runsAt + runs.length;
  memory.set(image);
  memory.fill(0, image.length);
  for (let index = 0; index < runs.length; index += 2) {
    const length = Number(runs[index + 1]);
    memory.set(words.subarray(at, at + length), runs[index]);
    at += length;
  }
  return meta.config;
}

/**
 * Looks at the memory between the module's start and the first instruction of Python.
 *
 * @param {any} settings of the Emscripten module; are changed
 * @param {(image: Uint32Array) => void} take gets the module's own data
 */
export function captureImage(settings, take) {
  const { instantiateWasm } = settings;
  settings.instantiateWasm = (/** @type {any} */ imports, /** @type {Function} */ done) =>
    instantiateWasm(imports, (/** @type {any} */ instance, /** @type {any} */ module) => {
      const { buffer } = imports.env.memory ?? instance.exports.memory;
      take(imageOf(new Uint32Array(buffer)));
      done(instance, module);
    });
}

/**
 * @param {Uint32Array} memory as the module left it, before anything ran
 * @returns {Uint32Array} a copy without the empty end
 */
function imageOf(memory) {
  let end = memory.length;
  while (end > 0 && memory[end - 1] === 0) end -= 1;
  return memory.slice(0, end);
}

/**
 * @param {Uint32Array} memory
 * @param {Uint32Array} image
 * @returns {[first: number, length: number][]}
 */
function findRuns(memory, image) {
  /** @type {[number, number][]} */
  const runs = [];
  let end = -GAP - 1;
  for (let at = 0; at < memory.length; at += 1) {
    if (memory[at] === (image[at] ?? 0)) continue;
    const last = runs.at(-1);
    if (last && at - end <= GAP) last[1] = at + 1 - last[0];
    else runs.push([at, 1]);
    end = at;
  }
  return runs;
}

/**
 * @param {Uint32Array} words
 * @returns {number}
 */
function sum(words) {
  let total = 0;
  for (let index = 0; index < words.length; index += 1) {
    total = (Math.imul(total, 31) + Number(words[index])) | 0;
  }
  return total >>> 0;
}
