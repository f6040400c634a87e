/**
 * Opens a worker and returns the MessagePort to it.
 *
 * @typedef Opened
 * @property {MessagePort} port not started yet
 * @property {boolean} shared other pages can use the same worker
 * @property {() => void} close closes the port, and ends a worker that is not shared
 */

/**
 * @typedef Request
 * @property {string} url the worker's script
 * @property {string} name pages that use the same name share the worker
 * @property {(event: Fault) => void} onError the script could not be loaded, or threw
 */

/** @typedef {{message?: string, preventDefault?: () => void}} Fault an `ErrorEvent`, or its message */

/**
 * Open a worker that all tabs of the origin share.
 *
 * @param {Request} request
 * @returns {Opened}
 * @throws if the browser has no shared workers, or refuses this one
 */
export function openShared({ url, name, onError }) {
  // extendedLifetime (Chromium): the worker survives the navigation from one page to the next.
  const options = { type: /** @type {const} */ ("module"), name, extendedLifetime: true };
  const worker = new SharedWorker(trusted(url), options);
  worker.onerror = onError;
  return { port: worker.port, shared: true, close: () => worker.port.close() };
}

/**
 * @param {Request} request
 * @returns {Opened}
 * @throws if the browser refuses it
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
 * Open a worker from a blob. Browsers refuse a worker from another origin, but a worker of our own
 * origin can import a module from there (it needs `Access-Control-Allow-Origin`). Each blob has its
 * own address, so such a worker is never shared.
 *
 * @param {Request} request
 * @returns {Opened}
 * @throws if the browser refuses it
 */
export function openRelay(request) {
  // The import is static, so messages on the port wait until it has finished.
  const source = `import ${JSON.stringify(request.url)};`;
  const type = "text/javascript";
  // In a sandbox, Chromium cannot load blobs.
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
 * If Trusted Types are enforced, a worker's address must come from a policy. No other script can use
 * this policy.
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
    // The page's policy does not allow this name. If it requires Trusted Types, the browser reports it.
  }
  return types ? types.createScriptURL(url) : url;
}
