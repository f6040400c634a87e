/**
 * What this page knows without asking: the connection's state and the running calls.
 *
 * @import {Call, CtiEvent, Params, WorkerMessage} from "./protocol.d.ts"
 */

/** A copy of the worker's state, so that the synchronous methods have an answer. */
export class Mirror {
  connected = false;
  /** @type {string[]} */
  uris = [];
  /** @type {string[]} */
  nodes = [];
  /** @type {Params} */
  params = {};
  /** @type {Map<string, Call>} the latest word on each call that has not ended */
  #calls = new Map();

  /** @param {Extract<WorkerMessage, {type: "state"}>} state */
  update({ connected, uris, nodes, params }) {
    this.connected = connected;
    this.uris = uris;
    // A new worker follows nothing yet; if it dies too, the next one must still be told.
    if (connected || nodes.length > 0) this.nodes = nodes;
    if (connected) this.#forgetStrangers();
    this.params = params;
  }

  /** What happens at a node that is not followed any more is not told. */
  #forgetStrangers() {
    for (const [key, { node }] of this.#calls) {
      if (!this.nodes.includes(node)) this.#calls.delete(key);
    }
  }

  /** The worker is gone. Nodes and calls stay: the next one is told about them. */
  disconnect() {
    this.connected = false;
    this.uris = [];
  }

  /** @returns {Call[]} */
  get calls() {
    return [...this.#calls.values()];
  }

  /** @param {CtiEvent} event */
  follow(event) {
    if (event.name === "LOGGED_OUT") {
      this.#calls.clear();
      this.nodes = [];
    }
    if (!("call" in event)) return;
    // A copy: the event is the page's own from here on.
    const call = { ...event.call };
    if (call.requestId) this.#forgetRequest(call);
    const key = `${call.node} ${call.cid}`;
    if (call.status === "HANGUP" || call.status === "CANCEL") this.#calls.delete(key);
    else this.#calls.set(key, call);
  }

  /**
   * INITIAL comes before there is a dialog, so its `cid` may differ from that of later events.
   *
   * @param {Call} call
   */
  #forgetRequest({ node, requestId }) {
    for (const [key, known] of this.#calls) {
      if (known.node === node && known.requestId === requestId) this.#calls.delete(key);
    }
  }
}
