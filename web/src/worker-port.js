/**
 * How a page gets a MessagePort to the worker: shared by all tabs where the browser can.
 *
 * @typedef Opened
 * @property {MessagePort} port not started yet
 * @property {boolean} shared
 * @property {() => void} close let go; ends a worker that is this page's own
 */

/**
 * @typedef Request
 * @property {string} url the worker's script
 * @property {string} name pages that use the same name share the worker
 * @property {boolean} shared
 * @property {(event: ErrorEvent) => void} onError the script could not be loaded, or threw
 */

/**
 * @param {Request} request
 * @returns {Opened}
 * @throws where the browser refuses to make a worker at all
 */
export function openWorker(request) {
  const elsewhere = new URL(request.url).origin !== location.origin;
  if (request.shared && !elsewhere && typeof SharedWorker === "function") {
    try {
      return openShared(request);
    } catch {
      // A sandboxed frame, or a policy: the page still gets a worker of its own.
    }
  }
  return openDedicated(elsewhere ? relay(request.url) : request.url, request);
}

/**
 * @param {Request} request
 * @returns {Opened}
 */
function openShared({ url, name, onError }) {
  // extendedLifetime (Chromium): the worker survives the way from one page to the next.
  const options = { type: /** @type {const} */ ("module"), name, extendedLifetime: true };
  const worker = new SharedWorker(url, options);
  worker.onerror = onError;
  return { port: worker.port, shared: true, close: () => worker.port.close() };
}

/**
 * @param {string} url
 * @param {Request} request
 * @returns {Opened}
 */
function openDedicated(url, { name, onError }) {
  const worker = new Worker(url, { type: "module", name });
  worker.onerror = onError;
  const { port1, port2 } = new MessageChannel();
  worker.postMessage(null, [port2]);
  const close = () => {
    port1.close();
    worker.terminate();
  };
  return { port: port1, shared: false, close };
}

/**
 * A worker from another origin is refused everywhere; a module that a worker of our own imports
 * is not (it needs `Access-Control-Allow-Origin`). A blob has an address of its own each time,
 * so such a worker is never shared.
 *
 * @param {string} url
 * @returns {string}
 */
function relay(url) {
  const source = `import ${JSON.stringify(url)};`;
  return URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
}
