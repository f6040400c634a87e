/**
 * Connects one connector to the dialer's store.
 *
 * @import {Connector} from "../cti-connector.d.ts"
 * @import {Call, Contact, CtiEvent} from "../common/protocol.d.ts"
 * @import {Place} from "./state.js"
 * @import {Store} from "./store.js"
 */

import { loadColleagues } from "./colleagues.js";
import { Following } from "./follow.js";
import { mergeHistory, MOST_RECENTS } from "./history.js";

export class Link {
  /** @type {Connector} */
  connector;
  #store;
  #stop = new AbortController();
  #loading = false;
  #ready = false;

  /**
   * @param {Connector} connector
   * @param {Store} store
   */
  constructor(connector, store) {
    this.connector = connector;
    this.#store = store;
    this.following = new Following(connector, (id, presence) => {
      const { presences, userId } = store.state;
      // While the user is in a call, their presence does not tell this.
      const dnd = { "do-not-disturb": true, free: false }[String(presence)];
      if (id === userId && dnd !== undefined && dnd !== store.state.dnd) store.set({ dnd });
      if (presences[id] !== presence) store.set({ presences: { ...presences, [id]: presence } });
    });
    const { signal } = this.#stop;
    connector.on("event", (event) => this.#onEvent(event), { signal });
    connector.on("state", () => this.#onState(), { signal });
    connector.on("front", ({ front }) => store.set({ front }), { signal });
    connector.on("contact", ({ call, contact }) => this.#onContact(call, contact), { signal });
    this.#onState();
    store.set({ linked: true, notice: null, front: connector.front });
    // The running calls, oldest first, in the order of their events.
    for (const call of connector.calls) {
      this.#onEvent(/** @type {CtiEvent} */ ({ name: call.status, call }));
    }
  }

  release() {
    this.#stop.abort();
    this.following.close();
  }

  /** Load the colleagues again, because "do not disturb" changes over the day. */
  async refresh() {
    if (this.#loading) return;
    this.#loading = true;
    const { signal } = this.#stop;
    try {
      const colleagues = await loadColleagues(this.connector);
      if (signal.aborted) return;
      const own = colleagues.find(({ id }) => id === this.#store.state.userId);
      this.#store.set({ colleagues, dnd: own?.busy ?? this.#store.state.dnd });
    } catch {
      // Calls work without the list. The next READY tries again.
    } finally {
      this.#loading = false;
    }
  }

  /** Load the calls that were missed while no page was open. */
  async #loadHistory() {
    if (!this.connector.features.has("history")) return;
    const { signal } = this.#stop;
    const { userId } = this.#store.state;
    try {
      const records = await this.connector.history({ limit: MOST_RECENTS });
      const { recents, cleared, userId: now } = this.#store.state;
      if (signal.aborted || now !== userId || !Array.isArray(records)) return;
      this.#store.set({ recents: mergeHistory(recents, records, cleared) });
    } catch {
      // Calls work without the list. The next READY tries again.
    }
  }

  /**
   * Run a command. If it fails, show the error where the user gave the command.
   *
   * @param {Place} place
   * @param {(connector: Connector) => Promise<unknown>} command
   */
  async run(place, command) {
    if (this.#store.state.pending.includes(place)) return;
    const { signal } = this.#stop;
    this.#store.dispatch({ type: "sent", place });
    try {
      await command(this.connector);
      if (!signal.aborted) this.#store.dispatch({ type: "done", place });
    } catch (error) {
      const { code = "", message } = /** @type {{code?: string, message: string}} */ (error);
      if (!signal.aborted) {
        this.#store.dispatch({ type: "failed", place, error: { code, message } });
      }
    }
  }

  /** @param {CtiEvent} event */
  #onEvent(event) {
    // The node of a call shows whose call it is, so the user's id must be known first.
    this.#onState();
    // The list of colleagues is optional, so show no error if it fails.
    if (this.#loading && event.name === "ERROR" && !event.code?.startsWith("WORKER_")) return;
    this.#store.dispatch({ type: "event", event, now: Date.now() });
  }

  #onState() {
    const { status } = this.connector;
    const { state } = this.#store;
    // A new worker does not know the user's id yet, but the user is still the same.
    const known = this.connector._getParam("user_id");
    const userId = status === "logged-out" ? "" : (known ?? state.userId);
    if (state.status !== status || state.userId !== userId) {
      this.#store.dispatch({ type: "status", status, userId });
    }
    const features = [...(this.connector.features ?? [])];
    if (features.join() !== state.features.join()) this.#store.set({ features });
    if (status === "ready" && !this.#ready) {
      this.following.refresh();
      void this.#loadHistory();
    }
    this.#ready = status === "ready";
    if (status === "logged-out") this.following.reset();
    if (status === "ready" && state.colleagues.length === 0) void this.refresh();
  }

  /**
   * @param {Call} call
   * @param {Contact} contact
   */
  #onContact(call, contact) {
    this.#store.dispatch({ type: "contact", call, name: contact.name });
  }
}
