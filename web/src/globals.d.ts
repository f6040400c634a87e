/** Replaced by the build. */
declare const PYCTI_BUILD: string | undefined;
declare const PYCTI_WHEEL: string | undefined;
declare const PYCTI_PACKAGES: Record<string, string> | undefined;
