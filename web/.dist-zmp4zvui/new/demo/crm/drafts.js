/**
 * Notes on calls that have not ended, as this tab knows them. The worker has them, too, but in
 * Firefox and Safari a reload ends the worker.
 */

const PREFIX = "cti-crm:notes:";

/**
 * @param {string} id of the call
 * @returns {string}
 */
export function readDraft(id) {
  try {
    return sessionStorage.getItem(PREFIX + id) ?? "";
  } catch {
    return "";
  }
}

/**
 * @param {string} id of the call
 * @param {string} notes none: there is no draft any more
 */
export function keepDraft(id, notes) {
  try {
    if (notes) sessionStorage.setItem(PREFIX + id, notes);
    else sessionStorage.removeItem(PREFIX + id);
  } catch {
    // Without storage a reload can cost the notes.
  }
}
