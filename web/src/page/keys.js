/**
 * @param {MouseEvent | KeyboardEvent} event
 * @returns {boolean} whether a key is held that gives it another meaning
 */
export function isModified({ ctrlKey, metaKey, shiftKey, altKey }) {
  return ctrlKey || metaKey || shiftKey || altKey;
}
