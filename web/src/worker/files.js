/**
 * The files of the runtime. They are transferred compressed even if the web server does not compress.
 */

import { RUNTIME } from "../common/build-info.js";
import { messageOf } from "../common/errors.js";

const WASM = "application/wasm";
const BINARY = "application/octet-stream";

/** Each method starts a download, which the browser can answer from its cache. */
export class Files {
  #base;

  /** @param {string} base the address of the worker's script */
  constructor(base) {
    this.#base = base;
  }

  /**
   * @param {boolean} [full] the full script, for dynamic libraries
   * @returns {Promise<(settings: any) => Promise<any>>} the function that creates Pyodide's module
   */
  async script(full) {
    const { default: create } = await import(this.#url(full ? RUNTIME.full.script : RUNTIME.script));
    return create;
  }

  /** @returns {Promise<Response>} the first module, to be compiled while it arrives */
  wasm() {
    return this.#compressed(RUNTIME.wasm, WASM);
  }

  /** @returns {Promise<Response>} the second module, to be compiled while it arrives */
  cold() {
    return this.#compressed(RUNTIME.cold, WASM);
  }

  /**
   * @returns {ArrayBuffer} the second module, synchronously
   * @throws {Error} if the server does not have it
   */
  coldNow() {
    const url = this.#url(RUNTIME.cold);
    const request = new XMLHttpRequest();
    request.open("GET", url, false);
    request.responseType = "arraybuffer";
    try {
      request.send();
    } catch (error) {
      throw new Error(`${url}, a part of Python, could not be loaded: ${messageOf(error)}`);
    }
    if (request.status === 200) return request.response;
    throw new Error(`${url}, a part of Python, was answered with ${request.status}`);
  }

  /** @returns {Promise<Response>} the full module, joined from the two modules and the rest */
  async fullWasm() {
    const arriving = [this.wasm(), this.cold(), this.#compressed(RUNTIME.full.rest, BINARY)];
    const sources = await Promise.all(arriving.map(async (one) => (await one).arrayBuffer()));
    const [count = 0] = new Uint32Array(/** @type {ArrayBuffer} */ (sources[2]), 0, 1);
    const pieces = new Uint32Array(/** @type {ArrayBuffer} */ (sources[2]), 4, count * 3);
    const parts = Array.from({ length: count }, (_, index) => {
      const [source = 0, start, length] = pieces.subarray(index * 3, index * 3 + 3);
      return new Uint8Array(/** @type {ArrayBuffer} */ (sources[source]), start, length);
    });
    return new Response(new Blob(parts), { headers: { "Content-Type": WASM } });
  }

  /** @returns {Promise<Uint8Array<ArrayBuffer>>} */
  async snapshot() {
    const response = await this.#compressed(RUNTIME.snapshot, BINARY);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** @returns {Promise<Response>} */
  library() {
    return this.#fetch(RUNTIME.library);
  }

  /** @returns {Promise<ArrayBuffer>} */
  wheel() {
    return this.#archive(RUNTIME.wheel);
  }

  /**
   * @param {string} name of a Python package
   * @returns {Promise<ArrayBuffer>} its wheel
   */
  packaged(name) {
    return this.#archive(packageFile(name));
  }

  /**
   * @param {string} name of a Python package
   * @returns {string} the address of its wheel
   */
  packageUrl(name) {
    return this.#url(packageFile(name));
  }

  /** @param {string} name */
  #url(name) {
    return new URL(name, this.#base).href;
  }

  /** @param {string} name */
  async #archive(name) {
    return (await this.#fetch(name)).arrayBuffer();
  }

  /**
   * @param {string} name
   * @param {RequestInit} [init]
   * @returns {Promise<Response>}
   * @throws {Error} where the server does not have it
   */
  async #fetch(name, init) {
    const response = await fetch(this.#url(name), init);
    if (response.ok) return response;
    throw new Error(`${response.url} was answered with ${response.status}`);
  }

  /**
   * Use a response that the server has compressed, because the browser caches compiled code for it. If
   * the server does not compress, fetch the copy that the build has compressed.
   *
   * @param {string} name
   * @param {string} type the media type of the content
   * @returns {Promise<Response>}
   * @throws {Error} where the server does not have it
   */
  async #compressed(name, type) {
    const plain = new AbortController();
    const response = await this.#fetch(name, { signal: plain.signal });
    if (!response.headers.has("Content-Encoding")) {
      const { body } = await this.#fetch(`${name}.gz`).catch(() => ({ body: null }));
      if (body) {
        plain.abort();
        return new Response(await unpack(body), { headers: { "Content-Type": type } });
      }
    }
    const hasType = response.headers.get("Content-Type")?.startsWith(type);
    return hasType ? response : new Response(response.body, { headers: { "Content-Type": type } });
  }
}

/** @param {string} name of a Python package */
function packageFile(name) {
  return RUNTIME.packages[name] ?? name;
}

/**
 * Some servers declare a compressed file as compressed content, and then the browser has
 * unpacked it already: the first bytes tell.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @returns {Promise<ReadableStream<Uint8Array<ArrayBuffer>>>}
 */
async function unpack(body) {
  const reader = body.getReader();
  const first = await reader.read();
  const whole = new ReadableStream({
    start(controller) {
      if (first.value) controller.enqueue(first.value);
      if (first.done) controller.close();
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const isGzip = first.value?.[0] === 0x1f && first.value[1] === 0x8b;
  return isGzip ? whole.pipeThrough(new DecompressionStream("gzip")) : whole;
}
