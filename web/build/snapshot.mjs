/**
 * Makes the start snapshot. It starts Python in Node.js, imports everything that the worker needs, and
 * writes the memory to a file.
 *
 *     node snapshot.mjs PYODIDE_DIR WHEEL OUT
 *
 * Prints the values that the worker needs: `{"memory": bytes}`.
 */

import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { captureImage, packSnapshot } from "../src/worker/snapshot-format.js";

/** The size of the largest free block to search for (bytes). */
const LARGE = 1 << 20;

/** @type {Uint32Array} the memory after the module's own data was loaded */
let image = new Uint32Array();

const [folder = "", wheel = "", out = ""] = process.argv.slice(2);
make(resolve(folder)).then(
  (memory) => {
    console.log(JSON.stringify({ memory }));
    process.exit();
  },
  (error) => {
    // Not Node's own report: it prints the source line, and Pyodide's has a million characters.
    console.error(String(error?.message ?? error));
    process.exit(1);
  },
);

/**
 * @param {string} folder
 * @returns {Promise<number>} bytes of memory
 */
async function make(folder) {
  standStill();
  const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
  const pyodide = await loadPyodide({
    indexURL: folder,
    createPyodideModule: (/** @type {any} */ settings) => createModule(folder, settings),
    _makeSnapshot: true,
    // Values that depend on this machine and the present time would become part of the snapshot.
    env: { PYTHONHASHSEED: "0" },
    _sysExecutable: "/usr/bin/python3",
    stdout: console.error,
    stderr: console.error,
  });
  pyodide.unpackArchive((await readFile(wheel)).buffer, "wheel");
  // The first session loads modules that are imported late. The second one tests the slimmed code.
  for (const name of ["warm.py", "slim.py", "warm.py", "settle.py"]) {
    const program = await readFile(new URL(name, import.meta.url), "utf8");
    const globals = pyodide.toPy({ __name__: name });
    await pyodide.runPythonAsync(program, { globals, filename: name });
    globals.destroy();
  }
  clearFreeMemory(pyodide._module);
  const { BUILD_ID: build } = pyodide._api.config;
  const config = pyodide._api.serializeHiwireState();
  const { HEAPU32: memory } = pyodide._module;
  const packed = packSnapshot(memory, image, { build, config });
  await writeFile(out, packed);
  return memory.byteLength;
}

/** Stop the clock and return zeros as random numbers, so that the same inputs give the same bytes. */
function standStill() {
  process.env["TZ"] = "UTC";
  Date.now = () => 0;
  performance.now = () => 0;
  crypto.getRandomValues = (array) => array;
}

/**
 * @param {string} folder
 * @param {any} settings
 */
async function createModule(folder, settings) {
  const { default: create } = await import(pathToFileURL(join(folder, "pyodide.asm.mjs")).href);
  captureImage(settings, (data) => {
    image = data;
  });
  return create(settings);
}

/**
 * Overwrite the allocator's free memory with zeros, because old data compresses badly.
 *
 * @param {any} module
 */
function clearFreeMemory(module) {
  const top = module._sbrk(0);
  const blocks = [];
  // From large to small, until the next block of that size would grow the memory.
  for (let size = LARGE; size >= 8; size = size > 512 ? size >> 1 : size - 8) {
    for (;;) {
      const block = module._malloc(size);
      const end = block + module._malloc_usable_size(block);
      if (block === 0) break;
      if (end > top) {
        module._free(block);
        break;
      }
      module.HEAPU8.fill(0, block, end);
      blocks.push(block);
    }
  }
  for (const block of blocks) module._free(block);
}
