/**
 * The running calls, and how the last one ended.
 *
 * @import {Call} from "../common/protocol.d.ts"
 * @import {State} from "./state.js"
 * @import {Ui} from "./ui.js"
 */

import { CallView } from "./call-view.js";
import { isTalking, keyOf, partyOf } from "./calls.js";
import { button, h, KeyedList, onClick, setText } from "./dom.js";
import { clock } from "./format.js";
import { icon } from "./icons.js";
import { PairView } from "./pair-view.js";
import { ParkedView } from "./parked-view.js";
import { outcomeOf } from "./sentences.js";

export class CallsView {
  #ui;
  #list;
  #outcome;
  #text = h("p", { class: "outcome-text" });
  #length = h("span", { class: "timer", dir: "ltr" });
  #again;
  #pair;
  #parked;
  /** @type {[State, State] | null} */
  #states = null;

  /** @param {Ui} ui */
  constructor(ui) {
    this.#ui = ui;
    const { words, store, commands } = ui;
    const rows = h("div", { class: "calls", part: "calls" });
    this.#list = new KeyedList(rows, keyOf, (call) => {
      const view = new CallView(ui, call);
      const { element } = view;
      const update = (/** @type {Call} */ now) => {
        if (this.#states) view.render(now, ...this.#states);
      };
      return { element, update, view };
    });
    this.#pair = new PairView(ui);
    this.#parked = new ParkedView(ui);
    this.#again = button({ class: "button quiet small", part: "button" }, words.say("callAgain"));
    onClick(this.#again, () => {
      const { outcome } = store.state;
      if (outcome) commands.call(partyOf(outcome.call).number);
    });
    const dismiss = button({ class: "icon-button", part: "icon-button" }, icon("close"));
    dismiss.ariaLabel = words.say("dismiss");
    onClick(dismiss, () => store.set({ outcome: null }));
    this.#outcome = h(
      "div",
      { class: "outcome", part: "outcome" },
      h("div", { class: "outcome-line" }, this.#text, this.#length, dismiss),
      this.#again,
    );
    this.element = h(
      "div",
      { class: "calls-area" },
      rows,
      this.#pair.element,
      this.#parked.element,
      this.#outcome,
    );
  }

  /**
   * @param {State} state
   * @param {State} before
   */
  render(state, before) {
    this.#states = [state, before];
    this.#list.update(state.calls);
    const { outcome } = state;
    const failed = outcome?.answered === false;
    this.#pair.render(state);
    this.#parked.render(state);
    // Beside another call, only a call in vain is news: somebody who was asked did not answer.
    const inVain = failed && outcome?.call.direction === "OUTBOUND";
    this.#outcome.hidden = !outcome || state.parked !== null || (state.calls.length > 0 && !inVain);
    this.#outcome.classList.toggle("failed", failed);
    setText(this.#text, outcomeOf(this.#ui.words, state));
    setText(this.#length, outcome?.seconds ? clock(outcome.seconds) : "");
    this.#again.hidden = !outcome || !failed || state.calls.length > 0 || partyOf(outcome.call).number === "";
  }

  /** @returns {boolean} whether a timer is shown that must be updated */
  tick() {
    const now = Date.now();
    for (const { view } of this.#list.rows.values()) view.tick(now);
    return this.#ui.store.state.calls.some(isTalking);
  }

  /**
   * @param {string} [key] without it, the newest call
   * @returns {HTMLElement | undefined}
   */
  first(key) {
    const [newest] = this.#ui.store.state.calls;
    const wanted = key ?? (newest && keyOf(newest));
    return wanted === undefined ? undefined : this.#list.rows.get(wanted)?.view.first;
  }

  /**
   * @param {Element} element
   * @returns {string | undefined} the key of the call whose card contains it
   */
  keyAround(element) {
    for (const [key, { view }] of this.#list.rows) if (view.element.contains(element)) return key;
    return undefined;
  }
}
