/**
 * Runs esbuild and writes what it makes into one folder: the names of the results are given,
 * their place is not, so that a source map does not tell where it was made. Files that a server
 * would compress are compressed here, once and well.
 *
 * A style sheet that a script imports is its text, without blanks.
 *
 *     node esbuild.mjs OUT JOB…
 */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build, transform } from "esbuild";

/** @type {import("esbuild").Plugin} */
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const [out = "", ...jobs] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
for (const job of jobs) {
  const { outputFiles } = await build({ ...JSON.parse(job), plugins: [styles], write: false });
  for (const { path, contents } of outputFiles ?? []) writeFileSync(join(out, basename(path)), contents);
}
