/** Objects that are stored in this browser as JSON. Storage throws if it is blocked or full. */

/**
 * @param {string} key
 * @returns {Record<string, any>} empty if nothing valid is stored
 */
export function readStored(key) {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? "{}");
    return typeof stored === "object" && stored !== null ? stored : {};
  } catch {
    return {};
  }
}

/**
 * Store an object. If storage is blocked, the values last as long as the page.
 *
 * @param {string} key
 * @param {object} value
 */
export function writeStored(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Nothing depends on it.
  }
}
