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
export class SendBatch {
  #port;
  /** @type {string[]} */
  #waiting = [];
  #last = -RUSH;
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
    if (since >= (this.#timer ? LATEST : RUSH)) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), RUSH);
  }

  /** Send what waits, now. */
  flush() {
    const texts = this.take();
    if (texts.length === 0) return;
    this.#port.postMessage(texts.length > 1 ? texts : texts[0]);
    this.#last = performance.now();
  }

  /** @returns {string[]} what waits; it is not sent */
  take() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#waiting.splice(0);
  }
}
