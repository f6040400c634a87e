/**
 * The listeners of a page, in addition to `onMessage`.
 *
 * @import {CtiEventMap} from "../cti-connector.js"
 */

import { EVENT } from "./constants.js";
import { callSafely, CtiError } from "../common/errors.js";

const NAMES = [...Object.keys(EVENT), "event", "state", "status", "contact", "pop", "log", "presence", "front"];

/** The listeners of each name, each function once, in the order in which they were added. */
export class Listeners {
  /** @type {Map<string, Set<Function>>} */
  #known = new Map();
  #onChange;

  /** @param {() => void} onChange called after a listener was added or removed */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /**
   * @param {string} name
   * @param {unknown} listener
   * @param {{signal?: AbortSignal}} [options]
   * @returns {() => void} removes the listener
   * @throws {CtiError} BAD_ARGUMENT
   */
  add(name, listener, { signal } = {}) {
    const listeners = this.#of(name);
    if (typeof listener !== "function") bad("the listener is not a function");
    const remove = () => {
      if (listeners.delete(listener)) this.#onChange();
    };
    if (!signal?.aborted) listeners.add(listener);
    signal?.addEventListener("abort", remove, { once: true });
    this.#onChange();
    return remove;
  }

  /**
   * @param {string} name
   * @param {unknown} listener
   * @throws {CtiError} BAD_ARGUMENT
   */
  remove(name, listener) {
    if (this.#of(name).delete(/** @type {Function} */ (listener))) this.#onChange();
  }

  clear() {
    for (const listeners of this.#known.values()) listeners.clear();
  }

  /** @param {keyof CtiEventMap} name */
  has(name) {
    return Boolean(this.#known.get(name)?.size);
  }

  /**
   * @template {keyof CtiEventMap} Name
   * @param {Name} name
   * @param {CtiEventMap[Name]} event
   */
  tell(name, event) {
    const listeners = this.#known.get(name);
    // A copy: a listener that is added during the loop gets only later events.
    for (const listener of [...(listeners ?? [])]) {
      if (listeners?.has(listener)) callSafely(listener, event);
    }
  }

  /** @param {string} name */
  #of(name) {
    if (!NAMES.includes(name)) bad(`there is no event "${name}"; there are ${NAMES.join(", ")}`);
    const listeners = this.#known.get(name) ?? new Set();
    this.#known.set(name, listeners);
    return listeners;
  }
}

/**
 * @param {string} what
 * @returns {never}
 */
function bad(what) {
  throw new CtiError("BAD_ARGUMENT", `on: ${what}.`, "Pass a name of the manual and a function.");
}
