/**
 * Stores the API token for the next page. It never stores a password.
 *
 * @import {Persist} from "../common/protocol.d.ts"
 */

import { stringify } from "../common/json.js";

/** One token, stored as `{"token": …}` under a separate key for each API. */
export class TokenStore {
  /** @type {Persist} */
  #persist;
  #key;
  /** @type {string | null} */
  #memory = null;
  /** @type {string | null} the token that this page's worker uses */
  #known = null;

  /**
   * @param {Persist} persist
   * @param {string} [apiEndpoint]
   */
  constructor(persist, apiEndpoint) {
    this.#persist = persist;
    this.#key = `pycti:${apiEndpoint ?? "default"}`;
  }

  /** @returns {string | null} */
  get() {
    // Read it each time: another tab may have logged out in the meantime.
    return this.#try((storage) => {
      const { token } = JSON.parse(storage.getItem(this.#key) ?? "{}");
      return typeof token === "string" ? token : null;
    });
  }

  /** @returns {string | null} the same, for a worker that will use it */
  hand() {
    this.#known = this.get();
    return this.#known;
  }

  /**
   * Call `onChange` when a page that has another worker logs in or out.
   *
   * @param {(token: string | null) => void} onChange
   * @param {AbortSignal} signal removes the listeners
   */
  watch(onChange, signal) {
    if (this.#persist === "none") return;
    const hear = (/** @type {StorageEvent} */ { key }) => {
      // A null key means that everything was cleared. Read storage: the event may be out of date.
      if (key === this.#key || key === null) onChange(this.get());
    };
    addEventListener("storage", hear, { signal });
    // A page in the back/forward cache gets no events.
    addEventListener("pageshow", ({ persisted }) => persisted && onChange(this.get()), { signal });
  }

  /** @param {string | null} token */
  set(token) {
    const known = this.#known;
    this.#known = token;
    // Another page has logged in since. This worker must not remove that token.
    if (token === null && ![null, known].includes(this.get())) return;
    this.#memory = token;
    this.#try((storage) => {
      if (token === null) storage.removeItem(this.#key);
      else storage.setItem(this.#key, stringify({ token }));
      // Do not keep a stored token in memory, too: a logout in another tab must apply here.
      this.#memory = null;
      return null;
    });
  }

  /**
   * Use storage. It throws if the user or the frame's sandbox blocks it, or if it is full.
   *
   * @param {(storage: Storage) => string | null} action
   * @returns {string | null}
   */
  #try(action) {
    if (this.#persist === "none") return this.#memory;
    try {
      return action(this.#persist === "local" ? localStorage : sessionStorage) ?? this.#memory;
    } catch {
      return this.#memory;
    }
  }
}
