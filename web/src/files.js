/**
 * The files of the runtime. They travel compressed whatever the web server does: the build has
 * compressed them, and here they are unpacked while they arrive.
 */

import { RUNTIME } from "./build-info.js";

/** Each method starts a download; a browser that has the file answers from its cache. */
export class Files {
  #base;

  /** @param {string} base the address of the worker's script */
  constructor(base) {
    this.#base = base;
  }

  /** @returns {Promise<(settings: any) => Promise<any>>} what makes Pyodide's module */
  async script() {
    const { default: create } = await import(this.#url(RUNTIME.script));
    return create;
  }

  /** @returns {Promise<Response>} to be compiled while it arrives */
  async wasm() {
    const body = await this.#unpacked(RUNTIME.wasm);
    return new Response(body, { headers: { "Content-Type": "application/wasm" } });
  }

  /** @returns {Promise<Uint8Array<ArrayBuffer>>} */
  async snapshot() {
    const response = new Response(await this.#unpacked(RUNTIME.snapshot));
    return new Uint8Array(await response.arrayBuffer());
  }

  /** @returns {Promise<Response>} */
  library() {
    return this.#fetch(RUNTIME.library);
  }

  /** @returns {Promise<ArrayBuffer>} */
  async wheel() {
    return (await this.#fetch(RUNTIME.wheel)).arrayBuffer();
  }

  /** @param {string} name */
  #url(name) {
    return new URL(name, this.#base).href;
  }

  /**
   * @param {string} name
   * @returns {Promise<Response>}
   * @throws {Error} where the server does not have it
   */
  async #fetch(name) {
    const response = await fetch(this.#url(name));
    if (response.ok) return response;
    throw new Error(`${response.url} was answered with ${response.status}`);
  }

  /** @param {string} name */
  async #unpacked(name) {
    const { body } = await this.#fetch(name);
    if (!body) throw new Error(`${name} is empty`);
    return unpack(body);
  }
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
