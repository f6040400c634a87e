/**
 * The classic script: the global `Cti`, and click-to-call by an attribute of the script.
 *
 * @import {CtiNamespace} from "./cti.js"
 */

import { createCti } from "./cti.js";

const script = findScript();
const scope = /** @type {{Cti?: Partial<CtiNamespace>}} */ (/** @type {unknown} */ (globalThis));

// A second load changes nothing. An object from `var Cti = Cti || {}` in the page is kept and filled.
if (!scope.Cti?.Connector) {
  const { Cti, first } = createCti(script?.src || location.href);
  register((scope.Cti = Object.assign(scope.Cti ?? {}, Cti)));
  if (script && "clickToCall" in script.dataset) {
    const { apiEndpoint, sipServer, defaultCountry, persist, load = "idle", workerUrl } =
      script.dataset;
    const options = { apiEndpoint, sipServer, defaultCountry, persist, load, workerUrl, onMessage() {} };
    const detect = script.dataset.clickToCall === "detect";
    whenLoaded(() => (first() ?? new Cti.Connector(options)).clickToCall({ detect }));
  }
}

/**
 * Support pages that load their scripts with AMD or CommonJS. The AMD module has a name, because
 * loaders report an error for a module without a name that they did not request.
 *
 * @param {Partial<CtiNamespace>} Cti
 */
function register(Cti) {
  if (typeof define === "function" && define.amd) define("cti-connector", [], () => Cti);
  if (typeof module !== "object") return;
  // Another library may have set `module.exports`. A form with the id `module` is not a module.
  const { exports } = module ?? {};
  const isModule = exports && Object.getPrototypeOf(exports) === Object.prototype;
  if (isModule && Object.keys(exports).length === 0) module.exports = Cti;
}

/** @returns {HTMLScriptElement | null} */
function findScript() {
  const { currentScript } = document;
  if (currentScript instanceof HTMLScriptElement) return currentScript;
  // In a module there is no current script.
  return document.querySelector('script[src*="cti-connector"]');
}

/**
 * Run `action` after the page's own handlers of the same event, so that its connector exists.
 *
 * @param {() => void} action
 */
function whenLoaded(action) {
  const later = () => void setTimeout(action);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", later);
  else later();
}
