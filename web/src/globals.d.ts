/** Replaced by the build. */
declare const PYCTI_BUILD: string | undefined;
declare const PYCTI_WORKER: string | undefined;
declare const PYCTI_RUNTIME: import("./build-info.js").Runtime | undefined;
