/**
 * The functions of the runtime that a session seldom calls are a module of their own
 * (`web/build/split.mjs`). It is loaded once the session has begun, or by the first call.
 */

import { once } from "../common/once.js";

/** Gives a function in JavaScript the type that a table of WebAssembly takes. */
// prettier-ignore
const LOADER = Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, // a type: a number in, a number out
  2, 6, 1, 0, 1, 0x66, 0, 0, // imports the function "f" from ""
  7, 5, 1, 1, 0x66, 0, 0, // and exports it under the same name
);

/** What the first module exports for the second has this before its name. */
const OWN = /^hot\./;

/**
 * @typedef Source
 * @property {() => Promise<Response>} cold
 * @property {() => BufferSource} coldNow for a call that waits for it
 */

export class ColdCode {
  #files;
  /** @type {(module: WebAssembly.Module) => void} */
  #link = () => {};
  /** @type {WebAssembly.Global | null} */
  #calls = null;
  #arrived = false;

  /** Whether a call had to wait for it. */
  forced = false;

  #failed;

  /**
   * @param {Source} files
   * @param {(error: any) => void} [failed] is told of a call that cannot get it: not every engine
   *   tells a worker of what is thrown then
   */
  constructor(files, failed = () => {}) {
    this.#files = files;
    this.#failed = failed;
  }

  /** How many calls there were. */
  get calls() {
    return Number(this.#calls?.value ?? 0);
  }

  /** @param {any} settings of the Emscripten module; are changed */
  attach(settings) {
    const { instantiateWasm } = settings;
    settings.instantiateWasm = (/** @type {any} */ imports, /** @type {Function} */ done) =>
      instantiateWasm(imports, (/** @type {any} */ instance, /** @type {any} */ module) => {
        const all = Object.entries(instance.exports);
        this.#connect(imports, Object.fromEntries(all.filter(([name]) => OWN.test(name))));
        // Emscripten takes what it does not know for something that Python calls.
        done({ exports: Object.fromEntries(all.filter(([name]) => !OWN.test(name))) }, module);
      });
  }

  /** Loads it without holding up the worker. Where that fails, the call that needs it tries again. */
  load = once(async () => this.#take(await WebAssembly.compileStreaming(this.#files.cold())));

  /**
   * @param {any} imports of both modules
   * @param {any} hot what the first gives to the second
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
