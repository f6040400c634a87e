/**
 * Follows the colleagues whose rows are visible. A row that leaves the view is followed for a moment
 * longer, so that scrolling does not send a request for each row that passes.
 *
 * @import {Connector} from "../cti-connector.d.ts"
 * @import {Presence} from "../common/protocol.d.ts"
 */

const PAUSE = 250;

export class Following {
  #connector;
  #onPresence;
  #wanted = /** @type {Set<string>} */ (new Set());
  /** The colleagues that the dialer follows, and not the page. @type {Set<string>} */
  #followed = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #stop = new AbortController();

  /**
   * @param {Connector} connector
   * @param {(id: string, presence: Presence) => void} onPresence
   */
  constructor(connector, onPresence) {
    this.#connector = connector;
    this.#onPresence = onPresence;
    const { signal } = this.#stop;
    connector.on("presence", ({ node, presence }) => {
      const id = idIn(node);
      onPresence(id, presence);
      // Another tab followed them, and does so no longer.
      if (presence === "unknown" && this.#wanted.has(id) && !this.#followed.has(id)) this.follow(id, true);
    }, { signal });
  }

  /**
   * @param {string} id of a colleague
   * @param {boolean} wanted
   */
  follow(id, wanted) {
    if (wanted) this.#wanted.add(id);
    else this.#wanted.delete(id);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#update();
    }, PAUSE);
  }

  close() {
    clearTimeout(this.#timer);
    this.#stop.abort();
    for (const id of this.#followed) void this.#connector.unsubscribe(`user:${id}`).catch(() => {});
  }

  /** After READY: what was asked for while there was no connection. */
  refresh() {
    this.#update();
  }

  /** After a logout, nobody is followed. */
  reset() {
    this.#followed.clear();
  }

  #update() {
    if (this.#connector.status !== "ready") return;
    // What the page follows has been followed before, and stays.
    const others = new Set(this.#connector.getSubscriptionURIs().map((uri) => uri.split("@", 1)[0]));
    for (const id of this.#wanted) {
      if (this.#followed.has(id)) continue;
      if (others.has(id)) void this.#read(id);
      else void this.#begin(id);
    }
    for (const id of this.#followed) {
      if (this.#wanted.has(id)) continue;
      this.#followed.delete(id);
      this.#onPresence(id, "unknown");
      void this.#connector.unsubscribe(`user:${id}`).catch(() => {});
    }
  }

  /** @param {string} id */
  async #begin(id) {
    this.#followed.add(id);
    try {
      await this.#connector.subscribe(`user:${id}`);
      await this.#read(id);
    } catch {
      // The light says "unknown". The next time that the row is visible tries again.
      this.#followed.delete(id);
    }
  }

  /** @param {string} id */
  async #read(id) {
    const presence = await this.#connector.presence(`user:${id}`).catch(() => "unknown");
    if (!this.#stop.signal.aborted) this.#onPresence(id, /** @type {Presence} */ (presence));
  }
}

/** @param {string} node */
function idIn(node) {
  return node.replace(/^user:/, "");
}
