/**
 * Python packages of the bundle that are installed when something asks for them.
 *
 * @import {Files} from "./files.js"
 * @import {PyProxy, Python} from "./runtime.js"
 */

import { once } from "../common/once.js";

/**
 * @param {Python} python
 * @param {Files} files
 * @returns {(name: string) => Promise<void>} installs a package; once, however often it is asked
 */
export function installer(python, files) {
  const micropip = once(() => unpackMicropip(python, files));
  /** @type {Map<string, () => Promise<void>>} */
  const packages = new Map();
  return (name) => {
    const install =
      packages.get(name) ??
      once(async () => {
        await (await micropip()).install.callKwargs(files.packageUrl(name), { deps: false });
      });
    packages.set(name, install);
    return install();
  };
}

/**
 * @param {Python} python
 * @param {Files} files
 * @returns {Promise<PyProxy>} the module
 */
async function unpackMicropip({ pyodide, needStandardLibrary }, files) {
  const [archive] = await Promise.all([files.packaged("micropip"), needStandardLibrary()]);
  pyodide.unpackArchive(archive, "wheel");
  const micropip = pyodide.pyimport("micropip");
  // Only the bundle: whatever is missing there is an error, not a request to an index.
  micropip.set_index_urls(new URL(".", files.packageUrl("micropip")).href);
  return micropip;
}
