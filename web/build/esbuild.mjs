/**
 * Runs esbuild and writes the results into one folder. The jobs give only the names of the results, not
 * their folder, so that source maps do not contain the path of the build. This script also compresses
 * files that a server would compress.
 *
 * A style sheet that a script imports becomes a string without unnecessary white space.
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
