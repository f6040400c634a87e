/**
 * Writes a `.br` and a `.gz` file beside each file below a folder that gets smaller: for web
 * servers that send what was compressed beforehand, and for the worker, where a server does not
 * compress at all.
 *
 *     node compress.mjs FOLDER
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const COMPRESSIBLE = /\.(bin|css|html|js|json|mjs|svg|wasm)$/;
/** Smaller files fit into one packet as they are (bytes). */
const SMALL = 1_000;
/** The last percent of a file larger than this would take half a minute (bytes). */
const LARGE = 2_000_000;

const [folder = ""] = process.argv.slice(2);
for (const name of readdirSync(folder, { encoding: "utf8", recursive: true })) {
  if (!COMPRESSIBLE.test(name)) continue;
  const path = join(folder, name);
  const content = readFileSync(path);
  if (content.length < SMALL) continue;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: content.length > LARGE ? 6 : 11,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}
