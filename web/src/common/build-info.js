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
 * @typedef Full
 * @property {string} script Pyodide's `pyodide.asm.mjs`
 * @property {string} rest makes Pyodide's `pyodide.asm.wasm` of the two that it was cut into
 *
 * @typedef Runtime
 * @property {string} script Pyodide's `pyodide.asm.mjs`, without what only dynamic libraries need
 * @property {string} wasm of Pyodide's `pyodide.asm.wasm`, the functions that run in each session
 * @property {string} cold the others
 * @property {Full} full for a start without the snapshot
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
        script: "",
        wasm: "",
        cold: "",
        full: { script: "", rest: "" },
        library: "",
        wheel: "",
        packages: {},
        snapshot: "",
        info: {},
        memory: 0,
      };
