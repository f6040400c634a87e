/**
 * What a page receives in addition to events: names, screen pops, the call log, and whether it is in
 * front. Python decides all of it, except for pages that do not share a worker (see
 * `page/tab-election.js`).
 *
 * @import {Call, Contact, CtiEvent, Lookup, Pop, Presence, Timing, Wish, WorkerMessage}
 *   from "../common/protocol.d.ts"
 * @import {WorkerLink} from "../link/worker-link.js"
 */

import { encode, stringify } from "../common/json.js";
import { Listeners } from "./listeners.js";
import { addPopped, forgetPopped, popped } from "./popped-calls.js";
import { Turn } from "./tab-election.js";

/** What is sent only to pages that listen to it. @type {("pop" | "log" | "presence")[]} */
const WISHES = ["pop", "log", "presence"];

/** These features for one page. */
export class Surface {
  listeners = new Listeners(() => this.#listen());
  #link;
  #turn;
  #pop;
  /** @type {Lookup | null} */
  #lookup = null;
  /** Whether this page is in front, as the worker says. */
  #chosen = false;
  #front = false;
  /** @type {Map<string, {call: Call, contact: Contact | null}>} pops that wait for the lock */
  #waiting = new Map();
  /** @type {Map<string, Presence>} the presence of each node that the listeners know */
  #presences = new Map();
  /** Whether the page is in the back/forward cache. */
  #away = false;
  /** The last `listen` fields that were sent, as JSON. */
  #told = "";

  /**
   * @param {WorkerLink} link
   * @param {string} name the worker's
   * @param {Timing} timing
   * @param {Pop} pop
   */
  constructor(link, name, timing, pop) {
    this.#link = link;
    this.#pop = pop;
    this.#turn = new Turn(name, timing, () => this.#update());
  }

  get front() {
    return this.#front;
  }

  get pop() {
    return this.#pop;
  }

  set pop(pop) {
    this.#pop = pop;
    this.#listen();
  }

  get lookup() {
    return this.#lookup;
  }

  set lookup(lookup) {
    const anew = Boolean(this.#lookup && lookup);
    this.#lookup = lookup;
    this.#listen(anew);
  }

  /** @param {AbortSignal} signal removes the listeners */
  watch(signal) {
    for (const type of ["focus", "blur"]) {
      addEventListener(type, () => this.#look(), { signal });
    }
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
  }

  close() {
    this.listeners.clear();
    this.#turn.follow(false);
    this.#waiting.clear();
    this.#chosen = this.#front = false;
  }

  /** The fields of a `hello`. The worker that receives it does not know this page yet. */
  hello() {
    this.#chosen = false;
    this.#update();
    const listen = this.#wish();
    this.#told = stringify(listen);
    return { listen, focus: sight(), popped: popped() };
  }

  /** @param {boolean} kept whether the page enters the back/forward cache; otherwise it closes */
  leave(kept) {
    this.#link.notify({ type: kept ? "away" : "bye" });
    this.#away = true;
    this.#chosen = false;
    this.#told = "";
    this.#turn.follow(false);
    this.#update();
  }

  /**
   * The page is back.
   *
   * @param {boolean} ringing
   */
  comeBack(ringing) {
    this.#away = false;
    if (!this.#link.shared) this.#turn.follow(ringing);
    this.#listen();
    this.#look();
  }

  /** @param {WorkerMessage} message */
  receive(message) {
    switch (message.type) {
      case "front":
        this.#chosen = message.front;
        this.#update();
        break;
      case "lookup":
        this.#answer(message);
        break;
      case "contact":
        this.listeners.tell("contact", { call: message.call, contact: message.contact });
        break;
      case "pop":
        this.#waiting.set(message.call.id, { call: message.call, contact: message.contact });
        this.#popUp();
        break;
      case "presence":
        // A worker that is new tells all of it anew.
        if (this.#presences.get(message.node) === message.presence) break;
        this.#presences.set(message.node, message.presence);
        this.listeners.tell("presence", { node: message.node, presence: message.presence });
        break;
      case "log":
        if (!this.listeners.has("log")) break;
        this.#link.notify({ type: "logged", key: message.record.key });
        this.listeners.tell("log", message.record);
        break;
    }
  }

  /**
   * @param {CtiEvent} event that the page is about to receive
   * @param {boolean} ringing whether a call rings for the user
   */
  follow(event, ringing) {
    if (event.name === "LOGGED_OUT") forgetPopped();
    if (!this.#link.shared) this.#turn.follow(ringing);
    if (!ringing) this.#waiting.clear();
  }

  /** @param {{id: number, number: string, call: Call}} question */
  async #answer({ id, number, call }) {
    /** @type {unknown} */
    let contact = null;
    try {
      contact = (await this.#lookup?.(number, call)) ?? null;
      encode(contact);
    } catch (error) {
      contact = null;
      console.error(error);
    }
    this.#link.send(encode({ type: "contact", id, number, contact }));
  }

  /** @param {boolean} [anew] */
  #listen(anew) {
    const wish = this.#wish();
    const text = stringify(wish);
    if (text === this.#told && !anew) return;
    this.#told = text;
    this.#link.notify({ type: "listen", ...wish, anew });
  }

  /** @returns {Wish} */
  #wish() {
    /** @type {Wish["names"]} */
    const names = [];
    for (const name of WISHES) if (this.listeners.has(name)) names.push(name);
    if (this.#lookup) names.push("lookup");
    return { names, pop: this.#pop };
  }

  #look() {
    // The page becomes hidden after it has left. This must not look as if it were back.
    if (this.#away) return;
    this.#link.notify({ type: "focus", ...sight() });
    if (document.hasFocus()) this.#turn.focus();
  }

  #update() {
    const front = this.#chosen && this.#turn.mine;
    if (front !== this.#front) {
      this.#front = front;
      this.listeners.tell("front", { front });
    }
    this.#popUp();
  }

  #popUp() {
    for (const [id, pop] of [...this.#waiting]) {
      if (!this.#link.shared && this.#pop !== "all") {
        if (!this.#turn.mine) return;
        // If a call was answered during the lookup, its pop is for the page with the focus.
        if (popped().includes(id) || !(this.#turn.open || document.hasFocus())) {
          this.#waiting.delete(id);
          continue;
        }
      }
      this.#waiting.delete(id);
      addPopped(id);
      this.listeners.tell("pop", pop);
    }
  }
}

function sight() {
  return { focused: document.hasFocus(), visible: !document.hidden };
}
