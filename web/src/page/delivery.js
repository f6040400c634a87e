/**
 * Delivers events to the page's own code.
 *
 * @import {CtiEvent} from "../common/protocol.d.ts"
 */

/**
 * Delivers each event synchronously when the port's message arrives. If another message arrives while
 * the page handles an event (a synchronous dialog), that event waits: the page gets one at a time.
 */
export class Delivery {
  /** @type {CtiEvent[]} events that wait while the page handles one */
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
