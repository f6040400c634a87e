/**
 * The calls of now, each with its panel.
 *
 * @import {Call, LogRecord} from "../../src/cti-connector.d.ts"
 * @import {Contact} from "./contacts.js"
 */

import { byId } from "../dom.js";
import { CallPanel } from "./call-panel.js";

export class CallsView {
  #section = byId("calls", HTMLElement);
  /** @type {Map<string, CallPanel>} */
  #panels = new Map();
  /** @type {Set<string>} calls that have ended, whose panels stay */
  #ended = new Set();
  #connector;
  #putNotes;

  /**
   * @param {Window["connector"]} connector
   * @param {(key: string, notes: string) => Promise<void>} putNotes
   */
  constructor(connector, putNotes) {
    this.#connector = connector;
    this.#putNotes = putNotes;
    // Another tab may have written while this one was behind it.
    connector.on("front", ({ front }) => {
      if (front) for (const panel of this.#panels.values()) void panel.read();
    });
    addEventListener("pagehide", () => {
      for (const panel of this.#panels.values()) panel.save();
    });
  }

  /**
   * @param {Contact[]} contacts
   * @param {string} current the contact, by id, or number whose page is open
   */
  render(contacts, current) {
    const calls = ownCalls(this.#connector);
    const keys = new Set(calls.map(keyOf));
    for (const call of calls) this.#panel(call).render(call, contacts, current);
    for (const [key, panel] of this.#panels) {
      if (keys.has(key)) continue;
      if (this.#ended.has(key)) panel.refresh(contacts, current);
      else this.#end(key, panel);
    }
    this.#section.hidden = this.#panels.size === 0;
  }

  /** @param {LogRecord} record */
  onLog(record) {
    for (const panel of this.#panels.values()) panel.take(record);
  }

  /** @param {Call} call */
  #panel(call) {
    const key = keyOf(call);
    const known = this.#panels.get(key);
    if (known) return known;
    const panel = new CallPanel(call, {
      connector: this.#connector,
      putNotes: this.#putNotes,
      onDone: () => this.#remove(key, panel),
    });
    this.#panels.set(key, panel);
    this.#section.append(panel.element);
    return panel;
  }

  /**
   * Who was on the telephone finishes the notes; tabs behind, and calls in vain, need no panel.
   *
   * @param {string} key
   * @param {CallPanel} panel
   */
  #end(key, panel) {
    panel.end();
    if (this.#connector.front && panel.wanted) this.#ended.add(key);
    else this.#remove(key, panel);
  }

  /**
   * @param {string} key
   * @param {CallPanel} panel
   */
  #remove(key, panel) {
    const focused = panel.element.contains(document.activeElement);
    panel.close();
    this.#panels.delete(key);
    this.#ended.delete(key);
    this.#section.hidden = this.#panels.size === 0;
    if (focused) byId("main", HTMLElement).focus({ preventScroll: true });
  }
}

/**
 * @param {Window["connector"]} connector
 * @returns {Call[]} those of the one who is logged in
 */
function ownCalls(connector) {
  const node = `user:${connector._getParam("user_id")}`;
  return connector.calls.filter((call) => call.node === node && call.status !== "HANGUP");
}

/**
 * The id of an outbound call changes once, its request's does not.
 *
 * @param {Call} call
 */
function keyOf({ id, requestId }) {
  return requestId || id;
}
