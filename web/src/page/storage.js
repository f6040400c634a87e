/**
 * Where the API token waits for the next page load. Never a password.
 *
 * @import {Persist, Resume} from "../common/protocol.d.ts"
 */

import { stringify } from "../common/json.js";

/** One token, kept as `{"token": …, "resume": …}` under a key of its own for each API. */
export class TokenStore {
  /** @type {Persist} */
  #persist;
  #key;
  /** @type {string | null} */
  #memory = null;
  /** @type {string | null} what this page's worker goes by */
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
    // Read anew each time: another tab may have logged out meanwhile.
    return this.#try((storage) => {
      const { token } = this.#read(storage);
      return typeof token === "string" ? token : null;
    }, this.#memory);
  }

  /** @returns {Resume | null} where the session of the stored token continues */
  get resume() {
    return this.#try((storage) => this.#read(storage).resume, null);
  }

  /** @param {Resume} resume where the session of the stored token continues */
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

  /** @returns {string | null} the same, for a worker that will go by it */
  hand() {
    this.#known = this.get();
    return this.#known;
  }

  /**
   * Hear of it when a page that has another worker logs in or out.
   *
   * @param {(token: string | null) => void} onChange
   * @param {AbortSignal} signal the end of it
   */
  watch(onChange, signal) {
    if (this.#persist === "none") return;
    const hear = (/** @type {StorageEvent} */ { key }) => {
      // A key of null: everything was cleared. The event tells how it was, storage how it is.
      if (key === this.#key || key === null) onChange(this.get());
    };
    addEventListener("storage", hear, { signal });
    // What lies in the back/forward cache hears nothing.
    addEventListener("pageshow", ({ persisted }) => persisted && onChange(this.get()), { signal });
  }

  /** @param {string | null} token */
  set(token) {
    const known = this.#known;
    this.#known = token;
    // Somebody has logged in elsewhere meanwhile: that token is not this worker's to forget.
    if (token === null && ![null, known].includes(this.get())) return;
    this.#memory = token;
    this.#try((storage) => {
      if (token === null) storage.removeItem(this.#key);
      else if (this.#read(storage).token !== token) storage.setItem(this.#key, stringify({ token }));
      // What is stored is not held twice: a logout in another tab must count here too.
      this.#memory = null;
    }, null);
  }

  /**
   * Storage throws where the user or the frame's sandbox blocks it, or when it is full.
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
