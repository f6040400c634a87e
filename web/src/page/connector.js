/**
 * The public connector class: it sends commands and receives events. It makes no decisions about calls.
 *
 * @import {Call, ClickToCallOptions, CtiEvent, Feature, Internals, Lookup, Method, Pop, Status}
 *   from "../common/protocol.d.ts"
 */

import { ClickToCall } from "./click-to-call.js";
import { Client } from "./client.js";
import { COMMANDS } from "./constants.js";
import { callSafely, CtiError } from "../common/errors.js";
import { readOptions, readPop } from "./options.js";

/**
 * The commands that only go to the worker: Python checks their arguments, and the declarations have
 * their types.
 *
 * @typedef {{[Name in Exclude<Method, "apiRequest">]: (...args: unknown[]) => Promise<any>}} Commands
 */
const Commands = /** @type {new () => Commands} */ (class {});

/** Follows and controls the calls of one account. */
export class Connector extends Commands {
  static {
    for (const method of COMMANDS) {
      Object.defineProperty(this.prototype, method, {
        configurable: true,
        writable: true,
        /**
         * @this {Connector}
         * @param {unknown[]} args
         */
        value(...args) {
          return this.#client.command(method, args);
        },
      });
    }
  }

  #client;
  /** @type {Set<() => void>} ends each click-to-call */
  #disable = new Set();

  /**
   * @param {unknown} options {@link ConnectorOptions}, or the callback alone
   * @param {Internals} internals set by the entry script
   * @throws {CtiError} BAD_OPTIONS
   */
  constructor(options, internals) {
    super();
    this.#client = new Client(readOptions(options), internals);
  }

  /**
   * @param {unknown[]} args method, path, data, `onSuccess(data)`, `onFailure(error)`
   * @returns {Promise<any>} the parsed body
   */
  apiRequest(...args) {
    const [onSuccess, onFailure] = args.splice(3, 2);
    const wrong = [onSuccess, onFailure].some((given) => given && typeof given !== "function");
    const outcome = wrong
      ? this.#client.refuse(new CtiError("BAD_ARGUMENT", "apiRequest: a callback is not a function."))
      : this.#client.command("apiRequest", args);
    outcome.then(
      (data) => callSafely(onSuccess, data),
      (error) => callSafely(onFailure, error),
    );
    return outcome;
  }

  /**
   * Listen to the events of that name, or to `event`, `state`, `status`, `contact`,
   * `pop`, `log`, `presence` or `front`.
   *
   * @param {string} name
   * @param {Function} listener
   * @param {{signal?: AbortSignal}} [options]
   * @returns {() => void} removes the listener
   * @throws {CtiError} BAD_ARGUMENT
   */
  on(name, listener, options) {
    return this.#client.surface.listeners.add(name, listener, options);
  }

  /**
   * @param {string} name
   * @param {Function} listener
   * @throws {CtiError} BAD_ARGUMENT
   */
  off(name, listener) {
    this.#client.surface.listeners.remove(name, listener);
  }

  /** The page's function that returns contacts. @returns {Lookup | null} */
  get lookup() {
    return this.#client.surface.lookup;
  }

  /** @param {Lookup | null | undefined} lookup */
  set lookup(lookup) {
    if (lookup && typeof lookup !== "function") {
      throw new CtiError("BAD_ARGUMENT", "lookup: neither a function nor null.");
    }
    this.#client.surface.lookup = lookup || null;
  }

  /** The tabs in which a call pops up. @returns {Pop} */
  get pop() {
    return this.#client.surface.pop;
  }

  set pop(pop) {
    this.#client.surface.pop = readPop(pop);
  }

  /** @returns {boolean} whether this page is the one in front */
  get front() {
    return this.#client.surface.front;
  }

  /** @returns {Status} */
  get status() {
    return this.#client.status;
  }

  /** @returns {Set<Feature>} what the server offers, a copy */
  get features() {
    return new Set(this.#client.mirror.features);
  }

  /** @returns {Call[]} copies of the running calls */
  get calls() {
    return this.#client.mirror.calls;
  }

  /** @returns {boolean} whether a user is logged in and the SIP connection is open */
  isConnected() {
    return this.#client.mirror.connected;
  }

  /** @returns {string[]} a copy */
  getSubscriptionURIs() {
    return [...this.#client.mirror.uris];
  }

  /**
   * Return a parameter. Kept because a published example calls it.
   *
   * @param {string} name `user_id`, `sip_username` or `sip_domain`
   * @returns {string | undefined}
   */
  _getParam(name) {
    const { params } = this.#client.mirror;
    return Object.hasOwn(params, name) ? Reflect.get(params, name) : undefined;
  }

  /**
   * Make the telephone numbers on the page clickable.
   *
   * @param {ClickToCallOptions} [options]
   * @returns {{disable: () => void}}
   */
  clickToCall(options = {}) {
    const { watchers, timing, detection, closed } = this.#client;
    const watcher = new ClickToCall(this, options, timing.linger, detection);
    const onEvent = (/** @type {CtiEvent} */ event) => watcher.onEvent(event);
    const disable = () => {
      watchers.delete(onEvent);
      this.#disable.delete(disable);
      watcher.disable();
    };
    this.#disable.add(disable);
    watchers.add(onEvent);
    if (closed) disable();
    return { disable };
  }

  /** Release everything that this page holds. */
  destroy() {
    this.#client.close();
    for (const disable of this.#disable) disable();
  }
}
