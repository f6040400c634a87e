/**
 * @param {MouseEvent | KeyboardEvent} event
 * @returns {boolean} whether a modifier key is pressed that gives the event another meaning
 */
export function isModified({ ctrlKey, metaKey, shiftKey, altKey }) {
  return ctrlKey || metaKey || shiftKey || altKey;
}
