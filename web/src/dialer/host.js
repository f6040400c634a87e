/**
 * Where the connector comes from: the page's, or one of the dialer's own.
 *
 * @import {CtiNamespace} from "../cti-connector.d.ts"
 */

/**
 * After the page's own scripts, so that they can give their connector, or `Cti`.
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
 * @param {string} scriptUrl the connector's script lies beside the dialer's
 * @returns {Promise<CtiNamespace>} the page's own, where it has one
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
 * @returns {string[]} the languages that may be wanted, the best first
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
