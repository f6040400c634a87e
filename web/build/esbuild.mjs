/**
 * Runs esbuild and writes what it makes into one folder: the names of the results are given,
 * their place is not, so that a source map does not tell where it was made. Files that a server
 * would compress are compressed here, once and well.
 *
 *     node esbuild.mjs OUT JOB…
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

const [out = "", ...jobs] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
for (const job of jobs) {
  const { outputFiles } = await build({ ...JSON.parse(job), write: false });
  for (const { path, contents } of outputFiles ?? []) writeFileSync(join(out, basename(path)), contents);
}
