/**
 * Python in this worker.
 *
 * @import {Stage} from "./protocol.d.ts"
 */

import { WHEEL } from "./build-info.js";

/**
 * A Python object that JavaScript holds. Whoever got it destroys it.
 *
 * @typedef {((...args: any[]) => any) & {[name: string]: any, destroy: () => void}} PyProxy
 */

/** No step of the start takes longer than this without a file having arrived (milliseconds). */
const STEP_LIMIT = 60_000;

/** The smallest module there is: the header and nothing in it. */
const EMPTY_WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/**
 * What a started Python is.
 *
 * @typedef Started
 * @property {PyProxy} module `pycti.worker`
 * @property {{unpackArchive: Function, pyimport: Function}} pyodide
 */

/**
 * @param {string} base the address of the worker's script
 * @param {(stage: Stage) => void} progress
 * @returns {Promise<Started>}
 * @throws {Error} with words for the page's developer
 */
export async function startPython(base, progress) {
  const watch = new BootWatch();
  try {
    return await Promise.race([watch.failure, boot(base, progress)]);
  } finally {
    watch.stop();
  }
}

/** Before anything of the standard library is imported that the start has not imported. */
export async function needStandardLibrary() {
  // The ordinary start has all of it.
}

/**
 * @param {string} base
 * @param {(stage: Stage) => void} progress
 * @returns {Promise<Started>}
 */
async function boot(base, progress) {
  checkWasm();
  progress("loading");
  const indexURL = new URL("pyodide/", base).href;
  const wheel = download(new URL(WHEEL, base).href);
  // Its failure is reported where it is awaited.
  wheel.catch(() => {});
  const { loadPyodide } = await import(`${indexURL}pyodide.mjs`);
  progress("starting");
  const pyodide = await loadPyodide({ indexURL });
  progress("importing");
  pyodide.unpackArchive(await wheel, "wheel");
  return { module: pyodide.pyimport("pycti.worker"), pyodide };
}

/**
 * @param {string} url
 * @returns {Promise<ArrayBuffer>}
 */
export async function download(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}`);
  return response.arrayBuffer();
}

/** Pyodide never settles where the policy forbids WebAssembly, so ask before. */
function checkWasm() {
  try {
    new WebAssembly.Module(EMPTY_WASM);
  } catch (error) {
    throw new Error("the worker's Content-Security-Policy lacks script-src 'wasm-unsafe-eval'", {
      cause: error,
    });
  }
}

/** Pyodide waits for ever for a file that is blocked or missing; this does not. */
class BootWatch {
  #stop = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #due = 0;
  /** @type {PerformanceObserver} a file that arrived is a sign of progress */
  #files = new PerformanceObserver(() => this.#wait());
  /** @type {(error: Error) => void} */
  #fail = () => {};
  /** @type {Promise<never>} rejects when the start has failed */
  failure = new Promise((_resolve, reject) => {
    this.#fail = reject;
  });

  constructor() {
    this.failure.catch(() => {});
    const onViolation = (/** @type {Event} */ event) => {
      const { effectiveDirective, blockedURI } = /** @type {SecurityPolicyViolationEvent} */ (event);
      this.#fail(new Error(`the worker's ${effectiveDirective} policy blocks ${blockedURI}`));
    };
    addEventListener("securitypolicyviolation", onViolation, { signal: this.#stop.signal });
    this.#files.observe({ type: "resource" });
    this.#wait();
  }

  stop() {
    this.#stop.abort();
    this.#files.disconnect();
    clearTimeout(this.#timer);
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#due = performance.now() + STEP_LIMIT;
    this.#timer = setTimeout(() => this.#onTime(), STEP_LIMIT);
  }

  #onTime() {
    // A timer that is late was held back by a sleep or by the work itself.
    if (performance.now() - this.#due > STEP_LIMIT / 10) this.#wait();
    else this.#fail(new Error(`nothing happened for ${STEP_LIMIT / 1_000} seconds`));
  }
}
