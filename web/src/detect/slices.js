/**
 * Runs work in short slices, so that the page stays responsive.
 */

/** The maximum length of a slice, and its usual length if the browser is busy (milliseconds). */
const LONGEST = 8;
const SHORTEST = 2;
/** A page that is never idle gets one slice in this time (milliseconds). */
const PATIENCE = 500;

/** Runs work while the browser is idle. */
export class Slices {
  #work;
  #scheduled = false;
  #stopped = false;

  /**
   * @param {(mayGoOn: () => boolean) => boolean} work does a part, and returns whether there is more
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
      // Safari does not have requestIdleCallback.
      setTimeout(() => this.#run(LONGEST), LONGEST);
    }
  }

  stop() {
    this.#stopped = true;
  }

  /** @param {number} time the milliseconds that are available */
  #run(time) {
    this.#scheduled = false;
    if (this.#stopped) return;
    const end = performance.now() + Math.min(LONGEST, Math.max(SHORTEST, time));
    if (this.#work(() => performance.now() < end)) this.wake();
  }
}
