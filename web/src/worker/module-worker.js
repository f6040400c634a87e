/**
 * Imported before Pyodide, which finds out whether it is in a classic worker by calling
 * `importScripts`. In a module worker that throws in any case; but where Trusted Types are enforced
 * the browser reports it first.
 */

Object.assign(globalThis, {
  importScripts() {
    throw new TypeError("This is a module worker.");
  },
});
