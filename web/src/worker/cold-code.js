/**
 * Loads the second module of the runtime, with the functions that sessions seldom call
 * (`web/build/split.mjs`): after READY, or at the first call of one of them.
 */

import { once } from "../common/once.js";

/** Wraps a JavaScript function as a WebAssembly function, which a table requires. */
// prettier-ignore
const LOADER = Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, // a type: takes a number, returns a number
  2, 6, 1, 0, 1, 0x66, 0, 0, // imports the function "f" from ""
  7, 5, 1, 1, 0x66, 0, 0, // and exports it under the same name
);

/** The prefix of the exports of the first module for the second. */
const OWN = /^hot\./;

/**
 * @typedef Source
 * @property {() => Promise<Response>} cold
 * @property {() => BufferSource} coldNow the same, synchronously
 */

export class ColdCode {
  #files;
  /** @type {(module: WebAssembly.Module) => void} */
  #link = () => {};
  /** @type {WebAssembly.Global | null} */
  #calls = null;
  #arrived = false;

  /** Whether a call had to wait for the module. */
  forced = false;

  #failed;

  /**
   * @param {Source} files
   * @param {(error: any) => void} [failed] called when a call cannot load the module: not every engine
   *   reports the exception to the worker
   */
  constructor(files, failed = () => {}) {
    this.#files = files;
    this.#failed = failed;
  }

  /** The number of calls of functions in the module. */
  get calls() {
    return Number(this.#calls?.value ?? 0);
  }

  /** @param {any} settings of the Emscripten module; this changes them */
  attach(settings) {
    const { instantiateWasm } = settings;
    settings.instantiateWasm = (/** @type {any} */ imports, /** @type {Function} */ done) =>
      instantiateWasm(imports, (/** @type {any} */ instance, /** @type {any} */ module) => {
        const all = Object.entries(instance.exports);
        this.#connect(imports, Object.fromEntries(all.filter(([name]) => OWN.test(name))));
        // Emscripten treats unknown exports as functions that Python calls.
        done({ exports: Object.fromEntries(all.filter(([name]) => !OWN.test(name))) }, module);
      });
  }

  /** Load the module without blocking the worker. If that fails, a call that needs it tries again. */
  load = once(async () => this.#take(await WebAssembly.compileStreaming(this.#files.cold())));

  /**
   * @param {any} imports of both modules
   * @param {any} hot the exports of the first module for the second
   */
  #connect(imports, hot) {
    this.#calls = hot["hot.calls"];
    this.#link = (module) => {
      new WebAssembly.Instance(module, { ...imports, hot });
      hot["hot.loaded"].value = 1;
    };
    const f = (/** @type {number} */ place) => this.#need(place);
    const loader = new WebAssembly.Instance(new WebAssembly.Module(LOADER), { "": { f } });
    hot["hot.table"].set(0, loader.exports["f"]);
  }

  /** @param {number} place of the function that is called */
  #need(place) {
    if (!this.#arrived) {
      this.forced = true;
      try {
        this.#take(new WebAssembly.Module(this.#files.coldNow()));
      } catch (error) {
        this.#failed(error);
        throw error;
      }
    }
    return place;
  }

  /** @param {WebAssembly.Module} module */
  #take(module) {
    if (this.#arrived) return;
    this.#link(module);
    this.#arrived = true;
  }
}
