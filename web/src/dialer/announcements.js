/**
 * Announcements for screen readers: an incoming call is announced at once, everything else politely.
 * Both live regions always exist, also while the panel is closed.
 *
 * @import {Call} from "../common/protocol.d.ts"
 * @import {Place, State} from "./state.js"
 * @import {Vocabulary} from "./words.js"
 */

import { isIncoming, keyOf } from "./calls.js";
import { h, setText } from "./dom.js";
import { isInput, wordsFor } from "./failures.js";
import { parkedText } from "./parked-view.js";
import { newsOf, outcomeOf } from "./sentences.js";

export class Announcements {
  #now = h("div", { class: "unseen", role: "alert" });
  #soon = h("div", { class: "unseen", role: "status" });
  #words;

  /** @param {Vocabulary} words */
  constructor(words) {
    this.#words = words;
    this.elements = [this.#now, this.#soon];
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  render(state, before) {
    const words = this.#words;
    const incoming = state.calls.filter(isIncoming);
    setText(this.#now, incoming.map((call) => newsOf(words, state, call)).join(" "));
    const news = this.#news(state, before);
    if (news) setText(this.#soon, news);
  }

  /**
   * @param {State} state
   * @param {State} before
   * @returns {string}
   */
  #news(state, before) {
    const words = this.#words;
    if (state.parked && state.parked !== before.parked) return parkedText(words, state.parked);
    if (state.parked && state.outcome !== before.outcome) return "";
    if (state.outcome && state.outcome !== before.outcome) return outcomeOf(words, state);
    for (const call of state.calls) {
      if (isIncoming(call) || statusIn(before, call) === call.status) continue;
      return newsOf(words, state, call);
    }
    if (state.notice && state.notice !== before.notice) return wordsFor(words, state.notice);
    for (const place of /** @type {Place[]} */ (Object.keys(state.failures))) {
      const failure = state.failures[place];
      // The error of a field is read out when the field gets the focus.
      if (!failure || failure === before.failures[place] || isInput(failure)) continue;
      return wordsFor(words, failure, place);
    }
    if (isLost(state) !== isLost(before)) return words.say(isLost(state) ? "lostHint" : "ready");
    if (state.usable !== before.usable) return words.say(state.usable ? "ready" : "loggedOut");
    return "";
  }
}

/**
 * @param {State} state
 * @param {Call} call
 */
function statusIn({ calls }, call) {
  return calls.find((other) => keyOf(other) === keyOf(call))?.status;
}

/**
 * @param {State} state
 * @returns {boolean} whether a user is logged in, but the connection is lost
 */
export function isLost({ usable, status }) {
  return usable && status !== "ready";
}
