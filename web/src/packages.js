/**
 * Python packages of the bundle that are installed when something asks for them.
 *
 * @import {PyProxy, Python} from "./runtime.js"
 */

import { RUNTIME } from "./build-info.js";

/**
 * @param {Python} python
 * @param {string} base the address of the worker's script
 * @returns {(name: string) => Promise<void>} installs a package; once, however often it is asked
 */
export function installer(python, base) {
  /** @type {Map<string, Promise<void>>} */
  const under = new Map();
  /** @param {string} name */
  const url = (name) => new URL(RUNTIME.packages[name] ?? name, base).href;
  /** @type {Promise<PyProxy> | null} */
  let micropip = null;

  return (name) => {
    const known = under.get(name);
    if (known) return known;
    micropip ??= unpackMicropip(python, url("micropip"));
    const done = micropip.then((proxy) => install(proxy, url(name)));
    under.set(name, done);
    // What failed, for the network's sake, may be tried again.
    done.catch(() => {
      under.delete(name);
      micropip = null;
    });
    return done;
  };
}

/**
 * @param {Python} python
 * @param {string} url
 * @returns {Promise<PyProxy>} the module
 */
async function unpackMicropip({ pyodide, needStandardLibrary }, url) {
  const [archive] = await Promise.all([download(url), needStandardLibrary()]);
  pyodide.unpackArchive(archive, "wheel");
  const micropip = pyodide.pyimport("micropip");
  // Only the bundle: whatever is missing there is an error, not a request to an index.
  micropip.set_index_urls(new URL(".", url).href);
  return micropip;
}

/**
 * @param {PyProxy} micropip
 * @param {string} url
 * @returns {Promise<void>}
 */
async function install(micropip, url) {
  await micropip.install.callKwargs(url, { deps: false });
}

/**
 * @param {string} url
 * @returns {Promise<ArrayBuffer>}
 */
async function download(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}`);
  return response.arrayBuffer();
}
