/**
 * Decides which page rings and pops up, if each page has its own worker and no worker sees all pages.
 * The pages use a lock of the origin, only while a call rings (a page that holds a lock cannot enter
 * the back/forward cache). The page with the focus takes the lock at once, even from another page. The
 * others queue for it. A page that closes loses it.
 *
 * @import {Timing} from "../common/protocol.d.ts"
 */

/** The election, as one page takes part in it. */
export class Turn {
  #name;
  #timing;
  #onChange;
  /** @type {AbortController | null} while a call rings */
  #round = null;
  /** @type {AbortController | null} the place in the queue */
  #place = null;
  #held = false;

  /**
   * @param {string} name the same for the pages that compete
   * @param {Timing} timing
   * @param {() => void} onChange
   */
  constructor(name, timing, onChange) {
    this.#name = name;
    this.#timing = timing;
    this.#onChange = onChange;
  }

  /** Whether pages compete for the lock: a call rings. */
  get open() {
    return Boolean(this.#round);
  }

  /** Whether this page is in front: it has the lock, or no call rings. */
  get mine() {
    return !this.#round || this.#held;
  }

  /** @param {boolean} ringing whether a call rings for the user */
  follow(ringing) {
    if (ringing === Boolean(this.#round)) return;
    this.#round?.abort();
    this.#round = this.#place = null;
    this.#held = false;
    if (ringing) this.#begin();
    this.#onChange();
  }

  /** The page has received the focus. */
  focus() {
    if (this.#round && !this.#held) this.#take(true);
  }

  #begin() {
    const round = (this.#round = new AbortController());
    if (!navigator.locks) {
      // On an insecure origin there are no locks, so every page is in front.
      this.#held = true;
    } else if (document.hasFocus()) {
      this.#take(true);
    } else {
      const wait = document.hidden ? this.#timing.yieldHidden : this.#timing.yield;
      const timer = setTimeout(() => this.#place || this.#take(false), wait);
      round.signal.addEventListener("abort", () => clearTimeout(timer));
    }
  }

  /** @param {boolean} steal */
  #take(steal) {
    const round = this.#round;
    if (!round) return;
    this.#place?.abort();
    const place = (this.#place = new AbortController());
    const current = () => this.#round === round && this.#place === place;
    const hold = () => {
      if (!current()) return undefined;
      this.#set(true);
      return new Promise((resolve) => round.signal.addEventListener("abort", resolve));
    };
    round.signal.addEventListener("abort", () => place.abort());
    const options = steal ? { steal } : { signal: place.signal };
    // It rejects if the lock was stolen, or if the page has left the queue.
    navigator.locks.request(this.#name, options, hold).catch((error) => {
      if (!current()) return;
      // A sandbox has no locks, but no other pages, either.
      const isAlone = error.name === "SecurityError";
      this.#set(isAlone);
      if (!isAlone) this.#take(false);
    });
  }

  /** @param {boolean} held */
  #set(held) {
    this.#held = held;
    this.#onChange();
  }
}
