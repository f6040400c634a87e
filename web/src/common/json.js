/**
 * JSON that never loses data silently, on any page.
 *
 * Some libraries add a `toJSON` to the prototype of every array (Prototype.js before 1.7.1), which
 * turns an array in a message into a string. This module ignores those. It uses a value's own `toJSON`
 * and that of its class.
 */

/**
 * @param {any} holder
 * @param {string} key
 * @param {unknown} converted the result of `toJSON`
 * @returns {unknown}
 */
function genuine(holder, key, converted) {
  const value = holder[key];
  if (Array.isArray(value)) return value;
  if (!value || Object.getPrototypeOf(value) !== Object.prototype) return converted;
  return Object.hasOwn(value, "toJSON") ? converted : value;
}

/**
 * Like `JSON.stringify`.
 *
 * @param {unknown} message
 * @returns {string}
 */
export function stringify(message) {
  return JSON.stringify(message, function (key, converted) {
    return genuine(this, key, converted);
  });
}

/**
 * @param {unknown} message
 * @returns {string}
 * @throws {TypeError} if JSON cannot hold a value: a function, a symbol, a BigInt, a cycle
 */
export function encode(message) {
  return JSON.stringify(message, function (key, converted) {
    const value = genuine(this, key, converted);
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
