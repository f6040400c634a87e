/**
 * The implementation of a page's connector: the link to the worker, the copy of its state, and the
 * calls of the page's own code. It makes no decisions about calls.
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

/** After this number of failed workers in a row, the page receives an error. */
const GIVEN_UP = 4;

/** One page's client of the worker. */
export class Client {
  mirror = new Mirror();
  surface;
  /** @type {Set<(event: CtiEvent) => void>} called before the page's own code */
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
  /** Whether this page has been connected, or knows that it will not be. */
  #settled = false;
  /** Whether the first worker has started. */
  #judged = false;
  /** The page has received an ERROR because there is no worker. */
  #reported = false;
  /** Attempts since the last worker that worked. */
  #failures = 0;
  /** The last value that `status` listeners received. */
  #told = "stopped ";
  /** Removes the listeners that were added to the window. */
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
      // A command during a restored login waits for it, so a click need not wait for READY.
      expected: () => this.mirror.connected || (!this.#settled && this.#store.get() !== null),
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

  /** Whether the page has called `destroy`. */
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

  /** Release everything. */
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
   * @param {{country: string, signs: PageSigns | undefined}} [place] the place of a clicked number
   * @returns {Promise<any>} the outcome; the declarations give its type
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
   * @param {(id: number) => PageMessage} make makes the message with this id
   * @returns {Promise<any>} the answer
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
    const { resume } = this.#store;
    return { type: "hello", options, token, resume, nodes, calls, told, ...this.surface.hello() };
  }

  /** @param {WorkerMessage} message */
  #receive(message) {
    switch (message.type) {
      case "state":
        // Not earlier: a worker that dies right after its start does not count.
        this.#reported = false;
        this.#failures = 0;
        // Once per connection: a state is sent for each node that is followed, and storage is slow.
        if (message.resume && !this.mirror.connected) this.#store.keep(message.resume);
        this.mirror.update(message);
        this.#settled ||= message.connected || !message.loggedIn || Boolean(message.problem);
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
        // The worker does not know this page any more, so it will not answer old requests.
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
    // Never synchronously inside a call of the page's own code.
    queueMicrotask(() => this.#changed());
  }

  /** @param {CtiError} error reported to the page, never synchronously inside a call of its own code */
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
    // A replaced worker is like a restored connection: the page did not cause it, so there is no event.
    // ERROR is sent only if a command is lost, or if no worker can be started.
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
    // A worker that was frozen with this page does not know that it was frozen.
    this.#link.hurry();
    this.surface.comeBack(this.mirror.ringing);
  }
}
