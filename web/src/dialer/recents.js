/**
 * Stores the ended calls where the attribute `recents` says. Numbers are personal data, and the next
 * user of a shared machine must not find them, so a logout removes them everywhere.
 *
 * @typedef Recent
 * @property {string} key identifies the call, because a record can arrive twice
 * @property {"INBOUND" | "OUTBOUND"} direction
 * @property {string} number
 * @property {string} name
 * @property {number} startTime epoch milliseconds
 * @property {number | null} answerTime
 * @property {number} endTime
 * @property {boolean} [settled] nobody needs to call back: the user declined it, or somebody else answered
 *
 * @typedef {"session" | "local" | "memory" | "off"} Keep
 */

const KEY = "cti-dialer.recents";

export class RecentsStore {
  #keep;
  #stop = new AbortController();

  /**
   * @param {Keep} keep
   * @param {() => void} onChange called when another tab has changed the calls
   */
  constructor(keep, onChange) {
    this.#keep = keep;
    const { signal } = this.#stop;
    const listen = (/** @type {StorageEvent} */ event) => {
      if (event.key === KEY && event.storageArea === localStorage) onChange();
    };
    if (keep === "local") addEventListener("storage", listen, { signal });
  }

  close() {
    this.#stop.abort();
  }

  /**
   * @param {string} userId the owner of the calls
   * @returns {Recent[]} without the calls of other users
   */
  read(userId) {
    return (
      this.#try((storage) => {
        const kept = JSON.parse(storage.getItem(KEY) ?? "{}");
        return kept.userId === userId && Array.isArray(kept.recents) ? kept.recents : null;
      }) ?? []
    );
  }

  /**
   * @param {string} userId
   * @param {readonly Recent[]} recents
   */
  write(userId, recents) {
    this.#try((storage) => {
      if (recents.length > 0) storage.setItem(KEY, JSON.stringify({ userId, recents }));
      else storage.removeItem(KEY);
      return null;
    });
  }

  /**
   * Use storage, which throws if it is blocked or full.
   *
   * @param {(storage: Storage) => Recent[] | null} action
   * @returns {Recent[] | null}
   */
  #try(action) {
    if (this.#keep === "memory" || this.#keep === "off") return null;
    try {
      return action(this.#keep === "local" ? localStorage : sessionStorage);
    } catch {
      return null;
    }
  }
}
