/**
 * The line to the worker: is it alive, and what happens when it is not.
 *
 * @import {Fault, Opened} from "./worker-port.js"
 * @import {PageMessage, Timing, WorkerMessage} from "../common/protocol.d.ts"
 * @import {Place} from "./worker-sources.js"
 */

import { CtiError, messageOf } from "../common/errors.js";
import { stringify } from "../common/json.js";
import { blockedBy } from "../common/policy.js";
import { readWorkerMessage } from "../common/messages.js";
import { Forbidden } from "./worker-sources.js";

/**
 * @typedef Handlers
 * @property {(again: boolean) => PageMessage} hello the first message to every worker, and what the
 *   same one is told again
 * @property {(message: WorkerMessage) => void} onMessage everything but the signs of life
 * @property {() => void} onUp the worker has started
 * @property {(error: CtiError) => void} onDown it died, or did not start; another one follows
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
  /** The way that this attempt takes; the next one follows where it leads to no worker. */
  #way = 0;
  /** Counts attempts: what an old one brings is not wanted any more. */
  #attempt = 0;
  /** @type {Forbidden | null} while no way was found */
  #forbidden = null;
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
    this.#opened?.port.postMessage(stringify(message));
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
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.notify({ type: "bye" });
    this.#drop();
    this.#settle();
  }

  #open() {
    const { url, name, ways } = this.#place;
    this.#up = this.#spoke = false;
    this.#forbidden ??= new Forbidden(url);
    const attempt = ++this.#attempt;
    /** @type {Opened | undefined} */
    let opened;
    const use = (/** @type {Opened} */ found) => {
      opened = found;
      if (attempt === this.#attempt) this.#use(opened);
      else opened.close();
    };
    const refuse = (/** @type {unknown} */ error) => {
      if (attempt === this.#attempt) this.#refused(messageOf(error));
    };
    const request = {
      url,
      name: this.#silent ? `${name}:${this.#silent}` : name,
      onError: (/** @type {Fault} */ event) => this.#broken(opened, event),
    };
    try {
      const found = /** @type {import("./worker-sources.js").Way} */ (ways[this.#way])(request);
      if (found instanceof Promise) found.then(use).catch(refuse);
      else use(found);
    } catch (error) {
      refuse(error);
    }
  }

  /** @param {Opened} opened */
  #use(opened) {
    this.#opened = opened;
    this.#heard = performance.now();
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
    this.#settle();
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
   * @param {Opened | undefined} opened
   * @param {Fault} event
   */
  #broken(opened, event) {
    // Not the page's own error: its `onerror` shall not see it.
    event.preventDefault?.();
    const reason = event.message || "it could not be loaded.";
    if (this.#opened !== opened || this.#spoke) console.error(`Cti: the worker's script: ${reason}`);
    else this.#refused(`The worker's script: ${reason}`);
  }

  /**
   * This way leads to no worker. Never told from here: start() is called from within the page's
   * own calls.
   *
   * @param {string} reason
   */
  #refused(reason) {
    this.#attempt += 1;
    // What waits for a worker goes to the one that the next way leads to.
    this.#drop();
    clearTimeout(this.#timer);
    const isLast = ++this.#way >= this.#place.ways.length;
    this.#timer = setTimeout(() => (isLast ? this.#giveUp(reason) : this.#open()));
  }

  /** @param {string} reason */
  async #giveUp(reason) {
    const attempt = this.#attempt;
    const { missing } = this.#forbidden ?? { missing: new Set() };
    const found = [...missing].some((one) => /^(worker|trusted)/.test(one));
    const more = found ? "" : await this.#place.diagnose().catch(() => "");
    if (attempt !== this.#attempt) return;
    if (more) missing.add(more);
    const failed = new CtiError("WORKER_FAILED", reason, this.#place.hint);
    this.#down(missing.size > 0 ? blockedBy([...missing], "the page") : failed);
  }

  /** @param {string | CtiError} reason */
  #down(reason) {
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#drop();
    const code = this.#up ? "WORKER_DIED" : "WORKER_FAILED";
    const error = typeof reason === "string" ? new CtiError(code, reason) : reason;
    if (!this.#spoke) this.#way = 0;
    this.#settle();
    this.#up = false;
    this.#queue = [];
    if (error.code === "WORKER_BLOCKED") {
      // It will not change by itself; the page's next command tries again.
      this.#running = false;
    } else {
      const { retry, retryMax } = this.#timing;
      const wait = Math.min(retry * 2 ** this.#failures, retryMax);
      this.#failures += 1;
      // Jitter: tabs that lost the same worker do not come back in step.
      this.#timer = setTimeout(() => this.#open(), wait * (1 - Math.random() / 4));
    }
    this.#handlers.onDown(error);
  }

  #drop() {
    this.#opened?.close();
    this.#opened = null;
  }

  /** The way has been found, or there is none. */
  #settle() {
    this.#forbidden?.stop();
    this.#forbidden = null;
  }
}
