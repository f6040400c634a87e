/**
 * Whose turn it is to ring and to pop up, where each page has a worker of its own and nobody sees
 * all pages: a lock of the origin, taken only while a call rings (a page that holds one cannot
 * go into the back/forward cache). The page in focus takes it at once, from another one too; the
 * others queue for it. A page that dies loses it.
 *
 * @import {Timing} from "../common/protocol.d.ts"
 */

/** One page's part in it. */
export class Turn {
  #name;
  #timing;
  #onChange;
  /** @type {AbortController | null} while something rings */
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

  /** Whether pages compete: something rings. */
  get open() {
    return Boolean(this.#round);
  }

  /** Whether no other page has the turn, as far as that matters now. */
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

  /** The page has got the focus. */
  focus() {
    if (this.#round && !this.#held) this.#take(true);
  }

  #begin() {
    const round = (this.#round = new AbortController());
    if (!navigator.locks) {
      // An insecure origin: pages cannot agree, so each is on its own.
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
    // It rejects where the lock was stolen, or the place in the queue given up.
    navigator.locks.request(this.#name, options, hold).catch((error) => {
      if (!current()) return;
      // A sandbox has no locks, and no other pages either.
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
