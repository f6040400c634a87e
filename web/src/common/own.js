/**
 * Looking up what somebody else has named: a server's word, a code, a key of storage.
 */

/**
 * @template Value
 * @param {Readonly<Partial<Record<string, Value>>>} table
 * @param {string} key perhaps `constructor` or `__proto__`, which every object has
 * @returns {Value | undefined} what the table itself holds
 */
export function own(table, key) {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
