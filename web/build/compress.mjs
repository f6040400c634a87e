/**
 * Writes a `.br` and a `.gz` copy beside each file in a folder, if the copy is smaller. Web servers can
 * send these copies. The worker fetches them if a server does not compress.
 *
 *     node compress.mjs FOLDER CACHE
 *
 * The best compression of a large file takes half a minute. So results are kept in CACHE, under a hash
 * of the content and the settings.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync } from "node:fs";
import { rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzipSync } from "node:zlib";

const COMPRESSIBLE = /\.(bin|css|html|js|json|mjs|svg|wasm)$/;
/** Smaller files are not compressed, because they fit into one packet (bytes). */
const SMALL = 1_000;
/** The results of smaller files are not cached (bytes). */
const LARGE = 200_000;
/** The number of most recently used results to keep: enough for several builds. */
const KEPT = 40;

const BROTLI = {
  [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
  [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
};

const [folder = "", cache = ""] = process.argv.slice(2);
mkdirSync(cache, { recursive: true });
const names = readdirSync(folder, { encoding: "utf8", recursive: true });
// Start all at once, so that every processor is used.
const chosen = names.filter((name) => COMPRESSIBLE.test(name));
await Promise.all(chosen.map((name) => compress(join(folder, name))));
forget();

/** @param {string} path */
async function compress(path) {
  const content = readFileSync(path);
  if (content.length < SMALL) return;
  const make = content.length < LARGE ? brotli : remembered;
  writeFileSync(`${path}.br`, await make(content));
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}

/**
 * @param {Buffer} content
 * @returns {Promise<Buffer>}
 */
function brotli(content) {
  const params = { ...BROTLI, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  return promisify(brotliCompress)(content, { params });
}

/**
 * @param {Buffer} content
 * @returns {Promise<Buffer>}
 */
async function remembered(content) {
  const how = JSON.stringify([process.versions["brotli"], BROTLI]);
  const path = join(cache, `${createHash("sha256").update(how).update(content).digest("hex")}.br`);
  try {
    const packed = readFileSync(path);
    utimesSync(path, new Date(), new Date());
    return packed;
  } catch {
    const packed = await brotli(content);
    // Write to another name first, so that an interrupted build leaves no incomplete file.
    writeFileSync(`${path}.new`, packed);
    renameSync(`${path}.new`, path);
    return packed;
  }
}

function forget() {
  const paths = readdirSync(cache).map((name) => join(cache, name));
  const byUse = paths.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  for (const path of byUse.slice(KEPT)) rmSync(path);
}
