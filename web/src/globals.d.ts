/** Replaced by the build. */
declare const PYCTI_BUILD: string | undefined;
declare const PYCTI_WORKER: string | undefined;
declare const PYCTI_RUNTIME: import("./build-info.js").Runtime | undefined;
/** The file of each language of the dialer but English, relative to its script. */
declare const PYCTI_LANGUAGES: Record<string, string> | undefined;
