/**
 * The classic script: the global `Cti`, and click-to-call by an attribute of the script.
 *
 * @import {CtiNamespace} from "./cti.js"
 */

import { createCti } from "./cti.js";

const script = findScript();
const scope = /** @type {{Cti?: Partial<CtiNamespace>}} */ (/** @type {unknown} */ (globalThis));

// A second load changes nothing; a page's own `var Cti = Cti || {}` before us is kept and filled.
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
 * For pages that load their scripts by AMD or CommonJS. The name is given: a module without one is
 * an error where the page's loader did not ask for it.
 *
 * @param {Partial<CtiNamespace>} Cti
 */
function register(Cti) {
  if (typeof define === "function" && define.amd) define("cti-connector", [], () => Cti);
  if (typeof module !== "object") return;
  // Another library may have put its own there; and a form with that id is no module.
  const { exports } = module ?? {};
  const isModule = exports && Object.getPrototypeOf(exports) === Object.prototype;
  if (isModule && Object.keys(exports).length === 0) module.exports = Cti;
}

/** @returns {HTMLScriptElement | null} */
function findScript() {
  const { currentScript } = document;
  if (currentScript instanceof HTMLScriptElement) return currentScript;
  // Loaded as a module, where no script is current.
  return document.querySelector('script[src*="cti-connector"]');
}

/**
 * After the page's own handlers for the same moment, so that its connector exists.
 *
 * @param {() => void} action
 */
function whenLoaded(action) {
  const later = () => void setTimeout(action);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", later);
  else later();
}
