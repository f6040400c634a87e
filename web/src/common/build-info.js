/** Values that the build sets (`pycti/bundle/build.py`). Sources that are not bundled run without them. */

/** The version and a hash of the build, so that two builds never share a worker. */
export const BUILD = typeof PYCTI_BUILD === "string" ? PYCTI_BUILD : "dev";

/** The script that finds numbers in text, in the directory of the page's script. */
export const DETECT = typeof PYCTI_DETECT === "string" ? PYCTI_DETECT : "cti-detect.mjs";

/** The worker's script, in the directory of the page's script. Its name changes with its content. */
export const WORKER = typeof PYCTI_WORKER === "string" ? PYCTI_WORKER : "cti-worker.mjs";

/** The frame for pages of other origins, in the directory of the script that opens it. */
export const FRAME = typeof PYCTI_FRAME === "string" ? PYCTI_FRAME : "cti-frame.html";

/** The script that opens that frame, in the directory of the page's script. */
export const FRAME_LINK = typeof PYCTI_FRAME_LINK === "string" ? PYCTI_FRAME_LINK : "cti-frame-link.mjs";

/**
 * The files of the Python runtime, in the directory of the worker's script. Their names change with
 * their content, so browsers can cache them for ever, and files of two builds never mix.
 *
 * @typedef Full
 * @property {string} script Pyodide's `pyodide.asm.mjs`
 * @property {string} rest makes Pyodide's `pyodide.asm.wasm` from the two modules of the split
 *
 * @typedef Runtime
 * @property {string} script Pyodide's `pyodide.asm.mjs`, without the parts for dynamic libraries
 * @property {string} wasm the functions of Pyodide's `pyodide.asm.wasm` that run in each session
 * @property {string} cold the other functions
 * @property {Full} full for a start without the snapshot
 * @property {string} library Python's standard library
 * @property {string} wheel this package
 * @property {Record<string, string>} packages that can be installed later, by name
 * @property {string} snapshot the memory of a Python that has been started
 * @property {object} info the runtime's entry in Pyodide's lock file
 * @property {number} memory the size of that memory (bytes)
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
