/**
 * The commands that wait for their outcome.
 */

import { CtiError } from "../common/errors.js";

/**
 * @typedef Waiting
 * @property {(value: unknown) => void} resolve
 * @property {(error: CtiError) => void} reject
 * @property {number} since epoch milliseconds
 * @property {boolean} asked whether the page's own code waits for it
 */

/** Each command has an id and exactly one outcome. */
export class Pending {
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();

  /**
   * @param {number} id
   * @param {boolean} asked whether the page's own code waits for it
   * @returns {Promise<unknown>}
   */
  add(id, asked) {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, since: Date.now(), asked });
    });
  }

  /**
   * @param {number} id
   * @param {unknown} value
   */
  resolve(id, value) {
    this.#take(id)?.resolve(value);
  }

  /**
   * @param {number} id
   * @param {CtiError} error
   */
  reject(id, error) {
    this.#take(id)?.reject(error);
  }

  /**
   * @param {CtiError} error
   * @param {number} [age] reject only commands that have waited longer than this (milliseconds)
   * @returns {boolean} whether the page's own code waited for one of them
   */
  rejectAll(error, age = 0) {
    const latest = Date.now() - age;
    let asked = false;
    for (const [id, waiting] of [...this.#waiting]) {
      if (age > 0 && waiting.since >= latest) continue;
      asked ||= waiting.asked;
      this.reject(id, error);
    }
    return asked;
  }

  /** @param {number} id */
  #take(id) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}

/**
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T>} the promise, which never causes an `unhandledrejection`
 */
export function quiet(promise) {
  promise.catch(() => {});
  return promise;
}
