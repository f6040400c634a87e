/**
 * Work in slices: a page must never notice it.
 */

/** A slice takes no longer than this, and not much less where the browser is busy (milliseconds). */
const LONGEST = 8;
const SHORTEST = 2;
/** A page that is never idle gets a slice this often all the same (milliseconds). */
const PATIENCE = 500;

/** Runs work while the browser is idle. */
export class Slices {
  #work;
  #scheduled = false;
  #stopped = false;

  /**
   * @param {(mayGoOn: () => boolean) => boolean} work does a part, returns whether there is more
   */
  constructor(work) {
    this.#work = work;
  }

  /** There is work. */
  wake() {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    if (typeof requestIdleCallback === "function") {
      requestIdleCallback((idle) => this.#run(idle.timeRemaining()), { timeout: PATIENCE });
    } else {
      // Safari has no requestIdleCallback.
      setTimeout(() => this.#run(LONGEST), LONGEST);
    }
  }

  stop() {
    this.#stopped = true;
  }

  /** @param {number} time milliseconds that the browser has */
  #run(time) {
    this.#scheduled = false;
    if (this.#stopped) return;
    const end = performance.now() + Math.min(LONGEST, Math.max(SHORTEST, time));
    if (this.#work(() => performance.now() < end)) this.wake();
  }
}
