/**
 * What stands behind the connector of one page: the line to the worker, the copy of its state, and
 * the page's own code that hears of it. Nothing is decided here.
 *
 * @import {CtiEvent, DetectText, Internals, Method, PageMessage, PageSigns, Status, Timing,
 *   WorkerMessage} from "../common/protocol.d.ts"
 * @import {Settings} from "./options.js"
 */

import { TIMING } from "./constants.js";
import { Delivery } from "./delivery.js";
import { callSafely, CtiError, destroyed, messageOf } from "../common/errors.js";
import { encode } from "../common/json.js";
import { schedule } from "./load.js";
import { Mirror } from "./mirror.js";
import { workerName } from "./options.js";
import { Pending, quiet } from "./pending.js";
import { LONGEST } from "../common/messages.js";
import { TokenStore } from "./storage.js";
import { Surface } from "./page-features.js";
import { placeOf } from "../link/worker-sources.js";
import { WorkerLink } from "../link/worker-link.js";

/** So many workers in a row have not lived: the page is told that something is wrong. */
const GIVEN_UP = 4;

/** One page's client of the worker. */
export class Client {
  mirror = new Mirror();
  surface;
  /** @type {Set<(event: CtiEvent) => void>} what comes before the page's own code */
  watchers = new Set();
  /** @type {Timing} */
  timing;
  /** How numbers in text are found, and called. */
  detection;
  #settings;
  #store;
  #link;
  #cancelLoad;
  #pending = new Pending();
  #lastId = 0;
  #delivery = new Delivery((event) => this.#deliver(event));
  /** The first worker has started, or has not. */
  #judged = false;
  /** An ERROR has told the page that there is no worker. */
  #reported = false;
  /** Attempts since a worker was last well. */
  #failures = 0;
  /** What the listeners to `status` were told last. */
  #told = "stopped ";
  /** Removes what was added to the window. */
  #stop = new AbortController();

  /**
   * @param {Settings} settings
   * @param {Internals} internals
   */
  constructor(settings, { timing, ...scripts }) {
    this.#settings = settings;
    this.detection = {
      url: scripts.detectUrl,
      ask: (/** @type {DetectText[]} */ texts, /** @type {PageSigns} */ signs) =>
        this.#request((id) => ({ type: "detect", id, texts, signs })),
      call: (/** @type {string} */ number, /** @type {string} */ country, /** @type {PageSigns | undefined} */ signs) =>
        this.command("call", [number], { country, signs }),
      atHome: Boolean(settings.worker.defaultCountry),
    };
    this.timing = { ...TIMING, ...timing };
    this.#store = new TokenStore(settings.persist, settings.worker.apiEndpoint);
    const name = workerName(settings);
    this.#link = new WorkerLink(placeOf(settings, scripts, name), this.timing, {
      hello: (again) => this.#hello(again),
      onMessage: (message) => this.#receive(message),
      onUp: () => {
        this.#judged = true;
      },
      onDown: (error) => this.#down(error),
    });
    this.surface = new Surface(this.#link, name, this.timing, settings.pop);
    const { signal } = this.#stop;
    this.surface.watch(signal);
    addEventListener("pagehide", (event) => this.#onPageHide(event), { signal });
    addEventListener("pageshow", (event) => this.#onPageShow(event), { signal });
    addEventListener("online", () => this.#link.hurry(), { signal });
    this.#store.watch((token) => this.#link.notify({ type: "stored", token }), signal);
    this.#cancelLoad = schedule(settings.load, () => this.#start());
  }

  /** Whether the page has let go. */
  get closed() {
    return this.#stop.signal.aborted;
  }

  /** @returns {Status} */
  get status() {
    const { known, connected, loggedIn } = this.mirror;
    if (!this.#link.running) return "stopped";
    if (!known) return "starting";
    if (!loggedIn) return "logged-out";
    return connected ? "ready" : "connecting";
  }

  /** Let go of everything. */
  close() {
    if (this.closed) return;
    this.#stop.abort();
    this.#cancelLoad();
    this.#link.close();
    this.mirror = new Mirror();
    this.#delivery.clear();
    this.surface.close();
    this.watchers.clear();
    this.#pending.rejectAll(destroyed());
  }

  /**
   * @param {Method} method
   * @param {unknown[]} args
   * @param {{country: string, signs: PageSigns | undefined}} [place] where a number stands
   * @returns {Promise<any>} the outcome that the declarations name
   */
  command(method, args, place) {
    let outcome;
    try {
      outcome = this.#request((id) => ({ type: "command", id, method, args, ...place }));
    } catch (error) {
      return this.refuse(new CtiError("BAD_ARGUMENT", `${method}: ${messageOf(error)}`));
    }
    if (!this.closed) {
      this.#cancelLoad();
      this.#start();
    }
    return outcome;
  }

  /**
   * @param {(id: number) => PageMessage} make the message with this id
   * @returns {Promise<any>} what answers it
   */
  #request(make) {
    if (this.closed) return quiet(Promise.reject(destroyed()));
    const id = ++this.#lastId;
    const message = make(id);
    const text = encode(message);
    if (text.length > LONGEST) {
      return this.refuse(new CtiError("LIMIT_REACHED", `A message of ${text.length} characters is too long.`));
    }
    const outcome = this.#pending.add(id, message.type === "command");
    this.#link.send(text);
    return quiet(outcome);
  }

  /**
   * @param {CtiError} error found before anything was sent
   * @returns {Promise<never>}
   */
  refuse(error) {
    if (this.closed) error = destroyed();
    else this.#announce(error);
    return quiet(Promise.reject(error));
  }

  /**
   * @param {boolean} again
   * @returns {PageMessage}
   */
  #hello(again) {
    const { nodes, calls, connected, params } = this.mirror;
    const options = this.#settings.worker;
    const told = again ? { user: params.user_id ?? null, connected } : undefined;
    const token = this.#store.hand();
    return { type: "hello", options, token, nodes, calls, told, ...this.surface.hello() };
  }

  /** @param {WorkerMessage} message */
  #receive(message) {
    switch (message.type) {
      case "state":
        // Only now: one that dies as soon as it has started is none.
        this.#reported = false;
        this.#failures = 0;
        this.mirror.update(message);
        this.#changed();
        break;
      case "event":
        this.#delivery.add(message.event);
        break;
      case "result":
        this.#pending.resolve(message.id, message.value);
        break;
      case "detected":
        this.#pending.resolve(message.id, message.found);
        break;
      case "refusal":
        this.#pending.reject(message.id, CtiError.from(message.error));
        break;
      case "token":
        this.#store.set(message.token);
        break;
      case "stranger":
        // It forgot this page: what it was asked long ago is not answered any more.
        this.#pending.rejectAll(new CtiError("WORKER_DIED", "The page was away."), this.timing.stale);
        break;
      case "contact":
        this.mirror.rename(message.call);
        this.surface.receive(message);
        this.#changed();
        break;
      default:
        this.surface.receive(message);
    }
  }

  /** @param {CtiEvent} event */
  #deliver(event) {
    this.mirror.follow(event);
    this.surface.follow(event, this.mirror.ringing);
    for (const watcher of this.watchers) callSafely(watcher, event);
    callSafely(this.#settings.onMessage, event);
    const { listeners } = this.surface;
    listeners.tell(event.name, event);
    listeners.tell("event", event);
    if ("call" in event) this.#changed();
  }

  /** The mirror has changed. */
  #changed() {
    const { status } = this;
    this.surface.listeners.tell("state", { status });
    const problem = status === "ready" || status === "logged-out" ? null : this.mirror.problem;
    const told = `${status} ${problem?.code ?? ""}`;
    if (told === this.#told) return;
    this.#told = told;
    this.surface.listeners.tell("status", { status, problem });
  }

  #start() {
    if (this.#link.running) return;
    this.#link.start();
    // Never from within a call of the page's own.
    queueMicrotask(() => this.#changed());
  }

  /** @param {CtiError} error told to the page, but never from within a call of its own */
  #announce({ code, message, hint }) {
    queueMicrotask(() => {
      if (!this.closed) this.#delivery.add({ name: "ERROR", message, code, hint });
    });
  }

  /** @param {CtiError} error */
  #down(error) {
    const { code, message, hint } = error;
    this.mirror.disconnect({ code, message, hint });
    this.#changed();
    const asked = this.#pending.rejectAll(error);
    // A worker that is replaced is like a connection that is restored: no event, as nobody is at
    // fault. It is an ERROR where a command is lost, or where there is no worker to be had.
    this.#failures += 1;
    const final = !this.#judged || this.#failures >= GIVEN_UP || code === "WORKER_BLOCKED";
    if ((asked || final) && !this.#reported) this.#announce(error);
    this.#reported ||= final;
    this.#judged = true;
  }

  /** @param {PageTransitionEvent} event */
  #onPageHide({ persisted }) {
    this.surface.leave(persisted);
  }

  /** @param {PageTransitionEvent} event */
  #onPageShow({ persisted }) {
    if (!persisted) return;
    this.#link.notify({ type: "ping" });
    // A worker that was frozen with this page does not know it.
    this.#link.hurry();
    this.surface.comeBack(this.mirror.ringing);
  }
}
