/**
 * The connector as a page sees it: commands go out, events come in, nothing is decided here.
 *
 * @import {ClickToCallOptions, CtiEvent, DetectText, Internals, Method, PageMessage, Timing,
 *   WorkerMessage} from "./protocol.d.ts"
 */

import { ClickToCall } from "./click-to-call.js";
import { TIMING } from "./constants.js";
import { callSafely, CtiError, destroyed, messageOf } from "./errors.js";
import { encode } from "./json.js";
import { schedule } from "./load.js";
import { Mirror } from "./mirror.js";
import { readOptions, workerName } from "./options.js";
import { Pending, quiet } from "./pending.js";
import { TokenStore } from "./storage.js";
import { WorkerLink } from "./worker-link.js";

/** Follows and steers the calls of one account. */
export class Connector {
  #settings;
  #detectUrl;
  /** @type {Timing} */
  #timing;
  #mirror = new Mirror();
  #store;
  #link;
  #cancelLoad;
  #pending = new Pending();
  #lastId = 0;
  /** @type {CtiEvent[]} what waits while the page handles an event */
  #events = [];
  #delivering = false;
  /** An ERROR has told the page that there is no worker. */
  #reported = false;
  /** @type {Set<ClickToCall>} */
  #watchers = new Set();
  /** Removes what was added to the window. */
  #stop = new AbortController();

  /**
   * @param {unknown} options {@link ConnectorOptions}, or the callback alone
   * @param {Internals} internals set by the entry that made this class public
   * @throws {CtiError} BAD_OPTIONS
   */
  constructor(options, { workerUrl, detectUrl, timing }) {
    const settings = readOptions(options);
    this.#settings = settings;
    this.#detectUrl = detectUrl;
    this.#timing = { ...TIMING, ...timing };
    this.#store = new TokenStore(settings.persist, settings.worker.apiEndpoint);
    const place = { url: workerUrl, name: workerName(settings), shared: settings.shared };
    this.#link = new WorkerLink(place, this.#timing, {
      hello: () => this.#hello(),
      onMessage: (message) => this.#receive(message),
      onUp: () => {
        this.#reported = false;
      },
      onDown: (error) => this.#down(error),
    });
    const { signal } = this.#stop;
    addEventListener("pagehide", (event) => this.#onPageHide(event), { signal });
    addEventListener("pageshow", (event) => this.#onPageShow(event), { signal });
    addEventListener("online", () => this.#link.hurry(), { signal });
    this.#cancelLoad = schedule(settings.load, () => this.#link.start());
  }

  /** @param {unknown[]} args e-mail address and password, or an API key */
  login(...args) {
    return this.#command("login", args);
  }

  /** @param {unknown[]} args the code, and the nonce of the TWO_FACTOR_AUTH event */
  twoFactorAuth(...args) {
    return this.#command("twoFactorAuth", args);
  }

  /** @param {unknown[]} args none */
  logout(...args) {
    return this.#command("logout", args);
  }

  /** @param {unknown[]} args the call's id; the newest ringing call without one */
  answer(...args) {
    return this.#command("answer", args);
  }

  /** @param {unknown[]} args the destination: E.164 or an extension */
  call(...args) {
    return this.#command("call", args);
  }

  /** @param {unknown[]} args the call's id */
  terminate(...args) {
    return this.#command("terminate", args);
  }

  /** @param {unknown[]} args the call's id and the destination */
  transfer(...args) {
    return this.#command("transfer", args);
  }

  /** @param {unknown[]} args `user:ID`, `ivr:ID`, `queue:ID` or `conf:ID` */
  subscribe(...args) {
    return this.#command("subscribe", args);
  }

  /** @param {unknown[]} args as for `subscribe` */
  unsubscribe(...args) {
    return this.#command("unsubscribe", args);
  }

  /**
   * @param {unknown[]} args method, path, data, `onSuccess(data)`, `onFailure(error)`
   * @returns {Promise<unknown>} the parsed body
   */
  apiRequest(...args) {
    const [onSuccess, onFailure] = args.splice(3, 2);
    const wrong = [onSuccess, onFailure].some((given) => given && typeof given !== "function");
    const outcome = wrong
      ? this.#refuse(new CtiError("BAD_ARGUMENT", "apiRequest: a callback is not a function."))
      : this.#command("apiRequest", args);
    outcome.then(
      (data) => callSafely(onSuccess, data),
      (error) => callSafely(onFailure, error),
    );
    return outcome;
  }

  /** @returns {boolean} logged in, and the SIP connection is open */
  isConnected() {
    return this.#mirror.connected;
  }

  /** @returns {string[]} a copy */
  getSubscriptionURIs() {
    return [...this.#mirror.uris];
  }

  /**
   * Kept because a published example calls it.
   *
   * @param {string} name `user_id`, `sip_username` or `sip_domain`
   * @returns {string | undefined}
   */
  _getParam(name) {
    const { params } = this.#mirror;
    return Object.hasOwn(params, name) ? Reflect.get(params, name) : undefined;
  }

  /**
   * Make the numbers of the page call on click and Enter.
   *
   * @param {ClickToCallOptions} [options]
   * @returns {{disable: () => void}}
   */
  clickToCall(options = {}) {
    const disable = () => {
      this.#watchers.delete(watcher);
      watcher.disable();
    };
    const ask = (/** @type {DetectText[]} */ texts) =>
      this.#request((id) => ({ type: "detect", id, texts }));
    const detection = { url: this.#detectUrl, ask };
    const watcher = new ClickToCall(this, options, this.#timing.linger, detection);
    if (this.#stop.signal.aborted) watcher.disable();
    else this.#watchers.add(watcher);
    return { disable };
  }

  /** Let go of everything that this page holds. */
  destroy() {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#cancelLoad();
    this.#link.close();
    this.#mirror = new Mirror();
    this.#events = [];
    for (const watcher of this.#watchers) watcher.disable();
    this.#watchers.clear();
    this.#pending.rejectAll(destroyed());
  }

  /**
   * @param {Method} method
   * @param {unknown[]} args
   * @returns {Promise<unknown>}
   */
  #command(method, args) {
    let outcome;
    try {
      outcome = this.#request((id) => ({ type: "command", id, method, args }));
    } catch (error) {
      return this.#refuse(new CtiError("BAD_ARGUMENT", `${method}: ${messageOf(error)}`));
    }
    if (!this.#stop.signal.aborted) {
      this.#cancelLoad();
      this.#link.start();
    }
    return outcome;
  }

  /**
   * @param {(id: number) => PageMessage} make the message with this id
   * @returns {Promise<any>} what answers it
   */
  #request(make) {
    if (this.#stop.signal.aborted) return quiet(Promise.reject(destroyed()));
    const id = ++this.#lastId;
    const text = encode(make(id));
    const outcome = this.#pending.add(id);
    this.#link.send(text);
    return quiet(outcome);
  }

  /**
   * @param {CtiError} error found before anything was sent
   * @returns {Promise<never>}
   */
  #refuse(error) {
    if (this.#stop.signal.aborted) error = destroyed();
    else this.#announce(error);
    return quiet(Promise.reject(error));
  }

  /** @returns {PageMessage} */
  #hello() {
    const { nodes, calls } = this.#mirror;
    return { type: "hello", options: this.#settings.worker, token: this.#store.get(), nodes, calls };
  }

  /** @param {WorkerMessage} message */
  #receive(message) {
    switch (message.type) {
      case "state":
        this.#mirror.update(message);
        break;
      case "event":
        this.#deliver(message.event);
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
        this.#pending.rejectAll(new CtiError("WORKER_DIED", "The page was away."), this.#timing.stale);
        break;
    }
  }

  /**
   * Straight from the port's message to the page. A page that lets messages in while it handles
   * one (a synchronous dialog) still sees one event at a time.
   *
   * @param {CtiEvent} event
   */
  #deliver(event) {
    this.#events.push(event);
    if (this.#delivering) return;
    this.#delivering = true;
    for (let next; (next = this.#events.shift()); ) {
      this.#mirror.follow(next);
      for (const watcher of this.#watchers) callSafely(() => watcher.onEvent(next));
      callSafely(this.#settings.onMessage, next);
    }
    this.#delivering = false;
  }

  /** @param {CtiError} error told to the page, but never from within a call of its own */
  #announce({ code, message, hint }) {
    queueMicrotask(() => {
      if (!this.#stop.signal.aborted) this.#deliver({ name: "ERROR", message, code, hint });
    });
  }

  /** @param {CtiError} error */
  #down(error) {
    this.#mirror.disconnect();
    this.#pending.rejectAll(error);
    if (!this.#reported) this.#announce(error);
    this.#reported = true;
  }

  /** @param {PageTransitionEvent} event */
  #onPageHide({ persisted }) {
    if (!persisted) this.#link.notify({ type: "bye" });
  }

  /** @param {PageTransitionEvent} event */
  #onPageShow({ persisted }) {
    if (persisted) this.#link.notify({ type: "ping" });
  }
}
