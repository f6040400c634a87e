/**
 * Finds the connector's script, and the page's language.
 *
 * @import {CtiNamespace} from "../cti-connector.d.ts"
 */

/**
 * Wait for the page's own scripts, so that they can set their connector, or `Cti`.
 *
 * @returns {Promise<void>}
 */
export async function pageParsed() {
  if (document.readyState !== "loading") return;
  await new Promise((resolve) => {
    document.addEventListener("DOMContentLoaded", resolve, { once: true });
  });
}

/**
 * @param {string} scriptUrl the directory of the dialer's and the connector's scripts
 * @returns {Promise<CtiNamespace>} the page's own, if it has one
 */
export async function findCti(scriptUrl) {
  const { Cti } = /** @type {{Cti?: CtiNamespace}} */ (/** @type {unknown} */ (globalThis));
  if (Cti?.Connector) return Cti;
  const url = new URL("cti-connector.mjs", scriptUrl).href;
  const module = await import(url);
  return module.default;
}

/**
 * @param {Element} element
 * @returns {string[]} the possible languages, in the order of preference
 */
export function languagesOf(element) {
  /** @type {Element | null} */
  let place = element;
  while (place) {
    const holder = /** @type {Element | null} */ (place.closest("[lang]"));
    const lang = holder?.getAttribute("lang");
    if (lang) return [lang, ...navigator.languages];
    const root = place.getRootNode();
    place = root instanceof ShadowRoot ? root.host : null;
  }
  return [...navigator.languages];
}
