/**
 * Tells the user that a call rings: the ring tone, the tab's title and icon, and a notification. Only
 * the tab in front does so.
 *
 * @import {State} from "./state.js"
 * @import {Vocabulary} from "./words.js"
 */

import { keyOf, ringingCall } from "./calls.js";
import { Notifications } from "./notifications.js";
import { Ring } from "./ring.js";
import { RingingIcon } from "./ringing-icon.js";
import { RingingTitle } from "./ringing-title.js";
import { newsOf } from "./sentences.js";

export class Alerts {
  /** @type {Vocabulary | null} */
  words = null;
  #ring = new Ring();
  #title = new RingingTitle();
  #icon = new RingingIcon();
  #notifications;

  /** @param {() => void} onClick the user has clicked a notification, and the tab is in front */
  constructor(onClick) {
    this.#notifications = new Notifications(onClick);
  }

  /** @returns {boolean} whether the ring tone can be heard */
  get audible() {
    return this.#ring.audible;
  }

  /** Play the ring tone once. */
  listen() {
    this.#ring.listen();
  }

  /**
   * @param {() => void} render called when the user looks away from the page
   * @param {AbortSignal} signal
   */
  watch(render, signal) {
    addEventListener("focus", () => this.#notifications.close(), { signal });
    addEventListener("blur", render, { signal });
  }

  /**
   * @param {State} state
   * @param {boolean} sound whether the page allows the ring tone
   * @param {string} icon the URL of the tab's icon while a call rings, or `""`
   */
  render(state, sound, icon) {
    const call = state.front ? ringingCall(state) : undefined;
    const text = call && this.words ? newsOf(this.words, state, call) : "";
    this.#title.show(text);
    this.#icon.show(text && icon);
    this.#notifications.show(call && text && state.notify ? keyOf(call) : "", text);
    this.#ring.tune(state);
    if (call && sound && state.tone) this.#ring.start();
    else this.#ring.stop();
  }

  close() {
    this.#notifications.close();
    this.#title.show("");
    this.#icon.show("");
    this.#ring.close();
  }
}
