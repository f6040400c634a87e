/**
 * Events on their way into the page's own code.
 *
 * @import {CtiEvent} from "../common/protocol.d.ts"
 */

/**
 * Straight from the port's message to the page. A page that lets messages in while it handles
 * one (a synchronous dialog) still sees one event at a time.
 */
export class Delivery {
  /** @type {CtiEvent[]} what waits while the page handles an event */
  #events = [];
  #busy = false;
  #deliver;

  /** @param {(event: CtiEvent) => void} deliver must not throw */
  constructor(deliver) {
    this.#deliver = deliver;
  }

  /** @param {CtiEvent} event */
  add(event) {
    this.#events.push(event);
    if (this.#busy) return;
    this.#busy = true;
    for (let next; (next = this.#events.shift()); ) this.#deliver(next);
    this.#busy = false;
  }

  clear() {
    this.#events = [];
  }
}
