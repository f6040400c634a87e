/**
 * Keeps the board's nodes subscribed: what is chosen is followed, what was removed is not.
 *
 * @import {CtiError} from "../../src/common/protocol.d.ts"
 */

import { nodeOf } from "../state.js";

export class Follower {
  #connector;
  #onRefusal;
  /** @type {Set<string>} */
  #asked = new Set();

  /**
   * @param {Window["connector"]} connector
   * @param {(node: string, why: string) => void} onRefusal
   */
  constructor(connector, onRefusal) {
    this.#connector = connector;
    this.#onRefusal = onRefusal;
  }

  /** @returns {string[]} the nodes that the server tells of */
  get followed() {
    return this.#connector.getSubscriptionURIs().map(nodeOf);
  }

  /**
   * Follow those that are not followed yet. Another tab may have ended one.
   *
   * @param {string[]} nodes
   * @param {Record<string, string>} refused
   */
  follow(nodes, refused) {
    if (this.#connector.status !== "ready") return;
    const followed = this.followed;
    for (const node of nodes) {
      if (!followed.includes(node) && !(node in refused)) this.#ask(node);
    }
  }

  /** @param {string} node */
  async leave(node) {
    if (node === this.own || !this.followed.includes(node)) return;
    try {
      await this.#connector.unsubscribe(node);
    } catch {
      // The connection is lost: it stays followed, and is not shown.
    }
  }

  /** The user's own calls are always followed. */
  get own() {
    return `user:${this.#connector._getParam("user_id") ?? ""}`;
  }

  /** @param {string} node */
  async #ask(node) {
    if (this.#asked.has(node)) return;
    this.#asked.add(node);
    try {
      await this.#connector.subscribe(node);
    } catch (error) {
      // What failed because the connection was lost is asked for again when it is back.
      const { message } = /** @type {CtiError} */ (error);
      if (this.#connector.status === "ready") this.#onRefusal(node, message);
    } finally {
      this.#asked.delete(node);
    }
  }
}
