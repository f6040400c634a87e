/**
 * Stores the API token for the next page. It never stores a password.
 *
 * @import {Persist, Resume} from "../common/protocol.d.ts"
 */

import { stringify } from "../common/json.js";

/** One token, stored as `{"token": …, "resume": …}` under a separate key for each API. */
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
      const { token } = this.#read(storage);
      return typeof token === "string" ? token : null;
    }, this.#memory);
  }

  /** @returns {Resume | null} the URLs of the session that the stored token belongs to */
  get resume() {
    return this.#try((storage) => this.#read(storage).resume, null);
  }

  /** @param {Resume} resume the URLs of the session that the stored token belongs to */
  keep(resume) {
    this.#try((storage) => {
      const { token } = this.#read(storage);
      if (token) storage.setItem(this.#key, stringify({ token, resume }));
    }, null);
  }

  /**
   * @param {Storage} storage
   * @returns {{token?: string, resume?: Resume}}
   */
  #read(storage) {
    return JSON.parse(storage.getItem(this.#key) ?? "{}");
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
      else if (this.#read(storage).token !== token) storage.setItem(this.#key, stringify({ token }));
      // Do not keep a stored token in memory, too: a logout in another tab must apply here.
      this.#memory = null;
    }, null);
  }

  /**
   * Use storage. It throws if the user or the frame's sandbox blocks it, or if it is full.
   *
   * @template T
   * @param {(storage: Storage) => T | undefined | void} action
   * @param {T} fallback
   * @returns {T}
   */
  #try(action, fallback) {
    if (this.#persist === "none") return fallback;
    try {
      return action(this.#persist === "local" ? localStorage : sessionStorage) ?? fallback;
    } catch {
      return fallback;
    }
  }
}
