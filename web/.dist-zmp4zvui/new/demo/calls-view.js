/**
 * Steps 3 to 5: one card for each of the user's own calls, and how the last one ended.
 *
 * @import {Call} from "../src/common/protocol.d.ts"
 * @import {State} from "./state.js"
 */

import { CallCard } from "./call-card.js";
import { byId, KeyedList, setText } from "./dom.js";
import { keyOf, ownCalls } from "./state.js";
import { duration, outcomeOf } from "./words.js";

export class CallsView {
  #area = byId("calls", HTMLElement);
  #empty = byId("no-calls", HTMLElement);
  #outcome = byId("outcome", HTMLElement);
  #outcomeText = byId("outcome-text", HTMLElement);
  #outcomeLength = byId("outcome-length", HTMLElement);
  /** @type {KeyedList<Call>} */
  #list;
  /** @type {Set<CallCard>} */
  #cards = new Set();
  /** @type {State["colleagues"]} */
  #colleagues = [];

  /** @param {Window["connector"]} connector */
  constructor(connector) {
    this.#list = new KeyedList(this.#area, keyOf, (call) => {
      const card = new CallCard(connector, call);
      card.setColleagues(this.#colleagues);
      this.#cards.add(card);
      return card;
    });
  }

  /** @param {State} state */
  render(state) {
    this.#setColleagues(state);
    const focused = document.activeElement;
    const inside = this.#area.contains(focused);
    const calls = ownCalls(state);
    this.#list.update(calls);
    for (const card of this.#cards) if (!card.element.isConnected) this.#cards.delete(card);

    this.#empty.hidden = calls.length > 0 || state.outcome !== null;
    this.#outcome.hidden = calls.length > 0 || state.outcome === null;
    if (state.outcome) {
      const { seconds } = state.outcome;
      setText(this.#outcomeText, outcomeOf(state.outcome));
      setText(this.#outcomeLength, seconds === null ? "" : duration(seconds));
    }
    // The call that had the focus is gone: go on where the next one is made.
    if (inside && !focused?.isConnected) byId("number", HTMLInputElement).focus();
  }

  /** A second has passed. */
  tick() {
    for (const card of this.#cards) card.tick();
  }

  /** @param {State} state */
  #setColleagues({ colleagues, userId }) {
    const others = colleagues.filter(({ id, extension }) => extension && id !== userId);
    if (JSON.stringify(others) === JSON.stringify(this.#colleagues)) return;
    this.#colleagues = others;
    for (const card of this.#cards) card.setColleagues(others);
  }
}
