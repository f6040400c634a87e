/**
 * The frame on the bundle's origin. It opens the worker for the page that embeds it, and passes the
 * port to the page. It stays in the page, because the worker needs a document of its own origin.
 *
 * It stores nothing and forwards no messages. The origin of the embedding page, as the browser reports
 * it, is part of the worker's name. Two sites never share a worker, even if the browser does not
 * partition them.
 */

import { WORKER } from "../common/build-info.js";
import { openDedicated, openShared } from "./worker-port.js";

/**
 * The reply to the page, together with the worker's port. Without a port, `error` says what is wrong.
 *
 * @typedef FrameReply
 * @property {boolean} [shared]
 * @property {string} [error]
 */

/** The origin of the page that this document was loaded for. */
const presented = location.hash.slice(1);
let served = false;

addEventListener("message", ({ data, origin, source, ports: [line] }) => {
  const isEmbedder = source !== null && source === parent && parent !== self;
  // Every sandbox has the origin "null", so it cannot identify a page.
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
    // If the user has blocked storage for third-party sites, there are no shared workers.
    return openDedicated(request);
  }
}
