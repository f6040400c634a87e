/**
 * JSON that loses nothing in silence.
 */

/**
 * @param {unknown} message
 * @returns {string}
 * @throws {TypeError} where JSON cannot hold a value: a function, a symbol, a BigInt, a cycle
 */
export function encode(message) {
  return JSON.stringify(message, (_key, value) => {
    switch (typeof value) {
      case "function":
      case "symbol":
      case "bigint":
        throw new TypeError(`a ${typeof value} cannot be an argument.`);
      case "number":
        if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be an argument.`);
        return value;
      case "undefined":
        return null;
      default:
        return value;
    }
  });
}
