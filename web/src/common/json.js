/**
 * JSON that loses nothing in silence, on any page.
 *
 * Libraries hang a `toJSON` on the prototype of every array (Prototype.js before 1.7.1), which turns
 * an array within a message into a string. Those are passed over; a value's own `toJSON` and that
 * of its class count.
 */

/**
 * @param {any} holder
 * @param {string} key
 * @param {unknown} converted what `toJSON` has made of it
 * @returns {unknown}
 */
function genuine(holder, key, converted) {
  const value = holder[key];
  if (Array.isArray(value)) return value;
  if (!value || Object.getPrototypeOf(value) !== Object.prototype) return converted;
  return Object.hasOwn(value, "toJSON") ? converted : value;
}

/**
 * As `JSON.stringify`.
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
 * @throws {TypeError} where JSON cannot hold a value: a function, a symbol, a BigInt, a cycle
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
