/** Replaced by the build. */
declare const PYCTI_BUILD: string | undefined;
declare const PYCTI_WORKER: string | undefined;
declare const PYCTI_FRAME: string | undefined;
declare const PYCTI_FRAME_LINK: string | undefined;
declare const PYCTI_DETECT: string | undefined;
declare const PYCTI_RUNTIME: import("./common/build-info.js").Runtime | undefined;
/** The file of each language of the dialer but English, relative to its script. */
declare const PYCTI_LANGUAGES: Record<string, string> | undefined;
/** Those of the page's module loader, where it has one. */
declare const define: (((name: string, needs: string[], make: () => unknown) => void) & { amd?: unknown }) | undefined;
declare const module: { exports?: unknown } | undefined;
