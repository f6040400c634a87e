/** What the build fills in (`pycti/bundle/build.py`); unbundled sources run without it. */

/** Version and a hash of all that was built: two builds never share a worker. */
export const BUILD = typeof PYCTI_BUILD === "string" ? PYCTI_BUILD : "dev";

/** Finds numbers in text; beside the page's script. */
export const DETECT = typeof PYCTI_DETECT === "string" ? PYCTI_DETECT : "cti-detect.mjs";

/** The worker's script, beside the page's. Its name changes with its content. */
export const WORKER = typeof PYCTI_WORKER === "string" ? PYCTI_WORKER : "cti-worker.mjs";

/** The frame for pages of other origins, beside the script that opens it. */
export const FRAME = typeof PYCTI_FRAME === "string" ? PYCTI_FRAME : "cti-frame.html";

/** Opens that frame; beside the page's script. */
export const FRAME_LINK = typeof PYCTI_FRAME_LINK === "string" ? PYCTI_FRAME_LINK : "cti-frame-link.mjs";

/**
 * The files of the Python runtime, beside the worker's script. Their names change with their
 * content: a browser keeps them for ever, and those of two builds cannot be mixed.
 *
 * @typedef Engine
 * @property {string} script Pyodide's `pyodide.asm.mjs`
 * @property {string} wasm Pyodide's `pyodide.asm.wasm`
 *
 * @typedef Runtime
 * @property {Engine} lean without what only dynamic libraries need: for a start from the snapshot
 * @property {Engine} full
 * @property {string} library Python's standard library
 * @property {string} wheel this package
 * @property {Record<string, string>} packages what can be installed later, by name
 * @property {string} snapshot the memory of a Python that has started
 * @property {object} info what Pyodide's lock file says of the runtime
 * @property {number} memory how large that memory is (bytes)
 */

/** @type {Runtime} */
export const RUNTIME =
  typeof PYCTI_RUNTIME === "object"
    ? PYCTI_RUNTIME
    : {
        lean: { script: "", wasm: "" },
        full: { script: "", wasm: "" },
        library: "",
        wheel: "",
        packages: {},
        snapshot: "",
        info: {},
        memory: 0,
      };
