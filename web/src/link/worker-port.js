/**
 * How a page gets a MessagePort to a worker.
 *
 * @typedef Opened
 * @property {MessagePort} port not started yet
 * @property {boolean} shared other pages have the same worker
 * @property {() => void} close let go; ends a worker that is this page's own
 */

/**
 * @typedef Request
 * @property {string} url the worker's script
 * @property {string} name pages that use the same name share the worker
 * @property {(event: Fault) => void} onError the script could not be loaded, or threw
 */

/** @typedef {{message?: string, preventDefault?: () => void}} Fault an `ErrorEvent`, or its words */

/**
 * One for all tabs of the origin.
 *
 * @param {Request} request
 * @returns {Opened}
 * @throws where the browser has none, or refuses it
 */
export function openShared({ url, name, onError }) {
  // extendedLifetime (Chromium): the worker survives the way from one page to the next.
  const options = { type: /** @type {const} */ ("module"), name, extendedLifetime: true };
  const worker = new SharedWorker(trusted(url), options);
  worker.onerror = onError;
  return { port: worker.port, shared: true, close: () => worker.port.close() };
}

/**
 * @param {Request} request
 * @returns {Opened}
 * @throws where the browser refuses it
 */
export function openDedicated({ url, name, onError }) {
  const worker = new Worker(trusted(url), { type: "module", name });
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
 * @param {Request} request
 * @returns {Opened}
 * @throws where the browser refuses it
 */
export function openRelay(request) {
  // The import is static: what comes over the port meanwhile waits for it.
  const source = `import ${JSON.stringify(request.url)};`;
  const type = "text/javascript";
  // In a sandbox, Chromium finds no blobs.
  const url =
    self.origin === "null"
      ? `data:${type},${encodeURIComponent(source)}`
      : URL.createObjectURL(new Blob([source], { type }));
  const { port, shared, close } = openDedicated({ ...request, url });
  return {
    port,
    shared,
    close() {
      close();
      URL.revokeObjectURL(url);
    },
  };
}

/** @type {{createScriptURL: (url: string) => string} | undefined} */
let types;

/**
 * Where Trusted Types are enforced, a worker's address must come from a policy. This one is known
 * to nobody else.
 *
 * @param {string} url
 * @returns {string}
 */
function trusted(url) {
  try {
    types ??= /** @type {any} */ (globalThis).trustedTypes?.createPolicy("pycti", {
      createScriptURL: (/** @type {string} */ own) => own,
    });
  } catch {
    // The policy of the page does not know the name; if it insists on one, the browser says so.
  }
  return types ? types.createScriptURL(url) : url;
}
