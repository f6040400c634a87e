/**
 * The footer: follow the calls of other users, queues, IVRs and conferences.
 *
 * @import {Call} from "../src/common/protocol.d.ts"
 * @import {State} from "./state.js"
 * @import {Row} from "./dom.js"
 */

import { byId, fromTemplate, KeyedList, part, setText } from "./dom.js";
import { keyOf, nodeOf, watchedCalls } from "./state.js";
import { known, stateOf, talkTime } from "./words.js";

export class NodesView {
  #connector;
  #update;
  #type = byId("node-type", HTMLSelectElement);
  #id = byId("node-id", HTMLInputElement);
  #watched = byId("watched", HTMLElement);
  /** @type {KeyedList<string>} */
  #uris;
  /** @type {KeyedList<Call>} */
  #calls;
  /** @type {State | null} */
  #state = null;

  /**
   * @param {Window["connector"]} connector
   * @param {(change: Partial<State>) => void} update
   */
  constructor(connector, update) {
    this.#connector = connector;
    this.#update = update;
    this.#uris = new KeyedList(
      byId("followed", HTMLElement),
      (uri) => uri,
      (uri) => this.#createUri(uri),
    );
    const list = this.#watched.querySelector("ul");
    if (!list) throw new TypeError("#watched has no list");
    this.#calls = new KeyedList(list, keyOf, () => createCall());
    byId("follow", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#subscribe();
    });
  }

  /** @param {State} state */
  render(state) {
    this.#state = state;
    const calls = watchedCalls(state);
    this.#uris.update(state.uris);
    this.#calls.update(calls);
    this.#watched.hidden = calls.length === 0;
  }

  /** A second has passed. */
  tick() {
    if (this.#state) this.#calls.update(watchedCalls(this.#state));
  }

  async #subscribe() {
    try {
      await this.#connector.subscribe(`${this.#type.value}:${this.#id.value.trim()}`);
      this.#id.value = "";
    } catch {
      // An ERROR event has told why; what was typed stays.
    }
  }

  /** @param {string} node */
  async #unsubscribe(node) {
    try {
      await this.#connector.unsubscribe(node);
    } catch {
      return;
    }
    // Nothing more is heard of that node's calls, not even their end.
    const calls = this.#state?.calls.filter((call) => call.node !== node) ?? [];
    this.#update({ uris: this.#connector.getSubscriptionURIs(), calls });
    this.#id.focus();
  }

  /**
   * @param {string} uri
   * @returns {Row<string>}
   */
  #createUri(uri) {
    const element = fromTemplate("followed-template");
    const node = nodeOf(uri);
    const stop = part(element, "stop", HTMLButtonElement);
    const own = part(element, "own", HTMLElement);
    part(element, "uri", HTMLElement).textContent = uri;
    stop.setAttribute("aria-label", `Unsubscribe ${node}`);
    stop.addEventListener("click", () => this.#unsubscribe(node));
    const update = () => {
      own.hidden = node !== `user:${this.#state?.userId}`;
      stop.hidden = !own.hidden;
    };
    return { element, update };
  }
}

/** @returns {Row<Call>} */
function createCall() {
  const element = fromTemplate("watched-template");
  const node = part(element, "node", HTMLElement);
  const parties = part(element, "parties", HTMLElement);
  const status = part(element, "state", HTMLElement);
  const timer = part(element, "timer", HTMLElement);
  return {
    element,
    update(call) {
      const source = known(call.sourceName) || call.source;
      const destination = call.destinationName || call.destination;
      setText(node, call.node);
      setText(parties, `${source} → ${destination}`);
      setText(status, call.status === "RINGING" ? "Ringing" : stateOf(call));
      status.dataset.state = call.status.toLowerCase();
      setText(timer, talkTime(call, Date.now()));
    },
  };
}
