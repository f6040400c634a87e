/**
 * The page's copy of the worker's state: the connection and the running calls.
 *
 * @import {Call, CtiEvent, Feature, Params, Problem, WorkerMessage} from "../common/protocol.d.ts"
 */

/** A copy of the worker's state for the synchronous methods. */
export class Mirror {
  connected = false;
  loggedIn = false;
  /** Whether a worker has sent its state. */
  known = false;
  /** @type {string[]} */
  uris = [];
  /** @type {string[]} */
  nodes = [];
  /** @type {Feature[]} */
  features = [];
  /** @type {Params} */
  params = {};
  /** @type {Problem | null} why it is not connected */
  problem = null;
  /** @type {Map<string, Call>} the latest state of each call that has not ended */
  #calls = new Map();
  /** @type {Set<string>} the keys of the ringing calls, kept because every event needs them */
  #ringing = new Set();

  /** @param {Extract<WorkerMessage, {type: "state"}>} state */
  update({ connected, loggedIn, uris, nodes, features, params, problem = null }) {
    this.known = true;
    this.connected = connected;
    this.loggedIn = loggedIn;
    this.uris = uris;
    // A new worker follows no nodes yet. If it dies, too, the next one must still get them.
    if (connected || nodes.length > 0) this.nodes = nodes;
    if (connected) this.#forgetStrangers();
    this.features = features;
    this.params = params;
    this.problem = problem;
  }

  /** Drop the calls of nodes that are not followed any more: their events do not arrive. */
  #forgetStrangers() {
    for (const [key, { node }] of this.#calls) {
      if (!this.nodes.includes(node)) this.#forget(key);
    }
  }

  /**
   * Record that the worker is gone. Nodes and calls stay, for the next worker.
   *
   * @param {Problem} problem
   */
  disconnect(problem) {
    this.problem = problem;
    this.known = this.connected = this.loggedIn = false;
    this.uris = [];
  }

  /** @returns {Call[]} copies */
  get calls() {
    return [...this.#calls.values()].map((call) => ({ ...call }));
  }

  /** Whether a call rings for the user. */
  get ringing() {
    const own = `user:${this.params.user_id}`;
    for (const key of this.#ringing) if (this.#calls.get(key)?.node === own) return true;
    return false;
  }

  /** @param {Call} call whose name is now known */
  rename(call) {
    const key = keyOf(call);
    if (this.#calls.has(key)) this.#calls.set(key, { ...call });
  }

  /** @param {CtiEvent} event */
  follow(event) {
    if (event.name === "LOGGED_OUT") {
      this.#calls.clear();
      this.#ringing.clear();
      this.nodes = [];
    }
    if (!("call" in event)) return;
    // A copy, because the page may change the event.
    const call = { ...event.call };
    if (call.requestId) this.#forgetRequest(call);
    const key = keyOf(call);
    if (call.status === "HANGUP") return this.#forget(key);
    this.#calls.set(key, call);
    this.#ringing.delete(key);
    if (call.direction === "INBOUND" && call.status === "RINGING") this.#ringing.add(key);
  }

  /** @param {string} key */
  #forget(key) {
    this.#calls.delete(key);
    this.#ringing.delete(key);
  }

  /**
   * Remove older entries of the call: a call that was recognised late has another `id` than its INITIAL.
   *
   * @param {Call} call
   */
  #forgetRequest({ node, requestId }) {
    for (const [key, known] of this.#calls) {
      if (known.node === node && known.requestId === requestId) this.#forget(key);
    }
  }
}

/**
 * Return the key of a call. Each worker counts its own `cid`s; the `id` stays when a worker is replaced.
 *
 * @param {Call} call
 */
function keyOf({ node, id }) {
  return `${node} ${id}`;
}
