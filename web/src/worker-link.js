/**
 * The line to the worker: is it alive, and what happens when it is not.
 *
 * @import {Opened} from "./worker-port.js"
 * @import {PageMessage, Timing, WorkerMessage} from "./protocol.d.ts"
 */

import { CtiError } from "./errors.js";
import { readWorkerMessage } from "./reading.js";
import { openWorker } from "./worker-port.js";

/**
 * @typedef Handlers
 * @property {(again: boolean) => PageMessage} hello the first message to every worker, and what the
 *   same one is told again
 * @property {(message: WorkerMessage) => void} onMessage everything but the signs of life
 * @property {() => void} onUp the worker has started
 * @property {(error: CtiError) => void} onDown it died, or did not start; another one follows
 */

/**
 * @typedef Place
 * @property {string} url
 * @property {string} name
 * @property {boolean} shared
 */

/** One worker at a time; a dead one is followed by the next, with growing waits. */
export class WorkerLink {
  #place;
  #timing;
  #handlers;
  /** @type {Opened | null} */
  #opened = null;
  /** @type {string[]} what waits for the next worker */
  #queue = [];
  #running = false;
  #up = false;
  #heard = 0;
  #due = 0;
  /** Attempts that failed since a worker was last well. */
  #failures = 0;
  /** Whether this attempt asks for a shared worker. */
  #shared;
  /** The worker has said something, so its script was loaded. */
  #spoke = false;
  /** Workers that fell silent: a shared one may still exist, so the next needs another name. */
  #silent = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Place} place
   * @param {Timing} timing
   * @param {Handlers} handlers
   */
  constructor(place, timing, handlers) {
    this.#place = place;
    this.#shared = place.shared;
    this.#timing = timing;
    this.#handlers = handlers;
  }

  /** Whether there is a worker, or will soon be one. */
  get running() {
    return this.#running;
  }

  /** Whether other pages have the same worker. */
  get shared() {
    return Boolean(this.#opened?.shared);
  }

  /** Start the first worker; nothing where that was done. */
  start() {
    if (this.#running) return;
    this.#running = true;
    this.#open();
  }

  /**
   * @param {string} text sent at once, or as soon as there is a worker
   */
  send(text) {
    if (this.#opened) this.#opened.port.postMessage(text);
    else this.#queue.push(text);
  }

  /** @param {PageMessage} message dropped where there is no worker */
  notify(message) {
    this.#opened?.port.postMessage(JSON.stringify(message));
  }

  /** The network is back: nobody needs to wait any longer. */
  hurry() {
    if (this.#opened) {
      this.notify({ type: "online" });
    } else if (this.#running) {
      clearTimeout(this.#timer);
      this.#open();
    }
  }

  /** Let go for good. */
  close() {
    this.#running = false;
    this.#queue = [];
    clearTimeout(this.#timer);
    this.notify({ type: "bye" });
    this.#drop();
  }

  #open() {
    const { url, name } = this.#place;
    this.#up = this.#spoke = false;
    this.#heard = performance.now();
    /** @type {Opened} */
    let opened;
    try {
      const onError = (/** @type {ErrorEvent} */ event) => this.#broken(opened, event);
      opened = openWorker({
        url,
        name: this.#silent ? `${name}:${this.#silent}` : name,
        shared: this.#shared,
        onError,
      });
    } catch (error) {
      // Not from here: start() is called from within the page's own calls.
      this.#opened = null;
      this.#timer = setTimeout(() => this.#down(`No worker could be made: ${String(error)}`));
      return;
    }
    this.#opened = opened;
    const { port } = opened;
    port.onmessage = ({ data }) => {
      for (const text of /** @type {unknown[]} */ ([]).concat(data)) {
        if (this.#opened === opened) this.#receive(text);
      }
    };
    // Where the browser tells that the other side is gone; elsewhere the heartbeat finds out.
    port.addEventListener("close", () => {
      if (this.#opened === opened) this.#down("The worker is gone.");
    });
    this.notify(this.#handlers.hello(false));
    for (const text of this.#queue.splice(0)) port.postMessage(text);
    this.#wait();
  }

  /** @param {unknown} data */
  #receive(data) {
    this.#heard = performance.now();
    this.#spoke = true;
    const message = readWorkerMessage(data);
    if (!message) {
      console.warn("Cti: dropped what is not a message of the worker.");
      return;
    }
    switch (message.type) {
      case "pong":
        return;
      case "progress":
        if (message.stage === "ready") this.#ready();
        return;
      case "warning":
        console.warn(`Cti: ${message.message}`);
        return;
      case "stranger":
        this.notify(this.#handlers.hello(true));
        break;
      case "failed":
        this.#down(CtiError.from(message.error));
        return;
      default:
        this.#ready();
    }
    this.#handlers.onMessage(message);
  }

  #ready() {
    if (this.#up) return;
    this.#up = true;
    this.#handlers.onUp();
  }

  #wait() {
    this.#due = performance.now() + this.#timing.ping;
    this.#timer = setTimeout(() => this.#beat(), this.#timing.ping);
  }

  #beat() {
    const now = performance.now();
    // A late timer says that the page was frozen or asleep; messages may be waiting behind it.
    if (now - this.#due > this.#timing.late) {
      this.#heard = now;
      // The worker may have slept, too. A hidden page's timers are late all day and tell nothing.
      if (!document.hidden) this.notify({ type: "online" });
    }
    if (now - this.#heard >= (this.#up ? this.#timing.silence : this.#timing.boot)) {
      this.#silent += 1;
      this.#down("The worker does not answer.");
    } else {
      // Only now: a worker that dies as soon as it is up must not be restarted every second.
      if (this.#up) this.#failures = 0;
      this.notify({ type: "ping" });
      this.#wait();
    }
  }

  /**
   * An uncaught error of a worker that runs is not its end: the heartbeat decides. One before
   * the first word means that the script did not load.
   *
   * @param {Opened} opened
   * @param {ErrorEvent} event
   */
  #broken(opened, event) {
    // Not the page's own error: its `onerror` shall not see it.
    event.preventDefault();
    const reason = event.message || "it could not be loaded.";
    if (this.#opened !== opened || this.#spoke) {
      console.error(`Cti: the worker's script: ${reason}`);
      return;
    }
    if (!opened.shared) {
      this.#down(`The worker's script: ${reason}`);
      return;
    }
    // Some browsers refuse a shared module worker only here.
    this.#shared = false;
    this.#drop();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open());
  }

  /** @param {string | CtiError} reason */
  #down(reason) {
    clearTimeout(this.#timer);
    this.#drop();
    const code = this.#up ? "WORKER_DIED" : "WORKER_FAILED";
    const error = typeof reason === "string" ? new CtiError(code, reason) : reason;
    this.#up = false;
    this.#shared = this.#place.shared;
    this.#queue = [];
    const { retry, retryMax } = this.#timing;
    const wait = Math.min(retry * 2 ** this.#failures, retryMax);
    this.#failures += 1;
    // Jitter: tabs that lost the same worker do not come back in step.
    this.#timer = setTimeout(() => this.#open(), wait * (1 - Math.random() / 4));
    this.#handlers.onDown(error);
  }

  #drop() {
    this.#opened?.close();
    this.#opened = null;
  }
}
