/**
 * The link to the worker. It checks that the worker is alive, and replaces a dead one.
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
 * @property {(again: boolean) => PageMessage} hello makes the first message to every worker; `again`
 *   if the same worker asks for it a second time
 * @property {(message: WorkerMessage) => void} onMessage receives all messages except signs of life
 * @property {() => void} onUp the worker has started
 * @property {(error: CtiError) => void} onDown the worker died or did not start; another one follows
 */

/** Runs one worker at a time. If it dies, the next one starts after a growing wait. */
export class WorkerLink {
  #place;
  #timing;
  #handlers;
  /** @type {Opened | null} */
  #opened = null;
  /** @type {string[]} texts that wait for the next worker */
  #queue = [];
  #running = false;
  #up = false;
  #heard = 0;
  #due = 0;
  /** Failed attempts since the last worker that worked. */
  #failures = 0;
  /** The index of the way that this attempt uses. If it gives no worker, the next way follows. */
  #way = 0;
  /** Counts attempts, so that the result of an old attempt can be ignored. */
  #attempt = 0;
  /** @type {Forbidden | null} until a way has been found */
  #forbidden = null;
  /** The worker has sent a message, so its script is loaded. */
  #spoke = false;
  /** Workers that stopped answering. A shared one may still exist, so the next needs another name. */
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

  /** Whether there is a worker, or one is starting. */
  get running() {
    return this.#running;
  }

  /** Whether other pages use the same worker. */
  get shared() {
    return Boolean(this.#opened?.shared);
  }

  /** Start the first worker. Do nothing if it was started before. */
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

  /** @param {PageMessage} message dropped if there is no worker */
  notify(message) {
    this.#opened?.port.postMessage(stringify(message));
  }

  /** The network is back, so the next attempt starts at once. */
  hurry() {
    if (this.#opened) {
      this.notify({ type: "online" });
    } else if (this.#running) {
      clearTimeout(this.#timer);
      this.#open();
    }
  }

  /** Close the link permanently. */
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
    // Some browsers report that the other side is gone. In the others the heartbeat notices it.
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
    // A late timer shows that the page was frozen or asleep. Messages may be waiting.
    if (now - this.#due > this.#timing.late) {
      this.#heard = now;
      // The worker may have slept, too. In a hidden page timers are always late, which shows nothing.
      if (!document.hidden) this.notify({ type: "online" });
    }
    if (now - this.#heard >= (this.#up ? this.#timing.silence : this.#timing.boot)) {
      this.#silent += 1;
      this.#down("The worker does not answer.");
    } else {
      // Not earlier: a worker that dies right after its start must not be restarted every second.
      if (this.#up) this.#failures = 0;
      this.notify({ type: "ping" });
      this.#wait();
    }
  }

  /**
   * An uncaught error of a running worker does not end it: the heartbeat decides. An error before the
   * first message means that the script did not load.
   *
   * @param {Opened | undefined} opened
   * @param {Fault} event
   */
  #broken(opened, event) {
    // This is not the page's own error, so its `onerror` must not receive it.
    event.preventDefault?.();
    const reason = event.message || "it could not be loaded.";
    if (this.#opened !== opened || this.#spoke) console.error(`Cti: the worker's script: ${reason}`);
    else this.#refused(`The worker's script: ${reason}`);
  }

  /**
   * This way gives no worker. Do not report it synchronously: start() runs inside calls of the page's
   * own code.
   *
   * @param {string} reason
   */
  #refused(reason) {
    this.#attempt += 1;
    // Waiting texts are sent to the worker that the next way opens.
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
      // The policy does not change by itself. The page's next command tries again.
      this.#running = false;
    } else {
      const { retry, retryMax } = this.#timing;
      const wait = Math.min(retry * 2 ** this.#failures, retryMax);
      this.#failures += 1;
      // Jitter: tabs that lost the same worker must not all restart at the same time.
      this.#timer = setTimeout(() => this.#open(), wait * (1 - Math.random() / 4));
    }
    this.#handlers.onDown(error);
  }

  #drop() {
    this.#opened?.close();
    this.#opened = null;
  }

  /** Stop watching for blocked sources: a way has been found, or there is none. */
  #settle() {
    this.#forbidden?.stop();
    this.#forbidden = null;
  }
}
