/** No step of the start takes longer than this without a file having arrived (milliseconds). */
const STEP_LIMIT = 60_000;

/** Pyodide waits for ever for a file that is blocked or missing; this does not. */
export class BootWatch {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #due = 0;
  /** @type {PerformanceObserver} a file that arrived is a sign of progress */
  #files = new PerformanceObserver(() => this.#wait());
  /** @type {(error: Error) => void} nothing helps any more */
  fail = () => {};
  /** Whether waiting any longer is of no use. */
  failed = false;
  /** @type {Promise<never>} rejects when the start has failed */
  failure = new Promise((_resolve, reject) => {
    this.fail = (error) => {
      this.failed = true;
      reject(error);
    };
  });

  constructor() {
    this.failure.catch(() => {});
    this.#files.observe({ type: "resource" });
    this.#wait();
  }

  stop() {
    this.#files.disconnect();
    clearTimeout(this.#timer);
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#due = performance.now() + STEP_LIMIT;
    this.#timer = setTimeout(() => this.#onTime(), STEP_LIMIT);
  }

  #onTime() {
    // A timer that is late was held back by a sleep or by the work itself.
    if (performance.now() - this.#due > STEP_LIMIT / 10) this.#wait();
    else this.fail(new Error(`nothing happened for ${STEP_LIMIT / 1_000} seconds`));
  }
}
