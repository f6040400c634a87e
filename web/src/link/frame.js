/**
 * The frame on the bundle's origin: it opens the worker for the page that embeds it, hands the port
 * over, and stays, because the worker lives as long as a document of its origin needs it.
 *
 * It stores nothing and passes no text on. The embedding page's origin, as the browser states it, is
 * part of the worker's name: two sites never share one, whatever the browser partitions.
 */

import { WORKER } from "../common/build-info.js";
import { openDedicated, openShared } from "./worker-port.js";

/**
 * With a port: the worker's. Without: what is wrong with it.
 *
 * @typedef FrameReply
 * @property {boolean} [shared]
 * @property {string} [error]
 */

/** Whom this document was loaded for. */
const presented = location.hash.slice(1);
let served = false;

addEventListener("message", ({ data, origin, source, ports: [line] }) => {
  const isEmbedder = source !== null && source === parent && parent !== self;
  // A sandbox has the origin "null", as all of them have: it must not be a key.
  if (served || !line || !isEmbedder || origin !== presented || origin === "null") return;
  served = true;
  serve(line, origin, String(data?.name), data?.shared === true);
});

/**
 * @param {MessagePort} line to the page
 * @param {string} origin the page's
 * @param {string} name
 * @param {boolean} shared
 */
function serve(line, origin, name, shared) {
  const tell = (/** @type {FrameReply} */ reply, /** @type {MessagePort[]} */ ports = []) =>
    line.postMessage(reply, ports);
  const request = {
    url: new URL(`../${WORKER}`, import.meta.url).href,
    name: `${origin} ${name}`,
    onError: (/** @type {import("./worker-port.js").Fault} */ event) => {
      event.preventDefault?.();
      tell({ error: event.message || "the worker's script could not be loaded" });
    },
  };
  try {
    const { port, shared: isShared } = open(request, shared);
    tell({ shared: isShared }, [port]);
  } catch (error) {
    tell({ error: String(error) });
  }
}

/**
 * @param {import("./worker-port.js").Request} request
 * @param {boolean} shared
 */
function open(request, shared) {
  if (!shared) return openDedicated(request);
  try {
    return openShared(request);
  } catch {
    // Where the user has blocked storage for other sites, there are no shared workers either.
    return openDedicated(request);
  }
}
