/**
 * Safe lookup of a key that comes from elsewhere: a server's text, a code, a key of storage.
 */

/**
 * @template Value
 * @param {Readonly<Partial<Record<string, Value>>>} table
 * @param {string} key can be `constructor` or `__proto__`, which every object has
 * @returns {Value | undefined} the table's own value for that key
 */
export function own(table, key) {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
