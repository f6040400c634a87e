/**
 * Writes a `.br` and a `.gz` file beside each text below a folder, for web servers that send
 * what was compressed beforehand.
 *
 *     node compress.mjs FOLDER
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TEXTS = /\.(css|html|js|json|mjs|svg)$/;
/** Smaller files fit into one packet as they are (bytes). */
const SMALL = 1_000;

const [folder = ""] = process.argv.slice(2);
for (const name of readdirSync(folder, { encoding: "utf8", recursive: true })) {
  if (!TEXTS.test(name)) continue;
  const path = join(folder, name);
  const content = readFileSync(path);
  if (content.length < SMALL) continue;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}
