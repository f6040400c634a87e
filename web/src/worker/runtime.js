/**
 * Starts Python in this worker: from the start snapshot if it fits, otherwise without it.
 *
 * @import {Files} from "./files.js"
 * @import {Stage} from "../common/protocol.d.ts"
 */

import "./module-worker.js";
import { loadPyodide } from "#pyodide";
import { BootWatch } from "./boot-watch.js";
import { RUNTIME } from "../common/build-info.js";
import { ColdCode } from "./cold-code.js";
import { messageOf } from "../common/errors.js";
import { once } from "../common/once.js";
import { blockedBy, owner } from "../common/policy.js";
import { captureImage, unpackSnapshot } from "./snapshot-format.js";

/**
 * A Python object that JavaScript holds. Its owner destroys it.
 *
 * @typedef {((...args: any[]) => any) & {[name: string]: any, destroy: () => void}} PyProxy
 */

/**
 * @typedef Python
 * @property {PyProxy} module `pycti.pages.worker`
 * @property {{unpackArchive: Function, pyimport: Function}} pyodide
 * @property {() => Promise<void>} needStandardLibrary makes all of it importable
 * @property {ColdCode} [cold] the second module of the runtime
 */

/**
 * @typedef Hooks
 * @property {(stage: Stage) => void} progress
 * @property {(message: string) => void} warn for the page's developer
 */

/** The smallest module there is: the header and nothing in it. */
const EMPTY_WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** The smallest archive there is. */
const EMPTY_ZIP = Uint8Array.from({ length: 22 }, (_, index) => [0x50, 0x4b, 5, 6][index] ?? 0);

/** Addresses that only Pyodide requests. `load` answers them. */
const WASM_URL = "https://pyodide.invalid/pyodide.asm.wasm";
const LIBRARY_URL = "https://pyodide.invalid/python_stdlib.zip";

/** No packages: the bundle contains what this worker needs. */
const LOCK_FILE = { info: RUNTIME.info, packages: {} };

/**
 * @param {Files} files
 * @param {Hooks} hooks
 * @returns {Promise<Python>}
 * @throws {Error} with words for the page's developer
 */
export async function startPython(files, { progress, warn }) {
  checkWasm();
  const watch = new BootWatch();
  try {
    progress("loading");
    const fast = await Promise.race([watch.failure, startFromSnapshot(files, watch)]).catch((error) => {
      if (watch.failed) throw error;
      warn(`The start snapshot cannot be used, starting takes longer: ${messageOf(error)}`);
    });
    if (fast) return fast;
    progress("starting");
    return await Promise.race([watch.failure, startOrdinarily(files, watch, progress)]);
  } finally {
    watch.stop();
  }
}

/**
 * @param {Files} files
 * @param {BootWatch} watch
 * @returns {Promise<Python>}
 */
async function startFromSnapshot(files, watch) {
  const bytes = files.snapshot();
  // Its failure is reported where it is awaited.
  bytes.catch(() => {});
  const create = files.script();
  /** @type {Uint32Array} the memory as the module's own data leaves it */
  let image = new Uint32Array();
  const cold = new ColdCode(files, watch.fail);

  const pyodide = await load(files.wasm(), watch, new Response(EMPTY_ZIP), {
    // The memory is filled below: that it is not empty is all that Pyodide asks of it.
    _loadSnapshot: EMPTY_ZIP,
    async createPyodideModule(/** @type {any} */ settings) {
      settings.INITIAL_MEMORY = RUNTIME.memory;
      cold.attach(settings);
      captureImage(settings, (data) => {
        image = data;
      });
      const [module, snapshot] = await Promise.all([(await create)(settings), bytes]);
      module.API.restoreSnapshot = () =>
        unpackSnapshot(snapshot, image, module.API.config.BUILD_ID, module.HEAPU32);
      return module;
    },
  });
  const needStandardLibrary = once(async () => {
    // Code that needs it also needs the second module. This loads it without blocking the worker.
    const [library] = await Promise.all([files.library(), cold.load()]);
    const [major, minor] = pyodide._api.pyVersionTuple;
    const content = new Uint8Array(await library.arrayBuffer());
    pyodide.FS.writeFile(`/lib/python${major}${minor}.zip`, content);
  });
  return { module: pyodide.pyimport("pycti.pages.worker"), pyodide, needStandardLibrary, cold };
}

/**
 * @param {Files} files
 * @param {BootWatch} watch
 * @param {(stage: Stage) => void} progress
 * @returns {Promise<Python>}
 */
async function startOrdinarily(files, watch, progress) {
  const wheel = files.wheel();
  wheel.catch(() => {});
  const wasm = files.fullWasm();
  wasm.catch(() => {});
  const createPyodideModule = await files.script(true);
  const pyodide = await load(wasm, watch, await files.library(), { createPyodideModule });
  progress("importing");
  pyodide.unpackArchive(await wheel, "wheel");
  const needStandardLibrary = async () => {};
  return { module: pyodide.pyimport("pycti.pages.worker"), pyodide, needStandardLibrary };
}

/**
 * Load Pyodide with files that have been requested already.
 *
 * @param {Promise<Response>} wasm
 * @param {BootWatch} watch
 * @param {Response} library
 * @param {object} options
 * @returns {Promise<any>}
 */
async function load(wasm, watch, library, options) {
  // Pyodide waits without a limit for a file that does not arrive.
  wasm.catch(watch.fail);
  const ownFetch = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const url = String(input);
    if (url === WASM_URL) return wasm;
    if (url === LIBRARY_URL) return Promise.resolve(library);
    return ownFetch(input, init);
  };
  try {
    return await loadPyodide({
      indexURL: new URL(".", WASM_URL).href,
      stdLibURL: LIBRARY_URL,
      lockFileContents: JSON.stringify(LOCK_FILE),
      packageBaseUrl: WASM_URL,
      ...options,
    });
  } finally {
    globalThis.fetch = ownFetch;
  }
}

/** Pyodide never settles where the policy forbids WebAssembly, so ask before. */
function checkWasm() {
  try {
    new WebAssembly.Module(EMPTY_WASM);
  } catch {
    throw blockedBy(["script-src 'wasm-unsafe-eval'"], owner());
  }
}
