/**
 * The events as they come, for developers. Drawn once a frame, so that a flood does no harm.
 *
 * @import {CtiEvent} from "../src/common/protocol.d.ts"
 */

import { byId, fromTemplate, part } from "./dom.js";

/** No more than this many are kept. */
const MOST = 200;

export class EventsView {
  #list = byId("event-list", HTMLElement);
  #empty = byId("no-events", HTMLElement);
  /** @type {{event: CtiEvent, time: Date}[]} */
  #waiting = [];
  #scheduled = false;

  constructor() {
    byId("clear-events", HTMLButtonElement).addEventListener("click", () => {
      this.#waiting = [];
      this.#list.replaceChildren();
      this.#empty.hidden = false;
    });
  }

  /** @param {CtiEvent} event */
  add(event) {
    this.#waiting.push({ event, time: new Date() });
    if (this.#waiting.length > MOST) this.#waiting.shift();
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#scheduled = false;
    const rows = this.#waiting.splice(0).map(({ event, time }) => row(event, time));
    if (rows.length) this.#empty.hidden = true;
    this.#list.prepend(...rows.reverse());
    while (this.#list.children.length > MOST) this.#list.lastElementChild?.remove();
  }
}

/**
 * @param {CtiEvent} event
 * @param {Date} time
 * @returns {HTMLElement}
 */
function row(event, time) {
  const element = fromTemplate("event-template");
  const clock = part(element, "time", HTMLTimeElement);
  const name = part(element, "name", HTMLElement);
  clock.dateTime = time.toISOString();
  clock.textContent = time.toLocaleTimeString("en-GB");
  name.textContent = event.name;
  name.dataset.name = event.name;
  part(element, "text", HTMLElement).textContent = summary(event);
  part(element, "json", HTMLElement).textContent = JSON.stringify(event, null, 2);
  return element;
}

/**
 * @param {CtiEvent} event
 * @returns {string}
 */
function summary(event) {
  if (!("call" in event)) return event.code ? `${event.code}: ${event.message}` : event.message;
  const { node, source, sourceName, destination, destinationName, cause } = event.call;
  const parties = `${sourceName || source} → ${destinationName || destination}`;
  return `${node} · ${parties}${cause ? ` · ${cause}` : ""}`;
}
