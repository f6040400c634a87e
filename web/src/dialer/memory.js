/**
 * What the dialer keeps between pages: the settings, the recent calls, the favourites, and when the calls
 * were seen.
 *
 * @import {Keep} from "./recents.js"
 * @import {State} from "./state.js"
 * @import {Store} from "./store.js"
 */

import { readFavourites, writeFavourites } from "./favourites.js";
import { readSettings, readTone, settingsOf, writeSettings, writeTone } from "./preferences.js";
import { RecentsStore } from "./recents.js";
import { readTimes, watchTimes, writeTimes } from "./seen.js";

const KEEPS = /** @type {Keep[]} */ (["local", "memory", "off"]);

export class Memory {
  #store;
  /** @type {RecentsStore | null} */
  #recents = null;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /** @param {AbortSignal} signal ends it */
  open(signal) {
    this.#store.set({ tone: readTone(), ...readSettings() });
    watchTimes(() => this.#store.set(readTimes(this.#store.state.userId)), signal);
  }

  close() {
    this.#recents?.close();
  }

  /** @param {string | null} wanted the attribute `recents` */
  keepRecents(wanted) {
    this.#recents?.close();
    this.#recents = new RecentsStore(KEEPS.find((one) => one === wanted) ?? "session", () => {
      const { userId } = this.#store.state;
      this.#store.set({ recents: this.#recents?.read(userId) ?? [] });
    });
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  follow(state, before) {
    if (state.tone !== before.tone) writeTone(state.tone);
    const settings = settingsOf(state);
    if (JSON.stringify(settings) !== JSON.stringify(settingsOf(before))) writeSettings(settings);
    const { userId, recents, status } = state;
    if (userId && userId !== before.userId) {
      const favourites = readFavourites(userId);
      const kept = this.#recents?.read(userId) ?? [];
      this.#store.set({ recents: kept, favourites, ...readTimes(userId) });
    } else if (before.userId && !userId && status === "logged-out") {
      this.#recents?.write("", []);
    } else if (recents !== before.recents && userId) {
      this.#recents?.write(userId, recents);
    }
    if (userId && userId === before.userId) this.#followUser(state, before);
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  #followUser({ userId, favourites, seen, cleared }, before) {
    if (favourites !== before.favourites) writeFavourites(userId, favourites);
    if (seen !== before.seen || cleared !== before.cleared) writeTimes(userId, { seen, cleared });
  }
}
