/** What the build fills in (`pycti/bundle.py`); unbundled sources run without it. */

/** Version and a hash of all that was built: two builds never share a worker. */
export const BUILD = typeof PYCTI_BUILD === "string" ? PYCTI_BUILD : "dev";

/** The file name of the wheel that the worker unpacks. */
export const WHEEL = typeof PYCTI_WHEEL === "string" ? PYCTI_WHEEL : "pycti.whl";

/** The packages that can be installed later, and the file names of their wheels. */
export const PACKAGES = typeof PYCTI_PACKAGES === "object" ? PYCTI_PACKAGES : {};
