/**
 * Texts on their way to one page.
 *
 * A text that follows closely upon another waits a moment for those behind it, and they travel as
 * one message: in a rush a message costs both threads more than what is in it. Where little
 * happens, nothing waits.
 */

/** So close is a rush, and so long is the moment (milliseconds). */
const RUSH = 1;
/** Nothing waits longer, however late the timer is (milliseconds). */
const LATEST = 8;

/** Keeps the order. */
export class Letters {
  #port;
  /** @type {string[]} */
  #waiting = [];
  #last = -RUSH;
  #held = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {MessagePort} port */
  constructor(port) {
    this.#port = port;
  }

  /** @param {string} text */
  send(text) {
    const since = performance.now() - this.#last;
    this.#waiting.push(text);
    if (this.#held) return;
    if (since >= (this.#timer ? LATEST : RUSH)) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), RUSH);
  }

  /** Send what waits, now. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#held) return;
    const [first, ...more] = this.#waiting;
    if (first === undefined) return;
    this.#port.postMessage(more.length > 0 ? this.#waiting : first);
    this.#waiting = [];
    this.#last = performance.now();
  }

  /**
   * The page lies in the back/forward cache: a message would throw it out of there (Firefox), and
   * where it was the last page, this worker with it.
   */
  hold() {
    this.#held = true;
  }

  /** The page is back. */
  release() {
    if (!this.#held) return;
    this.#held = false;
    this.flush();
  }

  /** Nobody waits for it any more. */
  drop() {
    this.#waiting = [];
  }
}
